using Decant.IR;

namespace Decant.Formats.Keras.Layers.Operations;

/// <summary>Operations that join, divide, repeat and pick parts of arrays.</summary>
internal static class ArrayOperations
{
    public static IReadOnlyList<OperationRow> All { get; } =
    [
        new("Concatenate concat", "xs/values,axis", c => [c.Call.Concat(c.Tensors("xs"), c.Int("axis", 0))]),
        new("DepthToSpace nn.depth_to_space", "x/input,block_size,data_format", c => [Blocks(c, "DepthToSpace")]),
        new("Einsum", "x1,x2,x3,x4", c => [Einsum(c)]),
        new("Flip reverse", "x/tensor,axis", c => [c.Call.Op("ReverseV2", c.Tensor("x"), c.Call.Ints(c.Ints("axis") ?? [.. Enumerable.Range(0, ShapeOperations.Rank(c, c.Tensor("x")))]))]),
        new("OneHot one_hot", "x/indices,num_classes/depth,on_value,off_value,axis,dtype", c => [OneHot(c)]),
        new("Pad pad compat.v1.pad", "x/tensor,pad_width/paddings,mode,constant_values", c => [Pad(c)]),
        new("Repeat repeat", "x/input,repeats,axis", c => [Repeat(c)]),
        new("Resize image.resize", "x/images,size,interpolation/method,preserve_aspect_ratio,antialias", c => [Resize(c)]),
        new("Roll roll", "x/input,shift,axis", c => [c.Find("axis") is null ? throw c.Call.Unsupported("it rolls without an axis") : c.Call.Op("Roll", c.Tensor("x"), c.Call.Ints(c.Ints("shift") ?? [0]), c.Call.Ints(c.Ints("axis")!))]),
        new("Slice slice", "x/inputs/input_,start_indices/begin,shape/size", c => [c.Call.Op("Slice", c.Tensor("x"), c.Vector("start_indices"), c.Vector("shape"))]),
        new("SpaceToDepth nn.space_to_depth", "x/input,block_size,data_format", c => [Blocks(c, "SpaceToDepth")]),
        new("Split split", "x/value,indices_or_sections/num_or_size_splits,axis", Split),
        new("Stack stack", "xs/values/x,axis", c => [c.Call.Op("Pack", c.Tensors("xs"), new AttributeMap { { "axis", c.Int("axis", 0) } })]),
        new("Take gather compat.v1.gather", "x/params,indices,validate_indices,axis,batch_dims", c => [Take(c)]),
        new("Tile tile", "x/input,repeats/multiples", c => [Tile(c)]),
        new("Unstack unstack", "x/value,num,axis", Unstack),
    ];

    private static Value Blocks(OperationCall c, string op) =>
        c.Text("data_format", "channels_last") is "channels_last" or "NHWC" ? c.Call.Op(op, c.Tensor("x"), new AttributeMap { { "block_size", c.Int("block_size", 2) } }) : throw c.Call.Unsupported("its channels come first");

    private static Value Einsum(OperationCall c) =>
        c.Call.Op("Einsum", [.. ((string[])["x1", "x2", "x3", "x4"]).Take(c.Call.Arguments.Values.Count).Select(n => c.Tensor(n))], new AttributeMap { { "equation", c.Text("subscripts", "") } });

    private static Value OneHot(OperationCall c)
    {
        Value indices = c.Tensor("x");
        if (LayerGraph.DTypeOf(indices) is not (DType.Int32 or DType.Int64 or DType.UInt8))
            indices = c.Call.Cast(indices, DType.Int32);
        DType type = c.Type("dtype", DType.Float32);
        Value Number(string name, float otherwise) => c.Call.Cast(c.Call.Graph.Const($"{c.Call.Scope}/Const", Tensor.Scalar(c.Number(name, otherwise))), type);
        return c.Call.Op("OneHot", [indices, c.Scalar(c.Required("num_classes"), "num_classes"), Number("on_value", 1), Number("off_value", 0)], new AttributeMap { { "axis", c.Int("axis", -1) } });
    }

    private static Value Pad(OperationCall c)
    {
        Value x = c.Tensor("x");
        int rank = ShapeOperations.Rank(c, x);
        System.Text.Json.JsonElement width = c.Required("pad_width");
        // One number or pair counts for all dimensions.
        int[][] pairs = width.ValueKind == System.Text.Json.JsonValueKind.Number || c.Call.Config.IsPair(width) ? [.. Enumerable.Repeat(c.Call.Config.PairOf(width, "pad_width"), rank)]
            : [.. width.EnumerateArray().Select(p => c.Call.Config.PairOf(p, "pad_width"))];
        if (pairs.Length == 1)
            pairs = [.. Enumerable.Repeat(pairs[0], rank)];
        if (pairs.Length != rank)
            throw c.Bad("pad_width", $"{rank} pairs of integers");
        Value paddings = c.Call.Graph.Const($"{c.Call.Scope}/paddings", Tensor.Wrap([.. pairs.SelectMany(p => p)], new Shape(rank, 2)));
        string mode = c.Text("mode", "constant").ToLowerInvariant();
        return mode is "reflect" or "symmetric" ? c.Call.Op("MirrorPad", x, paddings, new AttributeMap { { "mode", mode.ToUpperInvariant() } })
            : mode != "constant" ? throw c.Call.Unsupported($"its mode is '{mode}'")
            : c.Find("constant_values") is null ? c.Call.Op("Pad", x, paddings) : c.Call.Op("PadV2", x, paddings, c.Tensor("constant_values", x));
    }

