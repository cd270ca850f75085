using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing.Keras3;

namespace Decant.Tests.Formats.Keras.Writing.Keras3;

public sealed class Keras3CallsTests
{
    private static string Tensor(string layer, int call) => $$$"""{"class_name": "__keras_tensor__", "config": {"shape": [null], "dtype": "float32", "keras_history": ["{{{layer}}}", {{{call}}}, 0]}}""";

    /// <summary>A class, a call of Keras 2, and the call that Keras 3 reads.</summary>
    public static TheoryData<string, string, string> Calls => new()
    {
        { "Dense", """[["x", 0, 0, {}]]""", """[["x", 0, 0, {}]]""" },
        { "Add", """[["x", 0, 0, {}], ["x", 0, 0, {}]]""", """[["x", 0, 0, {}], ["x", 0, 0, {}]]""" },
        { "Dense", """[["inner", 1, 0, {}]]""", """[["inner", 0, 0, {}]]""" },
        { "MultiHeadAttention", """[["x", 0, 0, {"value": ["inner", 1, 0], "use_causal_mask": true}]]""", $$$"""{"args": [{{{Tensor("x", 0)}}}], "kwargs": {"value": {{{Tensor("inner", 0)}}}, "use_causal_mask": true}}""" },
        { "LSTM", """[["x", 0, 0, {}], ["inner", 1, 0, {}], ["x", 0, 0, {}]]""", $$$"""{"args": [{{{Tensor("x", 0)}}}], "kwargs": {"initial_state": [{{{Tensor("inner", 0)}}}, {{{Tensor("x", 0)}}}]}}""" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void Calls_are_told_as_Keras_3_reads_them(string type, string before, string after)
    {
        JsonObject model = Model($$"""{"class_name": "{{type}}", "name": "l", "config": {"name": "l"}, "inbound_nodes": [{{before}}]}""", """[["l", 0, 0], ["inner", 1, 0]]""");
        Keras3Calls.Write(model, "m", new Version(2, 15));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(after), model["config"]!["layers"]![2]!["inbound_nodes"]![0]), model.ToJsonString());
    }

    /// <summary>Keras 3 counts the calls of a functional model from 1 in the outputs alone, and those of a Sequential one from 0.</summary>
    [Theory]
    [InlineData("Functional", 2, 15, 1, 1)]
    [InlineData("Sequential", 2, 15, 1, 0)]
    [InlineData("Functional", 3, 8, 1, 1)]
    [InlineData("Sequential", 3, 8, 0, 0)]
    public void Outputs_of_models_that_are_layers_are_counted_as_Keras_3_counts(string type, int major, int minor, int before, int after)
    {
        JsonObject model = Model("""{"class_name": "Dense", "name": "l", "config": {"name": "l"}, "inbound_nodes": [[["x", 0, 0, {}]]]}""", $"""[["inner", {before}, 0]]""", type);
        Keras3Calls.Write(model, "m", new Version(major, minor));
        Assert.Equal(after, (int)model["config"]!["output_layers"]![0]![1]!);
    }

    private static JsonObject Model(string layer, string outputs, string inner = "Functional") => JsonNode.Parse($$"""
        {"class_name": "Functional", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_shape": [null, 3]}, "inbound_nodes": []},
          {"class_name": "{{inner}}", "name": "inner", "config": {"name": "inner", {{(inner == "Sequential" ? "" : "\"input_layers\": [[\"i\", 0, 0]], \"output_layers\": [[\"i\", 0, 0]], ")}}"layers": [
            {"class_name": "InputLayer", "name": "i", "config": {"name": "i", "batch_shape": [null, 3]}, "inbound_nodes": []}]}, "inbound_nodes": [[["x", 0, 0, {}]]]},
          {{layer}}], "input_layers": [["x", 0, 0]], "output_layers": {{outputs}} } }
        """)!.AsObject();
}
