using InfoHub.Templates.Problems;

namespace InfoHub.Client.Checking;

/// <summary>A file of this machine that cannot be read or written.</summary>
public static class LocalFile
{
    /// <summary>IH-INT-117, with the reason in the clerk's language where the system gives it in its own.</summary>
    public static Problem Unreadable(string path, Exception cause) => new(ProblemCatalogue.FileUnreadable,
        ("file", path), ("reason", cause switch
        {
            FileNotFoundException or DirectoryNotFoundException => "文件不存在",
            UnauthorizedAccessException => "没有权限，或这是一个目录",
            PathTooLongException => "路径过长",
            _ => cause.Message,
        }));
}
