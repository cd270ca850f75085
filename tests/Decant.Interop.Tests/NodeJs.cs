using System.Diagnostics;

namespace Decant.Interop.Tests;

/// <summary>Node.js with the packages of <c>tests/Decant.Interop.Tests/npm</c>, once <c>npm ci</c> has been run there.</summary>
internal static class NodeJs
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>The folder with the packages.</summary>
    public static string Modules { get; } = Path.Combine(TestKit.SharedData.Repository, "tests", "Decant.Interop.Tests", "npm");

    /// <summary>Why tests that need the packages are skipped, or null when they run. With <c>CI</c> set they run, and fail.</summary>
    public static string? SkipReason => Environment.GetEnvironmentVariable("CI") is { Length: > 0 } || Directory.Exists(Path.Combine(Modules, "node_modules", "@tensorflow", "tfjs-converter"))
        ? null : "the npm packages are missing: npm ci --prefix tests/Decant.Interop.Tests/npm";

    /// <summary>Runs a script of the <c>scripts</c> folder.</summary>
    /// <returns>What it prints.</returns>
    public static string Run(string script, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "scripts", script), Modules, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} took more than {Longest}");
        }

        Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {error.Result}{output.Result}");
        return output.Result;
    }
}

/// <summary>A fact that needs the npm packages.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = NodeJs.SkipReason;
}

/// <summary>A theory that needs the npm packages.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = NodeJs.SkipReason;
}

/// <summary>A theory that needs the npm packages and <c>../shared</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedNodeTheoryAttribute : TheoryAttribute
{
    public SharedNodeTheoryAttribute() => Skip = TestKit.SharedData.SkipReason ?? NodeJs.SkipReason;
}

/// <summary>What tests of pages need: the npm packages, Chromium, and a tool that was built with the page.</summary>
internal static class Browser
{
    private const string Chromium = "/usr/bin/chromium";

    public static string? SkipReason => Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? null
        : NodeJs.SkipReason is { } missing ? missing
            : !File.Exists(Chromium) ? "Chromium is missing: apt-get install chromium"
                : Cli.Serve.PageFiles.Embedded.Open("index.html") is { } page ? Close(page) : "the page is missing: npm run build --prefix src/Decant.Cli/Serve/web";

    private static string? Close(Stream page)
    {
        page.Dispose();
        return null;
    }
}

/// <summary>A fact that needs a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.SkipReason;
}

/// <summary>A theory that needs a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Browser.SkipReason;
}

/// <summary>A fact that needs the npm packages and <c>../shared</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedNodeFactAttribute : FactAttribute
{
    public SharedNodeFactAttribute() => Skip = TestKit.SharedData.SkipReason ?? NodeJs.SkipReason;
}
