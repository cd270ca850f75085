using System.Collections.Immutable;

namespace Decant.Ops.Lists;

/// <summary>The ops on lists of tensors as values.</summary>
internal static class TensorListOps
{
    private const string ElementType = "element_dtype";

    public static Op EmptyTensorList => new TensorListOp("EmptyTensorList", c => c.Set(0, TensorListOp.List(c.Attributes.Type(ElementType), ElementShape.Infer(c, 0))), Empty);
    public static Op TensorListConcat => new TensorListOp("TensorListConcat", InferConcat, (c, a) => Concat(c, a.Shape("element_shape"), []));
    public static Op TensorListConcatLists => new TensorListOp("TensorListConcatLists", c => c.Set(0, c.Input(0)), ConcatLists);
    public static Op TensorListConcatV2 => new TensorListOp("TensorListConcatV2", InferConcat, (c, _) => Concat(c, ElementShape.Read(c, 1), c.Ints(2)));
    public static Op TensorListElementShape => new TensorListOp("TensorListElementShape", c => c.Set(0, c.Attributes.Type("shape_type"), Shape.Unknown), GiveElementShape);
    public static Op TensorListFromTensor => new TensorListOp("TensorListFromTensor", c => c.Set(0, TensorListOp.List(c.Attributes.Type(ElementType), ElementShape.Merge(ElementShape.Infer(c, 1), ElementShape.Rest(c.Shape(0))))), FromTensor);
    public static Op TensorListGather => new TensorListOp("TensorListGather", c => c.Set(0, c.Attributes.Type(ElementType), ElementShape.Prepend(c.Shape(1).Rank == 1 ? c.Shape(1)[0] : -1, TensorListOp.Merged(c, 0, 2))), Gather);
    public static Op TensorListGetItem => new TensorListOp("TensorListGetItem", c => c.Set(0, c.Attributes.Type(ElementType), TensorListOp.Merged(c, 0, 2)), GetItem);
    public static Op TensorListLength => new TensorListOp("TensorListLength", c => c.Set(0, DType.Int32, Shape.Scalar), (c, _) => c.SetOutput(0, Tensor.Scalar(TensorList.Of(c).Items.Count)));
    public static Op TensorListPopBack => new TensorListOp("TensorListPopBack", InferPop, PopBack);
    public static Op TensorListPushBack => new TensorListOp("TensorListPushBack", c => c.Set(0, c.Input(0)), PushBack);
    public static Op TensorListPushBackBatch => new TensorListOp("TensorListPushBackBatch", c => c.Set(0, c.Input(0)), PushBackBatch);
    public static Op TensorListReserve => new TensorListOp("TensorListReserve", c => c.Set(0, TensorListOp.List(c.Attributes.Type(ElementType), ElementShape.Infer(c, 0))), (c, a) =>
        TensorList.SetOutput(c, TensorList.OfSize(c, a.Type(ElementType), ElementShape.Read(c, 0), c.Int(1))));
    public static Op TensorListResize => new TensorListOp("TensorListResize", c => c.Set(0, c.Input(0)), (c, _) => TensorList.SetOutput(c, TensorList.Of(c).Resized(c, c.Int(1))));
    public static Op TensorListScatter => new TensorListOp("TensorListScatter", InferFromShape, (c, a) => Scatter(c, a, -1));
    public static Op TensorListScatterIntoExistingList => new TensorListOp("TensorListScatterIntoExistingList", c => c.Set(0, c.Input(0)), ScatterIntoExisting);
    public static Op TensorListScatterV2 => new TensorListOp("TensorListScatterV2", InferFromShape, (c, a) => Scatter(c, a, c.Int(3)));
    public static Op TensorListSetItem => new TensorListOp("TensorListSetItem", c => c.Set(0, c.Input(0)), SetItem);
    public static Op TensorListSplit => new TensorListOp("TensorListSplit", c => c.Set(0, TensorListOp.List(c.Attributes.Type(ElementType), Shape.Unknown)), Split);
    public static Op TensorListStack => new TensorListOp("TensorListStack", c => c.Set(0, c.Attributes.Type(ElementType), ElementShape.Prepend(c.Attributes.Int("num_elements"), TensorListOp.Merged(c, 0, 1))), Stack);

    private static void InferPop(InferenceContext context)
    {
        context.Set(0, context.Input(0));
        context.Set(1, context.Attributes.Type(ElementType), TensorListOp.Merged(context, 0, 1));
    }

