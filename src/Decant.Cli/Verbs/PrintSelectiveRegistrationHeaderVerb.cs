using System.CommandLine;
using Decant.Registration;

namespace Decant.Cli.Verbs;

/// <summary>
/// <c>decant print_selective_registration_header</c>: TensorFlow's script of that name, with its flags and messages. As in the
/// script, all nodes of the main graphs count, and those of functions do not.
/// </summary>
internal static class PrintSelectiveRegistrationHeaderVerb
{
    private const string Name = "print_selective_registration_header";

    public static Command Create(Terminal terminal)
    {
        Option<string> graphs = new("--graphs") { Description = "Models, or lists of ops and kernels, comma separated", DefaultValueFactory = _ => "" };
        Option<string> form = new("--proto_fileformat") { Description = "rawproto or textproto, which are told apart by content, or ops_list: JSON pairs of an op and a kernel class", DefaultValueFactory = _ => "rawproto" };
        form.AcceptOnlyFromAmong("rawproto", "textproto", "ops_list");
        Option<string> defaults = new("--default_ops") { Description = "Pairs OP:KERNELCLASS to register besides, comma separated; or all, to register everything", DefaultValueFactory = _ => SelectiveRegistration.DefaultOps };
        Option<bool> gemm = new("--use_gemm_for_conv") { Description = "Register, besides, the Conv2D kernel of builds with USE_GEMM_FOR_CONV", Arity = ArgumentArity.ZeroOrOne };
        Option<Version> tensorFlow = OpsVerb.TensorFlow();
        var command = new Command(Name, "TensorFlow's print_selective_registration_header: its flags, its header") { graphs, form, defaults, gemm, tensorFlow };
        command.SetAction(parsed =>
        {
            Version version = parsed.GetValue(tensorFlow)!;
            if (parsed.GetValue(defaults) == "all")
            {
                terminal.Out.WriteLine(SelectiveRegistration.HeaderOfAll(version, Name));
                return ExitCode.Done;
            }

            string[] paths = CommonOptions.List(parsed.GetValue(graphs))!;
            if (paths.Length == 0)
                throw CliErrors.Usage.At(null, "--graphs is missing, expected the models whose ops are registered", $"decant {Name} --graphs=model.pb > ops_to_register.h");
            List<RegisteredKernel> kernels = [.. SelectiveRegistration.ParseDefaults(parsed.GetValue(defaults)!)];
            foreach (string path in paths)
                kernels.AddRange(parsed.GetValue(form) == "ops_list" ? SelectiveRegistration.ReadOpsList(path) : KernelsOf(path, version, parsed.GetValue(gemm), terminal));
            if (kernels.Count == 0)
            {
                terminal.Out.WriteLine("Error reading graph!");
                return ExitCode.No;
            }

            terminal.Out.WriteLine(SelectiveRegistration.Header(kernels, version, Name));
            return ExitCode.Done;
        });
        return command.WithExamples($"{Name} --graphs=first.pb,second.pb > ops_to_register.h", $"{Name} --graphs=ops.json --proto_fileformat=ops_list", $"{Name} --default_ops=all");
    }

    private static IReadOnlyList<RegisteredKernel> KernelsOf(string path, Version tensorFlow, bool gemm, Terminal terminal)
    {
        using Model model = Opening.Open(path, null, terminal);
        if (model.Functions.Count > 0)
            terminal.Warn($"the functions of {path} are not looked into, as the original did not: decant ops {path} --header ops_to_register.h does");
        return SelectiveRegistration.Kernels(OpSelection.Of([model], allNodes: true, functions: false), tensorFlow, gemm, terminal.Error.WriteLine);
    }
}
