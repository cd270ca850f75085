using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers.Operations;

/// <summary>Operations that change shapes alone.</summary>
internal static class ShapeOperations
{
    public static IReadOnlyList<OperationRow> All { get; } =
    [
        new("BroadcastTo broadcast_to", "x/input,shape", c => [c.Call.Op("BroadcastTo", c.Tensor("x"), c.Vector("shape"))]),
        new("ExpandDims expand_dims compat.v1.expand_dims", "x/input,axis/dim", c => [ExpandDims(c)]),
        new("Moveaxis", "x,source,destination", c => [MoveAxis(c)]),
        new("Ravel", "x", c => [c.Call.Reshape(c.Tensor("x"), -1)]),
        new("Reshape reshape", "x/tensor,newshape/shape", c => [c.Call.Op("Reshape", c.Tensor("x"), c.Vector("newshape"))]),
        new("compat.v1.shape shape", "x/input,out_type", c => [c.Call.Op("Shape", c.Tensor("x"), new AttributeMap { { "out_type", c.Type("out_type", DType.Int32) } })]),
        new("Squeeze squeeze compat.v1.squeeze", "x/input,axis/squeeze_dims", c => [c.Call.Op("Squeeze", c.Tensor("x"), new AttributeMap { { "squeeze_dims", new ListAttr { Ints = [.. (c.Ints("axis") ?? []).Select(a => (long)a)] } } })]),
        new("Swapaxes", "x,axis1,axis2", c => [SwapAxes(c)]),
        new("Transpose transpose compat.v1.transpose", "x/a,axes/perm", c => [Transpose(c)]),
        new("linalg.matrix_transpose", "x/a", c => [MatrixTranspose(c)]),
        new($"GetItem {OperationTable.Slicing} __operators__.getitem", "x/tensor,key/slice_spec", c => [GetItem(c)]),
    ];

    /// <summary>The number of a tensor's dimensions.</summary>
    public static int Rank(OperationCall c, Value x) => LayerGraph.ShapeOf(x) is { HasRank: true, Rank: var rank } ? rank : throw c.Call.Unsupported("its input is of unknown rank");

    /// <summary>An axis, counted from the front.</summary>
    public static int Axis(OperationCall c, int axis, int rank) => axis + (axis < 0 ? rank : 0) is var at && at >= 0 && at < rank ? at : throw c.Call.Unsupported($"its axis {axis} is none of {rank}");

    private static Value ExpandDims(OperationCall c)
    {
        Value x = c.Tensor("x");
        int[] axes = c.Ints("axis") ?? throw c.Bad("axis", "an axis");
        int rank = Rank(c, x) + axes.Length;
        foreach (int axis in axes.Select(a => Axis(c, a, rank)).Order())
            x = c.Call.Op("ExpandDims", x, c.Call.Int(axis));
        return x;
    }

    private static Value Transpose(OperationCall c)
    {
        Value x = c.Tensor("x");
        int rank = Rank(c, x);
        return c.Call.Transpose(x, c.Ints("axes") ?? [.. Enumerable.Range(0, rank).Reverse()]);
    }

    /// <summary>Exchanges the last two dimensions.</summary>
    private static Value MatrixTranspose(OperationCall c)
    {
        Value x = c.Tensor("x");
        int[] order = [.. Enumerable.Range(0, Rank(c, x))];
        if (order.Length < 2)
            throw c.Call.Unsupported($"its input has the shape {LayerGraph.ShapeOf(x)}, expected matrices");
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return c.Call.Transpose(x, order);
    }

    private static Value SwapAxes(OperationCall c)
    {
        Value x = c.Tensor("x");
        int[] order = [.. Enumerable.Range(0, Rank(c, x))];
        int a = Axis(c, c.Int("axis1", 0), order.Length), b = Axis(c, c.Int("axis2", 0), order.Length);
        (order[a], order[b]) = (b, a);
        return c.Call.Transpose(x, order);
    }

