using System.Collections.Immutable;
using InfoHub.Domain.Parameters;
using InfoHub.Domain.Reconciliation;
using InfoHub.Templates.Vocabulary;
using Xunit;

namespace InfoHub.Rules.Tests.Reconciliation;

/// <summary>
/// Increments and a full run come to the same: whatever order submissions arrive in, whenever the party is evaluated in
/// between and however the days pass meanwhile, the findings at the end are those of one evaluation over everything. A
/// party is evaluated again when a row of its own arrives, when what its models awaited arrives, and on the day they
/// asked
/// to look again; that has to be enough.
/// </summary>
public sealed class ArrivalOrderTests
{
    private const int Rounds = 60;

    private static readonly Dictionary<string, ModelCase> Cases = ModelCase.All().ToDictionary(c => $"{c.Model} {c.Name}");

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case_InAnyOrderOfArrival_EndsAsAFullRunDoes(string name)
    {
        var @case = Cases[name];
        var model = ModelCatalogue.Find(@case.Model)!;
        var expected = Told(model.Decide(@case.Dossier, ParameterSet.Shipped));
        for (var seed = 0; seed < Rounds; seed++)
            Assert.Equal($"seed {seed}: {expected}", $"seed {seed}: {Told(new Hub(@case, model, new Random(seed)).Run())}");
    }

    /// <summary>What does not grow with the day alone: late fees and the days since do.</summary>
    private static string Told(ModelAnswer answer) => string.Join("\n", answer.Findings.OrderBy(f => f.BusinessKey).Select(f =>
        $"{f.BusinessKey} {f.Period} {f.Expected} {f.Actual} {f.Gap} {f.Confidence} {f.Title} {f.SingleSource} {f.Evidence.Length}"));

    /// <summary>What a submission brings: a period of an item, and the party's rows in it.</summary>
    private sealed record Arrival(string Item, Period Period, bool IsCoverage, ImmutableArray<(string Branch, Fact Row, bool IsFormer)> Rows);

    /// <summary>The store's part in it, for one party and one model.</summary>
    private sealed class Hub(ModelCase @case, ComparisonModel model, Random random)
    {
        private const int DaysBefore = 200;

        private readonly List<Arrival> _arrived = [];
        private ModelAnswer _answer = ModelAnswer.Nothing;
        private bool _isTouched;
        private DateOnly _day = @case.Dossier.AsOf.AddDays(-random.Next(DaysBefore));

        public ModelAnswer Run()
        {
            foreach (var arrival in Arrivals().OrderBy(_ => random.Next()))
            {
                if (random.Next(3) == 0)
                    PassTo(_day.AddDays(random.Next(1 + Math.Max(0, @case.Dossier.AsOf.DayNumber - _day.DayNumber))));
                _arrived.Add(arrival);
                _isTouched |= !arrival.Rows.IsEmpty
                    || (arrival.IsCoverage && _answer.Awaits.Any(a => a.Item == arrival.Item && arrival.Period.End >= a.Period.End));
                if (random.Next(2) == 0)
                    Evaluate();
            }
            PassTo(@case.Dossier.AsOf);
            Evaluate();
            return _answer;
        }

        private void PassTo(DateOnly day)
        {
            _day = day;
            _isTouched |= _answer.RevisitOn <= day;
            if (random.Next(2) == 0)
                Evaluate();
        }

        private void Evaluate()
        {
            if (!_isTouched)
                return;
            _answer = model.Decide(Known(), ParameterSet.Shipped);
            _isTouched = false;
        }

        private IEnumerable<Arrival> Arrivals()
        {
            var rows = Facts("", @case.Dossier).Concat(@case.Dossier.Branches.SelectMany(b => Facts(b.Party.Name, b)))
                .ToLookup(r => (Item: r.Row.Template.Item, r.Row.Period));
            var covered = Items(@case.Dossier).SelectMany(item => @case.Dossier.Coverage.Of(item).Select(p => (Item: item, Period: p))).ToArray();
            return covered.Select(c => new Arrival(c.Item, c.Period, true, [.. rows[c]]))
                .Concat(rows.Select(g => g.Key).Except(covered).Select(k => new Arrival(k.Item, k.Period, false, [.. rows[k]])));
        }

        private static IEnumerable<string> Items(Dossier dossier) =>
            ["SCJG-01", "SCJG-03", "SW-01", "SW-02", "SW-03", "GD-01", "GS-01", "YB-01", "RS-01"];

        private static IEnumerable<(string Branch, Fact Row, bool IsFormer)> Facts(string branch, Dossier dossier) => Items(dossier)
            .SelectMany(item => dossier.Of(item).Select(r => (branch, r, false))
                .Concat((dossier.Former.TryGetValue(item, out var former) ? former : []).Select(r => (branch, r, true))));

        private Dossier Known()
        {
            var coverage = new Coverage(_arrived.Where(a => a.IsCoverage).GroupBy(a => a.Item)
                .ToDictionary(g => g.Key, g => g.Select(a => a.Period).ToImmutableSortedSet()));
            var rows = _arrived.SelectMany(a => a.Rows).ToArray();
            Dossier Of(string branch, PartyView party)
            {
                var own = rows.Where(r => r.Branch == branch).ToArray();
                return new Dossier(party, Grouped(own.Where(r => !GaveWay(r, own))), coverage, _day)
                {
                    Former = Grouped(own.Where(r => GaveWay(r, own))),
                };
            }
            var dossier = Of("", @case.Dossier.Party);
            return new Dossier(@case.Dossier.Party, Items(dossier).ToDictionary(i => i, dossier.Of), coverage, _day)
            {
                Former = dossier.Former, City = @case.Dossier.City, Branches = [.. @case.Dossier.Branches.Select(b =>
                    Of(b.Party.Name, b.Party))],
            };
        }

        /// <summary>A former row is the one in force until the later one has arrived.</summary>
        private static bool GaveWay((string Branch, Fact Row, bool IsFormer) row, (string Branch, Fact Row, bool IsFormer)[] all) =>
            row.IsFormer && all.Any(r => r.Row.Template.Item == row.Row.Template.Item && r.Row.Period.End > row.Row.Period.End
                && r.Row.Text("djxh") == row.Row.Text("djxh"));

        private static Dictionary<string, ImmutableArray<Fact>> Grouped(IEnumerable<(string Branch, Fact Row, bool IsFormer)> rows) =>
            rows.GroupBy(r => r.Row.Template.Item).ToDictionary(g => g.Key, g => g.Select(r => r.Row)
                .OrderBy(r => r.SubmissionId).ThenBy(r => r.Row).ToImmutableArray());
    }
}
