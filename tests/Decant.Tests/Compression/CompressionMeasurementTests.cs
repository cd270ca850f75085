using Decant.Compression;
using Decant.IR;
using Decant.Passes.Compress;
using Decant.Tests.Passes.Compress;

namespace Decant.Tests.Compression;

public sealed class CompressionMeasurementTests
{
    private static readonly MeasureOptions Quick = new() { LeastTime = TimeSpan.Zero };

    [Fact]
    public void A_row_tells_sizes_cost_and_error()
    {
        Model model = SmallModels.Product(SmallModels.Random(1, 100, 100));
        var measurement = new CompressionMeasurement(model, new CompressOptions(), Quick);
        Assert.Equal(OutputError.None, measurement.Original.Error);
        Assert.InRange(measurement.Original.FileBytes, 40_000, 41_000);
        CompressionRow row = measurement.Measure(SmallModels.Compress(model, "int8"), "int8");
        Assert.Equal(("int8", 1, 40_000L, 0L), (row.Setting, row.Edits, row.RestoredBytes, row.GatheredBytes));
        Assert.InRange(row.FileBytes, 10_000, 11_000);
        Assert.All(row.PackedBytes.Values, packed => Assert.InRange(packed, 1, row.FileBytes + 100));
        Assert.Equal(["gzip -6", "brotli -4"], row.PackedBytes.Keys);
        Assert.InRange(row.Error!.MaxAbsolute, 1e-6, 0.5);
        Assert.True(row.Cost!.FirstRun > TimeSpan.Zero && row.Cost.Steady.Runs >= 3);
    }

    [Fact]
    public void Ids_are_drawn_from_all_rows_and_those_of_a_new_vocabulary_are_not_compared()
    {
        Model model = SmallModels.Lookup(SmallModels.Random(2, 5000, 8));
        var measurement = new CompressionMeasurement(model, new CompressOptions(), Quick with { Samples = 50 });
        CompressionResult first = model.Compress(new CompressOptions { Embeddings = [new EmbeddingOptions { KeepFirst = 20 }] });
        Assert.Null(measurement.Measure(first, "rows").Error);
        CompressionResult kept = model.Compress(new CompressOptions { Embeddings = [new EmbeddingOptions { KeepFirst = 20, KeepIds = true }] });
        Assert.True(measurement.Measure(kept, "rows").Error!.MaxAbsolute > 0.5);
        CompressionRow gathered = measurement.Measure(SmallModels.Compress(model, "float16"), "float16");
        Assert.Equal((0L, 160_000L), (gathered.RestoredBytes, gathered.GatheredBytes));
    }

    [Fact]
    public void Without_running_there_are_sizes_alone()
    {
        Model model = SmallModels.Product(SmallModels.Random(1, 100, 100));
        CompressionRow original = new CompressionMeasurement(model, new CompressOptions(), new MeasureOptions { Run = false, Archives = [] }).Original;
        Assert.Null(original.Cost);
        Assert.Null(original.Error);
        Assert.Empty(original.PackedBytes);
    }

    [Fact]
    public void Nothing_is_left_of_the_files_that_were_measured()
    {
        string folder = Directory.CreateTempSubdirectory("decant-test-").FullName;
        try
        {
            Model model = SmallModels.Product(SmallModels.Random(1, 40, 40));
            var measurement = new CompressionMeasurement(model, new CompressOptions(), Quick with { Folder = folder });
            measurement.Measure(SmallModels.Compress(model, "float16"), "float16");
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(new float[] { 1, 2 }, new float[] { 1, 2 }, 0, 0, 1)]
    [InlineData(new float[] { 4, 0 }, new float[] { 4, 3 }, 3, 0.75, 0.8)]
    [InlineData(new float[] { 0, 0 }, new float[] { 0, 0 }, 0, 0, 1)]
    [InlineData(new float[] { 1, 0 }, new float[] { 0, 1 }, 1, 1, 0)]
    public void The_error_is_relative_to_the_largest_value(float[] a, float[] b, double absolute, double relative, double cosine)
    {
        var error = OutputError.Of(Named(Tensor.Wrap(a)), Named(Tensor.Wrap(b)));
        Assert.Equal((absolute, relative), (error.MaxAbsolute, error.MaxRelative));
        Assert.Equal(cosine, error.Cosine, 1e-12);
    }

    [Fact]
    public void Whole_numbers_count_only_where_there_are_no_others()
    {
        Dictionary<string, Tensor> a = Named(Tensor.Wrap([1f])), b = Named(Tensor.Wrap([1f]));
        (a["label"], b["label"]) = (Tensor.Wrap([3L]), Tensor.Wrap([5L]));
        Assert.Equal(OutputError.None, OutputError.Of(a, b));
        Assert.Equal(2, OutputError.Of(Named(Tensor.Wrap([3L])), Named(Tensor.Wrap([5L]))).MaxAbsolute);
    }

    private static Dictionary<string, Tensor> Named(Tensor value) => new() { ["y"] = value };
}
