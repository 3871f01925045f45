using System.Buffers.Text;
using System.Globalization;
using System.Text;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Bench;

/// <summary>Makes the files the benches read: check-valid, seeded, five rows per unit.</summary>
internal static class BenchFile
{
    public const string TenColumns = "unit_no,uscc,unit_name,ins_type,data_month,insured_cnt,base_sum,due_amt,paid_amt,status";

    private const string MoreColumns = ",address,region_code,town_code,industry_code,rep_name,rep_id,first_date,phone,owed_amt,remark";

    private static readonly string[] InsuranceTypes = ["110", "210", "310", "410", "510"];

    /// <summary>More have no number of their own: a unit has six digits and five rows.</summary>
    public const int RowsMax = 5_000_000;

    /// <summary>
    /// Rows of BN-01, or with <paramref name="twenty"/> of BN-02; with <paramref name="bad"/> every row has a wrong
    /// check character; <paramref name="name"/> goes on every unit's name.
    /// </summary>
    public static void Write(Stream target, int rows, bool twenty, bool bad, string name = "商贸有限公司")
    {
        using var writer = new StreamWriter(target, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(twenty ? TenColumns + MoreColumns : TenColumns);
        Span<byte> code = stackalloc byte[Uscc.Length];
        Span<byte> person = stackalloc byte[CitizenId.Length];
        for (var i = 0; i < rows; i++)
        {
            var unit = i / InsuranceTypes.Length;
            UsccOf(unit, code);
            if (bad)
                code[17] = code[17] == (byte)'0' ? (byte)'1' : (byte)'0';
            var staff = 1 + ((int)(unit * 7919L % 400));
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"U{unit:00000000},{Encoding.ASCII.GetString(code)},武汉基准第{unit}号{name},{InsuranceTypes[i % InsuranceTypes.Length]},202503,{staff},{staff * 5321L}.{unit % 100:00},{staff * 851L}.{unit % 97:00},{staff * 851L}.{unit % 97:00},1"));
            if (twenty)
            {
                PersonOf(unit, person);
                writer.Write(string.Create(CultureInfo.InvariantCulture,
                    $",武汉市江岸区解放大道{unit % 999 + 1}号{unit % 30 + 1}楼,420102,420102001,F5211,王基准,{Encoding.ASCII.GetString(person)},2015-{unit % 12 + 1:00}-{unit % 28 + 1:00},027-8{unit % 10000000:0000000},0.00,\"按月缴纳, 无欠费\""));
            }
            writer.WriteLine();
        }
    }

    private static void UsccOf(int unit, Span<byte> code)
    {
        "91420102"u8.CopyTo(code);
        Span<byte> digits = stackalloc byte[8];
        "MA000000"u8.CopyTo(digits);
        Utf8Formatter.TryFormat(unit, digits[2..], out var _, new System.Buffers.StandardFormat('D', 6));
        digits.CopyTo(code[8..]);
        code[16] = OrganisationCode.CheckCharacter(digits);
        code[17] = Uscc.CheckCharacter(code);
    }

    private static void PersonOf(int unit, Span<byte> number)
    {
        "42010219800101"u8.CopyTo(number);
        Utf8Formatter.TryFormat(unit % 1000, number[14..], out var _, new System.Buffers.StandardFormat('D', 3));
        number[17] = CitizenId.CheckCharacter(number);
    }
}