    private static void InferConcat(InferenceContext context)
    {
        Shape given = context.InputCount > 1 ? TensorListOp.Merged(context, 0, 1) : context.Attributes.Shape("element_shape");
        context.Set(0, context.Attributes.Type(ElementType), given.Rank > 0 ? ElementShape.Prepend(-1, ElementShape.Rest(given)) : Shape.Unknown);
        context.Set(1, DType.Int64, Shape.OfRank(1));
    }

    private static void InferFromShape(InferenceContext context) => context.Set(0, TensorListOp.List(context.Attributes.Type(ElementType), ElementShape.Infer(context, 2)));

    private static void Empty(KernelContext context, NodeAttributes attributes)
    {
        long max = context.Int(1);
        TensorList.SetOutput(context, new TensorList(attributes.Type(ElementType), ElementShape.Read(context, 0), [], max is >= 0 and <= int.MaxValue ? (int)max : -1));
    }

    private static void FromTensor(KernelContext context, NodeAttributes attributes)
    {
        Tensor tensor = context.Input(0);
        if (tensor.Shape.Rank < 1)
            throw context.Fail($"makes a list of {tensor}, expected at least rank 1");
        Shape shape = ElementShape.Merge(context, ElementShape.Read(context, 1), ElementShape.Rest(tensor.Shape));
        var list = new TensorList(tensor.DType, shape, []);
        int count = TensorList.Checked(context, tensor.Shape[0]);
        TensorList.SetOutput(context, list with { Items = [.. Enumerable.Range(0, count).Select(i => list.Admit(context, Rows.At(tensor, i)))] });
    }

    private static void Stack(KernelContext context, NodeAttributes attributes)
    {
        TensorList list = TensorList.Of(context);
        if (attributes.Int("num_elements") is >= 0 and long expected && expected != list.Items.Count)
            throw context.Fail($"stacks a list of {list.Items.Count} elements, expected {expected}");
        Rows.Stack(context, 0, list.DType, ElementShape.Merge(context, list.Shape, ElementShape.Read(context, 1)), list.Items);
    }

    private static void Gather(KernelContext context, NodeAttributes attributes)
    {
        TensorList list = TensorList.Of(context);
        Tensor?[] items = [.. context.Ints(1).Select(i => list.Items[list.Index(context, i)])];
        Rows.Stack(context, 0, list.DType, ElementShape.Merge(context, list.Shape, ElementShape.Read(context, 2)), items);
    }

    private static void GetItem(KernelContext context, NodeAttributes attributes)
    {
        TensorList list = TensorList.Of(context);
        Give(context, 0, list, list.Index(context, context.Int(1)), ElementShape.Read(context, 2));
    }

    private static void Give(KernelContext context, int port, TensorList list, int index, Shape shape)
    {
        shape = ElementShape.Merge(context, list.Shape, shape);
        if (list.Items[index] is { } item)
        {
            ElementShape.Merge(context, shape, item.Shape);
            context.SetOutput(port, item);
            return;
        }

        // As TensorFlow: what the other elements have in common says the shape of one that was never written.
        foreach (Tensor? other in list.Items)
        {
            if (other is not null && !shape.IsFullyKnown)
                shape = ElementShape.Merge(context, shape, other.Shape);
        }

        Rows.SetZeros(context, port, list.DType, shape);
    }

    private static void SetItem(KernelContext context, NodeAttributes attributes)
    {
        TensorList list = TensorList.Of(context);
        long index = context.Int(1);
        if (index >= list.Items.Count && attributes.Bool("resize_if_index_out_of_bounds"))
            list = list.Resized(context, index + 1);
        TensorList.SetOutput(context, list with { Items = list.Items.SetItem(list.Index(context, index), list.Admit(context, context.Input(2))) });
    }

    private static void PushBack(KernelContext context, NodeAttributes attributes) => TensorList.SetOutput(context, Pushed(context, TensorList.Of(context), context.Input(1)));

    private static TensorList Pushed(KernelContext context, TensorList list, Tensor element)
    {
        if (list.MaxCount >= 0 && list.Items.Count >= list.MaxCount)
            throw context.Fail($"pushes into a full list of at most {list.MaxCount} elements");
        TensorList.Checked(context, list.Items.Count + 1);
        return list with { Items = list.Items.Add(list.Admit(context, element)) };
    }

