using System.Text;
using System.Text.Json;
using Decant.IR;

namespace Decant.Cli.Tests;

public sealed class CompressTests
{
    /// <summary>scores = rows of an embedding [50,40] at ids, summed, times [40,30].</summary>
    private static string Write(TemporaryFolder folder)
    {
        using var model = new Model();
        Graph graph = model.Graph;
        Node ids = graph.Add("ids", "Placeholder", [], new AttributeMap { { "dtype", DType.Int32 }, { "shape", new Shape(1, -1) } });
        Node axis = graph.AddConst("axis", Tensor.Scalar(0));
        Node rows = graph.Add("rows", "GatherV2", [graph.AddConst("embedding", Random(50, 40)), ids, axis], new AttributeMap { { "Tparams", DType.Float32 }, { "Tindices", DType.Int32 }, { "Taxis", DType.Int32 }, { "batch_dims", 0 } });
        Node sum = graph.Add("sum", "Sum", [rows, graph.AddConst("axis_1", Tensor.Scalar(1))], new AttributeMap { { "T", DType.Float32 }, { "Tidx", DType.Int32 }, { "keep_dims", false } });
        graph.Add("scores", "MatMul", [sum, graph.AddConst("kernel", Random(40, 30))], new AttributeMap { { "T", DType.Float32 }, { "transpose_a", false }, { "transpose_b", false } });
        model.Save(folder["model.pb"], "graphdef");
        return folder["model.pb"];
    }

