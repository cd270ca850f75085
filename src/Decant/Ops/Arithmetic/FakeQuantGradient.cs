namespace Decant.Ops.Arithmetic;

/// <summary>
/// The gradients of the FakeQuantWithMinMax ops: passed where the input (input 1) lies within the nudged range; those below sum up to the gradient of
/// min, those above to that of max. A range of 0 passes all.
/// </summary>
internal sealed class FakeQuantGradient(string name, bool hasRangeInputs, bool perChannel) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        context.Set(0, DType.Float32, context.Shape(1));
        for (int port = 1; hasRangeInputs && port < 3; port++)
            context.Set(port, DType.Float32, context.Shape(port + 1));
    }

    public Kernel Prepare(KernelRequest request)
    {
        (int least, int most) = FakeQuant.Levels(request.Node);
        (float min, float max) = hasRangeInputs ? (0, 0) : (request.Attributes.Float("min"), request.Attributes.Float("max"));
        return Kernel.Of(context => Run(context, min, max, least, most));
    }

    private void Run(KernelContext context, float min, float max, int least, int most)
    {
        Shape shape = context.Shape(1);
        if (context.Shape(0) != shape)
            throw context.Fail($"has gradients {context.Input(0)} for {context.Input(1)}, expected the same shape");
        ReadOnlySpan<float> gradients = context.Input(0).Span<float>(), x = context.Input(1).Span<float>();
        ReadOnlySpan<float> mins = hasRangeInputs ? context.Input(2).Span<float>() : [min], maxes = hasRangeInputs ? context.Input(3).Span<float>() : [max];
        long channels = !perChannel ? 1 : shape.Rank > 0 ? shape[-1] : 0;
        if (mins.Length != channels || maxes.Length != channels)
            throw context.Fail($"has a range of {mins.Length} and {maxes.Length} values for {context.Input(1)}, expected {channels} each");
        Span<float> y = context.Output<float>(0, shape);
        Span<float> below = hasRangeInputs ? context.Output<float>(1, context.Shape(2)) : new float[1], above = hasRangeInputs ? context.Output<float>(2, context.Shape(3)) : new float[1];
        for (int c = 0; c < mins.Length; c++)
        {
            (float low, float high, _) = mins[c] == 0 && maxes[c] == 0 ? (float.NegativeInfinity, float.PositiveInfinity, 0) : FakeQuant.Nudge(mins[c], maxes[c], least, most);
            (double lower, double upper) = (0, 0);
            for (int i = c; i < y.Length; i += mins.Length)
            {
                y[i] = x[i] >= low && x[i] <= high ? gradients[i] : 0;
                lower += x[i] < low ? gradients[i] : 0;
                upper += x[i] > high ? gradients[i] : 0;
            }

            (below[c], above[c]) = ((float)lower, (float)upper);
        }
    }
}
