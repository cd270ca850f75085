using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>
/// A tensor that no operator writes. A variable gives the session's variable of it, which is zero at first; another has no
/// value, but for one of no elements.
/// </summary>
internal static class TensorOp
{
    /// <summary>The name of a variable among the session's resources.</summary>
    public static string ResourceName(Node node) => $"{node.Name}/{(node.Tensors.Count > 0 ? node.Tensors[0].Index : -1)}";

    public static Kernel Prepare(KernelRequest request)
    {
        TensorSpec spec = request.OutputSpec();
        if (!spec.IsVariable)
            return Kernel.Of(context => context.Allocate(0, spec.DType, spec.Shape.TryElementCount(out long count) && count == 0 && spec.DType.HasFixedSize() ? spec.Shape
                : throw context.Fail($"the tensor '{spec.Name}' has no value: no operator writes it, and it is neither an input nor a constant")));
        if (!spec.Shape.IsFullyKnown || !spec.DType.HasFixedSize() || spec.Shape.ElementCount > Array.MaxLength / 8)
            throw request.Fail($"the variable is {spec.DType.Name()}{spec.Shape}, expected elements of a fixed size and a shape that is known");
        string name = ResourceName(request.Node);
        Func<Variable> make = () => new Variable(spec.Name, spec.DType, spec.Shape, () => new Tensor(spec.DType, spec.Shape, new BufferSlice(Zero(spec))));
        return Kernel.Of(context => context.SetOutput(0, context.Resources.GetOrAdd(name, make)));
    }

    // Zero, as a number: states of int8 begin at their zero point, those of uint8 with bytes of zero.
    private static byte[] Zero(TensorSpec spec)
    {
        byte[] bytes = new byte[Tensor.ByteCount(spec.DType, spec.Shape)];
        if (spec.DType == DType.Int8 && Quantizing.Of(spec).ZeroPoint is not 0 and var zero)
            Array.Fill(bytes, (byte)zero);
        return bytes;
    }
}
