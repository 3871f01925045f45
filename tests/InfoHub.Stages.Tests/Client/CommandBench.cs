using System.Security.Cryptography;
using System.Text;
using InfoHub.Cli;
using InfoHub.Client.Receipts;
using InfoHub.Contracts.Intake.V1;
using InfoHub.Stages.Tests.Fakes;
using Xunit;

namespace InfoHub.Stages.Tests.Client;

/// <summary>Runs <c>infohub</c> in this process against a fake hub, with a settings folder of its own.</summary>
public abstract class CommandBench : IAsyncLifetime
{
    protected const string Submission = "SCJG-03.v1.202503.1";

    private static readonly string TemplateFolder = Path.Combine(RepositoryRoot(), "partner-templates");

    protected string Folder { get; } = Directory.CreateTempSubdirectory("infohub-bench-").FullName;

    protected string Home => Path.Combine(Folder, "home");

    /// <summary>Where the account keeps the receipts of this hub.</summary>
    protected string Receipts => Path.Combine(Home, "receipts", $"{Hub.Hub.Host}_{Hub.Hub.Port}");

    protected FakeHub Hub { get; private set; } = null!;

    protected FakeSubmissions Fake => Hub.Submissions;

    public async Task InitializeAsync()
    {
        Hub = await FakeHub.StartAsync();
        Fake.TakesElectricity = true;
        Fake.TemplateList.Clear();
        foreach (var item in new[] { "SCJG-01", "SCJG-03", "GD-01" })
            Fake.TemplateList.Add(new TemplateDocument { Item = item, Version = 1,
                OdcsYaml = File.ReadAllText(TemplateOf(item)) });
    }

    public async Task DisposeAsync()
    {
        await Hub.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    internal sealed record Ran(ExitCode Code, string Out, string Error)
    {
        public override string ToString() => $"{Code}\n{Out}\n{Error}";
    }

    protected static string TemplateOf(string item) => Path.Combine(TemplateFolder, item.Split('-')[0], item, "v1",
        "template.odcs.yaml");

    protected static byte[] Sample(string item, string name) =>
        File.ReadAllBytes(Path.Combine(TemplateFolder, item.Split('-')[0], item, "v1", "samples", name));

    protected string FileOf(string name, byte[] content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    protected string FileOf(string name, string content) => FileOf(name, Encoding.UTF8.GetBytes(content));

    /// <summary>With the credentials of scjg in the environment.</summary>
    internal Task<Ran> RunAsync(params string[] arguments) => RunAsync(Hub.Settings("scjg"), "", arguments);

    internal async Task<Ran> RunAsync(
        Dictionary<string, string> environment, string input, string[] arguments, CancellationToken cancellation =
            default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        environment.TryAdd("INFOHUB_HOME", Home);
        var terminal = new Terminal(output, error, IsInteractive: false, environment.GetValueOrDefault) { In =
            new StringReader(input) };
        var code = await HubCommandLine.RunAsync(arguments, terminal, limit.Token);
        Assert.DoesNotContain(Hub.SecretOf("scjg"), output.ToString() + error, StringComparison.Ordinal);
        return new Ran(code, output.ToString(), error.ToString());
    }

    /// <summary>What a real hub says of the samples: so many rows, so many of them bad.</summary>
    protected void Counts(long received, long rejected) => Fake.Outcome = status =>
    {
        status.State = SubmissionState.Used;
        (status.RowsReceived, status.RowsRejected) = (received, rejected);
        status.RowsAccepted = status.RowsStored = received - rejected;
    };

    /// <summary>The receipts of a bundle said anew about other numbers, by somebody with a key of his own.</summary>
    /// <param name="admits">Whether the bundle names that key, by its right id, or goes on naming the hub's.</param>
    internal static ReceiptBundle Forge(ReceiptBundle genuine, bool admits)
    {
        using var forger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = forger.ExportSubjectPublicKeyInfo();
        var receipts = new List<KeptReceipt>();
        foreach (var receipt in genuine.Receipts)
        {
            var previous = receipts.Count == 0 ? "" : receipts[^1].Hash;
            var body = receipt.BodyJson.Replace("\"models\":7", "\"models\":8", StringComparison.Ordinal)
                .Replace(receipt.PreviousHash.Length == 0 ? "\n" : receipt.PreviousHash, previous,
                    StringComparison.Ordinal);
            var bytes = Encoding.UTF8.GetBytes(body);
            receipts.Add(receipt with
            {
                BodyJson = body, PreviousHash = previous, Hash = Convert.ToHexStringLower(SHA256.HashData(bytes)),
                Signature = Convert.ToBase64String(
                    forger.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
                KeyId = admits ? KeptKey.IdOf(der) : receipt.KeyId,
            });
        }
        return genuine with
        {
            Receipts = receipts,
            Keys = admits ? [new KeptKey(KeptKey.IdOf(der), Convert.ToBase64String(der))] : genuine.Keys,
        };
    }

    protected static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "InfoHub.sln")))
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }
}
