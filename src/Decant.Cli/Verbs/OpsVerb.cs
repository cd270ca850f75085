using System.CommandLine;
using System.Text;
using Decant.IR;
using Decant.Registration;

namespace Decant.Cli.Verbs;

/// <summary><c>decant ops MODEL...</c>: the ops and kernels that models need, and what a target lacks of them.</summary>
internal static class OpsVerb
{
    public static Command Create(Terminal terminal)
    {
        Argument<string[]> paths = CommonOptions.Models();
        Option<string?> target = new("--target") { Description = $"Where the models are to run, which decides on the exit code: {string.Join(", ", OpTarget.All.Select(t => $"{t.Name} ({t.Summary})"))}; without it decant decides, and what mobile lacks is told too" };
        Option<string?> outputs = CommonOptions.Outputs();
        outputs.Description = "What is asked of the models, comma separated (default: the outputs of all signatures)";
        Option<bool> allNodes = new("--all-nodes") { Description = "Count nodes too that no output needs" };
        Option<bool> json = CommonOptions.Json();
        Option<string?> header = new("--header") { Description = "Write the header of TensorFlow's selective registration: ops_to_register.h" };
        Option<Version> tensorFlow = TensorFlow();
        Option<string?> csharp = new("--csharp") { Description = "Write C# that an app compiles in to carry these ops alone" };
        Option<string?> space = new("--namespace") { Description = "The namespace of that C#" };
        space.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { } name }, ..] && name.Split('.').Any(p => p.Length == 0 || char.IsAsciiDigit(p[0]) || !p.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')))
                result.AddError($"'{name}' is no namespace, expected one like My.App");
        });
        Option<string?> tags = CommonOptions.Tags();
        var command = new Command("ops", "List the ops and kernels that models need, and what a target lacks of them")
        {
            paths, target, outputs, allNodes, json, header, tensorFlow, csharp, space, tags,
        };
        command.SetAction(parsed =>
        {
            OpTarget chosen = parsed.GetValue(target) is { } asked ? OpTarget.Find(asked) : OpTarget.Decant;
            List<Model> models = [];
            try
            {
                foreach (string path in parsed.GetValue(paths)!)
                    models.Add(Opening.Open(path, parsed.GetValue(tags), terminal));
                OpSelection selection = OpSelection.Of(models, CommonOptions.List(parsed.GetValue(outputs)), parsed.GetValue(allNodes));
                if (parsed.GetValue(header) is { } headerFile)
                    Write(headerFile, HeaderOf(selection, parsed.GetValue(tensorFlow)!, terminal), $"{selection.Ops.Count} ops", terminal);
                if (parsed.GetValue(csharp) is { } sourceFile)
                    Write(sourceFile, OpTableSource.Write(selection, models, OpTableSource.ClassName(sourceFile), parsed.GetValue(space)), $"{selection.Ops.Count} ops", terminal);
                bool isWritten = parsed.GetValue(header) is not null || parsed.GetValue(csharp) is not null;
                IReadOnlyList<(NeededKernel Kernel, string Why)> lacks = chosen.Lacks(selection);
                if (parsed.GetValue(json))
                {
                    OpsOutput.WriteJson(models, selection, chosen, lacks, parsed.GetValue(tensorFlow)!, terminal.Out);
                }
                else
                {
                    if (!isWritten)
                        OpsOutput.WriteKernels(selection, parsed.GetValue(tensorFlow)!, terminal.Out);
                    OpsOutput.WriteLacks(selection, chosen, lacks, terminal.Out);
                    if (!isWritten && parsed.GetValue(target) is null && selection.Kernels.All(k => k.Op.Dialect == Dialect.TensorFlow))
                        OpsOutput.WriteLacks(selection, OpTarget.Mobile, OpTarget.Mobile.Lacks(selection), terminal.Out);
                }

                return lacks.Count > 0 ? ExitCode.No : ExitCode.Done;
            }
            finally
            {
                models.ForEach(m => m.Dispose());
            }
        });
        return command.WithExamples(
            "ops model.pb --target mobile", "ops first.pb second.pb --header ops_to_register.h", "ops model.pb --csharp ModelOps.cs --namespace MyApp", "ops saved_model_dir --json");
    }

    /// <summary>The version of TensorFlow that a header is for.</summary>
    public static Option<Version> TensorFlow() => new("--tensorflow")
    {
        Description = "The version of TensorFlow that is built, which decides on the spelling of classes and the form of the header (default: the newest)",
        DefaultValueFactory = _ => SelectiveRegistration.Newest,
        CustomParser = result =>
        {
            if (Version.TryParse(result.Tokens[0].Value, out Version? version))
                return version;
            result.AddError($"'{result.Tokens[0].Value}' is no version of TensorFlow, expected one like 1.13");
            return null;
        },
    };

    private static string HeaderOf(OpSelection selection, Version tensorFlow, Terminal terminal)
    {
        IEnumerable<RegisteredKernel> kernels = SelectiveRegistration.Kernels(selection, tensorFlow, gemmConvolution: true, terminal.Say);
        return SelectiveRegistration.Header(kernels.Concat(SelectiveRegistration.ParseDefaults(SelectiveRegistration.DefaultOps)), tensorFlow, "decant") + "\n";
    }

    private static void Write(string path, string text, string what, Terminal terminal)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AtomicFile.Write(path, stream => stream.Write(bytes), bytes.Length);
        terminal.Out.WriteLine($"{path}: {Sizes.Bytes(bytes.Length)}, {what}");
    }
}
