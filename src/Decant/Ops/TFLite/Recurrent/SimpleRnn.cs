namespace Decant.Ops.TFLite.Recurrent;

/// <summary>One direction of a recurrent layer: h' = activation(W x + V a + R h + b), a the auxiliary input if there is one.</summary>
internal sealed class SimpleRnn
{
    private readonly RecurrentWeights _input;
    private readonly RecurrentWeights? _auxiliary;
    private readonly RecurrentWeights _recurrent;
    private readonly int _bias;
    private readonly State<float> _state;
    private readonly RecurrentVectors _x, _beside, _h;
    private readonly Reused<float> _sums = new();
    private readonly string _activation;

    /// <summary>The inputs from a number on: weights, recurrent weights, bias, state.</summary>
    public SimpleRnn(KernelRequest request, int first, int auxiliary = -1)
    {
        for (int i = first; i < first + 4; i++)
        {
            if (!request.HasInput(i))
                throw request.Fail($"has no input {i}, expected weights, recurrent weights, a bias and a state");
        }

        (_input, _recurrent, _bias, _state) = (new RecurrentWeights(request, first), new RecurrentWeights(request, first + 1), first + 2, new State<float>(first + 3));
        _auxiliary = auxiliary >= 0 && request.HasInput(auxiliary) ? new RecurrentWeights(request, auxiliary) : null;
        bool isAsymmetric = request.Attributes.Bool("asymmetric_quantize_inputs");
        (_x, _beside, _h) = (new RecurrentVectors(isAsymmetric), new RecurrentVectors(isAsymmetric), new RecurrentVectors(isAsymmetric));
        _activation = request.AnyActivation();
    }

    /// <summary>How many outputs a step has.</summary>
    public int Units(KernelContext context) => (int)_input.Read(context).Shape[0];

    /// <summary>Runs all steps, as <see cref="FloatLstm.Run"/> does.</summary>
    public void Run(KernelContext context, Tensor input, Tensor? auxiliary, bool isTimeMajor, bool isForward, Span<float> output, int stride, int offset)
    {
        var sequence = new RecurrentSequence(context, input, isTimeMajor);
        int units = Units(context), auxiliarySize = auxiliary is null ? 0 : (int)auxiliary.Shape[-1];
        if (auxiliary is not null && auxiliary.ElementCount != (long)sequence.Time * sequence.Batch * auxiliarySize)
            throw context.Fail($"has the auxiliary input {auxiliary} beside {input}, expected as many rows");
        float[] state = _state.Read(context, (long)sequence.Batch * units);
        ReadOnlySpan<float> bias = FloatConvolution.Bias(context, _bias, units);
        for (int t = 0; t < sequence.Time; t++)
        {
            int time = isForward ? t : sequence.Time - 1 - t;
            float[] sums = _sums.Of(state.Length);
            for (int start = 0; start < sums.Length; start += units)
                bias.CopyTo(sums.AsSpan(start));
            sequence.Step(input.Span<float>(), time, sequence.Size, _x.Begin(sequence.Batch, sequence.Size));
            _input.AddProduct(context, _x, sums);
            if (auxiliary is not null && _auxiliary is not null)
            {
                sequence.Step(auxiliary.Span<float>(), time, auxiliarySize, _beside.Begin(sequence.Batch, auxiliarySize));
                _auxiliary.AddProduct(context, _beside, sums);
            }

            _recurrent.AddProduct(context, _h.Set(state, units), sums);
            Activated.Apply(_activation, sums);
            sums.CopyTo(state, 0);
            sequence.Write<float>(sums, time, units, output, stride, offset);
        }

        _state.Write(context);
    }
}
