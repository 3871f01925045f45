using System.Text;
using InfoHub.Templates.Model;
using InfoHub.Templates.Problems;
using InfoHub.Templates.Reading;
using Xunit;
using Xunit.Abstractions;

namespace InfoHub.Rules.Tests.Templates;

/// <summary>
/// The goal: a template text is either read as meant or refused with its IH-TPL code; it never costs much, and never
/// fails with anything but a numbered problem.
/// </summary>
public sealed class OdcsReaderTests(ITestOutputHelper output)
{
    private const string NotYaml = "IH-TPL-001";
    private const string Unsound = "IH-TPL-002";
    private const string Unknown = "IH-TPL-003";

    private const string Good = """
        apiVersion: v3.1.0
        kind: DataContract
        id: infohub-gd-09
        name: 用电样例
        version: 1.0.0
        status: active
        domain: GD
        schema:
          - name: gd_09
            description: A small sample
            properties:
              - name: cust_no
                businessName: 户号
                physicalType: C(2..20)
                required: true
                primaryKey: true
                primaryKeyPosition: 1
                logicalTypeOptions:
                  pattern: '^[0-9]+$'
              - name: id_type
                businessName: 证件类型
                physicalType: Code(3)
                customProperties:
                  - { property: codes, value: { '201': 居民身份证, '101': 统一社会信用代码 } }
              - name: id_no
                businessName: 证件号码
                physicalType: C(30)
                classification: personal
                customProperties:
                  - { property: check, value: document-by-type }
                  - { property: checkTypeField, value: id_type }
                  - { property: checkDisposition, value: warn }
                  - { property: requiredWhen, value: id_type=201|101 }
              - name: kwh
                businessName: 电量
                physicalType: N(16,2)
                customProperties:
                  - { property: unit, value: kWh }
                  - { property: min, value: -1.5 }
                  - { property: max, value: 2000 }
        customProperties:
          - { property: item, value: GD-09 }
          - { property: templateVersion, value: 1 }
          - { property: departmentTitle, value: 供电公司 }
          - { property: frequency, value: month }
          - { property: dueDay, value: 10 }
          - { property: legalBasis, value: 征管法第六条 }
        """;

    [Fact]
    public void Read_SoundTemplate_GivesWhatItSays()
    {
        var template = OdcsReader.Read(Good);

        Assert.Equal("GD-09.v1", template.Id);
        Assert.Equal(0.5m, template.BadRowShareMax);
        var (custNo, idNo, kwh) = (template.Fields[0], template.Fields[2], template.Fields[3]);
        Assert.Equal((2, 20, "^[0-9]+$"), (custNo.LengthMin, custNo.LengthMax, custNo.Pattern));
        Assert.Equal((FieldCheck.DocumentByType, "id_type", Disposition.Warn), (idNo.Check, idNo.CheckTypeField, idNo.CheckDisposition));
        Assert.Equal("id_type=201|101", $"{idNo.RequiredWhen!.Field}={string.Join('|', idNo.RequiredWhen.Values)}");
        Assert.Equal(Sensitivity.Personal, idNo.Sensitivity);
        Assert.Equal((16, 2, -1.5m, 2000m), (kwh.Precision, kwh.Scale, kwh.Min, kwh.Max));
    }

