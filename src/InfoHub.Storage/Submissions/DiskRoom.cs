using System.Globalization;

namespace InfoHub.Storage.Submissions;

/// <summary>The room on the disk where uploads are kept.</summary>
/// <param name="Free">Bytes that are free.</param>
/// <param name="Least">Bytes that have to stay free.</param>
public readonly record struct DiskRoom(long Free, long Least)
{
    public bool IsEnough => Free >= Least;

    /// <exception cref="IOException">The folder's disk is not there.</exception>
    public static DiskRoom Of(string folder, long least) => new(new DriveInfo(folder).AvailableFreeSpace, least);

    /// <summary>Whole mebibytes with separators: 73,947.</summary>
    public static string MiB(long bytes) => (bytes >> 20).ToString("N0", CultureInfo.InvariantCulture);
}
