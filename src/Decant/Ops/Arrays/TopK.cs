using System.Buffers;
using System.Numerics;
using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>
/// The k largest elements of each row of the last dimension, largest first, and their indices. Of equal elements the one
/// with the lower index comes first; NaN counts as smaller than every number. Without <c>sorted</c> the order is that of
/// <see cref="TopNHeap"/>.
/// </summary>
/// <param name="name"><c>TopK</c>, where k is an attribute, or <c>TopKV2</c>, where it is an input.</param>
internal sealed class TopK(string name) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        long k = context.InputCount == 1 ? context.Attributes.Int("k") : context.ConstantInts(1) is [var constant] ? constant : -1;
        Shape shape = context.Shape(0);
        Shape top = shape.HasRank ? Top(context.Node, shape, k) : Shape.Unknown;
        context.Set(0, context.Input(0).DType, top);
        context.Set(1, IndexType(context.Attributes), top);
    }

    public Kernel Prepare(KernelRequest request)
    {
        long? k = request.InputCount == 1 ? request.Attributes.Int("k") : null;
        return NumberKernel.Of(request, request.Attributes.Type("T"), new Code(k, request.Attributes.Bool("sorted"), request.Attributes.Type("T"), IndexType(request.Attributes)));
    }

    private static DType IndexType(NodeAttributes attributes) => attributes.Has("index_type") ? attributes.Type("index_type") : DType.Int32;

    private static Shape Top(Node node, Shape shape, long k)
    {
        if (shape.Rank < 1 || (shape[-1] >= 0 && k > shape[-1]))
            throw node.Fault($"k is {k}, expected at most the last dimension of shape {shape}");
        return shape.With(shape.Rank - 1, k);
    }

    private sealed class Code(long? attribute, bool sorted, DType dtype, DType indexType) : INumberKernel
    {
        public void Run<T>(KernelContext context)
            where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            Tensor input = context.WorkInput(0);
            Shape top = context.Derived(this, static (code, c) => new DerivedShape(code.Derive(c)), values: attribute is null ? 1u << 1 : 0).Shape;
            long k = top[-1];
            Tensor values = context.BeginOutput(0, dtype, top);
            Tensor order = indexType == DType.Int32 ? context.Allocate(1, indexType, top) : context.Scratch(DType.Int32, top);
            Span<int> indices = context.Writable<int>(order);
            int size = (int)input.Shape[-1];
            bool inHeapOrder = !sorted && k < size;
            for (int at = 0, row = 0; at < indices.Length; at += (int)k, row++)
            {
                ReadOnlySpan<T> elements = input.Span<T>().Slice(row * size, size);
                Span<T> largest = context.Writable<T>(values).Slice(at, (int)k);
                if (inHeapOrder)
                    TopNHeap.SelectLargest(elements, largest, indices.Slice(at, (int)k));
                else
                    SelectLargest(elements, largest, indices.Slice(at, (int)k));
            }

            context.EndOutput(0, dtype, values);
            if (indexType == DType.Int64)
                Convert<long>(context, indices, top);
            else if (indexType == DType.Int16)
                Convert<short>(context, indices, top);
            else if (indexType != DType.Int32)
                throw context.Fail($"index_type is {indexType.Name()}, expected int16, int32 or int64");
        }

        private Shape Derive(KernelContext context)
        {
            long k = attribute ?? context.Int(1);
            return k < 0 ? throw context.Fail($"k is {k}, expected at least 0") : Top(context.Node, context.Shape(0), k);
        }

        private static void Convert<T>(KernelContext context, ReadOnlySpan<int> indices, Shape shape)
            where T : unmanaged, INumber<T>
        {
            Span<T> output = context.Output<T>(1, shape);
            for (int i = 0; i < output.Length; i++)
                output[i] = T.CreateTruncating(indices[i]);
        }
    }

    /// <summary>Puts the largest elements of a row, and where they were, into spans that are as long as they are to be many.</summary>
    private static void SelectLargest<T>(ReadOnlySpan<T> row, Span<T> values, Span<int> indices)
        where T : unmanaged, INumber<T>
    {
        const int InsertionLimit = 32;
        if (values.Length > InsertionLimit)
        {
            SortAll(row, values, indices);
            return;
        }

        int count = 0;
        for (int i = 0; i < row.Length && values.Length > 0; i++)
        {
            T value = row[i];
            if (count == values.Length && !Before(value, values[count - 1]))
                continue;
            int at = count < values.Length ? count++ : count - 1;
            for (; at > 0 && Before(value, values[at - 1]); at--)
                (values[at], indices[at]) = (values[at - 1], indices[at - 1]);
            (values[at], indices[at]) = (value, i);
        }
    }

    private static void SortAll<T>(ReadOnlySpan<T> row, Span<T> values, Span<int> indices)
        where T : unmanaged, INumber<T>
    {
        (T Value, int Index)[] rented = ArrayPool<(T, int)>.Shared.Rent(row.Length);
        Span<(T Value, int Index)> sorted = rented.AsSpan(0, row.Length);
        for (int i = 0; i < sorted.Length; i++)
            sorted[i] = (row[i], i);
        sorted.Sort(static (a, b) => Before(a.Value, b.Value) ? -1 : Before(b.Value, a.Value) ? 1 : a.Index.CompareTo(b.Index));
        for (int i = 0; i < values.Length; i++)
            (values[i], indices[i]) = sorted[i];
        ArrayPool<(T, int)>.Shared.Return(rented);
    }

    /// <summary>Whether one element is larger than another.</summary>
    internal static bool Before<T>(T a, T b)
        where T : INumber<T> => a > b || (T.IsNaN(b) && !T.IsNaN(a));
}
