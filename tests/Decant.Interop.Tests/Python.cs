using System.Diagnostics;

namespace Decant.Interop.Tests;

/// <summary>Debian's Python, with the packages that Debian has for it.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script of the <c>scripts</c> folder.</summary>
    /// <returns>What it prints.</returns>
    public static string Run(string script, params string[] arguments)
    {
        (int code, string output, string error) = Start([Path.Combine(AppContext.BaseDirectory, "scripts", script), .. arguments]);
        Assert.True(code == 0, $"{script} ended with {code}: {error}{output}");
        return output;
    }

    /// <summary>Why tests that need a module are skipped, or null when they run. With <c>CI</c> set they run, and fail.</summary>
    public static string? SkipReason(string module, string package)
    {
        if (Environment.GetEnvironmentVariable("CI") is { Length: > 0 })
            return null;
        bool isThere = File.Exists(Program) && Start(["-c", $"import {module}"]).Code == 0;
        return isThere ? null : $"Python's {module} is missing: apt-get install -y {package}";
    }

    private static (int Code, string Output, string Error) Start(string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Program} {string.Join(' ', arguments)} took more than {Longest}");
        }

        return (process.ExitCode, output.Result, error.Result);
    }
}

/// <summary>A theory that needs a module of Python; skipped with the line that installs it where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute(string module, string package) => Skip = Python.SkipReason(module, package);
}

/// <summary>A theory that needs a module of Python and <c>../shared</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedPythonTheoryAttribute : TheoryAttribute
{
    public SharedPythonTheoryAttribute(string module, string package) => Skip = TestKit.SharedData.SkipReason ?? Python.SkipReason(module, package);
}
