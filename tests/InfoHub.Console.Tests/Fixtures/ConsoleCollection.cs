using Xunit;

namespace InfoHub.Console.Tests.Fixtures;

/// <summary>One console and one cluster for all tests that need them; none of them changes the store.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleHost>
{
    public const string Name = "console";
}
