using System.Runtime.InteropServices;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>A variable tensor that a recurrent operator reads and writes in each run.</summary>
internal sealed class State<T>
    where T : unmanaged
{
    private readonly KernelContext _context;
    private readonly Variable _variable;
    private readonly DType _dtype;
    private readonly Shape _shape;

    /// <summary>Reads the state of an input.</summary>
    /// <param name="context">The run.</param>
    /// <param name="input">The number of the input.</param>
    /// <param name="size">How many elements it must have.</param>
    public State(KernelContext context, int input, long size)
    {
        (_context, _variable) = (context, context.InputVariable(input));
        Tensor value = _variable.Value ?? throw OpErrors.Uninitialized.At(context.Node.At(), $"reads the variable '{_variable.Name}' before it has a value");

        // A state that was declared in another size begins with zeros in the right one. Models of TensorFlow Lite's own converter declare 8-bit states as int16 as well; the elements are their first bytes.
        bool isWide = typeof(T) == typeof(sbyte) && value.DType == DType.Int16;
        if (value.DType == DTypes.Of<T>() && value.ElementCount != size && _variable.Version == 0)
            value = new Tensor(value.DType, new Shape(size), new BufferSlice(new byte[Tensor.ByteCount(value.DType, new Shape(size))]));
        if ((value.DType != DTypes.Of<T>() && !isWide) || value.ElementCount != size)
            throw context.Fail($"has the state {value} as input {input}, expected {size} elements of {DTypes.Of<T>().Name()}");
        (_dtype, _shape) = (value.DType, value.Shape);
        Values = MemoryMarshal.Cast<byte, T>(value.Data.Span)[..(int)size].ToArray();
    }

    /// <summary>A copy of the elements, which <see cref="Write"/> makes the state.</summary>
    public T[] Values { get; }

    public void Write()
    {
        byte[] bytes = new byte[Tensor.ByteCount(_dtype, _shape)];
        MemoryMarshal.AsBytes<T>(Values).CopyTo(bytes);
        _variable.Value = _context.KeepOver(_variable.Value, _dtype, _shape, new BufferSlice(bytes));
    }
}
