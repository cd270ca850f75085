using Decant.IR;
using Decant.Passes.Compress;

namespace Decant.Tests.Passes.Compress;

public class EmbeddingRowsTests
{
    private static readonly string[] Words = ["<pad>", "<unk>", "the", "cat\t17", "sat", "mat"];

    // Rows 1 and 4 are equal, and so are 3 and 5. There is a row 6 beyond the vocabulary.
    private static readonly Tensor Rows = Tensor.Wrap([0f, 0, 1, 1, 2, 2, 3, 3, 1, 1, 3, 3, 6, 6], new Shape(7, 2));

    private static CompressionResult Compress(Model model, EmbeddingOptions options) => model.Compress(new CompressOptions { Embeddings = [options], Outputs = ["y"], Verify = true });

    private static float[] Lookup(Model model, params int[] ids) => [.. SmallModels.Run(model, "y", ("ids", Tensor.Wrap(ids))).Where((_, i) => i % 2 == 0)];

    [Fact]
    public void Ids_of_a_new_vocabulary_are_the_numbers_of_its_lines()
    {
        CompressionResult result = Compress(SmallModels.Lookup(Rows), new EmbeddingOptions { Vocabulary = Words, KeepFirst = 1, KeepWords = ["mat", "cat", "dog"] });
        EmbeddingReport report = Assert.Single(result.Embeddings);
        Assert.Equal(["<pad>", "cat\t17", "mat"], report.Vocabulary!);
        Assert.Equal(["dog"], report.Missing);
        Assert.Equal(("w", 7L, 4L, 4L), (report.Weights, report.Rows, report.Kept, report.Stored));
        Assert.Equal([0, 3, 3, 6], Lookup(result.Model, 0, 1, 2, 3));
        Assert.Equal(new Shape(4, 2), ((TensorAttr)result.Model.Graph["w"].Attributes["value"]!).Shape);
    }

    [Fact]
    public void Ids_that_stay_lead_through_a_table_and_those_whose_rows_are_gone_mean_the_unknown_one()
    {
        CompressionResult result = Compress(SmallModels.Lookup(Rows), new EmbeddingOptions { Vocabulary = Words, KeepWords = ["<unk>", "mat"], KeepIds = true, UnknownId = 1 });
        Assert.Null(result.Embeddings[0].Vocabulary);
        Assert.Equal([1, 1, 1, 1, 1, 3, 6], Lookup(result.Model, 0, 1, 2, 3, 4, 5, 6));
        Assert.Equal(3, result.Embeddings[0].Stored);
    }

    [Theory]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    public void Equal_rows_become_one_and_ids_stay(DType type)
    {
        CompressionResult result = Compress(SmallModels.Lookup(Rows, type), new EmbeddingOptions { MergeEqualRows = true });
        Assert.Equal((7L, 7L, 5L), (result.Embeddings[0].Rows, result.Embeddings[0].Kept, result.Embeddings[0].Stored));
        Tensor ids = type == DType.Int64 ? Tensor.Wrap([0L, 1, 2, 3, 4, 5, 6]) : Tensor.Wrap([0, 1, 2, 3, 4, 5, 6]);
        Assert.Equal([0, 1, 2, 3, 1, 3, 6], SmallModels.Run(result.Model, "y", ("ids", ids)).Where((_, i) => i % 2 == 0));
    }

    [Fact]
    public void Removing_and_merging_go_together()
    {
        CompressionResult result = Compress(SmallModels.Lookup(Rows), new EmbeddingOptions { Vocabulary = Words, KeepFirst = 5, MergeEqualRows = true });
        Assert.Equal((6L, 5L), (result.Embeddings[0].Kept, result.Embeddings[0].Stored));
        Assert.Equal([0, 1, 2, 3, 1, 6], Lookup(result.Model, 0, 1, 2, 3, 4, 5));
        Assert.Equal(Words[..5], result.Embeddings[0].Vocabulary!);
    }

