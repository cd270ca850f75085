using System.Text.Json;

namespace Decant.Cli.Tests;

/// <summary><c>bench</c>: what it reports, not how fast anything is.</summary>
public sealed class BenchTests
{
    [Fact]
    public void A_model_is_measured_and_its_ops_are_listed()
    {
        using var folder = new TemporaryFolder();
        Cli bench = Cli.Run("bench", SmallModel.Write(folder), "--runs", "3", "--threads", "1", "--nodes", "5").Ends(ExitCode.Done);
        foreach (string part in (string[])["1 thread", "first run", "median", "(3 runs)", "out/y (Add)", "out/z (Mul)"])
            Assert.Contains(part, bench.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_an_object_for_each_model()
    {
        using var folder = new TemporaryFolder();
        string[] models = [SmallModel.Write(folder), SmallModel.Write(folder, "again.pb")];
        Cli bench = Cli.Run("bench", models[0], models[1], "--runs", "4", "--json").Ends(ExitCode.Done);
        JsonElement[] reports = [.. JsonDocument.Parse(bench.Out).RootElement.EnumerateArray()];
        Assert.Equal(models, reports.Select(r => r.GetProperty("model").GetString()));
        foreach (JsonElement report in reports)
        {
            Assert.Equal(4, report.GetProperty("steady_ms").GetProperty("runs").GetInt32());
            double[] order = [.. ((string[])["least", "median", "p90"]).Select(p => report.GetProperty("steady_ms").GetProperty(p).GetDouble())];
            Assert.Equal(order.Order(), order);
            Assert.Equal(["out/y", "out/z"], report.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("node").GetString()).Order(StringComparer.Ordinal));
            Assert.Equal(1, report.GetProperty("ops").EnumerateArray().Sum(o => o.GetProperty("share").GetDouble()), 6);
        }
    }

    [Fact]
    public void A_trace_is_written_and_nothing_is_profiled_when_that_is_not_wanted()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        Cli.Run("bench", model, "--runs", "1", "--trace", folder["trace.json"]).Ends(ExitCode.Done).Says("2 steps");
        Assert.Equal(2, JsonDocument.Parse(File.ReadAllText(folder["trace.json"])).RootElement.GetProperty("traceEvents").GetArrayLength());
        Cli plain = Cli.Run("bench", model, "--runs", "1", "--no-profile").Ends(ExitCode.Done);
        Assert.DoesNotContain("share", plain.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_with_a_reason()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        Cli.Run("bench").Refuses("MODEL");
        Cli.Run("bench", model, "--runs", "-1").Refuses("--runs -1", "from 0");
        Cli.Run("bench", model, "--threads", "5000").Refuses("--threads 5000", "1024");
        Cli.Run("bench", model, model, "--trace", folder["t.json"]).Refuses("--trace needs one model");
        Cli.Run("bench", folder["none.pb"]).Refuses("none.pb");
        Assert.False(File.Exists(folder["t.json"]));
    }
}
