using System.Text;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Demo;

/// <summary>Everything an extract is written from.</summary>
internal sealed record City(
    Calendar Calendar, Dice Dice, Population Population, PartyBook Book, Lifecycle Lifecycle, Provision Provision,
    VatReturns Returns, ExpectationBook Expectations)
{
    public Spellings Spellings { get; } = new(Dice, Book, Calendar);

    /// <summary>The tax register sends everybody every month.</summary>
    public bool IsRegisterFull { get; init; }

    public DoubtfulHolders DoubtfulHolders { get; } = new(Population, Book, Dice);

    public static City Found(DemoOptions options)
    {
        var dice = new Dice(options.Seed);
        var calendar = new Calendar(options.First, options.Months, options.AsOf);
        var before = options.First.Start.AddDays(-60);
        var real = RealEnterprises.Read(options.EnterpriseCsvGz, options.Parties, before);
        var population = Population.Settle(options, calendar, dice, real);
        var lifecycle = new Lifecycle(calendar, dice);
        var provision = new Provision(population, calendar, dice);
        var book = new PartyBook(population, calendar, dice, real);
        var returns = new VatReturns(calendar, dice, lifecycle, provision);
        return new City(calendar, dice, population, book, lifecycle, provision, returns, new ExpectationBook())
        {
            IsRegisterFull = options.FullRegister,
        };
    }
}

/// <summary>
/// One item's extracts: which rows a month's file has, and how a party's row reads. The columns stand in the order and
/// under the names of the item's template.
/// </summary>
internal abstract class Extract(City city)
{
    protected const byte Comma = (byte)',';
    protected const byte Tab = (byte)'\t';

    private readonly byte[] _code = new byte[Codes.UsccLength];

    public abstract string Item { get; }

    public abstract SheetStyle Style { get; }

    /// <summary><c>中文列名:english_name</c>, separated by spaces.</summary>
    protected abstract string Columns { get; }

    /// <summary>Collects the cells of one well-formed row of the party; the caller ends it.</summary>
    public abstract void Compose(CsvSheet sheet, in Party party, int month);

    /// <summary>Writes the rows of a month's file and returns the first party of it, or −1.</summary>
    public abstract int Write(CsvSheet sheet, int month);

    public string[] EnglishNames => [.. ColumnList.Select(c => c.Split(':')[1])];

    public void WriteHeader(CsvSheet sheet)
    {
        foreach (var column in ColumnList)
            sheet.Text(column.Split(':')[Style.ChineseHeader ? 0 : 1]);
        sheet.End();
    }

    private string[] ColumnList => Columns.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    protected City City { get; } = city;

    protected Calendar Calendar => City.Calendar;

    protected Dice Dice => City.Dice;

    protected PartyBook Book => City.Book;

    protected void Uscc(CsvSheet sheet, in Party party)
    {
        Book.WriteUscc(party, _code);
        sheet.Ascii(_code);
    }

    protected void CitizenId(CsvSheet sheet, in Party party)
    {
        Book.WriteCitizenId(party, _code);
        sheet.Ascii(_code);
    }

    /// <summary>
    /// The name as this department's clerks typed it: of a clean party some have brackets of the other width or
    /// trailing blanks. Both are normalised on load.
    /// </summary>
    protected void Name(CsvSheet sheet, in Party party)
    {
        var name = Book.Name(party);
        var dirt = party.Behaviour == Behaviour.Clean ? Dice.Below(100, party.Index, Salt.Dirt, Item[0]) : 99;
        sheet.Text(dirt switch
        {
            < 2 => name + "  ",
            < 40 when name.Contains('（', StringComparison.Ordinal) => name.Replace('（', '(').Replace('）', ')'),
            < 40 when name.Contains('(', StringComparison.Ordinal) => name.Replace('(', '（').Replace(')', '）'),
            _ => name,
        });
    }

    /// <summary>The address; some have full-width digits, some a remark that needs quotes.</summary>
    protected void Address(CsvSheet sheet, in Party party)
    {
        var address = Book.Address(party);
        var dirt = party.Behaviour == Behaviour.Clean ? Dice.Below(100, party.Index, Salt.Dirt, Item[1] + 40) : 99;
        sheet.Text(dirt switch
        {
            < 3 => FullWidth(address),
            3 => $"{address},\"临街\"",
            4 => $"{address} ",
            _ => address,
        });
    }

    /// <summary>Filing and payment fall between the 6th and the deadline on the 15th.</summary>
    protected int PaidOnDay(in Party party, int month) => 5 + Dice.Below(10, party.Index, Salt.PaidOn, month);

    protected static void Digits(CsvSheet sheet, ReadOnlySpan<byte> prefix, long value, int length)
    {
        Span<byte> text = stackalloc byte[32];
        prefix.CopyTo(text);
        Codes.WriteDigits(text[prefix.Length..length], value);
        sheet.Ascii(text[..length]);
    }

    protected static void Blanks(CsvSheet sheet, int count)
    {
        for (var i = 0; i < count; i++)
            sheet.Blank();
    }

    /// <summary>Digits and letters as a Chinese input method types them when left in full-width mode.</summary>
    internal static string FullWidth(string text)
    {
        var wide = new StringBuilder(text.Length);
        foreach (var c in text)
            wide.Append(char.IsAsciiLetterOrDigit(c) ? (char)(c - '0' + '０') : c);
        return wide.ToString();
    }
}

/// <summary>What must and must not be found, collected while the rows that make it so are written.</summary>
internal sealed class ExpectationBook
{
    public List<DemoExpectation> Truth { get; } = [];

    public List<DemoExpectation> Traps { get; } = [];

    /// <summary>
    /// The findings and traps that a party's behaviour brings; those tied to a period are added where they are written.
    /// </summary>
    public void Enter(City city)
    {
        foreach (ref readonly var party in city.Population.All)
        {
            if (BehaviourCatalogue.Of(party) is not { } plan)
                continue;
            var (behaviour, hasCode) = (plan.Behaviour.ToString(), party.Group != PartyGroup.Street);
            var (uscc, name) = hasCode ? (city.Book.Uscc(party), "")
                : ("", city.Spellings.OnElectricity(party, city.Calendar.Last));
            foreach (var model in plan.Positives.Where(m => m.StartsWith("HJ-", StringComparison.Ordinal)))
                Truth.Add(new DemoExpectation(model, uscc, "", behaviour, plan.Reason) { Name = name });
            foreach (var model in plan.Traps)
                Traps.Add(new DemoExpectation(model, uscc, "", behaviour, plan.Reason) { Name = name });
        }
    }

    public void Found(City city, string model, in Party party, string period)
    {
        var plan = BehaviourCatalogue.Of(party);
        if (plan is null || !plan.Positives.Contains(model))
            throw new InvalidOperationException($"{party.Behaviour} plants no {model}");
        Truth.Add(new DemoExpectation(model, city.Book.Uscc(party), period, plan.Behaviour.ToString(), plan.Reason));
    }

    /// <summary>The form a period has in truth.csv.</summary>
    public static string PeriodOf(Calendar calendar, int first, int last) => first == last
        ? calendar[last].ToString()
        : Period.Quarter(calendar[last].Year, calendar[last].Start.Month / 3).ToString();
}
