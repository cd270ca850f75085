using System.Globalization;
using System.Text.Json;
using Decant.Registration;

namespace Decant.Cli.Verbs;

/// <summary>A selection of ops as text and as JSON; the member names are part of the command line's contract.</summary>
internal static class OpsOutput
{
    /// <summary>The nodes of a lack that are named; more are counted.</summary>
    private const int MostPlaces = 8;

    public static void WriteKernels(OpSelection selection, Version tensorFlow, TextWriter output)
    {
        string[][] rows =
        [
            ["op", "types", "nodes", "mobile", "kernel class", "source"],
            .. selection.Kernels.Select(k => new[]
            {
                k.Op.ToString(), k.TypesText, k.Places.Count.ToString(CultureInfo.InvariantCulture), OpTarget.Mobile.Lack(k) is null ? "yes" : "no",
                k.Class(tensorFlow) ?? (k.SourceFiles.Count > 0 ? "?" : "-"), k.SourceFiles.Count > 0 ? string.Join(" ", k.SourceFiles) : "-",
            }),
        ];
        TextTable.Write(rows, rows[0].Length, output);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{selection.Ops.Count} ops, {selection.Kernels.Count} kernels"));
    }

    public static void WriteLacks(OpSelection selection, OpTarget target, IReadOnlyList<(NeededKernel Kernel, string Why)> lacks, TextWriter output)
    {
        if (lacks.Count == 0)
        {
            output.WriteLine($"{target.Name} lacks nothing");
            return;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name} lacks {lacks.Count} of {selection.Kernels.Count} kernels:"));
        foreach ((NeededKernel kernel, string why) in lacks)
        {
            output.WriteLine($"  {kernel.Op}{(kernel.Types.Count > 0 ? $" ({kernel.TypesText})" : "")}: {why}");
            foreach (NodePlace place in kernel.Places.Take(MostPlaces))
                output.WriteLine($"    {place}{(place.Model.Length > 0 ? $" in {place.Model}" : "")}");
            if (kernel.Places.Count > MostPlaces)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    and {kernel.Places.Count - MostPlaces} more (--json lists them)"));
        }
    }

    public static void WriteJson(IEnumerable<Model> models, OpSelection selection, OpTarget target, IReadOnlyList<(NeededKernel Kernel, string Why)> lacks, Version tensorFlow, TextWriter output)
    {
        JsonText.Write(output, json =>
        {
            json.WriteStartObject();
            json.WriteStrings("models", models.Select(m => m.Path));
            json.WriteStartObject("ops");
            foreach (IGrouping<string, NeededKernel> op in selection.Kernels.GroupBy(k => k.Op.ToString()))
                json.WriteNumber(op.Key, op.Sum(k => k.Places.Count));
            json.WriteEndObject();
            json.WriteStartArray("kernels");
            foreach (NeededKernel kernel in selection.Kernels)
                Write(json, kernel, tensorFlow, null);
            json.WriteEndArray();
            json.WriteString("target", target.Name);
            json.WriteStartArray("lacks");
            foreach ((NeededKernel kernel, string why) in lacks)
                Write(json, kernel, tensorFlow, why);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, NeededKernel kernel, Version tensorFlow, string? why)
    {
        json.WriteStartObject();
        json.WriteString("op", kernel.Op.ToString());
        json.WriteStartObject("types");
        foreach ((string attribute, DType type) in kernel.Types)
            json.WriteString(attribute, type.Name());
        json.WriteEndObject();
        if (why is not null)
            json.WriteString("message", why);
        json.WriteString("class", kernel.Class(tensorFlow));
        json.WriteStrings("source_files", kernel.SourceFiles);
        json.WriteString("mobile_error", OpTarget.Mobile.Lack(kernel));
        json.WriteStartArray("nodes");
        foreach (NodePlace place in kernel.Places)
        {
            json.WriteStartObject();
            json.WriteString("model", place.Model);
            json.WriteString("function", place.Function);
            json.WriteString("node", place.Node);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