    private static Value MoveAxis(OperationCall c)
    {
        Value x = c.Tensor("x");
        int rank = Rank(c, x);
        int[] from = [.. (c.Ints("source") ?? []).Select(a => Axis(c, a, rank))], to = [.. (c.Ints("destination") ?? []).Select(a => Axis(c, a, rank))];
        if (from.Length != to.Length || from.Distinct().Count() != from.Length || to.Distinct().Count() != to.Length)
            throw c.Bad("destination", "as many axes as there are sources");
        var order = Enumerable.Range(0, rank).Except(from).ToList();
        foreach ((int at, int axis) in to.Zip(from).OrderBy(p => p.First))
            order.Insert(at, axis);
        return c.Call.Transpose(x, [.. order]);
    }

    /// <summary>Python's <c>x[1, ..., None, 2:n]</c>: indices, slices, an ellipsis, new axes; bounds may be tensors.</summary>
    private static Value GetItem(OperationCall c)
    {
        Value x = c.Tensor("x");
        JsonElement key = c.Required("key");
        JsonElement[] items = key.ValueKind == JsonValueKind.Array && c.OfModel(key) is null ? [.. key.EnumerateArray()] : [key];
        var (begin, end, strides) = (new List<JsonElement?>(), new List<JsonElement?>(), new List<int>());
        var masks = new Dictionary<string, int> { ["begin_mask"] = 0, ["end_mask"] = 0, ["ellipsis_mask"] = 0, ["new_axis_mask"] = 0, ["shrink_axis_mask"] = 0 };
        foreach ((int i, JsonElement item) in items.Index())
        {
            if (i > 30)
                throw c.Bad("key", "a few slices");
            (JsonElement? Start, JsonElement? Stop, int Step) slice = (null, null, 1);
            if (c.OfModel(item) is not null || item.ValueKind == JsonValueKind.Number)
                (slice.Start, masks["shrink_axis_mask"]) = (item, masks["shrink_axis_mask"] | (1 << i));
            else if (item.ValueKind == JsonValueKind.Null)
                masks["new_axis_mask"] |= 1 << i;
            else if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("class_name", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("__ellipsis__"))
                masks["ellipsis_mask"] |= 1 << i;
            else if (item.ValueKind == JsonValueKind.Object)
                slice = Slice(c, item);
            else
                throw c.Bad("key", "indices and slices");
            if (slice.Start is null)
                masks["begin_mask"] |= 1 << i;
            if (slice.Stop is null)
                masks["end_mask"] |= 1 << i;
            begin.Add(slice.Start);
            end.Add(slice.Stop);
            strides.Add(slice.Step);
        }

        var attributes = new AttributeMap();
        foreach ((string name, int mask) in masks)
            attributes.Set(name, mask);
        Value from = Bounds(c, begin, null);
        return c.Call.Op("StridedSlice", [x, from, masks["shrink_axis_mask"] == 0 ? Bounds(c, end, null) : Bounds(c, end, begin), c.Call.Ints([.. strides])], attributes);
    }

    private static (JsonElement? Start, JsonElement? Stop, int Step) Slice(OperationCall c, JsonElement item)
    {
        if (item.TryGetProperty("config", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object)
            item = inner;
        JsonElement? Part(string name) => item.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
        int step = Part("step") is not { } given ? 1 : given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out int number) && number != 0 ? number : throw c.Bad("key", "steps that are integers");
        return (Part("start"), Part("stop"), step);
    }

    // What an index takes ends one behind it.
    private static Value Bounds(OperationCall c, List<JsonElement?> bounds, List<JsonElement?>? indices)
    {
        Value[] values = [.. bounds.Select((b, i) => b is { } known ? c.Scalar(known, "key") : indices?[i] is { } index ? c.Call.Op("AddV2", c.Scalar(index, "key"), c.Call.Int(1)) : c.Call.Int(0))];
        return Array.TrueForAll(values, v => v.Constant is not null) ? c.Call.Ints([.. values.Select(v => v.Constant!.Span<int>()[0])]) : c.Call.Op("Pack", values);
    }
}
