using Decant.TestKit;
using Decant.Wire.Npy;

namespace Decant.Cli.Tests;

/// <summary>What people mistype, and what they are told.</summary>
public sealed class UsageTests
{
    private static readonly string[] Verbs =
    [
        "inspect",
        "print",
        "run",
        "freeze",
        "transform",
        "optimize",
        "bisect",
        "convert",
        "compress",
        "compare",
        "bench",
        "serve",
        "checkpoint list",
        "checkpoint strip",
        "checkpoint diff",
        "ops",
        "freeze_graph",
        "summarize_graph",
        "transform_graph",
        "print_selective_registration_header",
        "tflite_convert",
        "tensorflowjs_converter",
        "tensorflowjs_wizard",
        "completion",
    ];

    public static TheoryData<string> AllVerbs => [.. Verbs];

    [Fact]
    public void Every_verb_is_tested()
    {
        using StringWriter ignored = new();
        string[] there = [.. CommandLine.Root(new Terminal(ignored, ignored)).Subcommands.SelectMany(c => c.Subcommands.Count == 0 ? [c.Name] : c.Subcommands.Select(s => $"{c.Name} {s.Name}"))];
        Assert.Equal(there.Order(StringComparer.Ordinal), Verbs.Order(StringComparer.Ordinal).Where(v => there.Contains(v)));
    }

    [Theory]
    [MemberData(nameof(AllVerbs))]
    public void The_help_of_a_verb_ends_in_examples_of_it(string verb)
    {
        Cli help = Cli.Run([.. verb.Split(' '), "--help"]).Ends(ExitCode.Done);
        Assert.Equal("", help.Error);
        int examples = help.Out.IndexOf("Examples:", StringComparison.Ordinal);
        Assert.True(examples > 0, help.Out);
        Assert.Contains($"decant {verb}", help.Out[examples..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("insepct model.pb", "insepct", "--help")]
    [InlineData("inspect", "MODEL", "decant inspect --help")]
    [InlineData("inspect model.pb --jsno", "--jsno", "decant inspect --help")]
    [InlineData("freeze model.pb", "--output", "decant freeze --help")]
    [InlineData("run model.pb --threads many", "--threads many: expected a whole number", "decant run --help")]
    [InlineData("print model.pb --as xml", "xml", "decant print --help")]
    [InlineData("ops", "MODEL", "decant ops --help")]
    [InlineData("bench model.pb --run 3", "There is no option '--run', did you mean '--runs'?", "decant bench --help")]
    [InlineData("ops model.pb --targt mobile", "There is no option '--targt', did you mean '--target'?", "decant ops --help")]
    [InlineData("ops model.pb --csharp Ops.cs --namespace My.1", "'My.1' is no namespace", "decant ops --help")]
    [InlineData("ops model.pb --tensorflow new", "'new' is no version of TensorFlow", "decant ops --help")]
    [InlineData("print_selective_registration_header", "--graphs is missing", "decant print_selective_registration_header --graphs=model.pb > ops_to_register.h")]
    [InlineData("print_selective_registration_header --graphs=model.pb --proto_fileformat=json", "json", "ops_list", "decant print_selective_registration_header --help")]
    [InlineData("checkpoint strip model.ckpt", "--output", "--help")]
    public void Wrong_usage_is_said_with_a_hint(string line, params string[] parts) => Cli.Run(line.Split(' ')).Refuses([.. parts, "hint: "]);

    [Theory]
    [InlineData("inspect")]
    [InlineData("print")]
    [InlineData("run")]
    [InlineData("checkpoint list")]
    public void A_file_that_is_missing_is_named(string verb) => Cli.Run([.. verb.Split(' '), "no/such/model.pb"]).Refuses("no/such/model.pb");

    [Fact]
    public void A_folder_without_a_model_says_what_it_holds()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["notes.md"], "x");
        Cli.Run("inspect", folder.Root).Refuses(folder.Root, "saved_model.pb", "notes.md");
        SmallModel.Write(folder);
        Cli.Run("inspect", folder.Root).Refuses("hint: name the file", folder["model.pb"]);
    }

