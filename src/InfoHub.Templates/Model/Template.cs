using System.Collections.Immutable;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Templates.Model;

/// <summary>The type of a column, as catalogue.md §1.1 writes it. FROZEN numbers: row format 1 carries them.</summary>
public enum FieldKind
{
    /// <summary>C: text.</summary>
    Text = 1,

    /// <summary>Code: a value of a code list.</summary>
    Code = 2,

    /// <summary>N(p,s): an exact decimal with at most 18 digits.</summary>
    Number = 3,

    /// <summary>D: YYYY-MM-DD.</summary>
    Date = 4,

    /// <summary>M: YYYYMM.</summary>
    Month = 5,

    /// <summary>Y: YYYY.</summary>
    Year = 6,

    /// <summary>Q: YYYYQn.</summary>
    Quarter = 7,
}

/// <summary>A check that knows the standard behind an identifier.</summary>
public enum FieldCheck
{
    None = 0,

    /// <summary>统一社会信用代码, GB 32100-2015: position 18 rejects, position 17 and an unknown region warn.</summary>
    Uscc,

    /// <summary>组织机构代码, GB 11714-1997.</summary>
    OrganisationCode,

    /// <summary>公民身份号码, GB 11643-1999, 18 digits or the 15 of before.</summary>
    CitizenId,

    /// <summary>工商注册号, GS 15-2006; the 13 digits of before 2007 pass unchecked.</summary>
    RegistrationNumber,

    /// <summary>纳税人识别号 in all variants of 国家税务总局公告2015年第66号.</summary>
    TaxpayerNumber,

    /// <summary>县级以上行政区划代码, GB/T 2260: six digits of a known province.</summary>
    Division,

    /// <summary>街道乡镇代码, GB/T 10114: nine digits of a known province.</summary>
    Town,

    /// <summary>国民经济行业分类, GB/T 4754-2017: letter and four digits, or four digits.</summary>
    Industry,

    /// <summary>
    /// A document number whose scheme another column names (CL-IDTYPE): 201 is checked as CitizenId, 101 as Uscc.
    /// </summary>
    DocumentByType,

    /// <summary>A USCC or a citizen id, told apart by form; anything else warns.</summary>
    UsccOrCitizenId,
}

/// <summary>
/// What a column says about whose row it is. Read by party resolution, never by the validator. FROZEN numbers: the
/// identity hash of a row covers them.
/// </summary>
public enum IdentityRole
{
    None = 0,
    Uscc,
    TaxpayerNumber,

    /// <summary>登记序号 djxh: the tax bureau's own key of a registration.</summary>
    TaxRegistrationKey,
    RegistrationNumber,
    OrganisationCode,

    /// <summary>A USCC or a citizen id in one column.</summary>
    AnyCode,
    Name,
    Address,
    Representative,
    RepresentativeId,
    Phone,
    Division,
    Town,

    /// <summary>The department's own key of the object (户号, 单位编号).</summary>
    SourceKey,
}

/// <summary>How far a column may be shown. Everything from Personal on is masked in errors, logs and pages.</summary>
public enum Sensitivity
{
    Internal = 0,
    Personal,
    Account,
}

public sealed record CodeValue(string Code, string Title);

/// <summary>"Required when that column has one of these values" (<c>change_item=06</c>).</summary>
public sealed record RequiredWhen(string Field, ImmutableArray<string> Values);

/// <summary>One column of a template.</summary>
public sealed record Field
{
    /// <summary>
    /// The English column name: lower case ASCII letters, digits and underscores, starts with a letter.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>列名 as it stands in the header of the department's file.</summary>
    public required string Title { get; init; }

    public string Note { get; init; } = "";

    public required FieldKind Kind { get; init; }

    /// <summary>
    /// Text and Code: the length bounds in characters (Unicode code points). 0 as the lower bound: no lower bound.
    /// </summary>
    public int LengthMin { get; init; }

    public int LengthMax { get; init; }

    /// <summary>Number: digits in all, 1..18.</summary>
    public int Precision { get; init; }

    /// <summary>Number: digits after the point, 0..Precision.</summary>
    public int Scale { get; init; }

    public bool Required { get; init; }

    /// <summary>
    /// Empty, or the columns of which one may stand in for a blank required cell ("Y*"). In a key cell's place it is
    /// the first of them that is filled, see <see cref="Template.KeyCells"/>.
    /// </summary>
    public ImmutableArray<string> RequiredUnless { get; init; } = [];

    public RequiredWhen? RequiredWhen { get; init; }

    /// <summary>0 when the column is not part of the primary key, else its 1-based position in it.</summary>
    public int KeyPosition { get; init; }

