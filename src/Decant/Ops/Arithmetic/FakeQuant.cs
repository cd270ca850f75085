using Decant.IR;

namespace Decant.Ops.Arithmetic;

/// <summary>
/// The FakeQuantWithMinMax ops: rounds float32 to the levels of an integer type of num_bits and back. The range is nudged
/// so that 0 is a level: scale = (max - min) / levels, zero point = round(qmin - min / scale) clamped to [qmin, qmax].
/// </summary>
internal sealed class FakeQuant(string name, bool hasRangeInputs, bool perChannel) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context) => context.Set(0, DType.Float32, context.Shape(0));

    public Kernel Prepare(KernelRequest request)
    {
        (int least, int most) = Levels(request.Node);
        float min = hasRangeInputs ? 0 : request.Attributes.Float("min"), max = hasRangeInputs ? 0 : request.Attributes.Float("max");
        if (!hasRangeInputs && !(min < max))
            throw GraphErrors.BadAttribute.At(request.Node.At("min"), $"is {min}, expected less than max, which is {max}");
        return Kernel.Of(context => Run(context, min, max, least, most));
    }

    /// <summary>The lowest and the highest level, by attributes <c>num_bits</c> and <c>narrow_range</c>.</summary>
    internal static (int Least, int Most) Levels(Node node)
    {
        var attributes = new NodeAttributes(node);
        long bits = attributes.Int("num_bits");
        return bits is >= 2 and <= 16 ? (attributes.Bool("narrow_range") ? 1 : 0, (1 << (int)bits) - 1)
            : throw GraphErrors.BadAttribute.At(node.At("num_bits"), $"is {bits}, expected 2 to 16");
    }

    private void Run(KernelContext context, float min, float max, int least, int most)
    {
        Tensor input = context.Input(0);
        ReadOnlySpan<float> x = input.Span<float>(), mins = hasRangeInputs ? context.Input(1).Span<float>() : [min], maxes = hasRangeInputs ? context.Input(2).Span<float>() : [max];
        long channels = !perChannel ? 1 : input.Shape.Rank > 0 ? input.Shape[-1] : 0;
        if (mins.Length != channels || maxes.Length != channels)
            throw context.Fail($"has a range of {mins.Length} and {maxes.Length} values for {input}, expected {channels} each");
        Span<float> y = context.Output<float>(0, input.Shape);
        for (int c = 0; c < mins.Length; c++)
        {
            (float low, float high, float scale) = Nudge(mins[c], maxes[c], least, most);
            float inverse = 1 / scale;
            for (int i = c; i < y.Length; i += mins.Length)
            {
                if (mins[c] == 0 && maxes[c] == 0)
                {
                    y[i] = 0;
                    continue;
                }

                float clamped = Math.Min(Math.Max(x[i], low), high);
                y[i] = (MathF.Floor(((clamped - low) * inverse) + 0.5f) * scale) + low;
            }
        }
    }

    /// <summary>The range moved so that 0 is a level, and the distance of the levels.</summary>
    internal static (float Low, float High, float Scale) Nudge(float min, float max, int least, int most)
    {
        float scale = (max - min) / (most - least), fromMin = least - (min / scale);
        float zeroPoint = fromMin < least ? least : fromMin > most ? most : MathF.Round(fromMin, MidpointRounding.AwayFromZero);
        return ((least - zeroPoint) * scale, (most - zeroPoint) * scale, scale);
    }
}
