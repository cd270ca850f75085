using Decant.IR;

namespace Decant.Tests.Passes.Transforms;

public sealed class SparsifyGatherTests
{
    private static string Graph(string gather, string weights = "float32[4,1] {0, 2, 0.000001, -3}") => $$"""
        graph {
          x = Placeholder() {dtype: int32, shape: shape[2,3]}
          w = Const() {dtype: float32, value: {{weights}} }
          read = Identity(w) {T: float32}
          axis = Const() {dtype: int32, value: int32[] {0} }
          y = {{gather}}
        }
        """;

    private const string V1 = "Gather(read, x) {Tparams: float32, Tindices: int32}";
    private const string V2 = "GatherV2(read, x, axis) {Tparams: float32, Tindices: int32, Taxis: int32}";

    [Theory]
    [InlineData(V1)]
    [InlineData(V2)]
    public void Gathering_becomes_a_look_up_of_what_is_not_zero(string gather)
    {
        Transformed it = Transformed.Run(Graph(gather), "sparsify_gather strip_unused_nodes").GivesTheSame(2e-6);
        Assert.Equal([1, 3], it.Constant("w/indices").Span<long>().ToArray());
        Assert.Equal([2, -3], it.Constant("w/values").Span<float>().ToArray());
        Assert.Equal("ExpandDims", it["y"].Op.Name);
        Assert.Equal("LookupTableFind", it["y/LookupTableFind"].Op.Name);
        Assert.False(it.Model.Graph.TryGet("w", out _));
    }

    [Fact]
    public void One_node_fills_all_tables()
    {
        Transformed it = Transformed.Run(Graph(V1), "sparsify_gather(group_init_node=fill)");
        Assert.Equal(["w/InitializeTable"], it["fill"].ControlInputs.AsSpan().ToArray().Select(n => n.Name));
    }

    [Fact]
    public void Weights_without_entries_keep_one_of_zero() => Assert.Equal([0], Transformed.Run(Graph(V1, "float32[4,1] {0, 0, 0, 0}"), "sparsify_gather").GivesTheSame().Constant("w/values").Span<float>().ToArray());

    [Fact]
    public void What_is_no_column_is_declined()
    {
        Transformed.IsDeclined(Graph(V1, "float32[4,2] {1, 2, 3, 4, 5, 6, 7, 8}"), "sparsify_gather", "with tensor of shape [N, 1]. But instead get shape [4,2]");
        Transformed.IsDeclined(Graph(V2).Replace("int32[] {0}", "int32[] {1}", StringComparison.Ordinal), "sparsify_gather", "GatherV2 over axis 0. Found axis 1.");
        Transformed.IsDeclined(Graph(V1, "int64[4,1] {1, 2, 3, 4}").Replace("dtype: float32, value", "dtype: int64, value", StringComparison.Ordinal).Replace("T: float32", "T: int64", StringComparison.Ordinal).Replace("Tparams: float32", "Tparams: int64", StringComparison.Ordinal), "sparsify_gather", "Found DT_INT64");
    }
}
