using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using InfoHub.Cli.Reporting;
using InfoHub.Cli.Settings;
using InfoHub.Client.Checking;
using InfoHub.Client.Receipts;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;
using HubEnvironment = InfoHub.Contracts.Intake.V1.Environment;

namespace InfoHub.Cli.Commands;

/// <summary><c>receipt show|save|verify|prove</c>: what the hub has confirmed, and that it did.</summary>
internal static class ReceiptCommands
{
    private static readonly TimeSpan ChinaOffset = TimeSpan.FromHours(8);

    public static Command Create(HubCommandLine line) => new("receipt", "查看、保存、验证回执；验证完全离线")
    {
        Show(line), Save(line), Verify(line), Prove(line),
    };

    private static Command Show(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号" };
        return line.Run(new Command("show", "显示一次报送的回执全文") { submission }, async run =>
        {
            var status = await run.Sender.GetAsync(run.Parsed.GetRequiredValue(submission), run.Cancellation);
            foreach (var receipt in status.Receipts)
            {
                if (run.IsJson)
                    run.Terminal.Out.WriteLine(ProblemText.Json.Format(receipt));
                else
                {
                    run.Terminal.Out.WriteLine($"{StatusText.KindOf(receipt.Kind)}  {Convert.ToHexStringLower(receipt.Hash.Span)}");
                    run.Terminal.Out.WriteLine(Terminal.Clean($"  {receipt.BodyJson}"));
                }
            }
            return ExitCode.Ok;
        });
    }

    private static Command Save(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号" };
        var output = new Option<string>("--out") { Description = "保存为此文件（默认在用户配置目录的 receipts 下）" };
        return line.Run(new Command("save", "取得回执，验证后保存为回执文件") { submission, output }, async run =>
        {
            var status = await run.Sender.GetAsync(run.Parsed.GetRequiredValue(submission), run.Cancellation);
            var shelf = run.Shelf(isTest: status.Environment == HubEnvironment.Test);
            var kept = status.Receipts.Count > 0 && run.Parsed.GetValue(output) is { } path
                ? shelf.Keep(await ReceiptShelf.BundleAsync(run.Connection, status, run.Cancellation), path)
                : await shelf.KeepAsync(run.Connection, status, run.Cancellation);
            if (run.IsJson)
                run.WriteJson(new JsonObject
                {
                    ["submission"] = status.Submission, ["receipts"] = status.Receipts.Count, ["path"] = kept?.Path,
                    ["trust"] = kept?.Trust.ToString(), ["profile"] = kept?.Profile,
                    ["test"] = kept?.IsRehearsal ?? false,
                });
            else
                run.Terminal.Out.WriteLine(kept is null ? "还没有回执。" : $"{status.Receipts.Count} 份：{kept.Text}");
            return ExitCode.Ok;
        });
    }

    private static Command Prove(HubCommandLine line)
    {
        var submission = new Argument<string>("SUBMISSION") { Description = "报送编号" };
        var row = new Argument<long>("ROW") { Description = "文件中的行号，表头下第一行为 1" };
        var output = new Option<string>("--out") { Description = "证明文件", Required = true };
        var force = new Option<bool>("--force") { Description = "--out 的文件已存在时覆盖" };
        var command = new Command("prove", "取得一行已入库的证明，不透露其他任何行") { submission, row, output, force };
        return line.Run(command, async run =>
        {
            var proof = KeptRowProof.Of(await run.Sender.ProveRowAsync(
                run.Parsed.GetRequiredValue(submission), run.Parsed.GetValue(row), run.Cancellation));
            var path = run.Parsed.GetRequiredValue(output);
            FreshFile.Write(path, proof.ToBytes(), run.Parsed.GetValue(force));
            if (run.IsJson)
                run.WriteJson(new JsonObject
                {
                    ["submission"] = proof.Submission, ["row_asked"] = proof.Row, ["path"] = path,
                });
            else
                run.Terminal.Out.WriteLine($"{proof.Submission} 第 {proof.Row} 行的证明已保存：{path}");
            return ExitCode.Ok;
        });
    }