    [Fact]
    public void Rows_are_removed_before_they_are_stored_smaller()
    {
        CompressionResult result = SmallModels.Lookup(Rows).Compress(new CompressOptions
        {
            Embeddings = [new EmbeddingOptions { KeepFirst = 3 }],
            Setting = CompressionSetting.Parse("int8"),
            Weights = new WeightSelection { MinElements = 1 },
            Outputs = ["y"],
            Verify = true,
        });
        Assert.Equal(new Shape(3, 2), ((TensorAttr)result.Model.Graph["w_quantized_const"].Attributes["value"]!).Shape);
        Assert.Equal([2, 0], Lookup(result.Model, 2, 0).Select(x => MathF.Round(x, 2)));
    }

    [Fact]
    public void Nothing_changes_when_all_rows_are_needed()
    {
        CompressionResult result = Compress(SmallModels.Lookup(Rows), new EmbeddingOptions { Vocabulary = Words });
        Assert.Equal((7L, 7L), (result.Embeddings[0].Kept, result.Embeddings[0].Stored));
        Assert.Equal(Words, result.Embeddings[0].Vocabulary!);
    }

    public static TheoryData<string, EmbeddingOptions, string> Faults => new()
    {
        { "bad-vocabulary", new EmbeddingOptions { Vocabulary = [.. Words, "a", "b"] }, "has 7 rows, but the vocabulary has 8 lines" },
        { "bad-vocabulary", new EmbeddingOptions { Vocabulary = [.. Words, "last"], KeepWords = ["dog"] }, "would keep no row" },
        { "bad-vocabulary", new EmbeddingOptions { KeepWords = ["dog"] }, "no vocabulary" },
        { "bad-embedding", new EmbeddingOptions { KeepFirst = 8 }, "has 7 rows, and the first 8" },
        { "bad-embedding", new EmbeddingOptions { KeepFirst = 2, KeepIds = true, UnknownId = 5 }, "its own row is not kept" },
        { "bad-embedding", new EmbeddingOptions { KeepFirst = 2, KeepIds = true, UnknownId = -1 }, "its own row is not kept" },
        { "bad-embedding", new EmbeddingOptions { Weights = "axis" }, "is no constant float32 matrix" },
        { "missing-node", new EmbeddingOptions { Weights = "ww" }, "'ww'" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_does_not_fit_is_told(string code, EmbeddingOptions options, string message)
    {
        var e = Assert.Throws<ModelException>(() => Compress(SmallModels.Lookup(Rows), options));
        Assert.Equal(code, e.Diagnostics[0].Code.Id);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedding_that_is_also_multiplied_by_keeps_its_rows()
    {
        Model model = SmallModels.Lookup(Rows);
        model.Graph.Add("z", "Neg", [model.Graph["w/read"]], new AttributeMap { { "T", DType.Float32 } });
        var e = Assert.Throws<ModelException>(() => model.Compress(new CompressOptions { Embeddings = [new EmbeddingOptions { Weights = "w", KeepFirst = 2 }], Outputs = ["y", "z"] }));
        Assert.Contains("is read by 'z' (Neg), expected gathers of rows alone", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<ModelException>(() => model.Compress(new CompressOptions { Embeddings = [new EmbeddingOptions { KeepFirst = 2 }], Outputs = ["y", "z"] }));
        Assert.Contains("there is no constant float32 matrix", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_the_graph_looks_up_itself_cannot_follow_a_vocabulary_file()
    {
        Model model = SmallModels.Lookup(Rows, DType.Int64);
        Graph graph = model.Graph;
        Node words = graph.Add("words", "Placeholder", [], new AttributeMap { { "dtype", DType.String }, { "shape", new Shape(-1) } });
        Node table = graph.Add("table", "HashTableV2", [], new AttributeMap { { "key_dtype", DType.String }, { "value_dtype", DType.Int64 } });
        Node found = graph.Add("found", "LookupTableFindV2", [table, words, graph.AddConst("none", Tensor.Scalar(0L))], new AttributeMap { { "Tin", DType.String }, { "Tout", DType.Int64 } });
        graph["y"].Inputs[1] = found;
        var e = Assert.Throws<ModelException>(() => Compress(model, new EmbeddingOptions { KeepFirst = 2 }));
        Assert.Contains("'found' looks up in the graph itself", e.Message, StringComparison.Ordinal);
        Assert.Contains("--keep-ids", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, Compress(model, new EmbeddingOptions { KeepFirst = 2, KeepIds = true }).Embeddings[0].Stored);
    }
}
