using System.Globalization;
using InfoHub.Host.Linking;
using InfoHub.Linkage.Comparing;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;
using InfoHub.Rules.Tests.Linkage;

namespace InfoHub.Bench;

/// <summary>
/// What must come out when the answer is known beforehand, how codes fare, and what each part of the engine is worth:
/// weights of variants are learned anew from the training bed, everything is scored on the development bed.
/// </summary>
internal static class LinkControlsBench
{
    private const int FitRowsMax = 20_000;
    private const int EffectRowsMax = 4000;
    private const int Seed = 11;
    private const int OtherEntries = 300_000;
    private const int OtherRows = 40_000;

    private static readonly string[] Crosses =
        ["together", "core-by-shared", "left", "region-by-core", "branch-by-address", "person-by-twins"];

    private static readonly LinkVariant[] Ablations =
    [
        LinkVariant.Whole,
        new("no_idf", [], IsFlat: true),
        new("no_crosses", Crosses),
        new("nobody_against_all", [], Rule: LinkRule.NobodyAgainstAll),
        new("no_hypothesis_normalisation", [], Rule: LinkRule.BestAlone),
        new("no_address_key", [], Candidates.AllKeys & ~(BlockingKey.Address | BlockingKey.Road)),
        new("no_person_key", [], Candidates.AllKeys & ~BlockingKey.PersonInCity),
    ];

    private sealed record Bed(List<PartyText> Register, List<PartyText> Rows, List<RowTruth> Truths)
    {
        public static Bed Read(string name, string folder, int rowsMax)
        {
            var files = LinkBed.Named(name, folder);
            var (rows, truths) = (files.ReadRows(), files.ReadTruth("truth"));
            var count = Math.Min(rowsMax, rows.Count);
            return new Bed(files.ReadRegister(), rows[..count], truths[..count]);
        }
    }

