using System.Net;
using Microsoft.AspNetCore.Http;

namespace Decant.Cli.Serve;

/// <summary>
/// What keeps other sites away from a server on this computer: a page whose name was made to point here is refused by the name it asks
/// for, and no page but ours may frame, embed or read what is served, nor may ours load anything from elsewhere.
/// </summary>
internal static class RequestGuard
{
    // Isolation gives the page's clock its full resolution. WebAssembly, and the glue of LiteRT that is generated when it loads, need their words.
    private static readonly (string Name, string Value)[] Headers =
    [
        ("Content-Security-Policy", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ];

    /// <summary>Refuses what is not for this server; all others get the headers.</summary>
    /// <returns>The status to refuse with, or null.</returns>
    public static int? Refuse(HttpRequest request, int port)
    {
        foreach ((string name, string value) in Headers)
            request.HttpContext.Response.Headers[name] = value;
        if (!IsLoopback(request.Host, port))
            return StatusCodes.Status421MisdirectedRequest;
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null : StatusCodes.Status405MethodNotAllowed;
    }

    private static bool IsLoopback(HostString host, int port) =>
        host.Port == port && (host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Host, out IPAddress? address) && IPAddress.IsLoopback(address)));
}
