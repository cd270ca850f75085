using Decant.Kernels.Quantized;
using static Decant.Ops.TFLite.Recurrent.IntegerLstm;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>
/// An LSTM on 8-bit integers whose gates' products are 8-bit too, with 12 intermediate tensors: for the input, forget, cell and output
/// gate in turn the sum, the input's product and the state's. It has no input gate, and layer normalization in float.
/// </summary>
internal sealed class ByteLstm
{
    public const int Intermediates = 12;

    private const float GateScale = 1f / 4096, OutputScale = 32768;
    private const float NormalizationEpsilon = 1e-8f;

    private readonly LstmInputs _inputs = LstmInputs.Single;
    private readonly Gate[] _gates;
    private readonly QuantParams _input;
    private readonly QuantParams _output;
    private readonly FixedPoint _projection;
    private readonly bool _hasProjectionBias;
    private readonly short _cellClip;
    private readonly sbyte _projectionClip;
    private readonly State<sbyte> _outputState = new(LstmInputs.Single.OutputState);
    private readonly State<short> _cellState = new(LstmInputs.Single.OutputState + 1);
    private readonly Reused<short>[] _gateSums = [.. Enum.GetValues<LstmGate>().Select(_ => new Reused<short>())];
    private readonly Reused<sbyte> _x = new();
    private readonly Reused<short> _inputValues = new(), _stateValues = new();

    public ByteLstm(KernelRequest request)
    {
        (_input, _output) = (request.InputQuant(0), request.InputQuant(_inputs.OutputState));
        if (request.HasInput(_inputs.Input) || !request.HasInput(_inputs.Projection))
            throw request.NoKernel("of 8-bit gates with an input gate or without a projection");
        _gates = [MakeGate(request, LstmGate.Forget), MakeGate(request, LstmGate.Cell), MakeGate(request, LstmGate.Output)];
        _projection = FixedPoint.Of((float)(request.InputQuant(_inputs.Projection).Scale * Math.ScaleB(1, -15) / _output.Scale));
        _hasProjectionBias = request.HasInput(_inputs.Projection + 1);
        (float cellClip, float projectionClip) = (request.Attributes.Float("cell_clip"), request.Attributes.Float("proj_clip"));
        _cellClip = cellClip is > 0 and < 1 ? (short)(cellClip * OutputScale) : (short)0;
        _projectionClip = projectionClip > 0 ? (sbyte)Math.Clamp(projectionClip / request.OutputQuant().Scale, sbyte.MinValue, sbyte.MaxValue) : (sbyte)0;
    }

    /// <summary>Runs all steps, time first.</summary>
    public void Run(KernelContext context)
    {
        Tensor input = context.Input(0);
        var sequence = new RecurrentSequence(context, input, isTimeMajor: true);
        int cells = (int)context.Shape(_inputs.Input + (int)LstmGate.Output)[0], outputs = (int)context.Shape(_inputs.Recurrent + (int)LstmGate.Output)[-1];
        sbyte[] outputState = _outputState.Read(context, (long)sequence.Batch * outputs), x = _x.Of(sequence.Batch * sequence.Size);
        short[] cellState = _cellState.Read(context, (long)sequence.Batch * cells);
        Span<sbyte> output = context.Output<sbyte>(0, RecurrentSequence.Output(context, isTimeMajor: true, outputs));
        for (int time = 0; time < sequence.Time; time++)
        {
            sequence.Step(input.Span<sbyte>(), time, sequence.Size, x);
            short[] given = Less(x, _input.ZeroPoint, _inputValues), state = Less(outputState, _output.ZeroPoint, _stateValues);
            short[] forget = Value(context, _gates[0], given, sequence.Size, state, outputs, cells, isTanh: false);
            short[] cell = Value(context, _gates[1], given, sequence.Size, state, outputs, cells, isTanh: true);
            LstmCellState.Update(cellState, -15, null, forget, cell, _cellClip);
            short[] gate = Value(context, _gates[2], given, sequence.Size, state, outputs, cells, isTanh: false);
            Project(context, gate, cellState, outputState, outputs, cells);
            sequence.Write<sbyte>(outputState, time, outputs, output, outputs, 0);
        }

        _outputState.Write(context);
        _cellState.Write(context);
    }

