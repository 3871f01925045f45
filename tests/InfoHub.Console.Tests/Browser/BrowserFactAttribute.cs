using Xunit;

namespace InfoHub.Console.Tests.Browser;

/// <summary>A test that needs Chromium. It is skipped only where Chromium is missing and nobody called this a CI run.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public const string Chromium = "/usr/bin/chromium";

    public BrowserFactAttribute()
    {
        if (!File.Exists(Chromium) && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
            Skip = $"{Chromium} is not installed (apt-get install chromium); set CI to make this a failure";
    }
}
