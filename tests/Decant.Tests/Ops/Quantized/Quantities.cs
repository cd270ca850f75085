using Decant.IR;

namespace Decant.Tests.Ops.Quantized;

/// <summary>Makes and reads tensors of quantized types.</summary>
internal static class Quantities
{
    /// <summary>A tensor of these integers.</summary>
    public static Tensor Of(DType dtype, Shape shape, params int[] values) => (dtype switch
    {
        DType.QUInt8 => Tensor.Wrap(Array.ConvertAll(values, v => (byte)v), shape),
        DType.QInt8 => Tensor.Wrap(Array.ConvertAll(values, v => (sbyte)v), shape),
        DType.QUInt16 => Tensor.Wrap(Array.ConvertAll(values, v => (ushort)v), shape),
        DType.QInt16 => Tensor.Wrap(Array.ConvertAll(values, v => (short)v), shape),
        _ => Tensor.Wrap(values, shape),
    }).Reinterpreted(dtype);

    /// <summary>A vector of quint8.</summary>
    public static Tensor Bytes(params int[] values) => Of(DType.QUInt8, new Shape(values.Length), values);

    /// <summary>float32 scalars, one after the other.</summary>
    public static Tensor[] Scalars(params float[] values) => Array.ConvertAll(values, v => Tensor.Scalar(v));

    /// <summary>The elements of a tensor of any type.</summary>
    public static double[] Numbers(Tensor tensor) => OneNode.Numbers(tensor.DType.IsQuantized() ? tensor.Reinterpreted(Plain(tensor.DType)) : tensor);

    /// <summary>These attributes and more.</summary>
    public static AttributeMap And(this AttributeMap attributes, params ReadOnlySpan<(string Name, AttrValue Value)> more)
    {
        AttributeMap all = attributes.Clone();
        foreach ((string name, AttrValue value) in more)
            all.Set(name, value);
        return all;
    }

    private static DType Plain(DType dtype) => dtype switch
    {
        DType.QUInt8 => DType.UInt8,
        DType.QInt8 => DType.Int8,
        DType.QUInt16 => DType.UInt16,
        DType.QInt16 => DType.Int16,
        _ => DType.Int32,
    };
}
