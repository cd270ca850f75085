using Decant.IR;
using Decant.Ops.State;

namespace Decant.Ops.Lists;

/// <summary>
/// The ops on TF1's arrays of tensors, in their three versions, which differ in the type of the handle alone. The flow is a
/// number without meaning that orders them.
/// </summary>
internal static class TensorArrayOps
{
    public static Op TensorArray => new NewTensorArray("TensorArray");
    public static Op TensorArrayClose => new TensorListOp("TensorArrayClose", _ => { }, (c, _) => Of(c).Close());
    public static Op TensorArrayCloseV2 => new TensorListOp("TensorArrayCloseV2", _ => { }, (c, _) => Of(c).Close());
    public static Op TensorArrayCloseV3 => new TensorListOp("TensorArrayCloseV3", _ => { }, (c, _) => Of(c).Close());
    public static Op TensorArrayConcat => new TensorListOp("TensorArrayConcat", InferConcat, (c, a) => Concat(c, a.Shape("element_shape_except0")));
    public static Op TensorArrayConcatV2 => new TensorListOp("TensorArrayConcatV2", InferConcat, (c, a) => Concat(c, a.Shape("element_shape_except0")));
    public static Op TensorArrayConcatV3 => new TensorListOp("TensorArrayConcatV3", InferConcat, (c, a) => Concat(c, a.Shape("element_shape_except0")));
    public static Op TensorArrayGather => new TensorListOp("TensorArrayGather", InferGather, (c, a) => Gather(c, Indices(c, 1), a.Shape("element_shape")));
    public static Op TensorArrayGatherV2 => new TensorListOp("TensorArrayGatherV2", InferGather, (c, a) => Gather(c, Indices(c, 1), a.Shape("element_shape")));
    public static Op TensorArrayGatherV3 => new TensorListOp("TensorArrayGatherV3", InferGather, (c, a) => Gather(c, Indices(c, 1), a.Shape("element_shape")));
    public static Op TensorArrayPack => new TensorListOp("TensorArrayPack", InferGather, (c, a) => Gather(c, Indices(Of(c)), a.Shape("element_shape")));
    public static Op TensorArrayRead => new TensorListOp("TensorArrayRead", c => c.Set(0, c.Attributes.Type("dtype"), TensorListOp.ElementsOf(c, 0)), Read);
    public static Op TensorArrayReadV2 => new TensorListOp("TensorArrayReadV2", c => c.Set(0, c.Attributes.Type("dtype"), TensorListOp.ElementsOf(c, 0)), Read);
    public static Op TensorArrayReadV3 => new TensorListOp("TensorArrayReadV3", c => c.Set(0, c.Attributes.Type("dtype"), TensorListOp.ElementsOf(c, 0)), Read);
    public static Op TensorArrayScatter => new TensorListOp("TensorArrayScatter", Flow, (c, _) => Scatter(c, Places(c, 1, 2), c.Input(2), 3));
    public static Op TensorArrayScatterV2 => new TensorListOp("TensorArrayScatterV2", Flow, (c, _) => Scatter(c, Places(c, 1, 2), c.Input(2), 3));
    public static Op TensorArrayScatterV3 => new TensorListOp("TensorArrayScatterV3", Flow, (c, _) => Scatter(c, Places(c, 1, 2), c.Input(2), 3));
    public static Op TensorArraySize => new TensorListOp("TensorArraySize", c => c.Set(0, DType.Int32, Shape.Scalar), (c, _) => c.Output<int>(0, Shape.Scalar)[0] = Of(c).Count);
    public static Op TensorArraySizeV2 => new TensorListOp("TensorArraySizeV2", c => c.Set(0, DType.Int32, Shape.Scalar), (c, _) => c.Output<int>(0, Shape.Scalar)[0] = Of(c).Count);
    public static Op TensorArraySizeV3 => new TensorListOp("TensorArraySizeV3", c => c.Set(0, DType.Int32, Shape.Scalar), (c, _) => c.Output<int>(0, Shape.Scalar)[0] = Of(c).Count);
    public static Op TensorArraySplit => new TensorListOp("TensorArraySplit", Flow, Split);
    public static Op TensorArraySplitV2 => new TensorListOp("TensorArraySplitV2", Flow, Split);
    public static Op TensorArraySplitV3 => new TensorListOp("TensorArraySplitV3", Flow, Split);
    public static Op TensorArrayUnpack => new TensorListOp("TensorArrayUnpack", Flow, (c, _) => Scatter(c, Places(c), c.Input(1), 2));
    public static Op TensorArrayV2 => new NewTensorArray("TensorArrayV2");
    public static Op TensorArrayV3 => new NewTensorArray("TensorArrayV3");
    public static Op TensorArrayWrite => new TensorListOp("TensorArrayWrite", Flow, Write);
    public static Op TensorArrayWriteV2 => new TensorListOp("TensorArrayWriteV2", Flow, Write);
    public static Op TensorArrayWriteV3 => new TensorListOp("TensorArrayWriteV3", Flow, Write);

