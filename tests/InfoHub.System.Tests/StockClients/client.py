"""What a department's own program in Python does, with Debian's grpcio and protobuf and the published protos only.

One argument: what to do, as JSON {hub, authority, protos, department: {id, secret}, file, item, period, sequence}.
Prints one JSON object.
"""

import base64
import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import grpc

CHUNK_BYTES = 64 * 1024
PROTOS = [
    "infohub/intake/v1/problem.proto", "infohub/intake/v1/receipt.proto", "infohub/intake/v1/submission.proto",
    "grpc/health/v1/health.proto", "grpc/reflection/v1/reflection.proto",
]

# Filled by load(): the generated modules.
INTAKE = PROBLEM = HEALTH = REFLECTION = None


def load(protos, folder):
    """Generates the messages with protoc; calls need no generated code."""
    global INTAKE, PROBLEM, HEALTH, REFLECTION
    subprocess.run(["protoc", f"-I{protos}", f"--python_out={folder}", *PROTOS], check=True)
    # The standards live under "grpc", the library's own package: their modules go where both are found.
    grpc.__path__.append(os.path.join(folder, "grpc"))
    sys.path.insert(0, folder)
    INTAKE = importlib.import_module("infohub.intake.v1.submission_pb2")
    PROBLEM = importlib.import_module("infohub.intake.v1.problem_pb2")
    HEALTH = importlib.import_module("grpc.health.v1.health_pb2")
    REFLECTION = importlib.import_module("grpc.reflection.v1.reflection_pb2")


def crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = (n >> 1) ^ 0x82F63B78 if n & 1 else n >> 1
        table.append(n)
    return table


CRC_TABLE = crc_table()


