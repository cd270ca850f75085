using System.Globalization;
using Decant.Quantizing;

namespace Decant.Cli.Verbs;

/// <summary>What became of operators whose activations were to be integers, for people.</summary>
internal static class QuantizeText
{
    public static void Write(QuantizeReport report, TextWriter output)
    {
        string floats = report.Floats.Count == 0 ? "" : $", {report.Floats.Count} stay float: {Kinds(report.Floats)}";
        output.WriteLine($"{report.Integers} operators compute with integers{floats}");
        if (report.Bodies.Count > 0)
            output.WriteLine($"loops and branches compute with floats, {report.Bodies.Count} operators in them: {Kinds(report.Bodies)}");
        if (report.HybridBodies.Count > 0)
            output.WriteLine($"of these, {report.HybridBodies.Count} have int8 weights, as with --quantize dynamic: {Kinds(report.HybridBodies)}");
        if (report.Search is { } search)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"right answers: {search.FloatAccuracy:P2} with floats, {search.IntegerAccuracy:P2} with integers, {search.Accuracy:P2} with what was chosen of {search.Trials} assignments"));
            if (search.Restored.Count > 0)
                output.WriteLine($"float for the accuracy: {string.Join(", ", search.Restored)}");
        }

        if (report.Layers.Count == 0)
            return;
        List<string[]> cells = [["layer", "operator", "step", "own dB", "total dB", "max error"]];
        foreach (LayerError layer in report.Layers)
            cells.Add([layer.Layer, layer.Operator, Number(layer.Scale, "G4"), Decibels(layer.OwnNoise), Decibels(layer.TotalNoise), Number(layer.MaxAbsolute, "G3")]);
        TextTable.Write(cells, 2, output);
        output.WriteLine("dB: signal over the noise that a layer adds to the float model's values (own), and over the noise of all layers up to it (total); 6 dB are one bit");
    }

    private static string Kinds(IReadOnlyList<(string Layer, string Operator)> operators) =>
        string.Join(", ", operators.GroupBy(f => f.Operator).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}"));

    private static string Decibels(double noise) => noise == 0 ? "exact" : Number(LayerError.Decibels(noise), "0.0");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