    public static int Run(int rows)
    {
        var folder = Directory.CreateTempSubdirectory("infohub-link-").FullName;
        try
        {
            var train = Bed.Read("train", folder, FitRowsMax);
            var dev = Bed.Read("dev", folder, rows > 0 ? rows : int.MaxValue);
            Figures.Say($"weights from {train.Rows.Count:N0} rows, scored on {dev.Rows.Count:N0} rows against {
                dev.Register.Count:N0} entries");
            Ablate(train, dev);
            CompareRules();
            ShufflePersons(train, dev);
            var model = LinkModel.Shipped(Domain.Parameters.ParameterSet.Shipped, new DateOnly(2026, 1, 1));
            Registers(dev, model);
            new LinkCodesControl(dev.Register, dev.Rows, dev.Truths, model, Seed).Run();
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Ablate(Bed train, Bed dev)
    {
        LinkWeights? whole = null;
        foreach (var variant in Ablations)
        {
            var truths = train.Truths.ConvertAll(t => t.Truth);
            var learned = PartyRegister.Build(train.Register, Environment.ProcessorCount, variant.IsFlat
                ? RegisterWeights.Flat : null);
            // A decision taken otherwise needs no other weights.
            var weights = variant.Rule != LinkRule.Shipped ? whole! : LinkTrial.Fit(variant, learned, train.Rows, truths);
            whole ??= weights;
            var register = PartyRegister.Build(dev.Register, Environment.ProcessorCount, variant.IsFlat
                ? RegisterWeights.Flat : null);
            Say("link-ablation", variant, LinkTrial.Score(variant, weights, register, dev.Rows, dev.Truths,
                out var candidates), candidates);
        }
    }

    /// <summary>The rules of decision on a bed that another hand made, over a register six times as large.</summary>
    private static void CompareRules()
    {
        var entries = File.Exists(LinkBed.Provinces)
            ? PartyFile.Read(LinkBed.Provinces, ColumnMapping.None, isRegister: true).Parties
            : GeneratedCity.Of(OtherEntries / 10, Seed);
        new Random(Seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entries));
        foreach (var strength in new[] { 1, 2 })
        {
            var (known, written) = RowNoise.Bed([.. entries.Take(OtherEntries)], OtherRows, Seed, strength);
            var register = PartyRegister.Build(known, Environment.ProcessorCount);
            var (rows, truths) = (written.ConvertAll(r => r.Row), written.ConvertAll(r => new RowTruth(r.Truth, [])));
            Figures.Say($"another bed, noise x {strength}: {rows.Count:N0} rows against {known.Count:N0} entries");
            var weights = LinkModel.Shipped(Domain.Parameters.ParameterSet.Shipped, new DateOnly(2026, 1, 1)).Weights;
            foreach (var variant in new[] { Ablations[0] }.Concat(Ablations.Where(a => a.Rule != LinkRule.Shipped)))
                Say($"link-rule-noise-{strength}", variant, LinkTrial.Score(variant, weights, register, rows, truths,
                    out var candidates), candidates);
        }
    }

    private static void Say(string what, LinkVariant variant, LinkScore score, double candidates)
    {
        var (none, link) = (score.Unregistered(), score.Link());
        Figures.Say($"{variant.Name,-28} at the shipped bands: unregistered F1 {none.F1:0.0000} P {
            none.Precision:0.0000} R {none.Recall:0.0000}, link F1 {link.F1:0.0000}, review {
            score.ReviewShare():0.0000}; at its own cuts: unregistered F1 {
            score.BestUnregisteredF1():0.0000}, unregistered recall at 98.5 % {
            score.UnregisteredRecallAtPrecision():0.0000}, link recall at 99.9 % {
            score.LinkRecallAtPrecision():0.0000}; {candidates:0} candidates");
        Figures.Say($"RESULT {what} name={variant.Name.Replace(' ', '_')} unregistered_f1={
            none.F1:0.0000} unregistered_f1_best={
            score.BestUnregisteredF1():0.0000} unregistered_recall_p985={
            score.UnregisteredRecallAtPrecision():0.0000} link_f1={link.F1:0.0000} link_recall_p999={
            score.LinkRecallAtPrecision():0.0000} review_share={score.ReviewShare():0.0000} candidates={
            candidates:0}");
    }

    /// <summary>
    /// Persons of other rows: to be of the same name must come to mean nothing. Nobody is found by the person here,
    /// else the same name would come to mean "found by the person alone", which is worse than nothing.
    /// </summary>
    private static void ShufflePersons(Bed train, Bed dev)
    {
        var persons = train.Rows.Select(r => r.Person).ToArray();
        new Random(Seed).Shuffle(persons);
        var shuffled = train.Rows.Select((r, i) => r with { Person = persons[i] }).ToList();
        var truths = train.Truths.ConvertAll(t => t.Truth);
        var learned = PartyRegister.Build(train.Register, Environment.ProcessorCount);
        var variant = Ablations.First(a => a.Name == "no_person_key");
        var (right, wrong) = (LinkTrial.Fit(variant, learned, train.Rows, truths),
            LinkTrial.Fit(variant, learned, shuffled, truths));
        var register = PartyRegister.Build(dev.Register, Environment.ProcessorCount);
        var (before, after) = (PersonEffect(right, register, dev), PersonEffect(wrong, register, dev));
        Figures.Say($"shuffled persons: the same person instead of another adds {
            before:0.00} to the log-odds of a right pair; learned from shuffled persons {after:0.00}");
        Figures.Say($"RESULT link-control name=shuffled_persons person_effect={before:0.00} person_effect_shuffled={
            after:0.00}");
    }

    /// <summary>What the right person adds to the log-odds of right pairs over another's, crosses included.</summary>
    private static double PersonEffect(LinkWeights weights, PartyRegister register, Bed dev)
    {
        var pairs = Enumerable.Range(0, dev.Rows.Count)
            .Where(i => dev.Truths[i].Truth.Length > 0 && dev.Rows[i].Person.Length > 0).Take(EffectRowsMax).ToArray();
        var same = Array.ConvertAll(pairs, i => dev.Rows[i]);
        var other = pairs.Select((_, j) => same[j] with { Person = same[(j + 1) % same.Length].Person }).ToArray();
        var (sum, count) = (0.0, 0);
        var (sameForms, otherForms) = (register.Read(same, 1), register.Read(other, 1));
        var (sames, others) = (new Hypotheses(register, sameForms, weights),
            new Hypotheses(register, otherForms, weights));
        for (var j = 0; j < pairs.Length; j++)
        {
            var (segment, record) = register.Locate(dev.Truths[pairs[j]].Truth);
            var entries = register.Segments[segment].Forms;
            if (!sameForms.Person(sameForms.Forms[j]).SequenceEqual(entries.Person(entries.Forms[record])))
                continue;
            sum += sames.Score(sameForms.Forms[j], segment, record)
                - others.Score(otherForms.Forms[j], segment, record);
            count++;
        }
        return sum / Math.Max(1, count);
    }

    private static void Registers(Bed dev, LinkModel model)
    {
        Say("register_emptied", Shares([], dev, model));
        var all = dev.Register.Concat(dev.Rows.Index().Where(r => dev.Truths[r.Index].Truth.Length == 0)
            .Select(r => r.Item with { Id = "X" + r.Item.Id })).ToList();
        Say("register_has_all", Shares(all, dev, model));
        Say("register_doubled", Shares([.. dev.Register, .. dev.Register.Select(e => e with { Id = e.Id + "B" })], dev,
            model));
    }

    private static Dictionary<LinkOutcome, int> Shares(List<PartyText> register, Bed dev, LinkModel model) =>
        new PartyMatcher(PartyRegister.Build(register, Environment.ProcessorCount), model)
            .Decide(dev.Rows, Environment.ProcessorCount).CountBy(d => d.Outcome).ToDictionary();

    private static void Say(string name, Dictionary<LinkOutcome, int> counts)
    {
        var all = (double)counts.Values.Sum();
        var shares = string.Join(' ', Enum.GetValues<LinkOutcome>().Select(o =>
            string.Create(CultureInfo.InvariantCulture, $"{o.ToString().ToLowerInvariant()}={
                counts.GetValueOrDefault(o) / all:0.0000}")));
        Figures.Say($"{name}: {shares}");
        Figures.Say($"RESULT link-control name={name} {shares}");
    }
}

/// <summary>Rows that are given codes: right, wrong, of another kind, damaged.</summary>
internal sealed class LinkCodesControl(
    List<PartyText> register, List<PartyText> rows, List<RowTruth> truths, LinkModel model, int seed)
{
    private const string UsccCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const double WrongShare = .2;

    private readonly Dictionary<string, string[]> _codes = register.ToDictionary(e => e.Id, e => e.Codes.Split(' '));

    private readonly PartyMatcher _matcher = new(PartyRegister.Build(register, Environment.ProcessorCount), model);

    public void Run()
    {
        Right("codes_uscc", (codes, _) => codes[0]);
        Right("codes_organisation", (codes, _) => codes.ElementAtOrDefault(1) ?? "");
        Right("codes_registration", (codes, _) => codes.ElementAtOrDefault(2) ?? "");
        Right("codes_damaged", (codes, dice) => Damaged(codes[0], dice));
        Wrong();
    }

    /// <summary>Every registered row has its code; the others a valid one that the register does not have.</summary>
    private void Right(string name, Func<string[], Random, string> code)
    {
        var dice = new Random(seed);
        var coded = rows.Select((row, i) => row with
        {
            Codes = code(truths[i].Truth.Length > 0 ? _codes[truths[i].Truth]
                : GeneratedCity.Codes("4201", 80_000_000 + i).Split(' '), dice),
        }).ToList();
        var (byCode, rightByCode, repaired, rightRepaired, right, wrong, registered, falseNone, none) =
            (0, 0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var (i, decision) in _matcher.Decide(coded, Environment.ProcessorCount).Index())
        {
            var isRight = decision.Outcome == LinkOutcome.Link && decision.Entry == truths[i].Truth;
            registered += truths[i].Truth.Length > 0 && coded[i].Codes.Length > 0 ? 1 : 0;
            if (decision.Outcome == LinkOutcome.None)
            {
                none++;
                falseNone += truths[i].Truth.Length > 0 ? 1 : 0;
            }
            if (decision.Outcome != LinkOutcome.Link)
                continue;
            (right, wrong) = (right + (isRight ? 1 : 0), wrong + (isRight ? 0 : 1));
            if (decision.Step == LinkStep.Likeness)
                continue;
            byCode++;
            rightByCode += isRight ? 1 : 0;
            if (decision.Step == LinkStep.UsccRepaired)
                (repaired, rightRepaired) = (repaired + 1, rightRepaired + (isRight ? 1 : 0));
        }
        Figures.Say($"RESULT link-control name={name} ladder_precision={
            (double)rightByCode / byCode:0.00000} ladder_recall={
            (double)rightByCode / registered:0.00000} link_precision={
            (double)right / (right + wrong):0.00000} link_recall={
            (double)right / registered:0.00000} repaired_right={(double)rightRepaired / repaired:0.00000} repaired={
            repaired} none={none} registered_called_none={falseNone}");
    }

    /// <summary>A fifth of the rows carry the valid code of somebody else in the register.</summary>
    private void Wrong()
    {
        var dice = new Random(seed);
        var isWrong = rows.Select(_ => dice.NextDouble() < WrongShare).ToArray();
        var coded = rows.Select((row, i) => row with
        {
            Codes = isWrong[i] ? register[dice.Next(register.Count)].Codes.Split(' ')[0] : "",
        }).ToList();
        var counts = new int[4];
        foreach (var (i, decision) in _matcher.Decide(coded, Environment.ProcessorCount).Index())
            if (isWrong[i])
                counts[decision.Outcome switch
                {
                    LinkOutcome.Link => decision.Entry == truths[i].Truth ? 0 : 1, LinkOutcome.None => 3, _ => 2,
                }]++;
        var all = (double)counts.Sum();
        Figures.Say($"RESULT link-control name=codes_wrong rows={all:0} linked_right={
            counts[0] / all:0.0000} linked_wrong={
            counts[1] / all:0.0000} review={counts[2] / all:0.0000} none={counts[3] / all:0.0000}");
    }

    private static string Damaged(string code, Random dice)
    {
        var at = dice.Next(code.Length);
        char other;
        do
            other = UsccCharacters[dice.Next(UsccCharacters.Length)];
        while (other == code[at]);
        return code[..at] + other + code[(at + 1)..];
    }
}
