using System.Reflection;

namespace Decant.Cli.Serve;

/// <summary>The files of the page, each compressed with Brotli: what <c>npm run build</c> made in <c>Serve/web/dist</c> is embedded in the tool.</summary>
internal sealed class PageFiles(Func<string, Stream?> open)
{
    private const string Prefix = "serve/", Compressed = ".br";

    /// <summary>The files that this build has.</summary>
    public static PageFiles Embedded { get; } = new(name => Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Compressed));

    /// <summary>A file, compressed, or null when there is none of this name.</summary>
    public Stream? Open(string name) => open(name);

    /// <summary>The type by which browsers take a file.</summary>
    public static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".json" => "application/json",
        ".svg" => "image/svg+xml",
        ".wasm" => "application/wasm",
        _ => "application/octet-stream",
    };

    /// <summary>Fails when the tool was built without the page.</summary>
    /// <exception cref="ModelException">It was.</exception>
    public void Require()
    {
        using Stream? index = open("index.html");
        if (index is null)
            throw CliErrors.NoPage.At(null, "this build of Decant has no page to serve", "build it and then the tool: .ci/page, or npm ci and npm run build in src/Decant.Cli/Serve/web");
    }
}
