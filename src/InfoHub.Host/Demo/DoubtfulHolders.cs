using System.Text;
using InfoHub.Templates.Vocabulary;

namespace InfoHub.Host.Demo;

/// <summary>
/// How suppliers write registered parties so that a row does not say plainly whose it is: under the landlord's code,
/// with a code one character of which is wrong, with a name one character of which cannot be read, or without telling
/// which of two outlets. What becomes of such a row is for linking to say.
/// </summary>
internal sealed class DoubtfulHolders(Population population, PartyBook book, Dice dice)
{
    private const char Unreadable = '□';
    private const int BodyStart = 8;

    public static bool Has(in Party party) => party.Behaviour is Behaviour.TenantMeter or Behaviour.TwoOutlets
        or Behaviour.CodeMistyped or Behaviour.Illegible;

    /// <summary>Name, code and address, which stand one after another in every supplier's row.</summary>
    /// <param name="supplier">Each damages a code in its own way.</param>
    public void Write(CsvSheet sheet, in Party party, int supplier)
    {
        var isVague = party.Behaviour is Behaviour.TwoOutlets or Behaviour.Illegible;
        sheet.Text(party.Behaviour == Behaviour.Illegible ? WithoutOneCharacter(party) : book.Name(party));
        sheet.Text(isVague ? "" : CodeOf(party, supplier));
        sheet.Text(isVague ? ToTheRoad(book.Address(party)) : book.Address(party));
    }

    private string CodeOf(in Party party, int supplier) => party.Behaviour == Behaviour.CodeMistyped
        ? Mistyped(book.Uscc(party), dice.Below(2, party.Index, Salt.Spelling, supplier) == 0)
        : book.Uscc(population.CleanEnterprise(dice.Roll(party.Index, Salt.Landlord)));

    /// <summary>The letter O for a zero, where the body has one; else two neighbours the wrong way round.</summary>
    private static string Mistyped(string uscc, bool byLetter)
    {
        var typed = new StringBuilder(uscc);
        if (byLetter && uscc.IndexOf('0', BodyStart) is >= 0 and var zero)
        {
            typed[zero] = 'O';
            return typed.ToString();
        }
        var at = BodyStart;
        while (at + 2 < Uscc.Length && uscc[at] == uscc[at + 1])
            at++;
        (typed[at], typed[at + 1]) = (uscc[at + 1], uscc[at]);
        return typed.ToString();
    }

    /// <summary>The first character after city and district cannot be made out.</summary>
    private string WithoutOneCharacter(in Party party)
    {
        var (name, start) = (book.Name(party), 0);
        foreach (var division in (string[])[Places.City, "市", book.TownOf(party).DistrictName])
            if (name.AsSpan(start).StartsWith(division, StringComparison.Ordinal))
                start += division.Length;
        return $"{name[..start]}{Unreadable}{name[(start + 1)..]}";
    }

    /// <summary>Without house number and what follows it; as it is when it has none, or begins with it.</summary>
    private static string ToTheRoad(string address)
    {
        for (var i = 1; i < address.Length; i++)
            if (char.IsDigit(address[i]))
                return address[..i];
        return address;
    }
}
