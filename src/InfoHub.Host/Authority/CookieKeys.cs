using System.Xml.Linq;
using InfoHub.Storage.Keys;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace InfoHub.Host.Authority;

/// <summary>
/// The keys of the console's cookies, in the store and sealed: a cookie that one host has given is good at the others,
/// and over a restart.
/// </summary>
internal sealed class CookieKeys(KeyStore store, MasterKey master) : IXmlRepository
{
    private const string Prefix = "cookie-key:";

    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. store.AllSealed(Prefix).Select(s => XElement.Parse(master.Open(s.Name, s.Sealed)))];

    public void StoreElement(XElement element, string friendlyName)
    {
        var name = Prefix + friendlyName;
        store.AddSealed(name, master.Seal(name, element.ToString(SaveOptions.DisableFormatting)));
    }
}
