'use strict';
// What a department's and a consumer's own program does, with stock packages only. One argument: what to do, as JSON
// {hub, authority, protos, department: {id, secret}, consumer: {id, secret}, file, item, period, sequence}.
// Prints one JSON object.

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const CHUNK_BYTES = 64 * 1024;

const crcTable = new Uint32Array(256).map((_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0x82f63b78 : n >>> 1;
  return n;
});

/** CRC-32C (Castagnoli); of "123456789" it is E3069283. */
function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

async function metadataOf(task, client) {
  const answer = await fetch(new URL('/connect/token', task.authority), {
    method: 'POST',
    headers: { authorization: 'Basic ' + Buffer.from(`${client.id}:${client.secret}`).toString('base64') },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  if (!answer.ok) throw new Error(`token: HTTP ${answer.status}`);
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${(await answer.json()).access_token}`);
  return metadata;
}

const call = (client, method, request, metadata) => new Promise((resolve, reject) =>
  client[method](request, metadata, (error, reply) => (error ? reject(error) : resolve(reply))));

const collect = (stream) => new Promise((resolve, reject) => {
  const all = [];
  stream.on('data', (message) => all.push(message));
  stream.on('error', reject);
  stream.on('end', () => resolve(all));
});

/** Sends from the durable offset on, never further ahead than the hub gives credit for. */
function upload(submissions, metadata, status, content) {
  return new Promise((resolve, reject) => {
    const stream = submissions.upload(metadata);
    let sent = Number(status.durable_offset);
    let limit = sent + Number(status.upload_credit_bytes);
    let acknowledgements = 0;
    const send = () => {
      while (sent < content.length && sent < limit) {
        const data = content.subarray(sent, sent + CHUNK_BYTES);
        stream.write({ submission: status.submission, offset: sent, data, crc32c: crc32c(data) });
        sent += data.length;
      }
      if (sent === content.length) stream.end();
    };
    stream.on('data', (ack) => {
      acknowledgements++;
      limit = Number(ack.durable_offset) + Number(ack.credit_bytes);
      if (sent < content.length) send();
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(acknowledgements));
    send();
  });
}

/** Sends a few chunks and breaks the call off; the hub keeps what it has on disk. */
function uploadPart(submissions, metadata, status, content, count) {
  return new Promise((resolve) => {
    const stream = submissions.upload(metadata);
    stream.on('error', () => resolve());
    stream.on('data', () => {});
    for (let offset = 0; offset < count * CHUNK_BYTES; offset += CHUNK_BYTES) {
      const data = content.subarray(offset, offset + CHUNK_BYTES);
      stream.write({ submission: status.submission, offset, data, crc32c: crc32c(data) });
    }
    setTimeout(() => stream.cancel(), 300);
  });
}

/** Goes on from where the hub says it is; a hub still busy with the call that was cut is asked again. */
async function uploadRest(submissions, metadata, request, content) {
  for (let attempt = 0; ; attempt++) {
    const status = await call(submissions, 'open', request, metadata);
    try {
      return { resumed: Number(status.durable_offset), acknowledgements: await upload(submissions, metadata, status, content) };
    } catch (error) {
      if (error.code !== grpc.status.UNAVAILABLE || attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

const failure = async (promise) => promise.then(
  () => ({ code: 0 }),
  (error) => ({
    code: error.code, status: grpc.status[error.code], details: error.details,
    problemBytes: error.metadata?.get('infohub-problem-bin')[0]?.length ?? 0,
  }));

async function main(task) {
  const definition = protoLoader.loadSync(
    ['infohub/intake/v1/submission.proto', 'infohub/delivery/v1/finding.proto'],
    { includeDirs: [path.resolve(task.protos)], keepCase: true, longs: String, enums: String, defaults: true });
  const { infohub } = grpc.loadPackageDefinition(definition);
  const address = new URL(task.hub).host;
  const submissions = new infohub.intake.v1.Submissions(address, grpc.credentials.createInsecure());
  const findings = new infohub.delivery.v1.Findings(address, grpc.credentials.createInsecure());

  const department = await metadataOf(task, task.department);
  const content = fs.readFileSync(task.file);
  const request = {
    item: task.item, period: task.period, sequence: task.sequence, format: 'FILE_FORMAT_CSV', size_bytes: content.length,
    sha256: crypto.createHash('sha256').update(content).digest(), file_name: path.basename(task.file),
  };
  const opened = await call(submissions, 'open', request, department);
  await uploadPart(submissions, department, opened, content, 3);
  const { resumed, acknowledgements } = await uploadRest(submissions, department, request, content);
  const committed = await call(submissions, 'commit', { submission: opened.submission }, department);
  const watched = await collect(submissions.watch({ submission: opened.submission }, department));
  const errors = await collect(submissions.readErrors({ submission: opened.submission }, department));
  const replayed = await call(submissions, 'open', request, department);

  const consumer = await metadataOf(task, task.consumer);
  const page = await call(findings, 'search', { models: ['SZ-01'], page_size: 5 }, consumer);
  const next = page.next_page_token
    ? await call(findings, 'search', { models: ['SZ-01'], page_size: 5, page_token: page.next_page_token }, consumer) : null;
  const finding = await call(findings, 'get', { finding_id: page.findings[0].finding_id }, consumer);

  return {
    crc: crc32c(Buffer.from('123456789')).toString(16),
    opened, resumed, acknowledgements, committed, watched: watched.map((s) => s.state), status: watched[watched.length - 1],
    errors, replayed, page, next, finding,
    refused: {
      noToken: await failure(call(submissions, 'get', { submission: opened.submission }, new grpc.Metadata())),
      otherRole: await failure(call(findings, 'search', {}, department)),
      conflict: await failure(call(submissions, 'open', { ...request, sha256: crypto.createHash('sha256').update('other').digest() }, department)),
      unknown: await failure(call(findings, 'get', { finding_id: 'F-NONE' }, consumer)),
    },
  };
}

main(JSON.parse(process.argv[2])).then(
  (result) => {
    process.stdout.write(JSON.stringify(result));
    process.exit(0);
  },
  (error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exit(1);
  });