    /// <summary>Integers of an input, derived once for the same ones.</summary>
    private static long[] Indices(KernelContext context, int input) =>
        context.Derived(input, static (input, c) => c.Ints(input), values: 1u << input);

    private static TensorArray Of(KernelContext context) => context.Resource<TensorArray>(0, "a TensorArray");

    private static long[] Indices(TensorArray array) => [.. Enumerable.Range(0, array.Count).Select(i => (long)i)];

    /// <summary>Where the rows of a tensor go, derived once for the same indices and shape.</summary>
    private static Destinations Places(KernelContext context, int indices, int rows) => context.Derived(
        (indices, rows), static (at, c) => new Destinations(c.Ints(at.indices), ElementShape.Rest(c.Shape(at.rows))), values: 1u << indices);

    /// <summary>Each row of input 1 goes to its own index.</summary>
    private static Destinations Places(KernelContext context) => context.Derived(
        0, static (_, c) => new Destinations(Indices(c.Shape(1)), ElementShape.Rest(c.Shape(1))));

    private static long[] Indices(Shape shape) => shape.Rank > 0 && shape[0] <= TensorList.CountLimit ? [.. Enumerable.Range(0, (int)shape[0]).Select(i => (long)i)] : [];

    private sealed record Destinations(long[] Indices, Shape Row);

    private static void Flow(InferenceContext context) => context.Set(0, DType.Float32, Shape.Scalar);

    private static void InferGather(InferenceContext context)
    {
        Shape element = context.Attributes.Shape("element_shape");
        Shape declared = TensorListOp.ElementsOf(context, 0);
        long count = context.Node.Op.Name != "TensorArrayPack" && context.Shape(1).Rank == 1 ? context.Shape(1)[0] : -1;
        context.Set(0, context.Attributes.Type("dtype"), ElementShape.Prepend(count, element.IsCompatibleWith(declared) ? ElementShape.Merge(element, declared) : element));
    }

    private static void InferConcat(InferenceContext context)
    {
        context.Set(0, context.Attributes.Type("dtype"), ElementShape.Prepend(-1, context.Attributes.Shape("element_shape_except0")));
        context.Set(1, DType.Int64, Shape.OfRank(1));
    }

    private static void Write(KernelContext context, NodeAttributes attributes)
    {
        Of(context).Write(context, context.Int(1), context.Input(2));
        context.SetOutput(0, context.Input(3));
    }

    private static void Read(KernelContext context, NodeAttributes attributes)
    {
        TensorArray array = Of(context);
        if (array.DType != attributes.Type("dtype"))
            throw context.Fail($"reads {attributes.Type("dtype").Name()} from an array of {array.DType.Name()}");
        if (array.Read(context, context.Int(1)) is { } value)
            context.SetOutput(0, value);
        else
            Rows.SetZeros(context, 0, array.DType, array.Shape);
    }

    private static void Gather(KernelContext context, long[] indices, Shape shape)
    {
        TensorArray array = Of(context);
        Tensor?[] items = array.Read(context, indices);
        if (items is [{ } first, ..] && array.DType.HasFixedSize() && shape.IsCompatibleWith(first.Shape) && array.Shape.IsCompatibleWith(first.Shape) && AreOf(first.Shape, items))
        {
            BufferSlice joined = context.Allocate(0, array.DType, array.Stacked(items.Length, first.Shape)).Data;
            for (int i = 0; i < items.Length; i++)
                Bytes.Copy(items[i]!.Data, joined.Slice(i * first.Data.Length, first.Data.Length));
            return;
        }

        Rows.Stack(context, 0, array.DType, ElementShape.Merge(context, array.Shape, shape), items);
    }

    private static bool AreOf(Shape shape, Tensor?[] items)
    {
        foreach (Tensor? item in items)
        {
            if (item is null || item.Shape != shape)
                return false;
        }

        return true;
    }

    private static void Scatter(KernelContext context, Destinations places, Tensor tensor, int flow)
    {
        if (tensor.Shape.Rank < 1 || tensor.Shape[0] != places.Indices.Length)
            throw context.Fail($"scatters {tensor} by {places.Indices.Length} indices, expected as many rows");
        Of(context).Write(context, places.Indices, tensor, places.Row);
        context.SetOutput(0, context.Input(flow));
    }

    private static void Split(KernelContext context, NodeAttributes attributes)
    {
        TensorArray array = Of(context);
        Tensor tensor = context.Input(1);
        long[] lengths = context.Ints(2);
        Lengths.Check(context, tensor, lengths);
        long index = 0;
        foreach (Tensor part in Lengths.Cut(tensor, lengths))
            array.Write(context, index++, part);
        context.SetOutput(0, context.Input(3));
    }

    private static void Concat(KernelContext context, Shape rest)
    {
        TensorArray array = Of(context);
        Tensor?[] items = [.. Indices(array).Select(i => array.Read(context, i))];
        Lengths.Concat(context, array.DType, ElementShape.Merge(context, array.Shape, ElementShape.Prepend(-1, rest)), items, []);
    }
}
