using System.Runtime.InteropServices;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>A variable tensor that a recurrent operator reads and writes in each run.</summary>
/// <param name="input">The number of the input.</param>
internal sealed class State<T>(int input)
    where T : unmanaged
{
    private readonly Reused<T> _values = new();
    private Variable? _variable;
    private DType _dtype;
    private Shape _shape;
    private BufferSlice _bytes;

    /// <summary>A copy of the elements, which <see cref="Write"/> makes the state.</summary>
    public T[] Values { get; private set; } = [];

    /// <summary>Reads the state.</summary>
    /// <param name="context">The run.</param>
    /// <param name="size">How many elements it must have.</param>
    public T[] Read(KernelContext context, long size)
    {
        _variable = context.InputVariable(input);
        Tensor value = _variable.Value ?? throw OpErrors.Uninitialized.At(context.Node.At(), $"reads the variable '{_variable.Name}' before it has a value");

        // A state that was declared in another size begins with zeros in the right one. Models of TensorFlow Lite's own converter declare 8-bit states as int16 as well; the elements are their first bytes.
        bool isWide = typeof(T) == typeof(sbyte) && value.DType == DType.Int16;
        if (value.DType == DTypes.Of<T>() && value.ElementCount != size && _variable.Version == 0)
            value = new Tensor(value.DType, new Shape(size), new BufferSlice(new byte[Tensor.ByteCount(value.DType, new Shape(size))]));
        if ((value.DType != DTypes.Of<T>() && !isWide) || value.ElementCount != size)
            throw context.Fail($"has the state {value} as input {input}, expected {size} elements of {DTypes.Of<T>().Name()}");
        (_dtype, _shape) = (value.DType, value.Shape);
        return Values = _values.Copy(MemoryMarshal.Cast<byte, T>(value.Data.Span)[..(int)size]);
    }

    public void Write(KernelContext context)
    {
        long length = Tensor.ByteCount(_dtype, _shape);
        if (_bytes.Length != length)
            _bytes = new BufferSlice(new byte[length]);
        MemoryMarshal.AsBytes<T>(Values).CopyTo(_bytes.AsMutable<byte>());
        _variable!.Value = context.KeepOver(_variable.Value, _dtype, _shape, _bytes);
    }
}