    private void Project(KernelContext context, short[] gate, short[] cellState, sbyte[] outputState, int outputs, int cells)
    {
        for (int i = 0; i < gate.Length; i++)
            gate[i] = (short)FixedPoint.RoundingShift(gate[i] * Round(MathF.Tanh((float)(cellState[i] * Math.ScaleB(1, -15))) * OutputScale), 15);
        ReadOnlySpan<sbyte> weights = Matrix(context, _inputs.Projection, outputs, cells);
        ReadOnlySpan<int> bias = _hasProjectionBias ? Biases(context, _inputs.Projection + 1, outputs) : default;
        for (int i = 0; i < outputState.Length; i++)
        {
            int sum = (bias.IsEmpty ? 0 : bias[i % outputs]) + IntegerDot.Sum(gate.AsSpan(i / outputs * cells, cells), weights.Slice(i % outputs * cells, cells));
            sbyte value = (sbyte)Math.Clamp(_projection.Times(sum) + _output.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
            outputState[i] = _projectionClip > 0 ? (sbyte)Math.Clamp((int)value, -_projectionClip, _projectionClip) : value;
        }
    }

    private short[] Value(KernelContext context, Gate gate, short[] x, int inputs, short[] outputState, int outputs, int cells, bool isTanh)
    {
        ReadOnlySpan<sbyte> inputWeights = Matrix(context, _inputs.Input + gate.Number, cells, inputs), recurrentWeights = Matrix(context, _inputs.Recurrent + gate.Number, cells, outputs);
        int batch = x.Length / Math.Max(1, inputs);
        short[] sums = _gateSums[gate.Number].Of(batch * cells);
        for (int i = 0; i < sums.Length; i++)
        {
            int fromInput = Product(inputWeights, x, i, cells, inputs, gate.Input, gate.InputZero) - gate.InputZero;
            int fromState = Product(recurrentWeights, outputState, i, cells, outputs, gate.Recurrent, gate.RecurrentZero) - gate.StateZero;
            sums[i] = (short)Math.Clamp(gate.InputToSum.Times(fromInput) + gate.StateToSum.Times(fromState), short.MinValue, short.MaxValue);
        }

        Normalize(context, gate, sums, cells);
        for (int i = 0; i < sums.Length; i++)
        {
            float real = sums[i] * GateScale;
            sums[i] = Round((isTanh ? MathF.Tanh(real) : 1 / (1 + MathF.Exp(-real))) * OutputScale);
        }

        return sums;
    }

    private static int Product(ReadOnlySpan<sbyte> weights, short[] rows, int index, int cells, int depth, FixedPoint factor, int resultZero)
    {
        (int row, int cell) = (index / cells, index % cells);
        int sum = IntegerDot.Sum(rows.AsSpan(row * depth, depth), weights.Slice(cell * depth, depth));
        return Math.Clamp(factor.Times(sum) + resultZero, sbyte.MinValue, sbyte.MaxValue);
    }

    private void Normalize(KernelContext context, Gate gate, short[] sums, int cells)
    {
        Tensor coefficients = context.Input(_inputs.Normalization + gate.Number);
        if (coefficients.DType != DType.Int16 || coefficients.ElementCount != cells)
            throw context.Fail($"has the coefficients {coefficients}, expected int16[{cells}]");
        ReadOnlySpan<short> weights = coefficients.Span<short>();
        ReadOnlySpan<int> bias = Biases(context, _inputs.Bias + gate.Number, cells);
        float scale = (float)Math.ScaleB(gate.Normalization.Mantissa, gate.Normalization.Shift - 31), biasScale = scale / 1024;
        for (int start = 0; start < sums.Length; start += cells)
        {
            (float sum, float squares) = (0, 0);
            for (int i = 0; i < cells; i++)
                (sum, squares) = (sum + sums[start + i], squares + ((float)sums[start + i] * sums[start + i]));
            float mean = sum / cells, variance = (squares / cells) - (mean * mean);
            float inverse = 1 / MathF.Sqrt(variance == 0 ? NormalizationEpsilon : variance);
            for (int i = 0; i < cells; i++)
            {
                float value = ((sums[start + i] - mean) * inverse * weights[i] * scale) + (bias[i] * biasScale);
                sums[start + i] = (short)Math.Clamp((int)MathF.Round(value / GateScale, MidpointRounding.AwayFromZero), short.MinValue, short.MaxValue);
            }
        }
    }

    // Cut off, not rounded, as in TensorFlow Lite.
    private static short Round(float value) => (short)Math.Clamp((int)value, short.MinValue, short.MaxValue);

    private Gate MakeGate(KernelRequest request, LstmGate gate)
    {
        int first = 3 * (int)gate;
        QuantParams Of(int index) => Quantizing.Of(Intermediate(request, index));
        (QuantParams sum, QuantParams input, QuantParams recurrent) = (Of(first), Of(first + 1), Of(first + 2));
        FixedPoint stateToSum = FixedPoint.Of(recurrent.Scale / sum.Scale);
        int stateZero = recurrent.ZeroPoint;

        // TensorFlow Lite's kernel reads, for the output gate's state, a mantissa behind its table (which is the shift of the forget gate's
        // state) and the zero point of the cell gate's input. Results are to be the same.
        if (gate == LstmGate.Output)
        {
            stateToSum = new FixedPoint(FixedPoint.Of(Of(5).Scale / Of(3).Scale).Shift, stateToSum.Shift);
            stateZero = Of(7).ZeroPoint;
        }

        return new Gate(
            (int)gate, FixedPoint.Of(request.InputQuant(_inputs.Input + (int)gate).Scale * _input.Scale / input.Scale),
            FixedPoint.Of(request.InputQuant(_inputs.Recurrent + (int)gate).Scale * _output.Scale / recurrent.Scale),
            FixedPoint.Of(input.Scale / sum.Scale), stateToSum, input.ZeroPoint, stateZero, stateZero,
            FixedPoint.Of(request.InputQuant(_inputs.Normalization + (int)gate).Scale));
    }

    private sealed record Gate(
        int Number, FixedPoint Input, FixedPoint Recurrent, FixedPoint InputToSum, FixedPoint StateToSum, int InputZero, int RecurrentZero, int StateZero, FixedPoint Normalization);
}
