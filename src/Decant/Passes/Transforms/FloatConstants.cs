using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>The constants that are made smaller.</summary>
internal static class FloatConstants
{
    /// <summary>C's FLT_MIN, the smallest positive normal number.</summary>
    private const float SmallestNormal = 1.17549435e-38f;

    /// <summary>Whether a node is a float32 <c>Const</c> of at least so many elements, and not too many for an array.</summary>
    public static bool HasAtLeast(Node node, int count) =>
        node.Op == "Const" && node.Attributes["value"] is TensorAttr { DType: DType.Float32 } tensor && tensor.Shape.TryElementCount(out long elements) && elements >= Math.Max(1, count) && elements <= int.MaxValue;

    /// <summary>
    /// The smallest and the largest value, as the original finds them: the search for the largest begins at FLT_MIN, so that it is
    /// positive. False when there are infinities or NaNs.
    /// </summary>
    public static bool TryRange(Tensor value, out float min, out float max)
    {
        (min, max) = (float.MaxValue, SmallestNormal);
        foreach (float element in value.Span<float>())
        {
            if (!float.IsFinite(element))
                return false;
            min = Math.Min(min, element);
            max = Math.Max(max, element);
        }

        return true;
    }
}
