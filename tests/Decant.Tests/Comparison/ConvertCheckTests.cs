using Decant.Comparison;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;

namespace Decant.Tests.Comparison;

public sealed class ConvertCheckTests
{
    [Theory]
    [InlineData("int32", 3)]
    [InlineData("int64", 2)]
    [InlineData("int32", 9)]
    public void Vocabularies_of_a_few_words_are_compared_too(string type, int words)
    {
        string rows = string.Join(", ", Enumerable.Range(1, 4 * words));
        using Model model = GraphParser.Parse($$"""
            graph {
              ids = Placeholder() {dtype: {{type}}, shape: shape[?, 7]}
              vectors = Const() {dtype: float32, value: float32[{{words}}, 4] { {{rows}} } }
              axis = Const() {dtype: int32, value: int32[] {0} }
              y = GatherV2(vectors, ids, axis) {Tparams: float32, Tindices: {{type}}, Taxis: int32}
            }
            """);
        ConvertResult converted = model.Convert(new ConvertOptions { Inputs = ["ids"], Outputs = ["y"] });
        ConvertCheck check = ConvertCheck.Run(converted, converted.Model, new Dictionary<string, Tensor>(), 0, ConvertCheck.Tolerance);
        Assert.Null(check.NotRun);
        Assert.True(check.Passed);
        Assert.Equal("y", Assert.Single(check.Outputs).Name);
    }
}