    private static Command Verify(HubCommandLine line)
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "回执文件（.json）" };
        var keys = new Option<string[]>("--key") { Description = "平台公钥文件（PEM），可多次给出" };
        var file = new Option<string>("--file") { Description = "核对回执 R1 是否就是这个文件的" };
        var proof = new Option<string>("--proof") { Description = "行证明文件（receipt prove 取得）" };
        var rowFile = new Option<string>("--row-file") { Description = "只有表头和这一行的 CSV，核对行的内容" };
        var template = new Option<string>("--template") { Description = "模板文件；默认用本机保存的模板" };
        var bundled = new Option<bool>("--trust-bundled")
        {
            Description = "没有 --key、本机也没有记下公钥时，只凭文件自带的公钥看它是否前后一致（任何人都能这样伪造）",
        };
        var command = new Command("verify", "离线验证回执文件：散列链、签名、合计、所指文件与行")
        {
            bundle, keys, file, proof, rowFile, template, bundled,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(rowFile) is not null && result.GetValue(proof) is null)
                result.AddError("--row-file 需要与 --proof 同用");
        });
        return line.Run(command, run =>
        {
            var given = (run.Parsed.GetValue(keys) ?? []).Select(KeyOf).ToArray();
            var pins = Profile.Names(run.Home).SelectMany(name =>
                (Profile.Read(run.Home, name)?.ReceiptKeys ?? []).Select(key => (Key: key, Name: name))).ToArray();
            var receipts = new ReceiptCheck(given, [.. pins.Select(pin => pin.Key)])
            {
                BundledAllowed = run.Parsed.GetValue(bundled),
            }.Verify(Bytes(run.Parsed.GetRequiredValue(bundle), ReceiptBundle.BytesMax), out var read);
            if (run.Parsed.GetValue(file) is { } original)
                RequireOf(read, original);
            var proven = run.Parsed.GetValue(proof) is { } path
                ? VerifyProof(run, read, path, run.Parsed.GetValue(rowFile), run.Parsed.GetValue(template)) : null;
            Tell(run, read, receipts, pins.ToLookup(pin => pin.Key.KeyId, pin => pin.Name), proven);
            return Task.FromResult(ExitCode.Ok);
        });
    }

    /// <param name="profiles">By key: the profiles that pinned it.</param>
    /// <param name="proven">What the proof of a row shows; null without one.</param>
    private static void Tell(CommandRun run, ReceiptBundle bundle, IReadOnlyList<CheckedReceipt> receipts,
        ILookup<string, string> profiles, string? proven)
    {
        if (run.IsJson)
            run.WriteJson(new JsonObject
            {
                ["submission"] = bundle.Submission, ["test"] = bundle.IsRehearsal(), ["proof"] = proven,
                ["receipts"] = new JsonArray([.. receipts.Select(r => (JsonNode?)new JsonObject
                {
                    ["kind"] = r.Kind, ["key_id"] = r.KeyId, ["trust"] = r.Trust.ToString(),
                    ["profiles"] = new JsonArray([.. r.Trust == KeyTrust.Pinned
                        ? profiles[r.KeyId].Select(name => (JsonNode?)name) : []]),
                })]),
            });
        else
            foreach (var receipt in receipts)
                run.Terminal.Out.WriteLine(Terminal.Clean($"{bundle.Submission} 回执 {receipt.Kind}：有效，{receipt.Trust switch
                {
                    KeyTrust.Given => "由指定的公钥",
                    KeyTrust.Pinned => $"由登录档案 {string.Join("、", profiles[receipt.KeyId])} 登录时记下的公钥",
                    _ => "仅由文件自带的公钥",
                }} {receipt.KeyId} 证明"));
        if (proven is not null && !run.IsJson)
            run.Terminal.Out.WriteLine(proven);
        if (bundle.IsRehearsal())
            run.Note("〔测试环境〕这是演练的回执，不作凭证。");
        if (receipts.Any(r => r.Trust == KeyTrust.Bundled))
            run.Note("注意：公钥只有回执文件自己提供。请向平台管理员核对公钥标识，或用 --key 指定平台公布的公钥。");
    }

    private static void RequireOf(ReceiptBundle bundle, string path)
    {
        using var file = Open(path);
        if (!ReceiptCheck.IsOf(bundle, SHA256.HashData(file)))
            throw new ProblemException(new Problem(ProblemCatalogue.ReceiptNotGenuine,
                ("receipt", "回执 R1"), ("reason", $"不是文件 {Path.GetFileName(path)} 的回执，SHA-256 不同")));
    }

    /// <summary>What is shown. The tree holds hashes of content: a row number is not part of it.</summary>
    private static string VerifyProof(CommandRun run, ReceiptBundle bundle, string path, string? rowFile,
        string? templateFile)
    {
        var proof = KeptRowProof.Read(Bytes(path, ReceiptBundle.BytesMax));
        proof.Verify(bundle);
        if (rowFile is not null)
        {
            // GD-01.v1.202503.1
            var parts = bundle.Submission.Split('.');
            var template = templateFile is not null ? TemplateCache.FromFile(templateFile)
                : new TemplateCache(run.Home).Get(parts[0], int.TryParse(parts[1].TrimStart('v'), out var version)
                    ? version : 0);
            var today = DateOnly.FromDateTime(run.Terminal.Clock.GetUtcNow().ToOffset(ChinaOffset).DateTime);
            proof.VerifyRow(OnlyRow.HashOf(
                template, Bytes(rowFile, OnlyRow.BytesMax), (bundle.Submission, Period.Parse(parts[2])), today));
        }
        return rowFile is null ? $"{proof.Submission}：证明文件所说的散列值在回执 R4 之中（是文件的第几行不在证明之内）"
            : $"{proof.Submission}：这一行的内容在回执 R4 之中（是文件的第几行不在证明之内）";
    }

    private static KeptKey KeyOf(string path)
    {
        try
        {
            return KeptKey.FromPem(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, e));
        }
    }

    private static byte[] Bytes(string path, int max)
    {
        using var file = Open(path);
        if (file.Length > max)
            throw new ProblemException(new Problem(ProblemCatalogue.FileUnreadable, ("file", path),
                ("reason", "文件过大")));
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ProblemException(LocalFile.Unreadable(path, e));
        }
    }
}
