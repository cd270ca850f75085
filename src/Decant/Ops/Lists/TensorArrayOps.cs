using Decant.IR;
using Decant.Ops.State;

namespace Decant.Ops.Lists;

/// <summary>
/// The ops on TF1's arrays of tensors, in their three versions, which differ in the type of the handle alone. The flow is a
/// number without meaning that orders them.
/// </summary>
internal static class TensorArrayOps
{
    public static Op TensorArray => new TensorListOp("TensorArray", InferNew, New);
    public static Op TensorArrayClose => new TensorListOp("TensorArrayClose", _ => { }, (c, _) => Of(c).Close());
    public static Op TensorArrayCloseV2 => new TensorListOp("TensorArrayCloseV2", _ => { }, (c, _) => Of(c).Close());
    public static Op TensorArrayCloseV3 => new TensorListOp("TensorArrayCloseV3", _ => { }, (c, _) => Of(c).Close());
    public static Op TensorArrayConcat => new TensorListOp("TensorArrayConcat", InferConcat, (c, a) => Concat(c, a.Shape("element_shape_except0")));
    public static Op TensorArrayConcatV2 => new TensorListOp("TensorArrayConcatV2", InferConcat, (c, a) => Concat(c, a.Shape("element_shape_except0")));
    public static Op TensorArrayConcatV3 => new TensorListOp("TensorArrayConcatV3", InferConcat, (c, a) => Concat(c, a.Shape("element_shape_except0")));
    public static Op TensorArrayGather => new TensorListOp("TensorArrayGather", InferGather, (c, a) => Gather(c, c.Ints(1), a.Shape("element_shape")));
    public static Op TensorArrayGatherV2 => new TensorListOp("TensorArrayGatherV2", InferGather, (c, a) => Gather(c, c.Ints(1), a.Shape("element_shape")));
    public static Op TensorArrayGatherV3 => new TensorListOp("TensorArrayGatherV3", InferGather, (c, a) => Gather(c, c.Ints(1), a.Shape("element_shape")));
    public static Op TensorArrayPack => new TensorListOp("TensorArrayPack", InferGather, (c, a) => Gather(c, Indices(Of(c)), a.Shape("element_shape")));
    public static Op TensorArrayRead => new TensorListOp("TensorArrayRead", c => c.Set(0, c.Attributes.Type("dtype"), TensorListOp.ElementsOf(c, 0)), Read);
    public static Op TensorArrayReadV2 => new TensorListOp("TensorArrayReadV2", c => c.Set(0, c.Attributes.Type("dtype"), TensorListOp.ElementsOf(c, 0)), Read);
    public static Op TensorArrayReadV3 => new TensorListOp("TensorArrayReadV3", c => c.Set(0, c.Attributes.Type("dtype"), TensorListOp.ElementsOf(c, 0)), Read);
    public static Op TensorArrayScatter => new TensorListOp("TensorArrayScatter", Flow, (c, _) => Scatter(c, c.Ints(1), c.Input(2), 3));
    public static Op TensorArrayScatterV2 => new TensorListOp("TensorArrayScatterV2", Flow, (c, _) => Scatter(c, c.Ints(1), c.Input(2), 3));
    public static Op TensorArrayScatterV3 => new TensorListOp("TensorArrayScatterV3", Flow, (c, _) => Scatter(c, c.Ints(1), c.Input(2), 3));
    public static Op TensorArraySize => new TensorListOp("TensorArraySize", c => c.Set(0, DType.Int32, Shape.Scalar), (c, _) => c.SetOutput(0, Tensor.Scalar(Of(c).Count)));
    public static Op TensorArraySizeV2 => new TensorListOp("TensorArraySizeV2", c => c.Set(0, DType.Int32, Shape.Scalar), (c, _) => c.SetOutput(0, Tensor.Scalar(Of(c).Count)));
    public static Op TensorArraySizeV3 => new TensorListOp("TensorArraySizeV3", c => c.Set(0, DType.Int32, Shape.Scalar), (c, _) => c.SetOutput(0, Tensor.Scalar(Of(c).Count)));
    public static Op TensorArraySplit => new TensorListOp("TensorArraySplit", Flow, Split);
    public static Op TensorArraySplitV2 => new TensorListOp("TensorArraySplitV2", Flow, Split);
    public static Op TensorArraySplitV3 => new TensorListOp("TensorArraySplitV3", Flow, Split);
    public static Op TensorArrayUnpack => new TensorListOp("TensorArrayUnpack", Flow, (c, _) => Scatter(c, Indices(c.Input(1)), c.Input(1), 2));
    public static Op TensorArrayV2 => new TensorListOp("TensorArrayV2", InferNew, New);
    public static Op TensorArrayV3 => new TensorListOp("TensorArrayV3", InferNew, New);
    public static Op TensorArrayWrite => new TensorListOp("TensorArrayWrite", Flow, Write);
    public static Op TensorArrayWriteV2 => new TensorListOp("TensorArrayWriteV2", Flow, Write);
    public static Op TensorArrayWriteV3 => new TensorListOp("TensorArrayWriteV3", Flow, Write);

    private static TensorArray Of(KernelContext context) => context.Resource<TensorArray>(0, "a TensorArray");

    private static long[] Indices(TensorArray array) => [.. Enumerable.Range(0, array.Count).Select(i => (long)i)];

    private static long[] Indices(Tensor tensor) => tensor.Shape.Rank > 0 && tensor.Shape[0] <= TensorList.CountLimit ? [.. Enumerable.Range(0, (int)tensor.Shape[0]).Select(i => (long)i)] : [];

    private static void Flow(InferenceContext context) => context.Set(0, DType.Float32, Shape.Scalar);

    private static void InferNew(InferenceContext context)
    {
        context.Set(0, new Fact(DType.Resource, Shape.Unknown, Handle: new Fact(context.Attributes.Type("dtype"), context.Attributes.Shape("element_shape"))));
        if (context.Node.Op.Name == "TensorArrayV3")
            context.Set(1, DType.Float32, Shape.Scalar);
    }

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

    private static void New(KernelContext context, NodeAttributes attributes)
    {
        var array = new TensorArray(
            attributes.Type("dtype"), attributes.Shape("element_shape"), TensorList.Checked(context, context.Int(0)), attributes.Bool("dynamic_size"), attributes.Bool("clear_after_read"),
            attributes.Find("identical_element_shapes") is BoolAttr { Value: true });
        context.SetOutput(0, ResourceName.Handle(array));
        context.SetOutput(1, Tensor.Scalar(0f));
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
        Rows.Stack(context, 0, array.DType, ElementShape.Merge(context, array.Shape, shape), [.. indices.Select(i => array.Read(context, i))]);
    }

    private static void Scatter(KernelContext context, long[] indices, Tensor tensor, int flow)
    {
        TensorArray array = Of(context);
        if (tensor.Shape.Rank < 1 || tensor.Shape[0] != indices.Length)
            throw context.Fail($"scatters {tensor} by {indices.Length} indices, expected as many rows");
        for (int i = 0; i < indices.Length; i++)
            array.Write(context, indices[i], Rows.At(tensor, i));
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