def crc32c(data):
    """CRC-32C (Castagnoli); of b"123456789" it is E3069283."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def token(authority, client):
    request = urllib.request.Request(
        urllib.parse.urljoin(authority, "/connect/token"),
        data=urllib.parse.urlencode({"grant_type": "client_credentials"}).encode(),
        headers={"authorization": "Basic " + base64.b64encode(f"{client['id']}:{client['secret']}".encode()).decode()})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return json.load(answer)["access_token"]


class Hub:
    """The calls by their names; nothing is generated."""

    def __init__(self, channel, metadata):
        self.channel, self.metadata = channel, metadata

    def _path(self, method):
        return f"/infohub.intake.v1.Submissions/{method}"

    def call(self, method, request, reply):
        return self.channel.unary_unary(
            self._path(method), type(request).SerializeToString, reply.FromString)(request, metadata=self.metadata)

    def stream(self, method, request, reply):
        return self.channel.unary_stream(
            self._path(method), type(request).SerializeToString, reply.FromString)(request, metadata=self.metadata)

    def upload(self, chunks):
        return self.channel.stream_stream(
            self._path("Upload"), INTAKE.UploadChunk.SerializeToString,
            INTAKE.UploadAck.FromString)(chunks, metadata=self.metadata)


def chunk(submission, content, offset):
    data = content[offset:offset + CHUNK_BYTES]
    return INTAKE.UploadChunk(submission=submission, offset=offset, data=data, crc32c=crc32c(data))


def upload_part(hub, status, content, count):
    """Sends so many chunks and breaks the call off in the middle of the upload."""
    sent = []

    def chunks():
        for number in range(count):
            sent.append(number)
            yield chunk(status.submission, content, number * CHUNK_BYTES)
        # Never the end of the stream: it is cut while the hub waits for more.
        time.sleep(1)

    call = hub.upload(chunks())
    while len(sent) < count:
        time.sleep(0.01)
    time.sleep(0.3)
    call.cancel()


def takes_over(hub):
    """A hub that describes itself answers an empty first chunk with the durable offset."""
    try:
        return hub.call("Describe", INTAKE.DescribeRequest(), INTAKE.HubDescription).protocol_version > 0
    except grpc.RpcError:
        return False


def upload_rest(hub, request, content):
    """Goes on from where the hub says it is; a hub that is still busy with the cut call is asked again."""
    for _ in range(20):
        status = hub.call("Open", request, INTAKE.SubmissionStatus)
        begun = status.durable_offset

        def chunks(start):
            if takes_over(hub):
                yield INTAKE.UploadChunk(submission=status.submission)
            for offset in range(start, len(content), CHUNK_BYTES):
                yield chunk(status.submission, content, offset)

        try:
            acknowledged = [ack.durable_offset for ack in hub.upload(chunks(begun))]
            return begun, acknowledged
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.UNAVAILABLE:
                raise
            time.sleep(0.5)
    raise RuntimeError("the hub stayed busy")


def failure(call):
    try:
        call()
        return {"status": "OK"}
    except grpc.RpcError as error:
        problem = next((value for key, value in error.trailing_metadata() if key == "infohub-problem-bin"), None)
        return {
            "status": error.code().name, "details": error.details(),
            "code": PROBLEM.Problem.FromString(problem).code if problem else None,
        }


def standards(channel):
    """Health and reflection, without a token."""
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check", HEALTH.HealthCheckRequest.SerializeToString, HEALTH.HealthCheckResponse.FromString)
    watch = channel.unary_stream(
        "/grpc.health.v1.Health/Watch", HEALTH.HealthCheckRequest.SerializeToString, HEALTH.HealthCheckResponse.FromString)
    names = HEALTH.HealthCheckResponse.ServingStatus.Name
    watched = watch(HEALTH.HealthCheckRequest(service="no.such.Service"))
    first = names(next(watched).status)
    watched.cancel()

    def reflect(version, requests):
        return list(channel.stream_stream(
            f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
            REFLECTION.ServerReflectionRequest.SerializeToString,
            REFLECTION.ServerReflectionResponse.FromString)(iter(requests)))

    listed = {version: [service.name for service in reflect(
        version, [REFLECTION.ServerReflectionRequest(list_services="")])[0].list_services_response.service]
        for version in ("v1", "v1alpha")}
    symbol = reflect("v1", [REFLECTION.ServerReflectionRequest(
        file_containing_symbol="infohub.intake.v1.Submissions")])[0]
    from google.protobuf import descriptor_pb2, descriptor_pool
    pool = descriptor_pool.DescriptorPool()
    files = [descriptor_pb2.FileDescriptorProto.FromString(data)
             for data in symbol.file_descriptor_response.file_descriptor_proto]
    for file in reversed(files):
        pool.Add(file)
    return {
        "overall": names(check(HEALTH.HealthCheckRequest()).status),
        "intake": names(check(HEALTH.HealthCheckRequest(service="infohub.intake.v1.Submissions")).status),
        "unknown": failure(lambda: check(HEALTH.HealthCheckRequest(service="no.such.Service"))),
        "watched": first, "services": listed,
        "methods": [method.name for method in pool.FindServiceByName("infohub.intake.v1.Submissions").methods],
        "method_unknown": failure(lambda: channel.unary_unary("/no.such.Service/Call")(b"")),
    }


def main(task):
    channel = grpc.insecure_channel(urllib.parse.urlparse(task["hub"]).netloc, options=[("grpc.enable_http_proxy", 0)])
    hub = Hub(channel, [("authorization", "Bearer " + token(task["authority"], task["department"]))])
    with open(task["file"], "rb") as file:
        content = file.read()
    request = INTAKE.OpenRequest(
        item=task["item"], period=task["period"], sequence=task["sequence"], format=INTAKE.FILE_FORMAT_CSV,
        size_bytes=len(content), sha256=hashlib.sha256(content).digest(), file_name=os.path.basename(task["file"]))
    opened = hub.call("Open", request, INTAKE.SubmissionStatus)
    upload_part(hub, opened, content, 3)
    resumed, acknowledged = upload_rest(hub, request, content)
    committed = hub.call("Commit", INTAKE.CommitRequest(submission=opened.submission), INTAKE.SubmissionStatus)
    watched = list(hub.stream("Watch", INTAKE.WatchRequest(submission=opened.submission), INTAKE.SubmissionStatus))
    errors = list(hub.stream("ReadErrors", INTAKE.ReadErrorsRequest(submission=opened.submission), INTAKE.RowErrorsReply))
    states = INTAKE.SubmissionState.Name
    last = watched[-1]
    return {
        "crc": format(crc32c(b"123456789"), "x"), "opened": states(opened.state), "resumed": resumed,
        "acknowledged": acknowledged, "committed": committed.durable_offset, "watched": [states(s.state) for s in watched],
        "rows": [last.rows_received, last.rows_rejected, last.rows_stored], "receipts": len(last.receipts),
        "totals": errors[0].totals.errors, "errors": [[e.error.row, e.error.code, e.error.field, e.error.fix] for e in errors[1:]],
        "refused": {
            "no_token": failure(lambda: Hub(channel, []).call(
                "Get", INTAKE.GetSubmissionRequest(submission=opened.submission), INTAKE.SubmissionStatus)),
            "unknown": failure(lambda: hub.call(
                "Get", INTAKE.GetSubmissionRequest(submission="NO-00.v1.202503.1"), INTAKE.SubmissionStatus)),
            "nul": failure(lambda: hub.call(
                "Get", INTAKE.GetSubmissionRequest(submission="GD\0"), INTAKE.SubmissionStatus)),
        },
        "standards": standards(channel),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as generated:
        wanted = json.loads(sys.argv[1])
        load(wanted["protos"], generated)
        print(json.dumps(main(wanted)))
