using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Decant.Cli.Serve;

/// <summary>Serves the page and a model to browsers on this computer: Kestrel alone, without a host, which would take a second place for signals.</summary>
internal sealed class PageServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly KestrelServer _kestrel;
    private readonly ServedModel _model;
    private readonly PageFiles _page;

    private PageServer(KestrelServer kestrel, ServedModel model, PageFiles page) => (_kestrel, _model, _page) = (kestrel, model, page);

    /// <summary>Where it listens: a loopback address.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Starts to listen on a port of the loopback address; 0 takes a free one.</summary>
    /// <exception cref="ModelException">The port is taken.</exception>
    public static async Task<PageServer> Start(ServedModel model, PageFiles page, int port, CancellationToken cancellation)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(IPAddress.Loopback, port);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        var kestrel = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        var server = new PageServer(kestrel, model, page);
        try
        {
            await kestrel.StartAsync(server, cancellation).ConfigureAwait(false);
        }
        catch (IOException)
        {
            kestrel.Dispose();
            throw CliErrors.Usage.At(null, $"--port {port}: another program listens there", "take any that is free: --port 0");
        }

        server.Address = new Uri(kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/");
        return server;
    }

    /// <summary>Stops listening; what is being sent is cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _kestrel.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _kestrel.Dispose();
    }

    /// <inheritdoc />
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc />
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc />
    public Task ProcessRequestAsync(HttpContext context) => Answer(context);

    private Task Answer(HttpContext http)
    {
        if (RequestGuard.Refuse(http.Request, Address.Port) is { } status)
            return Refuse(http, status);
        string path = http.Request.Path.Value ?? "";
        return path switch
        {
            "/" => Page(http, "index.html"),
            "/api/model" => Json(http, ServedJson.Model(_model)),
            "/api/graph" => Json(http, ServedJson.Graphs(_model)),
            "/api/answer" => AnswerOfDecant(http),
            _ when path.StartsWith(ServedModel.Folder, StringComparison.Ordinal) => ModelFile(http, path[ServedModel.Folder.Length..]),
            _ => Page(http, path.TrimStart('/')),
        };
    }

    private async Task Page(HttpContext http, string name)
    {
        Stream? file = _page.Open(name);
        if (file is null)
        {
            await Refuse(http, StatusCodes.Status404NotFound).ConfigureAwait(false);
            return;
        }

        await using (file.ConfigureAwait(false))
        {
            http.Response.ContentType = PageFiles.ContentType(name);
            bool isTaken = http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
            if (isTaken)
            {
                http.Response.Headers.ContentEncoding = "br";
                http.Response.ContentLength = file.Length;
            }

            if (HttpMethods.IsHead(http.Request.Method))
                return;
            Stream content = isTaken ? file : new BrotliStream(file, CompressionMode.Decompress);
            await content.CopyToAsync(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task ModelFile(HttpContext http, string name)
    {
        if (!_model.Files.TryGetValue(name, out string? path))
        {
            await Refuse(http, StatusCodes.Status404NotFound).ConfigureAwait(false);
            return;
        }

        http.Response.ContentType = PageFiles.ContentType(name);
        http.Response.ContentLength = new FileInfo(path).Length;
        if (HttpMethods.IsGet(http.Request.Method))
            await http.Response.SendFileAsync(path, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task AnswerOfDecant(HttpContext http)
    {
        if (!int.TryParse(http.Request.Query["seed"], out int seed))
        {
            await Refuse(http, StatusCodes.Status400BadRequest).ConfigureAwait(false);
            return;
        }

        try
        {
            DecantAnswer answer = await Task.Run(() => _model.Answer(seed, http.RequestAborted), http.RequestAborted).ConfigureAwait(false);
            http.Response.ContentType = "application/octet-stream";
            await answer.Write(http.Response.Body, http.RequestAborted).ConfigureAwait(false);
        }
        catch (ModelException e)
        {
            http.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            await Json(http, ServedJson.Fault(e)).ConfigureAwait(false);
        }
    }

    private static Task Json(HttpContext http, byte[] json)
    {
        http.Response.ContentType = PageFiles.ContentType(".json");
        http.Response.ContentLength = json.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(json, http.RequestAborted).AsTask();
    }

    private static Task Refuse(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
