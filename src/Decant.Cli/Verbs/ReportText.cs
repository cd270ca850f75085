using System.Globalization;
using System.Text;
using Decant.Inspection;
using Decant.IR;

namespace Decant.Cli.Verbs;

/// <summary>A report for people.</summary>
internal static class ReportText
{
    private const int MostOps = 24;
    private const int MostNames = 12;
    private const string Margin = "           ";

    public static void Write(ModelReport report, TextWriter output)
    {
        Line("format", report.Producer > 0 ? string.Create(CultureInfo.InvariantCulture, $"{report.Format} (producer {report.Producer})") : report.Format);
        Line("size", $"{Sizes.Bytes(report.FileBytes)} on disk, {Sizes.Bytes(report.WeightBytes)} of weights, {Sizes.Count(report.Parameters)} parameters");
        if (report.Macs is > 0 and { } macs)
            Line("work", $"{Sizes.Count(macs)} multiply-adds a run (an unknown batch size taken as 1)");
        Line("graph", string.Create(CultureInfo.InvariantCulture, $"{report.Nodes} nodes, {report.Functions.Count} functions, {report.Variables} variables, {report.Tables.Count} tables"));
        if (report.Tags.Count > 0)
            Line("tags", string.Join(", ", report.Tags));
        foreach (Signature signature in report.Signatures)
        {
            string chosen = signature.Key == report.SignatureKey ? " (chosen)" : "";
            Line("signature", $"{signature.Key}{(signature.Method.Length > 0 ? $": {signature.Method}" : "")}{chosen}");
        }

        foreach (SignatureTensor input in report.Inputs)
            Line("input", Text(input));
        foreach (SignatureTensor o in report.Outputs.Take(MostNames))
            Line("output", Text(o));
        if (report.Outputs.Count > MostNames)
            Line("", string.Create(CultureInfo.InvariantCulture, $"and {report.Outputs.Count - MostNames} more outputs (--json lists them)"));
        Line("ops", Counts(report.Ops, MostOps));
        if (report.UnknownOps.Count > 0)
            Line("unknown", $"{string.Join(", ", report.UnknownOps)} ({(report.Format == "tflite" ? "operators without a kernel" : "not ops of TensorFlow")}: kept, but not run)");
        if (report.Devices.Count > 0)
            Line("devices", Counts(report.Devices, MostNames));
        if (report.Assets.Count > 0)
            Line("assets", string.Join(", ", report.Assets));

        void Line(string name, string text) => output.WriteLine($"{name}{Margin.AsSpan(Math.Min(name.Length, Margin.Length - 1))}{text}");
    }

    private static string Text(SignatureTensor tensor) =>
        $"{tensor.Name}: {tensor.DType.Deref().Name()}{tensor.Shape}{(tensor.Tensor == tensor.Name ? "" : $"  ({tensor.Tensor})")}";

    private static string Counts(IReadOnlyList<NameCount> counts, int most)
    {
        var listed = new StringBuilder();
        for (int i = 0; i < Math.Min(counts.Count, most); i++)
            listed.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? ", " : "")}{counts[i].Count} {counts[i].Name}");
        return counts.Count <= most ? listed.ToString() : string.Create(CultureInfo.InvariantCulture, $"{listed}, and {counts.Count - most} other kinds");
    }
}
