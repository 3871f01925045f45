using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InfoHub.Domain.Receipts;
using Xunit;

namespace InfoHub.Rules.Tests.Receipts;

public sealed class ReceiptSignerTests
{
    private static ReceiptSigner NewSigner(params ReceiptKey[] retired) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), retired);

    private static Receipt Issue(bool isTest = false) => Receipt.Issue(ReceiptKind.BytesReceived, "GD-01.v1.202503.1",
        DateTimeOffset.UnixEpoch, null, new JsonObject { ["size_bytes"] = 12 }, isTest);

    [Fact]
    public void Sign_AReceipt_AnyToolWithThePublicKeyCanCheckIt()
    {
        var signer = NewSigner();
        var signed = signer.Sign(Issue());

        Assert.True(ReceiptSigner.Verify(signed, signer.Keys));
        Assert.True(signed.Fits(null));
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(signer.Current.PublicKey.AsSpan(), out _);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(signed.BodyJson), signed.Signature.AsSpan(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(signer.Current.PublicKey.AsSpan()))[..16], signed.KeyId);
    }

    [Fact]
    public void Verify_ABodyThatWasAltered_Fails()
    {
        var signer = NewSigner();
        var signed = signer.Sign(Issue());

        Assert.False(ReceiptSigner.Verify(signed with { BodyJson = signed.BodyJson.Replace("12", "13", StringComparison.Ordinal) }, signer.Keys));
        Assert.False(ReceiptSigner.Verify(signed with { KeyId = "0000000000000000" }, signer.Keys));
        var other = NewSigner();
        Assert.False(ReceiptSigner.Verify(other.Sign(Issue()) with { KeyId = signed.KeyId }, signer.Keys));
    }

    [Fact]
    public void Verify_AfterTheKeyWasChanged_AReceiptOfTheOldOneHolds()
    {
        var old = NewSigner();
        var signed = old.Sign(Issue());
        var signer = NewSigner(old.Current with { Retired = true });

        Assert.True(ReceiptSigner.Verify(signed, signer.Keys));
        Assert.Equal([false, true], signer.Keys.Select(k => k.Retired));
        Assert.NotEqual(old.Current.KeyId, signer.Current.KeyId);
    }

    [Fact]
    public void Issue_InARehearsal_SaysSo()
    {
        Assert.Equal("test", (string?)JsonNode.Parse(Issue(isTest: true).BodyJson)!["environment"]);
        Assert.Null(JsonNode.Parse(Issue().BodyJson)!["environment"]);
    }
}
