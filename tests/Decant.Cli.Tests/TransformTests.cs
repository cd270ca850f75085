using Decant.IR;

namespace Decant.Cli.Tests;

/// <summary><c>transform</c> and <c>transform_graph</c>.</summary>
public sealed class TransformTests
{
    [Fact]
    public void A_graph_is_transformed_and_what_changed_is_said()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        Cli it = Cli.Run("transform", model, "-o", folder["out.pb"], "--outputs", "out/y", "--transforms", "strip_unused_nodes round_weights").Ends(ExitCode.Done);
        Assert.Contains("3 nodes (of 5), 1 edit (strip_unused_nodes 1)", it.Out, StringComparison.Ordinal);
        using Model written = Model.Load(folder["out.pb"]);
        Assert.Equal(["in/x", "one", "out/y"], written.Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void What_is_logged_in_a_run_is_printed_and_can_be_frozen()
    {
        using var folder = new TemporaryFolder();
        using (Model model = IR.TextForm.GraphParser.Parse(
            """
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              y = Mul(x, x) {T: float32}
            }
            """))
        {
            model.Save(folder["model.pb"], "graphdef");
        }

        Cli.Run("transform", folder["model.pb"], "-o", folder["log.pb"], "--transforms", "quantize_nodes insert_logging(op=RequantizationRange, show_name=true, message=\"__requant_min_max:\")").Ends(ExitCode.Done);
        Cli run = Cli.Run("run", folder["log.pb"], "--input", $"x={SmallModel.Npy(folder, "x.npy", Tensor.Wrap(new float[] { -1, 3 }))}").Ends(ExitCode.Done);
        Assert.Matches(@"(?m)^;y/eightbit/requant_range__print__;__requant_min_max:\[-?[0-9.]+\]\[(8\.9|9\.0)[0-9]*\]$", run.Error);
        File.WriteAllText(folder["run.log"], run.Error);
        string log = folder["run.log"].Replace('\\', '/');
        Cli.Run("transform", folder["log.pb"], "-o", folder["frozen.pb"], "--transforms", $"remove_nodes(op=Print, max_inputs=9) freeze_requantization_ranges(min_max_log_file=\"{log}\")").Ends(ExitCode.Done);
        using Model frozen = Model.Load(folder["frozen.pb"]);
        Assert.Contains(frozen.Graph.Nodes, n => n.Name == "y/eightbit/requant_range/frozen_max");
    }

    [Fact]
    public void Explaining_tells_edits_and_declines()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        string[] line = ["transform", model, "-o", folder["out.pb"], "--transforms", "rename_attribute(old_attribute_name=dtype, new_attribute_name=value) set_device(device=\"/cpu:0\")"];
        Cli.Run([.. line, "--explain"]).Ends(ExitCode.Done).Says("set_device: one\n", "declined: rename_attribute: one: has an attribute 'value' already");
        Cli.Run(line).Ends(ExitCode.Done).Says("note: 2 matches were declined, such as rename_attribute: one");
        Assert.Contains("2 edits", Cli.Run([.. line, "--max-edits", "2"]).Ends(ExitCode.Done).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fold_batchnorms", "Transform 'fold_batchnorms' not recognized.", "did you mean 'fold_batch_norms'?")]
    [InlineData("round_weights(num_step=4)", "has no parameter 'num_step'", "did you mean 'num_steps'?")]
    [InlineData("'round_weights'", "Looking for transform name", "remove the quotes")]
    [InlineData("", "--transforms names no transform", "for example")]
    [InlineData("rename_node(old_node_name=out/yy, new_node_name=z)", "no node named 'out/yy'", "did you mean 'out/y'?")]
    public void What_is_mistyped_is_answered_with_what_there_is(string transforms, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        Cli.Run("transform", SmallModel.Write(folder), "-o", folder["out.pb"], "--transforms", transforms).Refuses(parts);
        Assert.Equal(["model.pb"], folder.Names);
    }

    [Fact]
    public void A_name_that_does_not_exist_is_answered_with_the_nearest()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        Cli.Run("transform", model, "-o", folder["out.pb"], "--inputs", "in/y", "--transforms", "remove_device").Refuses("there is no input or tensor 'in/y'", "did you mean 'in/x'?");
        Cli.Run("transform", model, "-o", folder["out.pb"], "--transforms", "strip_unused_nodes", "round_weights(num_steps=4)").Refuses("Unrecognized command or argument", "put all transforms into one pair of quotes");
        Cli.Run("transform", model, "-o", folder["out.pb"], "--max-edits", "-1", "--transforms", "remove_device").Refuses("--max-edits");
    }

    [Theory]
    [InlineData("node { name: 'a' op: 'Neg' input: 'b' } node { name: 'b' op: 'Neg' input: 'a' }", "graph-cycle", "b -> a")]
    [InlineData("node { name: 'a' op: 'Neg' input: 'b' }", "missing-node", "'b'")]
    [InlineData("node { name: 'a' op: 'NoOp' } node { name: 'a' op: 'NoOp' }", "duplicate-name", "'a'")]
    public void A_broken_graph_is_refused_with_its_nodes(string text, string code, string node)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["broken.pbtxt"], text);
        Cli.Run("transform", folder["broken.pbtxt"], "-o", folder["out.pb"], "--transforms", "remove_device").Refuses($"[{code}]", node);
        Cli.Run("transform_graph", $"--in_graph={folder["broken.pbtxt"]}", $"--out_graph={folder["out.pb"]}", "--transforms=remove_device").Refuses($"[{code}]", node);
    }

    [Fact]
    public void The_original_program_is_there_with_its_flags()
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        Cli it = Cli.Run("transform_graph", $"--in_graph={model}", $"--out_graph={folder["out.pbtxt"]}", "--inputs=in/x", "--outputs=out/z", "--transforms=strip_unused_nodes(type=float, shape=\"2\") remove_device", "--output_as_text=true").Ends(ExitCode.Done);
        it.Says("Applying strip_unused_nodes\nApplying remove_device\n");
        Assert.Equal("", it.Out);
        Assert.StartsWith("node {", File.ReadAllText(folder["out.pbtxt"]), StringComparison.Ordinal);
        using Model written = Model.Load(folder["out.pbtxt"]);
        Assert.Equal(new Value(written.Graph["in/x"]), written.Graph["out/z"].Inputs[0]);
    }

    [Fact]
    public void The_original_program_freezes_what_has_its_weights_elsewhere()
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(TestKit.SharedData.Repository, "samples", "image-net");
        Cli.Run("transform_graph", $"--in_graph={model}", $"--out_graph={folder["out.pb"]}", "--transforms=remove_device").Ends(ExitCode.Done).Says("note: the model is frozen first\nApplying remove_device\n");
        using Model written = Model.Load(folder["out.pb"]);
        Assert.DoesNotContain(written.Graph.Nodes, n => n.Op == "VarHandleOp");
    }

    [Theory]
    [InlineData("", "in_graph graph can't be empty.\nusage: transform_graph\n", "Transforms are:\nadd_default_attributes\n")]
    [InlineData("--in_graph=MODEL", "out_graph graph can't be empty.")]
    [InlineData("--in_graph=MODEL --out_graph=OUT", "You must specify at least one transform.")]
    [InlineData("--in_graph=nix.pb --out_graph=OUT --transforms=remove_device", "Loading graph 'nix.pb' failed with ")]
    [InlineData("--in_graph=MODEL --out_graph=OUT --transforms=,", "Failed to parse --transform argument, error was Looking for transform name, but found ,")]
    [InlineData("--in_graph=MODEL --out_graph=OUT --transforms=remove_devices", "Transform 'remove_devices' not recognized.", "did you mean 'remove_device'?")]
    [InlineData("--in_graph=MODEL --out_graph=MODEL/out.pb --transforms=remove_device --quiet", "Saving graph '")]
    public void The_original_programs_messages_are_there(string line, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        string model = SmallModel.Write(folder);
        string[] arguments = line.Replace("MODEL", model, StringComparison.Ordinal).Replace("OUT", folder["out.pb"], StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Cli.Run(["transform_graph", .. arguments]).Refuses(parts);
    }
}
