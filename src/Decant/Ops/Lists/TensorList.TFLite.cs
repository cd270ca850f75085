using Decant.IR;
using Decant.Ops.Arrays;
using Decant.Ops.Lowering;

namespace Decant.Ops.Lists;

/// <summary>
/// Lists of tensors as one tensor [elements, ...]: TensorLists, and TensorArrays, whose flow carries it. A list whose elements are of
/// unknown shape stands for its length until something is written.
/// </summary>
internal static class ListLowering
{
    public static IEnumerable<LoweringRule> All =>
    [
        new("TensorListReserve", g => g.Set(g.AsList(Reserve(g, g.Known(0), g.In(1), g.Attributes.Type("element_dtype"))))),
        new("EmptyTensorList", g => g.Set(g.AsList(Reserve(g, g.Known(0), g.Scalar(0, DType.Int32), g.Attributes.Type("element_dtype"))))),
        new("TensorListFromTensor", g => g.Set(g.AsList(g.In(0)))),
        new("TensorListStack", g => g.Set(Elements(g, g.In(0)))),
        new("TensorListGetItem", g => g.Set(Item(g, Elements(g, g.In(0)), g.In(1)))),
        new("TensorListSetItem", g => g.Set(g.AsList(Written(g, g.In(0), g.In(1), g.In(2), g.Attributes.Bool("resize_if_index_out_of_bounds"))))),
        new("TensorListLength", g => g.Set(Length(g, g.In(0)))),
        new("TensorListPushBack", g => g.Set(g.AsList(Joined(g, Elements(g, g.In(0)), g.Tf("ExpandDims", g.In(1), g.Scalar(0, DType.Int32)))))),
        new("TensorListPopBack", PopBack),
        new("TensorListResize", g => g.Set(g.AsList(Resized(g, g.In(0), g.In(1))))),
        new("TensorListConcat", g => Concatenated(g, g.In(0))),
        new("TensorListConcatV2", g => Concatenated(g, g.In(0))),
        new("TensorListConcatLists", g => g.Set(g.AsList(Joined(g, Elements(g, g.In(0)), Elements(g, g.In(1)))))),
        new("TensorListGather", g => g.Set(g.Tf("GatherV2", Elements(g, g.In(0)), g.In(1), g.Scalar(0, DType.Int32)))),
        new("TensorListScatterV2", g => g.Set(g.AsList(Scattered(g, g.AsList(Open(g, g.Known(3) is [>= 0] ? g.In(3) : Needed(g, g.In(1)))), g.In(1), g.In(0))))),
        new("TensorListScatterIntoExistingList", g => g.Set(g.AsList(Scattered(g, ToHold(g, g.In(0), g.In(2)), g.In(2), g.In(1))))),
        new("TensorListSplit", g => Split(g, 0)),
        new("TensorArrayV3", g => New(g)),
        new("TensorArrayWriteV3", g => g.Set(g.AsList(Written(g, g.In(3), g.In(1), g.In(2), Grows(g))))),
        new("TensorArrayReadV3", g => g.Set(Item(g, Elements(g, g.In(2)), g.In(1)))),
        new("TensorArrayGatherV3", g => g.Set(Gathered(g, Elements(g, g.In(2)), g.In(1)))),
        new("TensorArrayScatterV3", g => g.Set(g.AsList(Scattered(g, Grows(g) ? ToHold(g, g.In(3), g.In(1)) : g.In(3), g.In(1), g.In(2))))),
        new("TensorArraySizeV3", g => g.Set(Length(g, g.In(1)))),
        new("TensorArrayConcatV3", g => Concatenated(g, g.In(1))),
        new("TensorArraySplitV3", g => Split(g, 1)),
        new("TensorArrayCloseV3", _ => { }),
    ];

    /// <summary>A list that goes into a loop, with elements of the shape that the loop writes.</summary>
    public static Value Typed(LoweringContext g, Value list, int index)
    {
        if (!IsOpen(g, list))
            return list;
        Value written = g.WrittenInLoop(index);
        return written.IsPresent && LoweringContext.Fact(written).Shape.HasRank ? g.AsList(Zeros(g, list, written))
            : throw g.Refuse("fills a list with elements of unknown rank");
    }

    private static bool IsOpen(LoweringContext g, Value list) => g.IsList(list) && LoweringContext.Fact(list) is { DType: DType.Int32, Shape: { HasRank: true, Rank: 0 } };

    private static Value Elements(LoweringContext g, Value list) => IsOpen(g, list) || !g.IsList(list) ? throw g.Refuse("reads a list whose elements are of unknown shape") : list;

    private static Value Reserve(LoweringContext g, long[]? shape, Value count, DType dtype) =>
        shape is not null && Array.TrueForAll(shape, d => d >= 0) ? Zeros(g, count, shape, dtype) : Open(g, ShapeLowering.Narrow(g, count));

