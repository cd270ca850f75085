using Decant.IR;

namespace Decant.Formats.Keras.Layers.Operations;

/// <summary>Operations along axes: sums and the like, products of matrices, running sums.</summary>
internal static class ReducingOperations
{
    private const string Along = "x/input_tensor/input,axis,keepdims";

    public static IReadOnlyList<OperationRow> All { get; } =
    [
        Reduce("All", "All math.reduce_all"), Reduce("Any", "Any math.reduce_any"), Reduce("Max", "Max Amax math.reduce_max"), Reduce("Min", "Min Amin math.reduce_min"), Reduce("Prod", "Prod math.reduce_prod"),
        Reduce("Sum", "Sum math.reduce_sum"), new("Mean math.reduce_mean", Along, c => [Mean(c, Averaged(c))]),
        new("Var math.reduce_variance", Along, c => [Variance(c)]), new("Std math.reduce_std", Along, c => [c.Call.Op("Sqrt", Variance(c))]),
        new("Logsumexp math.reduce_logsumexp", Along, c => [LogSumExp(c)]),
        new("Argmax math.argmax", "x/input,axis,output_type", c => [Extreme(c, "ArgMax")]), new("Argmin math.argmin", "x/input,axis,output_type", c => [Extreme(c, "ArgMin")]),
        new("Cumsum math.cumsum", "x,axis,exclusive,reverse", c => [Running(c, "Cumsum")]), new("Cumprod math.cumprod", "x,axis,exclusive,reverse", c => [Running(c, "Cumprod")]),
        new("Matmul linalg.matmul", "x1/a,x2/b,transpose_a,transpose_b", c => [Product(c)]),
        new("Dot", "2", c => [LayerGraph.ShapeOf(c.Pair().A).Rank == 2 && LayerGraph.ShapeOf(c.Pair().B).Rank == 2 ? c.Call.Op("MatMul", c.Pair().A, c.Pair().B) : throw c.Call.Unsupported("its operands are no matrices")]),
        new("Normalize", "x,axis,order,epsilon", c => [c.Int("order", 2) == 2 ? Normalized(c, c.Number("epsilon", 1e-7f), isSquared: true) : throw c.Call.Unsupported("its order is not 2")]),
        new("math.l2_normalize linalg.l2_normalize nn.l2_normalize", "x,axis,epsilon", c => [Normalized(c, c.Number("epsilon", 1e-12f), isSquared: false)]),
        new("TopK math.top_k", "x/input,k,sorted", c => [.. Ports(c.Call.Op("TopKV2", c.Tensor("x"), c.Call.Int(c.Int("k", 1)), new AttributeMap { { "sorted", c.Flag("sorted", true) } }), 2)]),
    ];

    /// <summary>The outputs of a node.</summary>
    public static IEnumerable<Value> Ports(Value first, int count) => Enumerable.Range(0, count).Select(i => new Value(first.Node, i));

    private static OperationRow Reduce(string op, string names) => new(names, Along, c => c.Find("initial") is not null ? throw c.Call.Unsupported("it begins with a value of its own")
        : [c.Call.Op(op, c.Tensor("x"), Axes(c), Keep(c))]);

    private static Value Averaged(OperationCall c) => c.IsTensorFlow ? c.Tensor("x") : ElementOperations.AsFloat(c, "x");

    private static Value Mean(OperationCall c, Value x) => c.Call.Op("Mean", x, Axes(c), Keep(c));

    private static AttributeMap Keep(OperationCall c) => new() { { "keep_dims", c.Flag("keepdims") } };

    private static Value Axes(OperationCall c) => c.Ints("axis") is { } axes ? c.Call.Ints(axes)
        : LayerGraph.ShapeOf(c.Tensor("x")) is { HasRank: true, Rank: var rank } ? c.Call.Ints([.. Enumerable.Range(0, rank)])
        : throw c.Call.Unsupported("its input is of unknown rank");

    private static Value Variance(OperationCall c)
    {
        Value x = ElementOperations.AsFloat(c, "x");
        return Mean(c, c.Call.Op("SquaredDifference", x, c.Call.Op("Mean", x, Axes(c), new AttributeMap { { "keep_dims", true } })));
    }

    private static Value LogSumExp(OperationCall c)
    {
        Value x = ElementOperations.AsFloat(c, "x");
        Value most = FiniteMax(c, x, keeps: true);
        Value sum = c.Call.Op("Log", c.Call.Op("Sum", c.Call.Op("Exp", c.Call.Op("Sub", x, most)), Axes(c), Keep(c)));
        return c.Call.Op("AddV2", sum, FiniteMax(c, x, c.Flag("keepdims")));
    }

    // Infinities are not subtracted: they would give NaN.
    private static Value FiniteMax(OperationCall c, Value x, bool keeps)
    {
        Value most = c.Call.Op("Max", x, Axes(c), new AttributeMap { { "keep_dims", keeps } });
        return c.Call.Op("SelectV2", c.Call.Op("IsFinite", most), most, c.Call.Like(most, 0));
    }

    private static Value Extreme(OperationCall c, string op)
    {
        Value x = c.Tensor("x");
        if (c.Find("axis") is null && !c.IsTensorFlow)
            x = c.Call.Reshape(x, -1);
        if (c.Flag("keepdims") && c.Find("axis") is null)
            throw c.Call.Unsupported("it keeps the dimensions without an axis");
        Value found = c.Call.Op(op, x, c.Call.Int(c.Int("axis", 0)), new AttributeMap { { "output_type", c.IsTensorFlow ? c.Type("output_type", DType.Int64) : DType.Int32 } });
        return c.Flag("keepdims") ? c.Call.Op("ExpandDims", found, c.Call.Int(c.Int("axis", 0))) : found;
    }

    private static Value Running(OperationCall c, string op)
    {
        Value x = c.Tensor("x");
        if (c.Find("axis") is null && !c.IsTensorFlow)
            x = c.Call.Reshape(x, -1);
        return c.Call.Op(op, x, c.Call.Int(c.Int("axis", 0)), new AttributeMap { { "exclusive", c.Flag("exclusive") }, { "reverse", c.Flag("reverse") } });
    }

    private static Value Product(OperationCall c)
    {
        (Value a, Value b) = c.Pair();
        int left = LayerGraph.ShapeOf(a).Rank, right = LayerGraph.ShapeOf(b).Rank;
        if (left < 2 || right < 2)
            throw c.Call.Unsupported($"its operands have {left} and {right} dimensions");
        bool first = c.Flag("transpose_a"), second = c.Flag("transpose_b");
        return left == 2 && right == 2 ? c.Call.Op("MatMul", a, b, new AttributeMap { { "transpose_a", first }, { "transpose_b", second } })
            : c.Call.Op("BatchMatMulV2", a, b, new AttributeMap { { "adj_x", first }, { "adj_y", second } });
    }

    // x / max(norm, epsilon), or of the squared norm.
    private static Value Normalized(OperationCall c, float epsilon, bool isSquared)
    {
        Value x = ElementOperations.AsFloat(c, "x");
        Value axes = c.Find("axis") is null ? c.IsTensorFlow ? Axes(c) : c.Call.Ints(-1) : Axes(c);
        Value squares = c.Call.Op("Sum", c.Call.Op("Square", x), axes, new AttributeMap { { "keep_dims", true } });
        float least = isSquared ? epsilon * epsilon : epsilon;
        return c.Call.Op("Mul", x, c.Call.Op("Rsqrt", c.Call.Op("Maximum", squares, c.Call.Like(squares, least))));
    }
}