    private static void PushBackBatch(KernelContext context, NodeAttributes attributes)
    {
        Tensor lists = context.Input(0);
        Tensor batch = context.Input(1);
        if (batch.Shape.Rank < 1 || lists.DType != DType.Variant || lists.ElementCount != batch.Shape[0])
            throw context.Fail($"pushes the rows of {batch} into {lists}, expected as many lists as rows");
        object?[] pushed = new object?[lists.ElementCount];
        for (int i = 0; i < pushed.Length; i++)
            pushed[i] = Pushed(context, lists.Handles[i] as TensorList ?? throw context.Fail($"handle {i} is no list of tensors"), Rows.At(batch, i));
        context.SetOutput(0, new Tensor(DType.Variant, lists.Shape, pushed));
    }

    private static void PopBack(KernelContext context, NodeAttributes attributes)
    {
        TensorList list = TensorList.Of(context);
        if (list.Items.Count == 0)
            throw context.Fail("pops an element of an empty list");
        Give(context, 1, list, list.Items.Count - 1, ElementShape.Read(context, 1));
        TensorList.SetOutput(context, list with { Items = list.Items.RemoveAt(list.Items.Count - 1) });
    }

    private static void Scatter(KernelContext context, NodeAttributes attributes, long count)
    {
        long[] indices = context.Ints(1);
        if (count < 0)
            count = indices.Length == 0 ? 0 : indices.Max() + 1;
        Put(context, TensorList.OfSize(context, context.Input(0).DType, ElementShape.Read(context, 2), count), context.Input(0), indices);
    }

    private static void ScatterIntoExisting(KernelContext context, NodeAttributes attributes)
    {
        TensorList list = TensorList.Of(context);
        long[] indices = context.Ints(2);
        Put(context, list.Resized(context, Math.Max(list.Items.Count, indices.Length == 0 ? 0 : indices.Max() + 1)), context.Input(1), indices);
    }

    private static void Put(KernelContext context, TensorList list, Tensor tensor, long[] indices)
    {
        if (tensor.Shape.Rank < 1 || tensor.Shape[0] != indices.Length)
            throw context.Fail($"scatters {tensor} by {indices.Length} indices, expected as many rows");
        ImmutableList<Tensor?>.Builder items = list.Items.ToBuilder();
        for (int i = 0; i < indices.Length; i++)
            items[list.Index(context, indices[i])] = list.Admit(context, Rows.At(tensor, i));
        TensorList.SetOutput(context, list with { Items = items.ToImmutable() });
    }

    private static void Split(KernelContext context, NodeAttributes attributes)
    {
        Tensor tensor = context.Input(0);
        long[] lengths = context.Ints(2);
        Lengths.Check(context, tensor, lengths);
        Shape shape = ElementShape.Read(context, 1);

        // TensorFlow wants the shape of the parts; TensorFlow.js's graphs give that of a row, without the dimension that is split.
        if (tensor.Shape.Rank > shape.Rank && shape.HasRank && shape.IsCompatibleWith(ElementShape.Rest(tensor.Shape)))
            shape = ElementShape.Prepend(Shape.UnknownDimension, shape);
        var list = new TensorList(tensor.DType, shape, []);
        TensorList.Checked(context, lengths.Length);
        TensorList.SetOutput(context, list with { Items = [.. Lengths.Cut(tensor, lengths).Select(part => list.Admit(context, part))] });
    }

    private static void Concat(KernelContext context, Shape shape, long[] leading)
    {
        TensorList list = TensorList.Of(context);
        Lengths.Concat(context, list.DType, ElementShape.Merge(context, list.Shape, shape), list.Items, leading);
    }

    private static void ConcatLists(KernelContext context, NodeAttributes attributes)
    {
        TensorList first = TensorList.Of(context);
        TensorList second = TensorList.Of(context, 1);
        if (first.DType != second.DType)
            throw context.Fail($"joins a list of {first.DType.Name()} and one of {second.DType.Name()}");
        TensorList.Checked(context, (long)first.Items.Count + second.Items.Count);
        TensorList.SetOutput(context, first with { Items = first.Items.AddRange(second.Items) });
    }

    private static void GiveElementShape(KernelContext context, NodeAttributes attributes)
    {
        Shape shape = TensorList.Of(context).Shape;
        bool wide = attributes.Type("shape_type") == DType.Int64;
        context.SetOutput(0, shape.HasRank
            ? wide ? Tensor.From(shape.Dims) : Tensor.Wrap<int>([.. shape.Dims.ToArray().Select(d => (int)Math.Min(d, int.MaxValue))])
            : wide ? Tensor.Scalar(-1L) : Tensor.Scalar(-1));
    }
}