    /// <summary>A list that is known by its length alone: a value of its own, as the length may be read otherwise too.</summary>
    private static Value Open(LoweringContext g, Value length)
    {
        Value list = g.Emit("RESHAPE", [length, g.Const(Tensor.Wrap(Array.Empty<int>()))], new() { { "new_shape", new ListAttr() } }, new Fact(DType.Int32, Shape.Scalar))[0];
        list.Node.Facts = [new Fact(DType.Int32, Shape.Scalar, length.Constant)];
        return list;
    }

    private static Tensor? Count(Value list) => list.Constant ?? LoweringContext.Fact(list).Constant;

    private static Value Zeros(LoweringContext g, Value count, long[] element, DType dtype)
    {
        Value shape = Count(count) is { } known ? g.Vector([TensorInts.Single(known, g.Node), .. element])
            : g.Tf("ConcatV2", g.Tf("Reshape", ShapeLowering.Narrow(g, count), g.Vector(1)), g.Vector(element), g.Scalar(0, DType.Int32));
        return Filled(g, shape, dtype, new Fact(dtype, new Shape([Count(count) is { } length ? TensorInts.Single(length, g.Node) : -1, .. element])));
    }

    /// <summary>Zeros that are made when they are needed, as the file need not hold them.</summary>
    private static Value Filled(LoweringContext g, Value shape, DType dtype, Fact fact) =>
        dtype == DType.String ? g.Tf("Fill", shape, g.Const(Tensor.FromStrings([""], Shape.Scalar))) : g.Emit("FILL", [shape, g.Scalar(0, dtype)], null, fact)[0];

    /// <summary>As many zeros as a list has elements, each in the shape of one.</summary>
    private static Value Zeros(LoweringContext g, Value count, Value element)
    {
        Fact fact = LoweringContext.Fact(element);
        if (fact.Shape.IsFullyKnown)
            return Zeros(g, count, fact.Shape.Dims.ToArray(), fact.DType);
        Value shape = g.Tf("ConcatV2", g.Tf("Reshape", ShapeLowering.Narrow(g, count), g.Vector(1)), g.Tf("Shape", element), g.Scalar(0, DType.Int32));
        long length = Count(count) is { } known ? TensorInts.Single(known, g.Node) : -1;
        return Filled(g, shape, fact.DType, new Fact(fact.DType, new Shape([length, .. fact.Shape.Dims])));
    }

    private static Value Item(LoweringContext g, Value list, Value index) => g.Tf("GatherV2", list, index, g.Scalar(0, DType.Int32));

    private static Value Length(LoweringContext g, Value list) =>
        IsOpen(g, list) ? list : ShapeLowering.Dimension(g, Elements(g, list), 0);

    private static Value Joined(LoweringContext g, Value first, Value second) => g.Tf("ConcatV2", first, second, g.Scalar(0, DType.Int32));

    private static Value Written(LoweringContext g, Value list, Value index, Value item, bool grows)
    {
        Fact element = LoweringContext.Fact(item);
        if (!g.IsList(list))
            throw g.Refuse("writes to a list that has no form");
        if (!element.Shape.HasRank)
            throw g.Refuse("writes an element of unknown rank to a list");
        if (IsOpen(g, list))
            list = Zeros(g, list, item);
        Value place = ShapeLowering.Narrow(g, index), start = g.Tf("Reshape", place, g.Vector(1));
        if (grows)
            list = Grown(g, list, g.Tf("AddV2", place, g.Scalar(1, DType.Int32)));
        if (element.Shape.Rank > 0)
            start = Joined(g, start, g.Vector([.. Enumerable.Repeat(0L, element.Shape.Rank)]));
        return g.Emit("DYNAMIC_UPDATE_SLICE", [list, g.Tf("ExpandDims", item, g.Scalar(0, DType.Int32)), start], null, LoweringContext.Fact(list) with { Constant = null })[0];
    }

    /// <summary>A list with zeros behind it where it has fewer elements than so many.</summary>
    private static Value Grown(LoweringContext g, Value list, Value count)
    {
        Fact fact = LoweringContext.Fact(list);
        Value missing = g.Tf("Reshape", g.Tf("Maximum", g.Tf("Sub", count, Length(g, list)), g.Scalar(0, DType.Int32)), g.Vector(1));
        if (missing.Constant is { } known && TensorInts.Single(known, g.Node) == 0)
            return list;
        Shape element = new([.. fact.Shape.Dims[1..]]);
        Value shape = Joined(g, missing, element.IsFullyKnown ? g.Vector(element.Dims) : g.Tf("Slice", g.Tf("Shape", list), g.Vector(1), g.Vector(-1)));
        return Joined(g, list, Filled(g, shape, fact.DType, new Fact(fact.DType, new Shape([-1, .. element.Dims]))));
    }

