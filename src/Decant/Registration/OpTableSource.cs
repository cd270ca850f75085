using System.Text;
using Decant.Formats;
using Decant.Formats.Recognition;
using Decant.Ops;

namespace Decant.Registration;

/// <summary>
/// C# for an app that runs some models and carries no other ops: the table of their ops, the options of a session, and how the
/// models are opened. Compiled into an app that is trimmed, it is all that the app keeps of the ops and formats.
/// </summary>
public static class OpTableSource
{
    // What the calls of functions and TF1's control flow become when a graph is made flat.
    private static readonly string[] OfCalls = ["Identity", "IdentityN", "NoOp"];
    private static readonly string[] OfControlFlow = ["Assert", "Const", "Identity", "IdentityN", "If", "LogicalNot", "NoOp", "StatelessIf", "StatelessWhile", "While"];

    private static readonly Dictionary<string, string> Formats = new(StringComparer.Ordinal)
    {
        ["checkpoint"] = nameof(KnownFormats.Checkpoint),
        ["graphdef"] = nameof(KnownFormats.GraphDef),
        ["hub"] = nameof(KnownFormats.Hub),
        ["metagraph"] = nameof(KnownFormats.MetaGraph),
        ["saved_model"] = nameof(KnownFormats.SavedModel),
        ["session_bundle"] = nameof(KnownFormats.SessionBundle),
    };

    /// <summary>The source.</summary>
    /// <param name="selection">What the models need.</param>
    /// <param name="models">The models.</param>
    /// <param name="name">The name of the class.</param>
    /// <param name="space">Its namespace, or null.</param>
    public static string Write(OpSelection selection, IReadOnlyList<Model> models, string name, string? space)
    {
        bool flattens = selection.CallsFunctions || selection.HasControlFlow;
        IReadOnlyList<string> ops = Ops(selection);
        string[] options = [.. new[] { (flattens, "Flattens = true"), (ops.Any(o => o.StartsWith("Restore", StringComparison.Ordinal)), "ReadsCheckpoints = true") }.Where(o => o.Item1).Select(o => o.Item2)];
        string[] formats = [.. models.Select(FormatOf).Distinct().Order(StringComparer.Ordinal)];
        string files = string.Join(", ", models.Select(m => string.Concat(Path.GetFileName(Path.TrimEndingDirectorySeparator(m.Path)).Where(c => !char.IsControl(c) && c is not ('<' or '>' or '&')))));
        var source = new StringBuilder($"// Written by decant ops --csharp for {files}: write it again when a model changes.\n");
        source.Append("using Decant;\nusing Decant.Formats;\nusing Decant.Ops;\n\n");
        if (space is not null)
            source.Append($"namespace {space};\n\n");
        source.Append($"/// <summary>What {files} needs: an app that is trimmed and opens and runs it by these carries no other ops and formats.</summary>\n");
        source.Append($"internal static class {name}\n{{\n    /// <summary>The ops.</summary>\n    public static OpTable Ops => new(\n    [\n");
        foreach (string op in ops)
            source.Append($"        KnownOps.{op},\n");
        source.Append("    ]);\n\n    /// <summary>The options of a session.</summary>\n");
        source.Append($"    public static SessionOptions Options => new(Ops){(options.Length == 0 ? "" : $" {{ {string.Join(", ", options)} }}")};\n\n");
        source.Append("    /// <summary>Opens a model.</summary>\n");
        source.Append($"    public static Model Load(string path) => Model.Load(path, new LoadOptions([{string.Join(", ", formats.Select(f => $"KnownFormats.{f}"))}]));\n}}\n");
        return source.ToString();
    }

    /// <summary>The ops of the table, sorted: those of the selection that Decant has, and those that its calls and control flow become.</summary>
    public static IReadOnlyList<string> Ops(OpSelection selection)
    {
        IEnumerable<string> needed = selection.Ops.Concat(selection.CallsFunctions ? OfCalls : []).Concat(selection.HasControlFlow ? OfControlFlow : []);
        return [.. needed.Distinct().Where(o => OpTable.All.TryGet(o, out _)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The name of a class after a file: <c>my-ops.cs</c> gives <c>MyOps</c>.</summary>
    public static string ClassName(string file)
    {
        string name = string.Concat(Path.GetFileNameWithoutExtension(file).Split([.. Path.GetFileNameWithoutExtension(file).Where(c => !char.IsAsciiLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"Model{name}" : name;
    }

    private static string FormatOf(Model model)
    {
        if (model.Format != "graphdef")
            return Formats.GetValueOrDefault(model.Format) ?? throw FormatErrors.FormatNotSupported.At(new Location(model.Path), $"an app cannot name the format '{model.Format}' yet", "new Session(model) carries all ops; decant freeze MODEL -o frozen.pb makes a GraphDef of a TensorFlow model");
        using ModelSource source = ModelSource.Open(model.Path, [KnownFormats.GraphDef]);
        return source.Kind == TensorFlowFileKind.GraphDefText ? nameof(KnownFormats.GraphDef) : nameof(KnownFormats.BinaryGraphDef);
    }
}
