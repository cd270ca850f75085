using System.ComponentModel;
using System.Diagnostics;
using Decant.Compression;

namespace Decant.Cli;

/// <summary>The <c>zstd</c> program, as .NET has no Zstandard of its own: used where it is installed.</summary>
internal static class ZstdProgram
{
    /// <summary>The archive, or null where there is no such program.</summary>
    public static Archive? Find()
    {
        try
        {
            using Process? process = Process.Start(Start("--version"));
            process?.StandardOutput.ReadToEnd();
            process?.WaitForExit();
            return process is { ExitCode: 0 } ? new Archive("zstd -3", PackedBytes) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static long PackedBytes(string path)
    {
        using Process process = Process.Start(Start("-3", "--quiet", "--stdout", "--", path))!;
        byte[] buffer = new byte[1 << 18];
        long bytes = 0;
        while (process.StandardOutput.BaseStream.Read(buffer) is > 0 and int read)
            bytes += read;
        process.WaitForExit();
        return process.ExitCode == 0 ? bytes : throw CoreErrors.CannotRead.At(new Location(path), $"zstd ended with {process.ExitCode}", "leave packed sizes out: --no-packed");
    }

    private static ProcessStartInfo Start(params string[] arguments) => new("zstd", arguments) { RedirectStandardOutput = true, RedirectStandardError = false };
}
