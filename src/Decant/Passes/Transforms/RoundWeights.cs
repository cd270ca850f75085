using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// v = min + width * (floor((v - min) / width) + 0.5) with width = (max - min) / num_steps, in float32: large constants take few values,
/// so that the file compresses well. Its size does not change.
/// </summary>
internal sealed class RoundWeights : Pass
{
    private const int MinimumSize = 16;

    private readonly int _steps;

    private RoundWeights(PassParameters parameters)
        : base("round_weights")
    {
        _steps = parameters.Int32("num_steps", 256);
        if (_steps < 1)
            throw parameters.Fail("num_steps", $"num_steps must be at least 1, and is {_steps}");
    }

    public static PassEntry Entry { get; } = new("round_weights", "Rounds float constants to a few values, so that the file compresses well", p => new RoundWeights(p))
    {
        Parameters = [new("num_steps", "the number of values", "256")],
    };

    public override IEnumerable<Patch> Patches(PassContext context)
    {
        foreach (Node node in context.Graph.Nodes.Where(n => FloatConstants.HasAtLeast(n, MinimumSize)).ToList())
        {
            Tensor value = new Value(node).Constant!;
            if (!FloatConstants.TryRange(value, out float min, out float max))
            {
                context.Decline(node, "holds values that are no finite numbers");
                continue;
            }

            if (min == max)
                (min, max) = MathF.Abs(min) < 0.000001f ? (min, min + 1f) : min > 0f ? (min, 2f * min) : (2f * max, max);
            float width = (max - min) / _steps;
            if (!float.IsFinite(width) || width == 0)
            {
                context.Decline(node, "holds values whose range is no float32");
                continue;
            }

            Tensor rounded = Rounded(value, min, width);
            yield return new Patch($"{Name}: {node.Name}").Change(node, n => n.Attributes["value"] = rounded);
        }
    }

    private static Tensor Rounded(Tensor value, float min, float width)
    {
        ReadOnlySpan<float> from = value.Span<float>();
        float[] to = new float[from.Length];
        for (int i = 0; i < to.Length; i++)
            to[i] = min + (width * (MathF.Floor((from[i] - min) / width) + 0.5f));
        return Tensor.Wrap(to, value.Shape);
    }
}
