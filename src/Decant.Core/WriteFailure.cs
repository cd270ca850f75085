using System.Globalization;

namespace Decant;

/// <summary>Turns what the system says when a target cannot be written into a diagnostic that says what to do.</summary>
internal static class WriteFailure
{
    // ENOSPC, EDQUOT of Linux and of macOS; ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL.
    private static readonly int[] NoSpace = [28, 122, 69, unchecked((int)0x80070027), unchecked((int)0x80070070)];

    internal static bool Covers(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>The absolute path of a target.</summary>
    internal static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw CoreErrors.CannotWrite.At(new Location(path), "the target is no path", "name another with -o");
        }
    }

    /// <summary>The fault of a file that is written at one place for now, told of the place that it is for; null for a fault of something else.</summary>
    internal static ModelException? Moved(ModelException e, string temporary, string target) =>
        e.Diagnostics is [{ Location: { File: { } file } at } only] && file.StartsWith(temporary, StringComparison.Ordinal)
            ? new ModelException(only with { Location = at with { File = target + file[temporary.Length..] } }) : null;

    internal static ModelException Of(string path, Exception e, long? expectedBytes)
    {
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        (string message, string hint) = e switch
        {
            IOException when NoSpace.Contains(e.HResult) => (
                expectedBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"there is no space left on the device, and {bytes} bytes are needed") : "there is no space left on the device",
                $"free space in {folder}, or choose another place with -o"),
            DirectoryNotFoundException => ($"the folder '{folder}' does not exist", $"mkdir -p '{folder}'"),
            UnauthorizedAccessException => ($"there is no permission to write in '{folder}'", "choose another place with -o"),
            PathTooLongException => ("the path is too long", "choose another place with -o"),
            _ => (e.Message.TrimEnd('.'), "choose another place with -o"),
        };
        return CoreErrors.CannotWrite.At(new Location(path), message, hint);
    }
}
