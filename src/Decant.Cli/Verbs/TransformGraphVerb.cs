using System.CommandLine;
using System.Globalization;
using Decant.Formats.GraphDef;
using Decant.Passes;
using Decant.Passes.Transforms;

namespace Decant.Cli.Verbs;

/// <summary>
/// <c>decant transform_graph --in_graph=... --out_graph=... --transforms='...'</c>: the Graph Transform Tool's program, with its flags
/// and messages. Every fault gives the exit code of a fault.
/// </summary>
internal static class TransformGraphVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<string> inGraph = Text("--in_graph", "input graph file name");
        Option<string> outGraph = Text("--out_graph", "output graph file name");
        Option<string> inputs = Text("--inputs", "inputs, comma separated (default: the placeholders)");
        Option<string> outputs = Text("--outputs", "outputs, comma separated (default: what nothing reads)");
        Option<string> transforms = Text("--transforms", "list of transforms");
        Option<bool> asText = new("--output_as_text") { Description = "whether to write the graph in text protobuf format", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("transform_graph", "The Graph Transform Tool's transform_graph: its flags, its messages") { inGraph, outGraph, inputs, outputs, transforms, asText };
        command.SetAction(parsed =>
        {
            string source = Home(parsed.GetValue(inGraph)!);
            string target = Home(parsed.GetValue(outGraph)!);
            if (source.Length == 0)
                throw Usage("in_graph graph can't be empty.");
            if (target.Length == 0)
                throw Usage("out_graph graph can't be empty.");
            IReadOnlyList<Pass> passes = Prefixed("Failed to parse --transform argument, error was ", () => TransformList.Parse(parsed.GetValue(transforms)!), e => e.Code == PassErrors.BadTransforms);
            if (passes.Count == 0)
                throw Usage("You must specify at least one transform.");
            using Model opened = Prefixed($"Loading graph '{source}' failed with ", () => Opening.Open(source, null, terminal));
            string[]? wanted = Names(parsed.GetValue(outputs)!);
            using Model frozen = TransformVerb.Frozen(opened, null, wanted, terminal);
            TransformResult result = frozen.Transform(
                passes, Names(parsed.GetValue(inputs)!), wanted, new PassOptions { Beginning = pass => terminal.Say($"Applying {pass.Name}") });
            using Model transformed = result.Model;
            TransformText.Say(result.Report, terminal.Verbose, terminal);
            Prefixed($"Saving graph '{target}' failed with ", () =>
            {
                if (parsed.GetValue(asText))
                    AtomicFile.Write(target, stream => WriteText(transformed, stream));
                else
                    Saving.Save(transformed, target, "graphdef", terminal);
                return true;
            });
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{target}: {Sizes.Bytes(new FileInfo(target).Length)}, {transformed.Graph.Nodes.Count} nodes (of {frozen.Graph.Nodes.Count}), {TransformText.Edits(result.Report)}"));
            return ExitCode.Done;
        });
        return command.WithExamples(
            ["transform_graph --in_graph=frozen.pb --out_graph=small.pb --inputs=x --outputs=softmax --transforms='fold_constants(ignore_errors=true) fold_batch_norms quantize_weights'"],
            "Transforms are:", Transforms);
    }

    private static void WriteText(Model model, Stream stream)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        GraphDefText.Write(model, writer);
    }

    private static IEnumerable<string> Transforms() => PassTable.All.Select(p => p.Name);

    private static string[]? Names(string list) => CommonOptions.List(list) is { Length: > 0 } names ? names : null;

    /// <summary>The home folder for <c>~</c>, which shells leave as it is behind a <c>=</c>.</summary>
    private static string Home(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..] : path;

    private static T Prefixed<T>(string prefix, Func<T> work, Predicate<Diagnostic>? isMeant = null)
    {
        try
        {
            return work();
        }
        catch (ModelException e) when (isMeant is null || e.Diagnostics.All(d => isMeant(d)))
        {
            throw new ModelException([.. e.Diagnostics.Select(d => d with { Message = prefix + d.Message })]);
        }
    }

    private static ModelException Usage(string message) => CliErrors.Usage.At(null, $"{message}\n{Flags}\nTransforms are:\n{string.Join('\n', Transforms())}");

    private const string Flags = """
        usage: transform_graph
        Flags:
        	--in_graph=""	string	input graph file name
        	--out_graph=""	string	output graph file name
        	--inputs=""	string	inputs
        	--outputs=""	string	outputs
        	--transforms=""	string	list of transforms
        	--output_as_text=false	bool	whether to write the graph in text protobuf format
        """;

    private static Option<string> Text(string name, string description) => new(name) { Description = description, DefaultValueFactory = _ => "" };
}