    [Fact]
    public void An_input_without_a_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        Cli.Run("run", SmallModel.Write(folder), "--input", "in/x").Refuses("[usage]", "NAME=FILE.npy");
    }

    [Fact]
    public void A_mistyped_tensor_gets_the_nearest_name()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder), x = SmallModel.Npy(folder, "x.npy", Tensor.Wrap((float[])[1, 2], new Shape(2)));
        Cli.Run("run", model, "--input", $"in/x={x}", "--output", "out/yy").Refuses("out/yy", "did you mean 'out/y'?");
        Cli.Run("run", model, "--input", $"in/xx={x}").Refuses("in/xx", "did you mean 'in/x'?");
        Cli.Run("freeze", model, "--outputs", "out/zz", "-o", folder["f.pb"]).Refuses("out/zz", "did you mean 'out/z'?");
        Assert.DoesNotContain("f.pb", folder.Names);
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_refused_with_what_is_expected_and_found()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        string ints = SmallModel.Npy(folder, "ints.npy", Tensor.Wrap((int[])[1, 2], new Shape(2)));
        string three = SmallModel.Npy(folder, "three.npy", Tensor.Wrap((float[])[1, 2, 3], new Shape(3)));
        Cli.Run("run", model, "--input", $"in/x={ints}").Refuses("in/x", "float32", "int32");
        Cli.Run("run", model, "--input", $"in/x={three}").Refuses("in/x", "[2]", "[3]");
        Cli.Run("run", model, "--input", ints).Refuses("--input", "NAME=FILE.npy", "'in/x'", CliErrors.Usage.Id);
        Cli.Run("run", model, "--input", "in/x=missing.npy").Refuses("missing.npy");
        Cli.Run("run", model, "--input", $"in/x={model}").Refuses(model);
        Cli.Run("run", model).Refuses("in/x");
    }

    [Fact]
    public void A_float64_input_is_converted_and_that_is_said()
    {
        using var folder = new TemporaryFolder();
        string x = SmallModel.Npy(folder, "x.npy", Tensor.Wrap((double[])[1, 2], new Shape(2)));
        Cli run = Cli.Run("run", SmallModel.Write(folder), "--input", $"in/x={x}", "--output", "out/y").Ends(ExitCode.Done).Says("in/x is float64", "float32");
        Assert.Contains("out/y: float32[2]", run.Out, StringComparison.Ordinal);
    }

    [SharedFact]
    public void A_signature_or_tag_that_is_missing_gets_those_that_are_there()
    {
        string model = SharedData.Path("data/savedmodel/half-plus-two-cpu/00000123");
        Cli.Run("inspect", model, "--signature", "classify").Refuses("classify", "'serving_default'");
        Cli.Run("run", model, "--signature", "classify", "--random", "1").Refuses("classify", "'serving_default'");
        Cli.Run("inspect", model, "--tags", "train,gpu").Refuses("train", "serve");
    }

    [Fact]
    public void Results_go_to_stdout_and_the_rest_to_stderr()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder), x = SmallModel.Npy(folder, "x.npy", Tensor.Wrap((double[])[1, 2], new Shape(2)));
        Cli run = Cli.Run("run", model, "--input", $"in/x={x}", "--output-dir", folder["out"]).Ends(ExitCode.Done);
        Assert.Equal("", run.Out);
        Assert.Contains("out_y.npy", run.Error, StringComparison.Ordinal);
        Assert.Equal(["out_y.npy", "out_z.npy"], Directory.GetFiles(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("", Cli.Run("run", model, "--input", $"in/x={x}", "--output-dir", folder["out"], "--quiet").Ends(ExitCode.Done).Error);
    }

    [Fact]
    public void Each_output_is_written_when_names_are_alike_or_longer_than_file_names_can_be()
    {
        using var folder = new TemporaryFolder();
        string name = string.Join('/', Enumerable.Repeat("block/conv2d/BiasAdd", 15));
        using (Model model = IR.TextForm.GraphParser.Parse(
            $$"""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              out/y = Neg(x) {T: float32}
              out_y = Abs(x) {T: float32}
              {{name}} = Square(x) {T: float32}
            }
            """))
        {
            model.Save(folder["model.pb"], "graphdef");
        }

        string x = SmallModel.Npy(folder, "x.npy", Tensor.Wrap((float[])[-1, 2]));
        Cli.Run("run", folder["model.pb"], "--input", $"x={x}", "--output-dir", folder["out"]).Ends(ExitCode.Done);
        Assert.Equal(["1,-2", "1,2", "1,4"], Directory.GetFiles(folder["out"]).Select(f => string.Join(',', NpyReader.Read(f).Span<float>().ToArray())).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Models_that_differ_end_with_1_and_equal_ones_with_0()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        Cli.Run("compare", model, model).Ends(ExitCode.Done);
        string other = folder["other.pbtxt"];
        File.WriteAllText(other, Cli.Run("print", model, "--as", "pbtxt").Ends(ExitCode.Done).Out.Replace("op: \"Add\"", "op: \"Sub\"", StringComparison.Ordinal));
        Assert.Contains("different", Cli.Run("compare", model, other).Ends(ExitCode.No).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bug_of_ours_ends_with_70_and_says_so()
    {
        using StringWriter error = new();
        int code = CommandLine.Run(["completion", "bash"], new Terminal(new FailingWriter(), error));
        Assert.Equal(ExitCode.Bug, code);
        Assert.Contains("bug of Decant", error.ToString(), StringComparison.Ordinal);
    }

    private sealed class FailingWriter : StringWriter
    {
        public override void Write(string? value) => throw new InvalidOperationException("this writer fails");

        public override void Write(char value) => throw new InvalidOperationException("this writer fails");

        public override void WriteLine(string? value) => throw new InvalidOperationException("this writer fails");
    }
}
