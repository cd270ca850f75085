using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;

namespace Decant.Tests.Formats.Keras.Writing;

public sealed class SequentialInputsTests
{
    private const string Dense = """{"class_name": "Dense", "config": {"name": "d", "units": 2, "dtype": "float16", "batch_input_shape": [null, 3]} }""";

    private const string Input = """{"class_name": "InputLayer", "config": {"batch_input_shape": [null, 3], "dtype": "float16", "sparse": false, "name": "d_input"} }""";

    /// <summary>A description, and what becomes of it; null where it stays.</summary>
    public static TheoryData<string, string?> Descriptions => new()
    {
        { $$"""{"class_name": "Sequential", "config": [{{Dense}}] }""", $$"""{"class_name": "Sequential", "config": {"name": "sequential", "layers": [{{Input}}, {{Dense}}]} }""" },
        { $$"""{"class_name": "Sequential", "config": {"name": "m", "layers": [{{Dense}}]} }""", $$"""{"class_name": "Sequential", "config": {"name": "m", "layers": [{{Input}}, {{Dense}}]} }""" },
        {
            $$"""{"class_name": "Model", "config": {"layers": [{"class_name": "Sequential", "name": "inner", "config": [{{Dense}}], "inbound_nodes": []}] } }""",
            $$"""{"class_name": "Model", "config": {"layers": [{"class_name": "Sequential", "name": "inner", "config": {"name": "inner", "layers": [{{Input}}, {{Dense}}]}, "inbound_nodes": []}] } }"""
        },
        { $$"""{"class_name": "Sequential", "config": {"name": "m", "layers": [{{Input}}, {{Dense}}]} }""", null },
        { """{"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"name": "d", "units": 2} }]} }""", null },
        { """{"class_name": "Sequential", "config": {"name": "m", "layers": []} }""", null },
        { """{"class_name": "Sequential"}""", null },
    };

    [Theory]
    [MemberData(nameof(Descriptions))]
    public void A_Sequential_model_says_its_name_and_its_input(string before, string? after)
    {
        JsonNode description = JsonNode.Parse(before)!;
        SequentialInputs.Add(description);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(after ?? before), description), description.ToJsonString());
    }
}
