namespace InfoHub.Templates.Reading;

/// <summary>How the text of a file is written. FROZEN numbers: wire and store.</summary>
public enum TextEncoding
{
    Utf8 = 1,

    /// <summary>GB18030 and its older part GBK.</summary>
    Gb18030 = 2,

    /// <summary>Either byte order, told by its mark.</summary>
    Utf16 = 3,
}
