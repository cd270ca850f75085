using System.Globalization;

namespace Decant.Bench;

/// <summary>Freezing a checkpoint costs little more than copying it, in the published tool.</summary>
internal static class FreezeScenario
{
    public static IEnumerable<string> Run(string folder, string decant)
    {
        (string graph, string checkpoint) = Models.Variables(folder, 1L << 30);
        string data = checkpoint + ".data-00000-of-00001";
        string copy = Path.Combine(folder, "copy");
        string frozen = Path.Combine(folder, "frozen-out.pb");
        string[] arguments = ["freeze", graph, "--checkpoint", checkpoint, "--outputs", "layer_63/MatMul", "-o", frozen];
        double[] seconds = Timing.OfFiles(
            5,
            () => Timing.Run("cp", data, copy),
            () => Timing.Run(decant, arguments));
        yield return Timing.Ratio("freeze a checkpoint of 1 GB", seconds[1], "cp of it", seconds[0], 1.5);
        yield return string.Create(CultureInfo.InvariantCulture, $"peak resident memory {Timing.PeakMegabytes(decant, arguments):0} MB (goal: under 150 MB)");
        File.Delete(copy);
        File.Delete(frozen);
    }
}
