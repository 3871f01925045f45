using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using InfoHub.Linkage.Deciding;
using InfoHub.Linkage.Reading;
using InfoHub.Linkage.Register;

namespace InfoHub.Host.Linking;

/// <summary>An explanation as one line of JSON: English names with the zh-CN wording beside them.</summary>
internal static class ExplanationText
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true,
    };

    /// <summary>UTF-8 with a line end.</summary>
    /// <param name="hasCode">Whether the row came with anything in its code columns.</param>
    /// <param name="registerVersion">Beginning of the SHA-256 of the register's text.</param>
    public static byte[] Line(LinkExplanation explanation, bool hasCode, string registerVersion)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteDecision(json, explanation, hasCode, registerVersion);
            WriteKeys(json, explanation);
            json.WriteStartArray("fields");
            foreach (var field in explanation.Fields)
                Write(json, field);
            json.WriteEndArray();
            json.WriteStartArray("candidates");
            foreach (var candidate in explanation.Candidates)
                Write(json, candidate);
            json.WriteEndArray();
            Write(json, "nobody_w", explanation.NobodyLogOdds);
            WriteNames<AppliedRules>(json, "rules", explanation.Rules, LinkWording.Of);
            json.WriteStartArray("against");
            foreach (var field in explanation.Fields.Where(f => f.Weight < 0).OrderBy(f => f.Weight).Take(3))
                json.WriteStringValue(Words(field.Field, field.Level));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteDecision(Utf8JsonWriter json, LinkExplanation explanation, bool hasCode, string register)
    {
        var decision = explanation.Decision;
        json.WriteString("row", explanation.Row);
        json.WriteString("decision", LinkOutput.Name(decision.Outcome));
        json.WriteString("decision_zh", LinkWording.Of(decision.Outcome));
        json.WriteString("taxpayer", decision.Entry);
        Write(json, "p", decision.Probability);
        json.WriteStartObject("second");
        json.WriteString("id", decision.Second);
        Write(json, "p", decision.SecondProbability);
        json.WriteEndObject();
        Write(json, "p_nobody", decision.Nobody);
        json.WriteString("model", explanation.Model);
        json.WriteString("register", register);
        json.WriteString("step", LinkOutput.Name(decision.Step));
        json.WriteString("step_zh", LinkWording.Of(decision.Step));
        json.WriteString("ladder", decision.Step != LinkStep.Likeness ? LinkWording.Of(decision.Step)
            : hasCode ? "行内代码在登记册中都找不到" : "行内没有代码");
    }

    private static void WriteKeys(Utf8JsonWriter json, LinkExplanation explanation)
    {
        WriteNames<BlockingKey>(json, "blocked_by", explanation.Blocked, LinkWording.Of);
        json.WriteNumber("compared", explanation.Compared);
    }

    private static void WriteNames<T>(Utf8JsonWriter json, string name, IReadOnlyList<string> values,
        Func<T, string> wording) where T : struct, Enum
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(LinkOutput.Snake(value));
        json.WriteEndArray();
        json.WriteStartArray(name + "_zh");
        foreach (var value in values)
            json.WriteStringValue(wording(Enum.Parse<T>(value)));
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, FieldEvidence field)
    {
        json.WriteStartObject();
        json.WriteString("f", field.Field);
        json.WriteString("f_zh", LinkWording.OfField(field.Field));
        if (field.Row.Length + field.Entry.Length > 0)
        {
            json.WriteString("a", field.Row);
            json.WriteString("b", field.Entry);
        }
        json.WriteString("level", field.Level);
        json.WriteString("level_zh", LinkWording.OfLevel(field.Field, field.Level));
        Write(json, "w", field.Weight);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CandidateEvidence candidate)
    {
        json.WriteStartObject();
        json.WriteString("id", candidate.Entry);
        json.WriteString("name", candidate.Name);
        Write(json, "p", candidate.Probability);
        Write(json, "w", candidate.LogOdds);
        json.WriteString("broken_by", candidate.BrokenBy);
        json.WriteString("broken_by_zh", LinkWording.OfBreak(candidate.BrokenBy));
        json.WriteEndObject();
    }

    private static string Words(string field, string level) =>
        $"{LinkWording.OfField(field)}：{LinkWording.OfLevel(field, level)}";

    private static void Write(Utf8JsonWriter json, string name, float value) =>
        json.WriteNumber(name, Math.Round((decimal)value, 6));
}