    /// <summary>Empty when any value of the right form is allowed.</summary>
    public ImmutableArray<CodeValue> Codes { get; init; } = [];

    /// <summary>The code list is known to be incomplete: a value outside it warns instead of rejecting.</summary>
    public bool CodesOpen { get; init; }

    /// <summary>A regular expression, matched without backtracking; null when there is none.</summary>
    public string? Pattern { get; init; }

    public FieldCheck Check { get; init; }

    /// <summary>For <see cref="FieldCheck.DocumentByType"/>: the column that names the scheme.</summary>
    public string? CheckTypeField { get; init; }

    /// <summary>What a failed <see cref="Check"/> does to the row.</summary>
    public Disposition CheckDisposition { get; init; } = Disposition.RejectRow;

    /// <summary>元, 万元, kWh, 平方米, 人, %; empty when the number has no unit.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The plausibility range, both ends inclusive: a value outside it is a unit or typing error.</summary>
    public decimal? Min { get; init; }

    public decimal? Max { get; init; }

    public Disposition RangeDisposition { get; init; } = Disposition.RejectRow;

    /// <summary>Date: may lie more than a month ahead (deadlines, terms).</summary>
    public bool FutureAllowed { get; init; }

    /// <summary>Month: expected to be the submission's own period; other months warn.</summary>
    public bool IsDataPeriod { get; init; }

    /// <summary>Text: its codes may begin with zeros, which a number cell of a workbook does not keep.</summary>
    public bool LeadingZeros { get; init; }

    public Sensitivity Sensitivity { get; init; }

    public IdentityRole Identity { get; init; }
}

/// <summary>
/// 数据采集模板: one version of what a department has agreed to send for one item. Immutable; the validator, the fact
/// table, the entry form and the partner's README are all made from it.
/// </summary>
public sealed record Template
{
    /// <summary>SCJG-01: department code, hyphen, two characters.</summary>
    public required string Item { get; init; }

    public required int Version { get; init; }

    public required string Title { get; init; }

    public required string TitleEn { get; init; }

    /// <summary>Department code: SCJG.</summary>
    public required string Department { get; init; }

    public required string DepartmentTitle { get; init; }

    public required PeriodKind Frequency { get; init; }

    /// <summary>The extract is due on this day of the month after the period.</summary>
    public required int DueDay { get; init; }

    /// <summary>Why the hub may ask for it: the article of the law or agreement.</summary>
    public required string LegalBasis { get; init; }

    public string Purpose { get; init; } = "";

    /// <summary>In file order, 1..200 of them.</summary>
    public required ImmutableArray<Field> Fields { get; init; }

    /// <summary>
    /// Share of bad rows (0..1) beyond which the file is refused; applies from <see cref="BadRowShareRowsMin"/> rows
    /// on.
    /// </summary>
    public decimal BadRowShareMax { get; init; } = 0.5m;

    public const int BadRowShareRowsMin = 100;

    /// <summary>The columns of the primary key in key order, as indexes into <see cref="Fields"/>.</summary>
    public ImmutableArray<int> Key => _key ??= [.. Fields
        .Select((f, i) => (f.KeyPosition, Index: i)).Where(k => k.KeyPosition > 0).OrderBy(k => k.KeyPosition).Select(k => k.Index)];

    private ImmutableArray<int>? _key;

    /// <summary>
    /// For each column of the primary key the columns that may give its cell, as indexes into <see cref="Fields"/>: the
    /// column itself, then those that stand in for it. The first that is filled does, the others say nothing about the
    /// key. Duplicates in a file and rows that replace each other are found by the same cells.
    /// </summary>
    public ImmutableArray<ImmutableArray<int>> KeyCells =>
        [.. Key.Select(index => (ImmutableArray<int>)[index, .. Fields[index].RequiredUnless.Select(IndexOf)])];

    /// <summary>SCJG-01.v1</summary>
    public string Id => $"{Item}.v{Version}";

    /// <summary>scjg_01: the fact table's name.</summary>
    public string TableName => Item.ToLowerInvariant().Replace('-', '_');

    /// <summary>-1 when there is no such column.</summary>
    public int IndexOf(string fieldName)
    {
        for (var i = 0; i < Fields.Length; i++)
            if (Fields[i].Name == fieldName)
                return i;
        return -1;
    }

    /// <summary>-1 when no column has the role.</summary>
    public int IndexOf(IdentityRole role)
    {
        for (var i = 0; i < Fields.Length; i++)
            if (Fields[i].Identity == role)
                return i;
        return -1;
    }
}
