using Decant.Passes;
using Decant.Passes.Transforms;

namespace Decant.Tests.Passes.Transforms;

public sealed class TransformListTests
{
    [Theory]
    [InlineData("fold_batch_norms", "fold_batch_norms")]
    [InlineData("", "")]
    [InlineData("  \n fold_batch_norms\n\tfold_old_batch_norms \n", "fold_batch_norms fold_old_batch_norms")]
    [InlineData("strip_unused_nodes(type=float, shape=\"1,299,299,3\") remove_nodes(op=Identity, op=CheckNumerics)", "strip_unused_nodes remove_nodes")]
    [InlineData("quantize_weights()round_weights( num_steps = 16 )", "quantize_weights round_weights")]
    [InlineData("set_device(device=\"/cpu:0\"',if_default=true')", "set_device")]
    [InlineData("set_device(device=/cpu:0 if_default=1)", "set_device")]
    [InlineData("set_device(device='/cpu:0')", "set_device")]
    [InlineData("fold_batch_norms(ignore_errors=TRUE)", "fold_batch_norms")]
    public void A_list_names_passes_in_order(string text, string names) => Assert.Equal(names, string.Join(' ', TransformList.Parse(text).Select(p => p.Name)));

    [Theory]
    [InlineData("'fold_batch_norms'", "bad-transforms", "offset 0: Looking for transform name, but found 'fold_batch_norms'")]
    [InlineData("fold_batch_norms, round_weights", "bad-transforms", "offset 16: Looking for transform name, but found , round_weights [bad-transforms]\n\nhint: spaces stand between transforms, and no commas")]
    [InlineData("round_weights(num_steps=)", "bad-transforms", "offset 24: Looking for parameter name, but found )")]
    [InlineData("round_weights(=4)", "bad-transforms", "offset 14: Looking for parameter name, but found =4)")]
    [InlineData("round_weights(num_steps 4)", "bad-transforms", "offset 24: Looking for =, but found 4)")]
    [InlineData("round_weights(4)", "bad-transforms", "hint: parameters are given as NAME=VALUE")]
    [InlineData("strip_unused_nodes(shape=1,299,299,3)", "bad-transforms", "hint: a value with commas or spaces needs quotes")]
    [InlineData("round_weights(num_steps=4", "bad-transforms", "offset 25: Looking for parameter name, but found the end")]
    [InlineData("round_weights(num_steps=\"4)", "bad-transforms", "offset 24: a quoted value has no end")]
    [InlineData("fold_batchnorms", "unknown-transform", "hint: did you mean 'fold_batch_norms'?")]
    [InlineData("round_weights fold_batch_norm", "unknown-transform", "offset 14: Transform 'fold_batch_norm' not recognized.")]
    [InlineData("xyzzy", "unknown-transform", "decant transform --help lists the transforms")]
    [InlineData("quantize", "unknown-transform", "there are fake_quantize_training, quantize_nodes, quantize_weights")]
    [InlineData("round_weights strip-unused-nodes", "unknown-transform", "offset 14: Transform 'strip-unused-nodes' not recognized. [unknown-transform]\n\nhint: did you mean 'strip_unused_nodes'?")]
    [InlineData("FOLD_CONSTANTS", "unknown-transform", "did you mean 'fold_constants'?")]
    [InlineData("round_weights(steps=4)", "bad-parameter", "the transform 'round_weights' has no parameter 'steps'")]
    [InlineData("round_weights(num_stepps=4)", "bad-parameter", "offset 14: the transform 'round_weights' has no parameter 'num_stepps' [bad-parameter]\n\nhint: did you mean 'num_steps'?")]
    [InlineData("round_weights(num_steps=4, num_steps=5)", "bad-parameter", "Expected a single 'num_steps' parameter, but found 2 occurrences")]
    [InlineData("round_weights(num_steps=four)", "bad-parameter", "Couldn't interpret the num_steps argument as a number:four")]
    [InlineData("round_weights(num_steps=0)", "bad-parameter", "num_steps must be at least 1")]
    [InlineData("set_device(if_default=yes)", "bad-parameter", "Couldn't interpret the if_default argument as a boolean:yes (expected true, false, 0 or 1)")]
    [InlineData("fold_batch_norms(ignore_errors=1)", "bad-parameter", "ignore_errors should be true or false, found 1")]
    [InlineData("remove_nodes", "bad-parameter", "offset 0: remove_nodes expects at least one 'op'argument, e.g. remove_nodes(op=Identity)")]
    [InlineData("remove_attribute(op_name=Mul)", "bad-parameter", "remove_nodes expects exactly one 'attribute_name' argument, e.g. remove_attribute(op_name=Mul, attribute_name=foo)")]
    [InlineData("remove_attribute(attribute_name=a, op_name=Mul, op_name=Add)", "bad-parameter", "remove_nodes expects a single op_name argument, but found 2")]
    [InlineData("rename_attribute(old_attribute_name=a)", "bad-parameter", "rename_attribute expects exactly one")]
    [InlineData("rename_op(old_op_name=a)", "bad-parameter", "rename_op expects exactly one")]
    [InlineData("rename_node(new_node_name=a)", "bad-parameter", "rename_node expects exactly one")]
    [InlineData("strip_unused_nodes(type=float, type=int32)", "bad-parameter", "You must pass no more than one default 'type' to strip_unused_nodes")]
    [InlineData("strip_unused_nodes(type=flaot)", "bad-parameter", "Couldn't understand type argument 'flaot' [bad-parameter]\n\nhint: did you mean 'float'?")]
    [InlineData("strip_unused_nodes(shape=\"\")", "bad-parameter", "Specificed shape is empty.")]
    [InlineData("strip_unused_nodes(shape=\"1,a\")", "bad-parameter", "Could parse as shape: '1,a'")]
    [InlineData("strip_unused_nodes(name=x, name=y, type_for_name=float)", "bad-parameter", "You must pass a 'type_for_name' arg for every 'name'")]
    [InlineData("strip_unused_nodes(shape_for_name=\"1\")", "bad-parameter", "You must pass a 'shape_for_name' arg for every 'name'")]
    public void A_fault_of_a_list_is_located(string text, string code, string message)
    {
        Diagnostic fault = Assert.Throws<ModelException>(() => TransformList.Parse(text)).Diagnostics[0];
        Assert.Equal(code, fault.Code.Id);
        Assert.Contains(message, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_makes_the_parser_throw_anything_else()
    {
        var random = new Random(73);
        const string Characters = "ab_(),=\"'\\ \n.1-";
        for (int i = 0; i < 20_000; i++)
        {
            string text = "round_weights" + new string([.. Enumerable.Range(0, random.Next(30)).Select(_ => Characters[random.Next(Characters.Length)])]);
            try
            {
                TransformList.Parse(text);
            }
            catch (ModelException)
            {
            }
        }

        Assert.Equal(PassErrors.BadTransforms, Assert.Throws<ModelException>(() => TransformList.Parse(new string(' ', TransformList.MaxLength + 1))).Diagnostics[0].Code);
    }

    [Fact]
    public void A_pass_that_ignores_errors_stops_alone()
    {
        Transformed it = Transformed.Run("graph { x = Placeholder() {dtype: float32, shape: shape[2]}\n y = Neg(x) {T: float32} }", "rename_node(old_node_name=nix, new_node_name=z, ignore_errors=true) rename_op(old_op_name=Neg, new_op_name=Abs)");
        Assert.Equal("Abs", it["y"].Op.Name);
        Assert.Contains(it.Report.Declines, d => d.Node.Length == 0 && d.Reason.StartsWith("Ignoring error the graph has no node named 'nix'", StringComparison.Ordinal));
    }
}
