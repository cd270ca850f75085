using Decant.Comparison;
using Decant.IR;
using Decant.IR.TextForm;
using Decant.Lowering;
using Decant.Tests.Formats;

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

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(false, "before")]
    [InlineData(true, "before")]
    public void What_was_written_is_compared_before_it_is_put_in_place(bool isAccepted, string? before)
    {
        using var folder = new TemporaryFolder();
        string path = folder["m.tflite"];
        if (before is not null)
            File.WriteAllText(path, before);
        using Model model = GraphParser.Parse("""
            graph {
              x = Placeholder() {dtype: float32, shape: shape[2]}
              y = Neg(x) {T: float32}
            }
            """);
        ConvertResult converted = model.Convert(new ConvertOptions { Inputs = ["x"], Outputs = ["y"] });
        bool saved = ConvertCheck.Save(converted, path, "tflite", written =>
        {
            Assert.Equal("tflite", written.Format);
            Assert.True(ConvertCheck.Run(converted, written, new Dictionary<string, Tensor>(), 0, ConvertCheck.Tolerance).Passed);
            Assert.Equal(before, File.Exists(path) ? File.ReadAllText(path) : null);
            return isAccepted;
        });
        Assert.Equal(isAccepted, saved);
        if (isAccepted)
        {
            using Model back = Model.Load(path);
            Assert.Equal("tflite", back.Format);
        }
        else
        {
            Assert.Equal(before, File.Exists(path) ? File.ReadAllText(path) : null);
        }

        Assert.Equal(isAccepted || before is not null ? 1 : 0, Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!).Length);
    }
}
