using Decant.Formats;
using Decant.Formats.Keras;

namespace Decant.Tests.Formats.Keras.Layers;

/// <summary>Ops between layers as Keras of TensorFlow 2.0 to 2.3 saved them.</summary>
public sealed class OpLayerTests
{
    private static readonly float[] X = [1, -2, 3, -4, 5, -6];

    /// <summary>The op with its attributes, its constants, the shape and the values of the output.</summary>
    public static TheoryData<string, string, int[], float[]> Ops => new()
    {
        { """ "op": "Relu", "input": ["x"], "attr": {"T": {"type": "DT_FLOAT"}}""", "{}", [2, 3], [1, 0, 3, 0, 5, 0] },
        { """ "op": "AddV2", "input": ["x", "add/y"], "attr": {"T": {"type": "DT_FLOAT"}}""", """{"1": 0.5}""", [2, 3], [1.5f, -1.5f, 3.5f, -3.5f, 5.5f, -5.5f] },
        { """ "op": "Sub", "input": ["sub/x", "x"], "attr": {"T": {"type": "DT_FLOAT"}}""", """{"0": [[1, 2, 3]]}""", [2, 3], [0, 4, 0, 5, -3, 9] },
        { """ "op": "Reshape", "input": ["x", "Reshape/shape"], "attr": {"T": {"type": "DT_FLOAT"}, "Tshape": {"type": "DT_INT32"}}""", """{"1": [-1, 2]}""", [3, 2], X },
        { """ "op": "BiasAdd", "input": ["x", "b"], "attr": {"T": {"type": "DT_FLOAT"}, "data_format": {"s": "TkhXQw=="}}""", """{"1": [10, 20, 30]}""", [2, 3], [11, 18, 33, 6, 25, 24] },
    };

    [Theory]
    [MemberData(nameof(Ops))]
    public void An_op_runs_with_its_attributes_and_constants_under_the_name_that_layers_read(string op, string constants, int[] shape, float[] expected)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Load(File(folder, op, constants));
        using var session = new Session(model);
        Tensor found = session.Run(new Dictionary<string, Tensor> { ["x"] = Tensor.Wrap(X, new Shape(2, 3)) }, ["flat"])["flat"];
        Assert.Equal(shape.Skip(1).Aggregate(1, (a, b) => a * b), found.Shape[1]);
        Assert.Equal(expected, found.Span<float>().ToArray());
    }

    [Theory]
    [InlineData(""" "op": "AssignVariableOp", "input": ["x"]""", "{}", "the op is AssignVariableOp")]
    [InlineData(""" "op": "NoSuchOp", "input": ["x"]""", "{}", "the op is NoSuchOp")]
    [InlineData(""" "op": "AddV2", "input": ["x", "y"], "attr": {"T": {"type": "DT_FLOAT"}}""", "{}", "expected 2 inputs in all")]
    [InlineData(""" "op": "Relu", "input": ["x"], "attr": {"T": {"type": "DT_FLOAT"}}""", """{"0": 1}""", "expected 1 inputs in all")]
    [InlineData(""" "op": "AddV2", "input": ["x", "y"], "attr": {"T": {"type": "DT_FLOAT"}}""", """{"1": [[1, 2], [3]]}""", "rows of them that have the same length")]
    public void What_is_no_op_of_values_is_told(string op, string constants, string message)
    {
        using var folder = new TemporaryFolder();
        string path = File(folder, op, constants);
        ModelException e = Assert.Throws<ModelException>(() => Model.Load(path));
        Assert.Equal((KerasErrors.BadConfig, path), (e.Diagnostics[0].Code, e.Diagnostics[0].Location?.File));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private static string File(TemporaryFolder folder, string op, string constants) => KerasModelFile.Write(
        folder["m.h5"],
        KerasModelFile.Functional(
            [("x", "[null, 3]")],
            [
                $$"""{"class_name": "TensorFlowOpLayer", "name": "tf_op_layer_op", "config": {"name": "op", "trainable": true, "dtype": "float32", "node_def": {"name": "op", {{op}}}, "constants": {{constants}}}, "inbound_nodes": [[["x", 0, 0, {}]]]}""",
                """{"class_name": "Flatten", "name": "flat", "config": {"name": "flat"}, "inbound_nodes": [[["tf_op_layer_op", 0, 0, {}]]]}""",
            ],
            "flat"),
        "2.3.0-tf");
}
