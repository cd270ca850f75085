using System.Text.Json;
using Decant.Cli.Serve;
using Decant.Lowering;
using Decant.TestKit;

namespace Decant.Interop.Tests;

/// <summary>The page of <c>serve</c> in headless Chromium: TensorFlow.js and LiteRT run what Decant serves. Screenshots are in <c>artifacts/serve</c>.</summary>
public sealed class ServePageTests
{
    private static readonly string Screenshots = Directory.CreateDirectory(Path.Combine(SharedData.Repository, "artifacts", "serve")).FullName;

    [BrowserFact]
    public async Task TensorFlow_js_runs_a_sample_on_WebAssembly_and_agrees()
    {
        JsonElement seen = await Use(Path.Combine(SharedData.Repository, "samples", "image-net"), "image-net", "wasm");
        Assert.Equal("✓ yes", Cells(seen, "row")[6]);
        Assert.Equal(10, seen.GetProperty("nodes").GetInt32());
        Assert.All(Cells(seen, "row")[1..5].Concat(Cells(seen, "decant")[2..5]), cell => Assert.True(double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture) > 0));
        Assert.EndsWith("MB", Cells(seen, "row")[5], StringComparison.Ordinal);
        Assert.Equal("probabilities", seen.GetProperty("outputs")[0][0].GetString());
    }

    [BrowserTheory]
    [InlineData("cpu")]
    [InlineData("webgl")]
    public async Task TensorFlow_js_runs_a_sample_on_its_other_backends(string backend)
    {
        JsonElement seen = await Use(Path.Combine(SharedData.Repository, "samples", "image-net"), backend, backend);
        Assert.NotEqual("✗ no", Cells(seen, "row")[6]);
    }

    [BrowserFact]
    public async Task LiteRT_runs_a_converted_sample_and_agrees()
    {
        using var work = new TemporaryFolder();
        using (Model source = Model.Load(Path.Combine(SharedData.Repository, "samples", "image-net")))
            source.Convert(new ConvertOptions { InputShapes = new Dictionary<string, Shape> { ["image"] = new Shape(1, 32, 32, 3) } }).Model.Save(work["image-net.tflite"], "tflite");
        JsonElement seen = await Use(work["image-net.tflite"], "tflite", "litert");
        Assert.Equal("✓ yes", Cells(seen, "row")[6]);
    }

    private static string[] Cells(JsonElement seen, string row) => [.. seen.GetProperty(row).EnumerateArray().Select(c => c.GetString()!)];

    /// <summary>Opens the page, runs the model, walks and searches the graph by keys, in the light, in the dark and on a small screen.</summary>
    private static async Task<JsonElement> Use(string path, string name, string backend)
    {
        using ServedModel model = ServedModel.Of(Model.Load(path), new TFJSConvertOptions());
        await using PageServer server = await PageServer.Start(model, PageFiles.Embedded, 0, CancellationToken.None);
        JsonElement seen = JsonDocument.Parse(await Task.Run(() => NodeJs.Run("serve_page.mjs", server.Address.ToString(), Screenshots, name, backend))).RootElement;
        Assert.Equal(Path.GetFileName(path), seen.GetProperty("title").GetString());
        Assert.Empty(seen.GetProperty("console").EnumerateArray().Select(m => m.GetString()));
        Assert.Empty(seen.GetProperty("requests").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal(0, seen.GetProperty("markup").GetInt32());
        Assert.Equal(7, Cells(seen, "row").Length);
        Assert.True(seen.GetProperty("zooms").GetBoolean());
        Assert.Matches("^[1-9][0-9]* of [0-9]+$", seen.GetProperty("hits").GetString());
        Assert.NotEmpty(seen.GetProperty("selected").GetString()!);
        Assert.NotEmpty(seen.GetProperty("found").GetString()!);
        Assert.Equal(0, seen.GetProperty("overflow").GetInt32());
        Assert.Equal(0, seen.GetProperty("cut").GetInt32());
        return seen;
    }
}
