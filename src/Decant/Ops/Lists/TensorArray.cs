namespace Decant.Ops.Lists;

/// <summary>
/// TF1's array of tensors: an object that lives as long as the run that made it, written and read by index. Each element is
/// written once. The node that made it uses it again in later runs, with the memory of its elements.
/// </summary>
internal sealed class TensorArray(DType dtype, Shape shape, bool isDynamic, bool clearsAfterRead, bool sameShapes)
{
    private Shape _shape;
    private Slot[] _elements = [];
    private Tensor?[] _read = [];
    private Shape _stacked;

    private struct Slot
    {
        /// <summary>What was written, in this run or in one before.</summary>
        public Tensor? Value;
        public bool IsWritten;
        public bool IsCleared;
    }

    public DType DType => dtype;

    /// <summary>The shape of each element, as far as it is known.</summary>
    public Shape Shape => _shape;

    /// <summary>The number of elements.</summary>
    public int Count { get; private set; }

    /// <summary>Makes it an array of this many elements, none of which is written.</summary>
    public void Begin(int size)
    {
        (_shape, Count) = (shape, size);
        if (_elements.Length < size)
            Array.Resize(ref _elements, size);
        foreach (ref Slot element in _elements.AsSpan())
            (element.IsWritten, element.IsCleared) = (false, false);
    }

    public void Write(KernelContext context, long index, Tensor value)
    {
        ref Slot element = ref Written(context, index, value.DType, value.Shape);
        element.Value = value.DType.HasFixedSize() ? context.KeepOver(element.Value, value.DType, value.Shape, value.Data) : context.Keep(value);
    }

    /// <summary>Writes the rows of a tensor.</summary>
    /// <param name="context">The node that writes.</param>
    /// <param name="indices">The element that each row goes to.</param>
    /// <param name="values">As many rows.</param>
    /// <param name="row">The shape of a row.</param>
    public void Write(KernelContext context, ReadOnlySpan<long> indices, Tensor values, Shape row)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            ref Slot element = ref Written(context, indices[i], values.DType, row);
            long bytes = values.Data.Length / indices.Length;
            element.Value = values.DType.HasFixedSize() ? context.KeepOver(element.Value, values.DType, row, values.Data.Slice(i * bytes, bytes)) : Rows.At(values, i);
        }
    }

    /// <summary>An element; null for one that was never written.</summary>
    public Tensor? Read(KernelContext context, long index)
    {
        if (index < 0 || index >= Count)
            throw context.Fail($"reads the element {index} of an array of {Count} elements");
        ref Slot element = ref _elements[index];
        if (element.IsCleared)
            throw context.Fail($"reads the element {index} twice, but it was cleared after the first time (clear_after_read)");
        element.IsCleared = clearsAfterRead;
        return element.IsWritten ? element.Value : null;
    }

    /// <summary>Elements in the order of indices, good until this is called again.</summary>
    public Tensor?[] Read(KernelContext context, ReadOnlySpan<long> indices)
    {
        if (_read.Length != indices.Length)
            _read = new Tensor?[indices.Length];
        for (int i = 0; i < indices.Length; i++)
            _read[i] = Read(context, indices[i]);
        return _read;
    }

    /// <summary>The shape of this many elements of a shape, one after the other.</summary>
    public Shape Stacked(int count, Shape element)
    {
        if (!_stacked.HasRank || _stacked[0] != count || !_stacked.Dims[1..].SequenceEqual(element.Dims))
            _stacked = ElementShape.Prepend(count, element);
        return _stacked;
    }

    /// <summary>Takes the elements away.</summary>
    public void Close() => Count = 0;

    /// <summary>An element that is to be written.</summary>
    private ref Slot Written(KernelContext context, long index, DType type, Shape elementShape)
    {
        if (type != dtype)
            throw context.Fail($"writes {type.Name()}{elementShape} into an array of {dtype.Name()}");
        if (index < 0 || index >= Count && (!isDynamic || index >= TensorList.CountLimit))
            throw context.Fail($"writes the element {index} of an array of {Count} elements{(isDynamic ? "" : ", which may not grow")}");
        if (index >= Count)
        {
            if (index >= _elements.Length)
                Array.Resize(ref _elements, (int)Math.Max(index + 1, Math.Min(TensorList.CountLimit, _elements.Length * 2L)));
            Count = (int)index + 1;
        }

        if (!_shape.IsCompatibleWith(elementShape))
            throw context.Fail($"writes {type.Name()}{elementShape} into an array of elements of shape {_shape}");
        ref Slot element = ref _elements[index];
        if (element.IsWritten)
            throw context.Fail($"writes the element {index} twice");
        if (sameShapes && _shape != elementShape)
            _shape = ElementShape.Merge(_shape, elementShape);
        element.IsWritten = true;
        return ref element;
    }
}
