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

    /// <summary>LiteRT makes room for an output by the shape that the file declares, and such a file declares none.</summary>
    [BrowserFact]
    public async Task LiteRT_runs_a_detector_whose_file_leaves_the_shapes_of_its_outputs_open()
    {
        using var work = new TemporaryFolder();
        using (Model detector = DetectionModel.All[0].Make(declares: false))
            detector.Save(work["detector.tflite"], "tflite");
        JsonElement seen = await Use(work["detector.tflite"], "detector", "litert");
        Assert.Equal("✓ yes", Cells(seen, "row")[6]);
        Assert.Equal(4, seen.GetProperty("outputs").GetArrayLength());
    }

    /// <summary>With another seed than the one that shapes are found with, other numbers of them are above the half.</summary>
    [BrowserFact]
    public async Task An_output_that_does_not_fit_into_what_LiteRT_reserves_is_told_before_it_runs()
    {
        using var work = new TemporaryFolder();
        using (Model source = Decant.IR.TextForm.GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[50]}
              half = Const() {dtype: float32, value: float32[] {0.5} }
              above = Greater(x, half) {T: float32}
              where = Where(above) {T: bool}
              y = Cast(where) {SrcT: int64, DstT: float32}
            }
            """))
            source.Convert(new ConvertOptions { Outputs = ["y"] }).Model.Save(work["where.tflite"], "tflite");
        JsonElement seen = await Use(work["where.tflite"], "where", "litert", seed: 3, fails: true);
        Assert.Matches(@"^LiteRT.js makes room for the output .* by the shape \[[0-9]+, 1\] that the file declares, and for these inputs it has the shape \[[0-9]+, 1\], which does not fit$", Cells(seen, "row")[1]);
    }

    private static string[] Cells(JsonElement seen, string row) => [.. seen.GetProperty(row).EnumerateArray().Select(c => c.GetString()!)];

    /// <summary>Opens the page, runs the model, walks and searches the graph by keys, in the light, in the dark and on a small screen.</summary>
    private static async Task<JsonElement> Use(string path, string name, string backend, int seed = 0, bool fails = false)
    {
        using ServedModel model = ServedModel.Of(Model.Load(path), new TFJSConvertOptions());
        await using PageServer server = await PageServer.Start(model, PageFiles.Embedded, 0, CancellationToken.None);
        JsonElement seen = JsonDocument.Parse(await Task.Run(() => NodeJs.Run("serve_page.mjs", server.Address.ToString(), Screenshots, name, backend, $"{seed}"))).RootElement;
        Assert.Equal(Path.GetFileName(path), seen.GetProperty("title").GetString());
        Assert.Empty(seen.GetProperty("console").EnumerateArray().Select(m => m.GetString()));
        Assert.Empty(seen.GetProperty("requests").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal(0, seen.GetProperty("markup").GetInt32());
        Assert.Equal(fails ? 2 : 7, Cells(seen, "row").Length);
        Assert.True(seen.GetProperty("zooms").GetBoolean());
        Assert.Matches("^[1-9][0-9]* of [0-9]+$", seen.GetProperty("hits").GetString());
        Assert.NotEmpty(seen.GetProperty("selected").GetString()!);
        Assert.NotEmpty(seen.GetProperty("found").GetString()!);
        Assert.Equal(0, seen.GetProperty("overflow").GetInt32());
        Assert.Equal(0, seen.GetProperty("cut").GetInt32());
        Assert.True(seen.GetProperty("inView").GetBoolean());
        return seen;
    }
}