    private static Value Resized(LoweringContext g, Value list, Value count)
    {
        count = ShapeLowering.Narrow(g, count);
        if (IsOpen(g, list))
            return Open(g, count);
        Value grown = Grown(g, Elements(g, list), count);
        int rank = LoweringContext.Fact(grown).Shape.Rank;
        Value sizes = g.Tf("Reshape", count, g.Vector(1));
        return g.Tf("Slice", grown, g.Vector(new long[rank]), rank == 1 ? sizes : Joined(g, sizes, g.Vector([.. Enumerable.Repeat(-1L, rank - 1)])));
    }

    private static void PopBack(LoweringContext g)
    {
        Value list = Elements(g, g.In(0)), last = g.Tf("Sub", Length(g, list), g.Scalar(1, DType.Int32));
        g.Set(0, g.AsList(Resized(g, list, last)));
        g.Set(1, Item(g, list, last));
    }

    private static Value Gathered(LoweringContext g, Value list, Value indices) =>
        IsAll(g, indices, LoweringContext.Fact(list).Shape is { HasRank: true } shape ? shape[0] : -1) ? list : g.Tf("GatherV2", list, indices, g.Scalar(0, DType.Int32));

    /// <summary>Whether indices are 0, 1, ... up to a number.</summary>
    private static bool IsAll(LoweringContext g, Value indices, long count) =>
        indices.Constant is { } constant && constant.ElementCount == count && TensorInts.Read(constant, g.Node) is var known && known.Index().All(k => k.Item == k.Index);

    private static Value Scattered(LoweringContext g, Value list, Value indices, Value values)
    {
        Fact fact = LoweringContext.Fact(values);
        if (!fact.Shape.HasRank || !g.IsList(list))
            throw g.Refuse("writes elements of unknown rank to a list, or to one that has no form");
        Value places = g.Tf("ExpandDims", indices, g.Scalar(1, DType.Int32));
        if (!IsOpen(g, list))
            return list.Node.Op.Name == "FILL" ? g.Tf("ScatterNd", places, values, g.Tf("Shape", list)) : g.Tf("TensorScatterUpdate", list, places, values);
        if (IsAll(g, indices, fact.Shape[0]) && Count(list) is { } count && TensorInts.Single(count, g.Node) == fact.Shape[0])
            return values;
        Value shape = g.Tf("Shape", values);
        if (Count(list) is not { } length || fact.Shape[0] != TensorInts.Single(length, g.Node))
            shape = Joined(g, g.Tf("Reshape", list, g.Vector(1)), g.Tf("Slice", shape, g.Vector(1), g.Vector(-1)));
        return g.Tf("ScatterNd", places, values, shape);
    }

    /// <summary>A list with room for the largest of some indices.</summary>
    private static Value ToHold(LoweringContext g, Value list, Value indices)
    {
        Value count = Needed(g, indices);
        return g.AsList(IsOpen(g, list) ? Open(g, g.Tf("Maximum", list, count)) : Grown(g, Elements(g, list), count));
    }

    private static Value Needed(LoweringContext g, Value indices) => g.Tf("AddV2", g.Tf("Max", indices, g.Vector(0)), g.Scalar(1, DType.Int32));

    /// <summary>Whether a TensorArray grows as it is written: its handle is 1 then. The flow carries its elements.</summary>
    private static bool Grows(LoweringContext g) => g.In(0).Constant is { } handle ? TensorInts.Single(handle, g.Node) == 1 : throw g.Refuse("works on an array that is made elsewhere");

    private static void New(LoweringContext g)
    {
        Shape element = g.Attributes.Shape("element_shape");
        g.Set(0, g.Scalar(g.Attributes.Bool("dynamic_size") ? 1 : 0, DType.Int32));
        g.Set(1, g.AsList(Reserve(g, element.IsFullyKnown ? element.Dims.ToArray() : null, g.In(0), g.Attributes.Type("dtype"))));
    }

    private static void Concatenated(LoweringContext g, Value list)
    {
        list = Elements(g, list);
        Shape shape = LoweringContext.Fact(list).Shape;
        if (shape is not { Rank: > 1 } || shape.Dims[1..].Contains(Shape.UnknownDimension))
            throw g.Refuse("joins elements of unknown shape");
        g.Set(0, g.Tf("Reshape", list, g.Vector([shape[0] < 0 ? -1 : shape[0] * shape[1], .. shape.Dims[2..]])));
        g.Set(1, g.Tf("Fill", g.Tf("Reshape", Length(g, list), g.Vector(1)), g.Scalar(shape[1], DType.Int64)));
    }

    private static void Split(LoweringContext g, int tensor)
    {
        long[] lengths = g.ConstantInts(2, "lengths");
        if (lengths.Distinct().Count() != 1 || !g.Shape(tensor).HasRank)
            throw g.Refuse("splits into elements of different lengths");
        g.Set(g.AsList(g.Tf("Reshape", g.In(tensor), g.Vector([lengths.Length, lengths[0], .. g.Shape(tensor).Dims[1..]]))));
    }
}
