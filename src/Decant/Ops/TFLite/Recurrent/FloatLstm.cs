using System.Numerics.Tensors;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>
/// One direction of an LSTM on floats, with float or 8-bit weights:
/// i, f, o = sigmoid(W x + R h + P c + b), g = activation(W x + R h + b), c' = f c + i g, h' = projection(o activation(c')).
/// Without an input gate i is 1 - f.
/// </summary>
internal sealed class FloatLstm
{
    private readonly LstmInputs _inputs;
    private readonly Gate?[] _gates;
    private readonly RecurrentWeights? _projection;
    private readonly bool _hasProjectionBias;
    private readonly string _activation;
    private readonly float _cellClip;
    private readonly float _projectionClip;
    private readonly State<float> _outputState, _cellState;
    private readonly RecurrentVectors _x, _beside, _h, _squashed;
    private readonly Reused<float>[] _sums = [.. Enum.GetValues<LstmGate>().Select(_ => new Reused<float>())];
    private readonly Reused<float> _activated = new(), _wide = new();

    public FloatLstm(KernelRequest request, LstmInputs inputs, bool hasAuxiliary)
    {
        _inputs = inputs;
        _gates = [.. Enum.GetValues<LstmGate>().Select(g => !request.HasInput(inputs.Input + (int)g) ? null : new Gate(
            new RecurrentWeights(request, inputs.Input + (int)g),
            hasAuxiliary && request.HasInput(inputs.Auxiliary + (int)g) ? new RecurrentWeights(request, inputs.Auxiliary + (int)g) : null,
            request.HasInput(inputs.Recurrent + (int)g) ? new RecurrentWeights(request, inputs.Recurrent + (int)g) : throw request.Fail($"has no recurrent weights of the {g} gate"),
            Given(request, inputs.PeepholeOf(g)),
            inputs.Normalization < 0 ? -1 : Given(request, inputs.Normalization + (int)g),
            request.HasInput(inputs.Bias + (int)g) ? inputs.Bias + (int)g : throw request.Fail($"has no bias of the {g} gate")))];
        for (int g = 1; g < _gates.Length; g++)
        {
            if (_gates[g] is null)
                throw request.Fail($"has no weights of the {(LstmGate)g} gate");
        }

        if (!request.HasInput(inputs.OutputState) || !request.HasInput(inputs.OutputState + 1))
            throw request.Fail("has no variables for its states");
        _projection = request.HasInput(inputs.Projection) ? new RecurrentWeights(request, inputs.Projection) : null;
        _hasProjectionBias = request.HasInput(inputs.Projection + 1);
        bool isAsymmetric = request.Attributes.Bool("asymmetric_quantize_inputs");
        (_x, _beside, _h, _squashed) = (new RecurrentVectors(isAsymmetric), new RecurrentVectors(isAsymmetric), new RecurrentVectors(isAsymmetric), new RecurrentVectors(isAsymmetric));
        (_outputState, _cellState) = (new State<float>(inputs.OutputState), new State<float>(inputs.OutputState + 1));
        _activation = request.AnyActivation();
        (_cellClip, _projectionClip) = (request.Attributes.Float("cell_clip"), request.Attributes.Float("proj_clip"));
    }

    /// <summary>How many outputs a step has.</summary>
    public int OutputSize(KernelContext context) => _projection is not null ? (int)_projection.Read(context).Shape[0] : (int)_gates[(int)LstmGate.Output]!.Input.Read(context).Shape[0];

    /// <summary>Runs all steps.</summary>
    /// <param name="context">The run.</param>
    /// <param name="input">The input of each step.</param>
    /// <param name="auxiliary">Another input of each step, or null.</param>
    /// <param name="isTimeMajor">Whether time comes before the batch.</param>
    /// <param name="isForward">Whether the first step is the first.</param>
    /// <param name="output">Rows of outputs.</param>
    /// <param name="stride">The length of a row.</param>
    /// <param name="offset">Where in a row the outputs go.</param>
    public void Run(KernelContext context, Tensor input, Tensor? auxiliary, bool isTimeMajor, bool isForward, Span<float> output, int stride, int offset)
    {
        var sequence = new RecurrentSequence(context, input, isTimeMajor);
        int cells = (int)_gates[(int)LstmGate.Output]!.Input.Read(context).Shape[0], outputs = OutputSize(context);
        float[] outputState = _outputState.Read(context, (long)sequence.Batch * outputs), cellState = _cellState.Read(context, (long)sequence.Batch * cells);
        int auxiliarySize = auxiliary is null ? 0 : (int)auxiliary.Shape[-1];
        if (auxiliary is not null && auxiliary.ElementCount != (long)sequence.Time * sequence.Batch * auxiliarySize)
            throw context.Fail($"has the auxiliary input {auxiliary} beside {input}, expected as many rows");
        for (int t = 0; t < sequence.Time; t++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            int time = isForward ? t : sequence.Time - 1 - t;
            sequence.Step(input.Span<float>(), time, sequence.Size, _x.Begin(sequence.Batch, sequence.Size));
            if (auxiliary is not null)
                sequence.Step(auxiliary.Span<float>(), time, auxiliarySize, _beside.Begin(sequence.Batch, auxiliarySize));
            Step(context, _x, auxiliary is null ? null : _beside, outputState, cellState, outputs, cells);
            sequence.Write<float>(outputState, time, outputs, output, stride, offset);
        }

        _outputState.Write(context);
        _cellState.Write(context);
    }

