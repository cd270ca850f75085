using Decant.IR;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>How large a tensor may be that a node makes, whatever its op: sizes come from files.</summary>
internal static class TensorLimit
{
    /// <summary>The most bytes where nobody says another number. Filling so many takes a second or two.</summary>
    public const long Usual = 2L << 30;

    /// <summary>Checks what a node asks for.</summary>
    /// <param name="node">The node.</param>
    /// <param name="dtype">The type of the tensor.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="bytes">The bytes that it takes.</param>
    /// <param name="most">The most bytes.</param>
    /// <param name="inputs">What the node reads; who reads as many elements has them already.</param>
    /// <exception cref="ModelException">It asks for more.</exception>
    public static void Check(Node node, DType dtype, Shape shape, long bytes, long most, IEnumerable<Tensor> inputs)
    {
        if (bytes > most && shape.ElementCount > inputs.Distinct().Sum(i => i.ElementCount))
        {
            throw OpErrors.OutOfMemory.At(
                node.At(), $"{node.Op} asks for a {dtype.Name()} tensor of shape {shape}: {bytes} bytes, and at most {most} are given", "if you trust the model, set DECANT_LARGEST_TENSOR to more bytes, or SessionOptions.LargestTensor");
        }
    }
}