    private static Tensor Random(int rows, int columns)
    {
        var random = new Random(rows);
        return Tensor.Wrap([.. Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle() - 0.5f)], new Shape(rows, columns));
    }

    [Fact]
    public void One_setting_is_written_and_runs_by_the_names_of_the_source()
    {
        using var folder = new TemporaryFolder();
        string model = Write(folder), small = folder["small.pb"];
        Cli run = Cli.Run("compress", model, "--with", "int8", "-o", small).Ends(ExitCode.Done);
        Assert.Contains("small.pb", run.Error, StringComparison.Ordinal);
        Assert.Contains("original", run.Out, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(small).Length, 3000, new FileInfo(model).Length * 0.35);
        Cli.Run("compare", model, small, "--atol", "0.05").Ends(ExitCode.Done);
        Cli.Run("compare", model, small, "--rtol", "1e-6", "--atol", "1e-6").Ends(ExitCode.No);
    }

    [Fact]
    public void Settings_are_compared_without_writing_anything()
    {
        using var folder = new TemporaryFolder();
        string model = Write(folder);
        Cli run = Cli.Run("compress", model, "--with", "prune=0.9", "--with", "float16+low-rank=5", "--json").Ends(ExitCode.Done);
        using var json = JsonDocument.Parse(run.Out);
        JsonElement[] rows = [.. json.RootElement.EnumerateArray()];
        Assert.Equal(["original", "prune=0.9", "low-rank=5+float16"], rows.Select(r => r.GetProperty("setting").GetString()!));
        Assert.Equal(rows[0].GetProperty("file_bytes").GetInt64(), rows[1].GetProperty("file_bytes").GetInt64());
        Assert.True(rows[1].GetProperty("packed_bytes").GetProperty("gzip -6").GetInt64() < rows[0].GetProperty("packed_bytes").GetProperty("gzip -6").GetInt64() / 2);
        Assert.True(rows[2].GetProperty("max_rel_error").GetDouble() > 0);
        Assert.Equal(0, rows[0].GetProperty("max_abs_error").GetDouble());
        Assert.Contains(rows[2].GetProperty("changed").EnumerateArray(), e => e.GetString()!.StartsWith("weights_to_low_rank: kernel", StringComparison.Ordinal));
        Assert.Equal(["model.pb"], Directory.GetFiles(folder[""]).Select(Path.GetFileName));
    }

    [Fact]
    public void Every_usual_setting_is_tried_when_none_is_named()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("compress", Write(folder), "--no-run", "--no-packed").Ends(ExitCode.Done);
        foreach (string setting in (string[])["original", "float16", "bfloat16", "int8", "int8-per-channel", "steps=256", "clusters=16", "prune=0.8+int8", "low-rank=0.9"])
            Assert.Contains($"\n{setting} ", "\n" + run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("cosine", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_stays_within_the_budget_and_tells_what_it_chose()
    {
        using var folder = new TemporaryFolder();
        Cli run = Cli.Run("compress", Write(folder), "--target-error", "0.001", "-o", folder["small.pb"], "--json", "--no-packed").Ends(ExitCode.Done);
        using var json = JsonDocument.Parse(run.Out);
        JsonElement found = json.RootElement[1];
        Assert.InRange(found.GetProperty("max_rel_error").GetDouble(), 0, 0.001);
        Assert.Equal(["embedding", "kernel"], found.GetProperty("chosen").EnumerateObject().Select(p => p.Name).Order());
        Assert.True(found.GetProperty("models_run").GetInt32() >= 3);
    }

    [Fact]
    public void The_vocabulary_is_written_beside_the_model_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        string model = Write(folder);
        byte[][] lines = [.. Enumerable.Range(0, 50).Select(i => i == 7 ? [0xFF, 0xC3, (byte)'7'] : Encoding.UTF8.GetBytes(i == 3 ? "größe\t12" : $"word{i}"))];
        File.WriteAllBytes(folder["vocab.txt"], [.. lines.SelectMany(l => l.Append((byte)'\n'))]);
        File.WriteAllText(folder["used.txt"], "größe\nword40\nnone\n");
        Cli run = Cli.Run("compress", model, "--vocabulary", folder["vocab.txt"], "--keep-words", folder["used.txt"], "--keep-first", "2", "-o", folder["small.pb"], "--no-packed").Ends(ExitCode.Done);
        Assert.Equal("word0\nword1\ngröße\t12\nword40\n", File.ReadAllText(folder["small.vocab.txt"]));
        run.Says("4 of 50 rows kept", "1 words to keep are not in the vocabulary (none)", "the model that was written needs this file");
        Assert.Contains("-", run.Out.Split('\n')[2], StringComparison.Ordinal);
        string old = SmallModel.Npy(folder, "old.npy", Tensor.Wrap([0, 3, 40], new Shape(1, 3))), @new = SmallModel.Npy(folder, "new.npy", Tensor.Wrap([0, 2, 3], new Shape(1, 3)));
        Cli.Run("run", model, "--input", $"ids={old}", "--output-dir", folder["a"]).Ends(ExitCode.Done);
        Cli.Run("run", folder["small.pb"], "--input", $"ids={@new}", "--output-dir", folder["b"]).Ends(ExitCode.Done);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder["a"], "scores.npy")), File.ReadAllBytes(Path.Combine(folder["b"], "scores.npy")));
        Cli.Run("compress", model, "--keep-first", "8", "--vocabulary", folder["vocab.txt"], "-o", folder["small.pb"], "--new-vocabulary", folder["v"], "--no-run").Ends(ExitCode.Done);
        Assert.Equal([.. lines.Take(8).SelectMany(l => l.Append((byte)'\n'))], File.ReadAllBytes(folder["v"]));
    }

    [Fact]
    public void Ids_can_stay_as_they_are()
    {
        using var folder = new TemporaryFolder();
        string model = Write(folder), ids = SmallModel.Npy(folder, "ids.npy", Tensor.Wrap([4, 9], new Shape(1, 2)));
        Cli.Run("compress", model, "--keep-first", "10", "--keep-ids", "--unknown-id", "1", "-o", folder["small.pb"], "--no-packed").Ends(ExitCode.Done);
        Cli.Run("compare", model, folder["small.pb"], "--input", $"ids={ids}", "--rtol", "0", "--atol", "0").Ends(ExitCode.Done);
        Assert.False(File.Exists(folder["small.vocab.txt"]));
        Cli.Run("compress", model, "--keep-first", "10", "-o", folder["small.pb"], "--no-packed", "--no-run").Ends(ExitCode.Done).Says("warning: ids from 10 on are no longer valid");
    }

    [Theory]
    [InlineData("--with int9 -o OUT", "there is no method 'int9'", "did you mean 'int8'?", "[bad-setting]")]
    [InlineData("-o OUT", "--output needs one setting, and 0 are given", "name one: --with int8", "[usage]")]
    [InlineData("--with int8 --with float16 -o OUT", "--output needs one setting, and 2 are given", "", "[usage]")]
    [InlineData("--with int8,float16", "there is no method 'int8,float16'", "joined by +", "[bad-setting]")]
    [InlineData("--with prune=80% -o OUT", "'prune=80%' has the value '80%', expected a share from 0 to below 1", "80 percent is prune=0.8", "[bad-setting]")]
    [InlineData("--with clusters=1000 -o OUT", "expected a whole number from 2 to 256", "", "[bad-setting]")]
    [InlineData("--target-error -1", "--target-error -1: expected a share from 0", "", "[usage]")]
    [InlineData("--target-error much", "--target-error much: expected a number", "", "")]
    [InlineData("--target-error 0.1 --no-run", "--target-error compares outputs", "", "[usage]")]
    [InlineData("--target-error 0.1 --keep-first 3", "does not go with rows", "change the rows first", "[usage]")]
    [InlineData("--keep-first ten", "--keep-first ten: expected a whole number", "", "")]
    [InlineData("--embedding embedding --with int8", "not what to do with its rows", "--keep-first N", "[usage]")]
    [InlineData("--keep-first 99 --no-run", "has 50 rows, and the first 99 are to be kept", "", "[bad-embedding]")]
    [InlineData("--keep-words NOWHERE --no-run", "there is no such file", "", "[cannot-read]")]
    [InlineData("--only embeding --with int8", "no node named 'embeding'", "did you mean 'embedding'?", "[missing-node]")]
    [InlineData("--min-elements 0", "expected a number from 1", "", "")]
    public void Usage_that_cannot_be_is_refused_and_nothing_is_written(string arguments, string message, string hint, string code)
    {
        using var folder = new TemporaryFolder();
        string model = Write(folder);
        Cli.Run(["compress", model, .. arguments.Replace("OUT", folder["small.pb"], StringComparison.Ordinal).Split(' ')]).Refuses(message, hint, code);
        Assert.Equal(["model.pb"], Directory.GetFiles(folder[""]).Select(Path.GetFileName));
    }

    [Fact]
    public void Weights_that_are_left_are_named_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("compress", Write(folder), "--with", "low-rank=0.99", "-o", folder["small.pb"], "--no-run", "--no-packed").Ends(ExitCode.Done)
            .Says("left kernel: it needs more than rank 17 for 0.99 of its squared norm", "no weights were changed by low-rank=0.99 (1 declined");
        Cli.Run("compress", Write(folder), "--with", "int8", "--with", "float16", "--min-elements", "3000", "--no-run", "--no-packed").Ends(ExitCode.Done)
            .Says("no weights were changed by int8, float16: the largest constant has 2000 elements, and those of fewer than 3000 are left (--min-elements)");
    }
}