    private void Step(KernelContext context, RecurrentVectors x, RecurrentVectors? aux, float[] outputState, float[] cellState, int outputs, int cells)
    {
        RecurrentVectors h = _h.Set(outputState, outputs);
        float[] forget = Value(context, LstmGate.Forget, x, aux, h, cellState, cells);
        float[] cell = Value(context, LstmGate.Cell, x, aux, h, cellState, cells);
        float[]? input = _gates[(int)LstmGate.Input] is null ? null : Value(context, LstmGate.Input, x, aux, h, cellState, cells);
        for (int i = 0; i < cellState.Length; i++)
            cellState[i] = (forget[i] * cellState[i]) + (cell[i] * (input?[i] ?? 1 - forget[i]));
        Clip(cellState, _cellClip);
        float[] output = Value(context, LstmGate.Output, x, aux, h, cellState, cells);
        float[] squashed = _activated.Copy(cellState);
        Activated.Apply(_activation, squashed);
        TensorPrimitives.Multiply<float>(output, squashed, output);
        if (context.Resources.TryGet("", out LstmRanges? seen))
            seen.Add(context.Node, cellState, output);
        if (_projection is null)
        {
            output.CopyTo(outputState, 0);
            return;
        }

        if (_hasProjectionBias)
            Fill(outputState, FloatConvolution.Bias(context, _inputs.Projection + 1, outputs));
        else
            Array.Clear(outputState);
        _projection.AddProduct(context, _squashed.Set(output, cells), outputState);
        Clip(outputState, _projectionClip);
    }

    private float[] Value(KernelContext context, LstmGate which, RecurrentVectors x, RecurrentVectors? aux, RecurrentVectors h, float[] cellState, int cells)
    {
        Gate gate = _gates[(int)which]!;
        float[] sums = _sums[(int)which].Zeros(cellState.Length);
        ReadOnlySpan<float> bias = FloatConvolution.Bias(context, gate.Bias, cells);
        if (gate.Normalization < 0)
            Fill(sums, bias);
        gate.Input.AddProduct(context, x, sums);
        if (aux is not null)
            gate.Auxiliary?.AddProduct(context, aux, sums);

        // TensorFlow Lite's sparse kernel takes the scales of the input for the state as well.
        gate.Recurrent.AddProduct(context, h, sums, gate.Recurrent.IsSparse ? x.Quantized.Scales : null);
        if (gate.Peephole >= 0)
        {
            ReadOnlySpan<float> weights = Floats(context, gate.Peephole, cells);
            for (int i = 0; i < sums.Length; i++)
                sums[i] += weights[i % cells] * cellState[i];
        }

        if (gate.Normalization >= 0)
            Normalize(sums, Floats(context, gate.Normalization, cells), bias);
        if (which == LstmGate.Cell)
            Activated.Apply(_activation, sums);
        else
            TensorPrimitives.Sigmoid(sums, sums);
        return sums;
    }

    /// <summary>Floats, or the numbers that 8-bit integers of one scale stand for.</summary>
    private ReadOnlySpan<float> Floats(KernelContext context, int input, int count)
    {
        Tensor weights = context.Input(input);
        if (weights.ElementCount != count)
            throw context.Fail($"has {weights} as input {input}, expected {count} elements");
        if (weights.DType == DType.Float32)
            return weights.Span<float>();
        float scale = context.Node.Inputs[input] is { Node.Tensors: var tensors, Port: var port } && port < tensors.Count ? Quantizing.Of(tensors[port]).Scale : 1;
        float[] wide = _wide.Of(count);
        ReadOnlySpan<byte> bytes = weights.Data.Span;
        for (int i = 0; i < wide.Length; i++)
            wide[i] = scale * (sbyte)bytes[i];
        return wide;
    }

    // Each row is brought to the mean 0 and the variance 1; the bias comes behind that.
    private static void Normalize(float[] sums, ReadOnlySpan<float> coefficients, ReadOnlySpan<float> bias)
    {
        const float Epsilon = 1e-8f;
        for (int start = 0; start < sums.Length; start += bias.Length)
        {
            Span<float> row = sums.AsSpan(start, bias.Length);
            float mean = TensorPrimitives.Sum<float>(row) / row.Length, squares = 0;
            foreach (float v in row)
                squares += (v - mean) * (v - mean);
            float inverse = 1 / MathF.Sqrt((squares / row.Length) + Epsilon);
            for (int i = 0; i < row.Length; i++)
                row[i] = ((row[i] - mean) * inverse * coefficients[i]) + bias[i];
        }
    }

    private static void Fill(Span<float> rows, ReadOnlySpan<float> row)
    {
        for (int start = 0; start < rows.Length; start += row.Length)
            row.CopyTo(rows[start..]);
    }

    private static void Clip(Span<float> values, float bound)
    {
        if (bound > 0)
            TensorPrimitives.Clamp(values, -bound, bound, values);
    }

    private static int Given(KernelRequest request, int input) => input >= 0 && request.HasInput(input) ? input : -1;

    /// <summary>What makes a gate: weights, and numbers of inputs or -1.</summary>
    private sealed record Gate(RecurrentWeights Input, RecurrentWeights? Auxiliary, RecurrentWeights Recurrent, int Peephole, int Normalization, int Bias);
}
