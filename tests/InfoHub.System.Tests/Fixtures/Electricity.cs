using System.Globalization;
using System.Text;
using InfoHub.Host.Demo;

namespace InfoHub.System.Tests.Fixtures;

/// <summary>Hand-made extracts of GD-01, of a month before the city's.</summary>
internal static class Electricity
{
    public const string Item = "GD-01";
    public const string Period = "202412";
    private const int LargeParties = 997;

    public const string Header = "cust_no,cust_name,cust_id_no,address,region_code,data_month,use_class,industry_code,capacity_kva,kwh,pv_kwh,fee,resale,open_date,status";

    public static byte[] Good(int rows = 3, int firstCustomer = 1) => Bytes(Header, Enumerable.Range(firstCustomer, rows).Select(n => Row(n)));

    public static string Row(int customer, string kwh = "1500.00", string code = "") => string.Create(CultureInfo.InvariantCulture,
        $"{4_200_000_000_000L + customer},武汉市试验商贸有限公司,{code},武汉市武昌区试验路1号,420106,{Period},200,,80,{kwh},,1050.00,N,2019-01-18,1");

    public static byte[] Bytes(string header, IEnumerable<string> rows) => Encoding.UTF8.GetBytes(string.Join('\n', rows.Prepend(header)) + "\n");

    /// <summary>
    /// A file of many meters of few parties, so that checking and landing are what takes time; every hundredth row is
    /// bad,
    /// or every one of as many as are asked for.
    /// </summary>
    public static (int Rows, int Bad) WriteLarge(string path, int rows, int badEvery = 100)
    {
        var codes = Enumerable.Range(1, LargeParties).Select(Uscc).ToArray();
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
        file.WriteLine(Header);
        for (var n = 1; n <= rows; n++)
            file.WriteLine(Row(n, kwh: n % badEvery == 0 ? "-1" : "1500.00", codes[n % LargeParties]));
        return (rows, rows / badEvery);
    }

    private static string Uscc(int number) => string.Create(18, number, static (code, number) =>
    {
        Span<byte> bytes = stackalloc byte[18];
        "91420106MA4"u8.CopyTo(bytes);
        Codes.CompleteUscc(bytes, number);
        Encoding.ASCII.GetChars(bytes, code);
    });
}
