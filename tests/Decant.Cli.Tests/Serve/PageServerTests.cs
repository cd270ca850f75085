using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Decant.Cli.Serve;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Cli.Tests.Serve;

/// <summary>What the server of <c>serve</c> answers, by HTTP.</summary>
public sealed class PageServerTests : IAsyncLifetime
{
    private const string Text = "<h1>a page</h1>";

    // Stands for the built page, which these tests do not need.
    private static readonly PageFiles Page = new(name => name != "index.html" ? null : Compressed(Text));

    private readonly HttpClient _client = new();
    private ServedModel _model = null!;
    private PageServer _server = null!;

    public async Task InitializeAsync()
    {
        _model = ServedModel.Of(Model.Load(Path.Combine(SharedData.Repository, "samples", "image-net")), new TFJSConvertOptions());
        _server = await PageServer.Start(_model, Page, 0, CancellationToken.None);
        _client.BaseAddress = _server.Address;
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _model.Dispose();
    }

    [Fact]
    public async Task The_page_may_load_nothing_from_elsewhere_and_be_framed_by_nobody()
    {
        using HttpResponseMessage response = await _client.GetAsync("/");
        Assert.Equal(Text, await response.Content.ReadAsStringAsync());
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task A_browser_that_takes_Brotli_gets_the_page_as_it_is_embedded()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using HttpResponseMessage response = await _client.SendAsync(request);
        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        await using var content = new BrotliStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(Text, await new StreamReader(content).ReadToEndAsync());
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example:PORT", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.0.2.1:PORT", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost:1", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost:PORT", HttpStatusCode.OK)]
    [InlineData("[::1]:PORT", HttpStatusCode.OK)]
    public async Task A_name_that_was_made_to_point_here_is_refused(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/model");
        request.Headers.Host = host.Replace("PORT", $"{_server.Address.Port}", StringComparison.Ordinal);
        using HttpResponseMessage response = await _client.SendAsync(request);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK, (await response.Content.ReadAsByteArrayAsync()).Length > 0);
    }

    [Theory]
    [InlineData("/model/..%2f..%2findex.html")]
    [InlineData("/model/%2e%2e%2findex.html")]
    [InlineData("/model//etc/passwd")]
    [InlineData("/nothing.js")]
    [InlineData("/model/")]
    public async Task What_is_not_served_is_not_found(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Nothing_can_be_sent_to_it()
    {
        using HttpResponseMessage response = await _client.PostAsync("/api/model", new StringContent("x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task The_model_is_described()
    {
        JsonElement model = await Json("/api/model");
        Assert.Equal("image-net", model.GetProperty("name").GetString());
        Assert.Equal(["wasm", "webgl", "cpu"], model.GetProperty("backends").EnumerateArray().Select(b => b.GetString()));
        JsonElement input = Assert.Single(model.GetProperty("inputs").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, input.GetProperty("shape")[0].ValueKind);
        Assert.Equal(32, input.GetProperty("shape")[1].GetInt32());
        Assert.False(model.TryGetProperty("problem", out _));
    }

    [Fact]
    public async Task The_graph_has_edges_shapes_weights_and_multiply_adds()
    {
        JsonElement function = Assert.Single((await Json("/api/graph")).GetProperty("functions").EnumerateArray());
        JsonElement[] nodes = [.. function.GetProperty("nodes").EnumerateArray()];
        Assert.DoesNotContain(nodes, n => n.GetProperty("op").GetString() == "Const");
        Assert.All(nodes, n => Assert.All(n.GetProperty("inputs").EnumerateArray(), i => Assert.InRange(i.GetInt32(), 0, nodes.Length - 1)));
        JsonElement product = Assert.Single(nodes, n => n.GetProperty("op").GetString() == "_FusedMatMul");
        Assert.Equal(24 * 10, product.GetProperty("macs").GetInt64());
        Assert.Equal(4 * ((24 * 10) + 10), product.GetProperty("weightBytes").GetInt64());
        Assert.Equal(10, product.GetProperty("outputs")[0].GetProperty("shape")[1].GetInt32());
    }

    [Fact]
    public async Task The_shards_that_the_model_names_are_served_whole()
    {
        JsonElement model = await Json("/model/model.json");
        long weights = 0;
        foreach (JsonElement path in model.GetProperty("weightsManifest")[0].GetProperty("paths").EnumerateArray())
            weights += (await _client.GetByteArrayAsync($"/model/{path.GetString()}")).Length;
        Assert.Equal(_model.Functions[0].Nodes.Sum(n => n.WeightBytes), weights);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_inputs_and_outputs()
    {
        byte[] one = await _client.GetByteArrayAsync("/api/answer?seed=3"), again = await _client.GetByteArrayAsync("/api/answer?seed=3"), other = await _client.GetByteArrayAsync("/api/answer?seed=4");
        Assert.Equal(Tensors(one), Tensors(again));
        Assert.NotEqual(Tensors(one), Tensors(other));
        JsonElement header = JsonDocument.Parse(one.AsMemory(4, HeaderLength(one))).RootElement;
        Assert.Equal("probabilities", header.GetProperty("outputs")[0].GetProperty("name").GetString());
        Assert.Equal(header.GetProperty("inputs")[0].GetProperty("bytes").GetInt64(), header.GetProperty("outputs")[0].GetProperty("offset").GetInt64());
        Assert.NotEmpty(header.GetProperty("times").EnumerateArray());
        using HttpResponseMessage none = await _client.GetAsync("/api/answer?seed=x");
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    [Fact]
    public async Task A_model_that_browsers_cannot_run_is_shown_with_the_reason()
    {
        using ServedModel model = ServedModel.Of(
            GraphParser.Parse("graph {\nx = Placeholder() {dtype: float32, shape: shape[2, 2]}\n\"<img src=x>\" = Igamma(x, x) {T: float32}\n}"), new TFJSConvertOptions { Outputs = ["<img src=x>"] });
        await using PageServer server = await PageServer.Start(model, Page, 0, CancellationToken.None);
        Assert.Contains("Igamma", JsonDocument.Parse(await _client.GetByteArrayAsync(new Uri(server.Address, "api/model"))).RootElement.GetProperty("problem").GetString(), StringComparison.Ordinal);
        string[] names = [.. JsonDocument.Parse(await _client.GetByteArrayAsync(new Uri(server.Address, "api/graph"))).RootElement.GetProperty("functions")[0].GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("name").GetString()!)];
        Assert.Contains("<img src=x>", names);
        Assert.Empty(model.Files);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_the_users_fault()
    {
        ModelException fault = await Assert.ThrowsAsync<ModelException>(() => PageServer.Start(_model, Page, _server.Address.Port, CancellationToken.None));
        Assert.Equal(CliErrors.Usage, fault.Diagnostics[0].Code);
    }

    [Fact]
    public void A_tool_without_the_page_says_how_to_build_it()
    {
        ModelException fault = Assert.Throws<ModelException>(new PageFiles(_ => null).Require);
        Assert.Equal(CliErrors.NoPage, fault.Diagnostics[0].Code);
        Assert.Contains("npm run build", fault.Diagnostics[0].Hint, StringComparison.Ordinal);
    }

    private async Task<JsonElement> Json(string path) => JsonDocument.Parse(await _client.GetByteArrayAsync(path)).RootElement;

    private static int HeaderLength(byte[] answer) => (int)BinaryPrimitives.ReadUInt32LittleEndian(answer);

    private static byte[] Tensors(byte[] answer) => answer[(4 + HeaderLength(answer))..];

    private static MemoryStream Compressed(string text)
    {
        var memory = new MemoryStream();
        using (var brotli = new BrotliStream(memory, CompressionLevel.Fastest, leaveOpen: true))
            brotli.Write(Encoding.UTF8.GetBytes(text));
        memory.Position = 0;
        return memory;
    }
}