    private static Value Repeat(OperationCall c)
    {
        Value x = c.Tensor("x");
        int times = c.Int("repeats", 1);
        if (c.Find("axis") is null)
            x = c.Call.Reshape(x, -1);
        int rank = ShapeOperations.Rank(c, x), axis = ShapeOperations.Axis(c, c.Int("axis", 0), rank);
        // [.., n, rest] to [.., n, 1, rest], repeated, and back to [.., n * times, rest].
        int[] multiples = [.. Enumerable.Repeat(1, rank + 1)];
        multiples[axis + 1] = times;
        Value repeated = c.Call.Op("Tile", c.Call.Op("ExpandDims", x, c.Call.Int(axis + 1)), c.Call.Ints(multiples));
        return c.Call.Op("Reshape", repeated, c.Call.Op("Pack", [.. Enumerable.Range(0, rank).Select(d => d == axis ? c.Call.Op("Mul", c.Call.Size(x, d), c.Call.Int(times)) : c.Call.Size(x, d))]));
    }

    private static Value Resize(OperationCall c)
    {
        Value x = c.Tensor("x");
        foreach (string flag in (string[])["preserve_aspect_ratio", "crop_to_aspect_ratio", "pad_to_aspect_ratio"])
        {
            if (c.Flag(flag))
                throw c.Call.Unsupported($"its {flag} is true");
        }

        if (LayerGraph.ShapeOf(x).Rank != 4 || (!c.IsTensorFlow && c.Call.IsChannelsFirst))
            throw c.Call.Unsupported($"its input has the shape {LayerGraph.ShapeOf(x)}, expected [batch,height,width,channels]");
        return Interpolation.Resize(c.Call, x, c.Vector("size"), c.Text("interpolation", "bilinear"), c.Flag("antialias"));
    }

    private static IReadOnlyList<Value> Split(OperationCall c)
    {
        Value x = c.Tensor("x");
        int axis = ShapeOperations.Axis(c, c.Int("axis", 0), ShapeOperations.Rank(c, x));
        int[] parts = c.Ints("indices_or_sections") ?? throw c.Bad("indices_or_sections", "how many parts, or where they are");
        bool isCount = c.Required("indices_or_sections").ValueKind == System.Text.Json.JsonValueKind.Number;
        const int Most = 10_000;
        if (parts.Length > Most || (isCount && parts[0] is < 1 or > Most))
            throw c.Bad("indices_or_sections", $"from 1 to {Most} parts");
        if (isCount)
            return [.. ReducingOperations.Ports(c.Call.Op("Split", c.Call.Int(axis), x, new AttributeMap { { "num_split", parts[0] } }), parts[0])];
        // Keras 3 tells where parts begin, TensorFlow how large they are.
        int[] sizes = c.IsTensorFlow ? parts : [.. parts.Prepend(0).Zip(parts.Append((int)LayerGraph.ShapeOf(x)[axis]), (from, to) => to - from)];
        if (!c.IsTensorFlow && LayerGraph.ShapeOf(x)[axis] < 0)
            throw c.Call.Unsupported("the size of the dimension that it divides is not known");
        return [.. ReducingOperations.Ports(c.Call.Op("SplitV", [x, c.Call.Ints(sizes), c.Call.Int(axis)], new AttributeMap { { "num_split", sizes.Length } }), sizes.Length)];
    }

    private static Value Take(OperationCall c)
    {
        Value x = c.Tensor("x"), indices = c.Tensor("indices");
        if (c.Find("axis") is null && !c.IsTensorFlow)
            x = c.Call.Reshape(x, -1);
        if (LayerGraph.DTypeOf(indices) is not (DType.Int32 or DType.Int64))
            indices = c.Call.Cast(indices, DType.Int32);
        int batches = c.Int("batch_dims", 0);
        return c.Call.Op("GatherV2", [x, indices, c.Call.Int(c.Int("axis", batches))], new AttributeMap { { "batch_dims", batches } });
    }

    private static Value Tile(OperationCall c)
    {
        Value x = c.Tensor("x");
        if (c.Ints("repeats") is not { } repeats || c.IsTensorFlow)
            return c.Call.Op("Tile", x, c.Vector("repeats"));
        // Keras 3, as NumPy, fills up the shorter of shape and repeats with ones in front.
        int rank = ShapeOperations.Rank(c, x);
        for (; rank < repeats.Length; rank++)
            x = c.Call.Op("ExpandDims", x, c.Call.Int(0));
        return c.Call.Op("Tile", x, c.Call.Ints([.. Enumerable.Repeat(1, rank - repeats.Length), .. repeats]));
    }

    private static IReadOnlyList<Value> Unstack(OperationCall c)
    {
        Value x = c.Tensor("x");
        int axis = ShapeOperations.Axis(c, c.Int("axis", 0), ShapeOperations.Rank(c, x));
        long count = c.Find("num") is null ? LayerGraph.ShapeOf(x)[axis] : c.Int("num", 0);
        if (count is < 1 or > ModelLayers.Most)
            throw c.Call.Unsupported("the size of the dimension that it takes apart is not known");
        return [.. ReducingOperations.Ports(c.Call.Op("Unpack", x, new AttributeMap { { "num", count }, { "axis", axis } }), (int)count)];
    }
}