    /// <summary>The good template with one text replaced, and the code that must follow.</summary>
    public static TheoryData<string, string, string> Broken => new()
    {
        // Not YAML.
        { "name: 用电样例", "name: [", NotYaml },
        { "kind: DataContract", "kind: DataContract\nkind: DataContract", NotYaml },
        { "name: 用电样例", "name: \"a\n", NotYaml },
        { "domain: GD", "\tdomain: GD", NotYaml },

        // Not one mapping, or not a contract.
        { Good, "", Unsound },
        { Good, "- a\n- b", Unsound },
        { Good, "just text", Unsound },
        { Good, Good + "\n---\n" + Good, Unsound },
        { "kind: DataContract", "kind: DataProduct", Unsound },
        { "apiVersion: v3.1.0", "apiVersion: v2.2.2", Unsound },
        { "name: 用电样例", "name: { a: b }", Unsound },
        { "domain: GD\n", "", Unsound },
        { "domain: GD", "domain: YB", Unsound },
        { "value: GD-09", "value: gd-09", Unsound },
        { "value: GD-09", "value: GD-09/../../x", Unsound },
        { "value: GD-09", "value: \"GD-09\\n\"", Unsound },
        { "templateVersion, value: 1", "templateVersion, value: 0", Unsound },
        { "templateVersion, value: 1", "templateVersion, value: 1.5", Unsound },
        { "templateVersion, value: 1", "templateVersion, value: 99999999999999999999999999999999", Unsound },
        { "frequency, value: month", "frequency, value: daily", Unsound },
        { "dueDay, value: 10", "dueDay, value: 32", Unsound },
        { "dueDay, value: 10", "dueDay, value: tenth", Unsound },
        { "  - { property: legalBasis, value: 征管法第六条 }", "  - { property: badRowShareMax, value: 2 }", Unsound },
        { "  - { property: legalBasis, value: 征管法第六条 }", "  - { property: dueDay, value: 11 }", Unsound },
        { "  - { property: legalBasis, value: 征管法第六条 }", "  - legalBasis", Unsound },

        // Unknown properties, of the standard and of InfoHub.
        { "domain: GD", "domain: GD\nservers: []", Unknown },
        { "    description: A small sample", "    description: A small sample\n    quality: [{ type: sql, query: select 1 }]", Unknown },
        { "        required: true", "        requird: true", Unknown },
        { "        required: true", "        unique: true", Unknown },
        { "          pattern: '^[0-9]+$'", "          maxLength: 20", Unknown },
        { "property: checkDisposition", "property: checkdisposition", Unknown },
        { "property: legalBasis", "property: legalBases", Unsound },
        { "property: unit, value: kWh", "property: unit, value: kWh, rule: x", Unknown },
        { "  - { property: dueDay, value: 10 }", "  - { property: dueDay, value: 10 }\n  - { property: sql, value: drop }", Unknown },

        // Types and lengths.
        { "N(16,2)", "FLOAT", Unsound },
        { "N(16,2)", "N(19,2)", Unsound },
        { "N(16,2)", "N(2,4)", Unsound },
        { "N(16,2)", "N(16..2)", Unsound },
        { "N(16,2)", "N", Unsound },
        { "N(16,2)", "D(8)", Unsound },
        { "N(16,2)", "\"N(16,2)\\n\"", Unsound },
        { "C(2..20)", "C", Unsound },
        { "C(2..20)", "C(0)", Unsound },
        { "C(2..20)", "C(20..2)", Unsound },
        { "C(2..20)", "C(2,20)", Unsound },
        { "C(2..20)", "C(99999)", Unsound },
        { "Code(3)", "Code(2)", Unsound },

        // Rules that contradict the column or point nowhere.
        { "required: true", "required: yes", Unsound },
        { "required: true", "required: True", Unsound },
        { "primaryKeyPosition: 1", "primaryKeyPosition: 2", Unsound },
        { "primaryKeyPosition: 1", "primaryKeyPosition: 4294967297", Unsound },
        { "        primaryKeyPosition: 1\n", "", Unsound },
        { "primaryKey: true\n        primaryKeyPosition: 1", "primaryKey: false", Unsound },
        { "name: kwh", "name: cust_no", Unsound },
        { "businessName: 电量", "businessName: 户号", Unsound },
        { "businessName: 电量", "businessName: cust_no", Unsound },
        { "businessName: 电量", "businessName: ''", Unsound },
        { "businessName: 电量", "businessName: \"电\\n量\"", Unsound },
        { "name: kwh", "name: Kwh", Unsound },
        { "name: kwh", "name: \"kwh\\n\"", Unsound },
        { "name: kwh", "name: 'kwh; drop table party'", Unsound },
        { "name: kwh", "name: _row", Unsound },
        { "name: id_type", "name: kind_of_id", Unsound },
        { "          - { property: checkTypeField, value: id_type }\n", "", Unsound },
        { "id_type=201|101", "id_type", Unsound },
        { "id_type=201|101", "nowhere=1", Unsound },
        { "value: document-by-type", "value: passport", Unsound },
        { "checkDisposition, value: warn", "checkDisposition, value: ignore", Unsound },
        { "classification: personal", "classification: top-secret", Unsound },
        { "property: min, value: -1.5", "property: min, value: 3000", Unsound },
        { "property: min, value: -1.5", "property: min, value: 1e3", Unsound },
        { "property: unit, value: kWh", "property: check, value: uscc", Unsound },
        { "property: unit, value: kWh", "property: dataPeriod, value: true", Unsound },
        { "value: { '201': 居民身份证, '101': 统一社会信用代码 }", "value: ['201']", Unsound },
        { "value: { '201': 居民身份证, '101': 统一社会信用代码 }", "value: { [1, 2]: x }", Unsound },
        { "value: { '201': 居民身份证, '101': 统一社会信用代码 }", "value: { '201': [x] }", Unsound },
        { "value: { '201': 居民身份证, '101': 统一社会信用代码 }", "value: {}", Unsound },

        // Patterns that need backtracking, do not parse, or grow without bound.
        { "'^[0-9]+$'", "'^(?=.*[0-9]).+$'", Unsound },
        { "'^[0-9]+$'", "'^(?!0).+$'", Unsound },
        { "'^[0-9]+$'", "'(?<=a)b'", Unsound },
        { "'^[0-9]+$'", @"'^(a+)\1$'", Unsound },
        { "'^[0-9]+$'", "'(?>a+)b'", Unsound },
        { "'^[0-9]+$'", "'([0-9'", Unsound },
        { "'^[0-9]+$'", "'((((a{99}){99}){99}){99})'", Unsound },
        { "'^[0-9]+$'", $"'{new string('a', 201)}'", Unsound },

        // Aliases and depth.
        { "value: kWh", "value: &u kWh", Unsound },
        { "classification: personal", "classification: *c", Unsound },
        { "value: kWh", $"value: {new string('[', 200)}{new string(']', 200)}", Unsound },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Read_BrokenTemplate_GivesItsCode(string part, string replacement, string code)
    {
        var text = Good.Replace(part, replacement, StringComparison.Ordinal);

        Assert.NotEqual(Good, text);
        Assert.Equal(code, CodeOf(text));
    }

    [Fact]
    public void Read_AliasBomb_IsRefusedBeforeItGrows()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");

        Assert.Equal(Unsound, CodeOf(bomb + Good));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    public void Read_NestedHalfAMillionDeep_IsRefused(string step) =>
        Assert.Contains(CodeOf(string.Concat(Enumerable.Repeat(step, 200_000))), new[] { NotYaml, Unsound });

    [Fact]
    public void Read_TextTooLong_IsRefused() =>
        Assert.Equal(Unsound, CodeOf(Good + "\n#" + new string('x', OdcsReader.TextLengthMax)));

    [Fact]
    public void Read_TooManyColumns_IsRefused()
    {
        var columns = string.Concat(Enumerable.Range(0, OdcsReader.FieldsMax)
            .Select(i => $"      - {{ name: extra_{i}, businessName: 列{i}, physicalType: D }}\n"));

        Assert.Equal(Unsound, CodeOf(Good.Replace("customProperties:\n  - { property: item", columns + "customProperties:\n  - { property: item", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_CharactersChangedAtRandom_GivesATemplateOrANumberedProblem()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        const string Alphabet = "abz019 \n\t'\"[]{}:,-&*!|>%@`#?\\~\0é号\uFEFF";
        for (var round = 0; round < 3000; round++)
        {
            var text = new StringBuilder(Good);
            for (var change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            try
            {
                _ = OdcsReader.Read(text.ToString());
            }
            catch (ProblemException fault)
            {
                Assert.StartsWith("IH-TPL-", fault.Problem.Code, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Read_EveryCutOfATemplate_GivesANumberedProblem()
    {
        for (var length = 0; length < Good.Length; length += 3)
        {
            try
            {
                _ = OdcsReader.Read(Good[..length]);
            }
            catch (ProblemException fault)
            {
                Assert.StartsWith("IH-TPL-", fault.Problem.Code, StringComparison.Ordinal);
            }
        }
    }

    private static string CodeOf(string text) => Assert.Throws<ProblemException>(() => OdcsReader.Read(text)).Problem.Code;
}
