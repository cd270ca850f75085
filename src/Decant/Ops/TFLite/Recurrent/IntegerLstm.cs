using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>
/// An LSTM on 8-bit integers with a 16-bit cell state. Gates have 3 integer bits (scale 2^-12), or with layer normalization the scales
/// of the node's intermediate tensors; the cell state's scale is a power of two.
/// </summary>
internal sealed class IntegerLstm
{
    private const int Gates = 4, Hidden = 4;
    private const double GateScale = 1.0 / 4096;

    private readonly Gate?[] _gates = new Gate?[Gates];
    private readonly LstmInputs _inputs = LstmInputs.Single;
    private readonly QuantParams _input;
    private readonly QuantParams _output;
    private readonly QuantParams _hidden;
    private readonly bool _hasProjection;
    private readonly bool _hasProjectionBias;
    private readonly FixedPoint _hiddenFactor;
    private readonly FixedPoint _projectionFactor;
    private readonly int _cellLog;
    private readonly short _cellClip;
    private readonly sbyte _projectionClip;
    private readonly State<sbyte> _outputState = new(LstmInputs.Single.OutputState);
    private readonly State<short> _cellState = new(LstmInputs.Single.OutputState + 1);
    private readonly Reused<short>[] _gateSums = [.. Enum.GetValues<LstmGate>().Select(_ => new Reused<short>())];
    private readonly Reused<short> _projected = new();
    private readonly Reused<sbyte> _x = new(), _hiddenBytes = new();
    private readonly Reused<short> _inputValues = new(), _stateValues = new(), _hiddenValues = new();

    public IntegerLstm(KernelRequest request)
    {
        (_input, _output) = (request.InputQuant(0), request.InputQuant(_inputs.OutputState));
        float cellScale = request.InputQuant(_inputs.OutputState + 1).Scale;
        _cellLog = (int)Math.Round(Math.Log2(cellScale));
        if (Math.Abs(Math.Log2(cellScale) - _cellLog) > 1e-3 || _cellLog > -9)
            throw request.Fail($"has a cell state of the scale {cellScale}, expected a power of two of at most 2^-9");
        _hidden = Quantizing.Of(Intermediate(request, Hidden));
        for (int g = 0; g < Gates; g++)
        {
            if (request.HasInput(_inputs.Input + g))
                _gates[g] = MakeGate(request, (LstmGate)g, cellScale);
        }

        _hasProjection = request.HasInput(_inputs.Projection);
        _hasProjectionBias = request.HasInput(_inputs.Projection + 1);
        _hiddenFactor = FixedPoint.Of((float)(1.0 / 32768 / _hidden.Scale / 32768));
        _projectionFactor = _hasProjection ? FixedPoint.Of(request.InputQuant(_inputs.Projection).Scale * _hidden.Scale / _output.Scale) : default;
        (float cellClip, float projectionClip) = (request.Attributes.Float("cell_clip"), request.Attributes.Float("proj_clip"));
        _cellClip = cellClip > 0 ? (short)Math.Clamp(cellClip / cellScale, short.MinValue, short.MaxValue) : (short)0;
        _projectionClip = projectionClip > 0 ? (sbyte)Math.Clamp(projectionClip / request.OutputQuant().Scale, sbyte.MinValue, sbyte.MaxValue) : (sbyte)0;
    }

    /// <summary>Runs all steps.</summary>
    public void Run(KernelContext context, bool isTimeMajor)
    {
        Tensor input = context.Input(0);
        var sequence = new RecurrentSequence(context, input, isTimeMajor);
        int cells = (int)context.Shape(_inputs.Input + (int)LstmGate.Output)[0], outputs = (int)context.Shape(_inputs.Recurrent + (int)LstmGate.Output)[-1];
        sbyte[] outputState = _outputState.Read(context, (long)sequence.Batch * outputs), x = _x.Of(sequence.Batch * sequence.Size);
        short[] cellState = _cellState.Read(context, (long)sequence.Batch * cells);
        Span<sbyte> output = context.Output<sbyte>(0, RecurrentSequence.Output(context, isTimeMajor, outputs));
        for (int time = 0; time < sequence.Time; time++)
        {
            Step(context, sequence.Step(input.Span<sbyte>(), time, sequence.Size, x), outputState, cellState, cells, outputs);
            sequence.Write<sbyte>(outputState, time, outputs, output, outputs, 0);
        }

        _outputState.Write(context);
        _cellState.Write(context);
    }

    private void Step(KernelContext context, sbyte[] x, sbyte[] outputState, short[] cellState, int cells, int outputs)
    {
        short[] given = Less(x, _input.ZeroPoint, _inputValues), state = Less(outputState, _output.ZeroPoint, _stateValues);
        short[] forget = Value(context, LstmGate.Forget, given, state, cellState, cells, outputs);
        short[] cell = Value(context, LstmGate.Cell, given, state, cellState, cells, outputs);
        short[]? input = _gates[0] is null ? null : Value(context, LstmGate.Input, given, state, cellState, cells, outputs);
        LstmCellState.Update(cellState, _cellLog, input, forget, cell, _cellClip);
        short[] output = Value(context, LstmGate.Output, given, state, cellState, cells, outputs);
        sbyte[] hidden = _hiddenBytes.Of(cellState.Length);

        // Behind a projection the zero point comes off here, and is put back into the projection's bias.
        int zero = _hasProjection ? -_hidden.ZeroPoint : _hidden.ZeroPoint;
        for (int i = 0; i < hidden.Length; i++)
            hidden[i] = Saturate(_hiddenFactor.Times(output[i] * FixedPoint16.Tanh(cellState[i], 15 + _cellLog)) + zero);
        if (!_hasProjection)
        {
            hidden.CopyTo(outputState, 0);
            return;
        }

        short[] sums = _projected.Of(outputState.Length);
        Project(context, hidden, sums, outputs, cells);
        for (int i = 0; i < sums.Length; i++)
            outputState[i] = _projectionClip > 0 ? (sbyte)Math.Clamp(sums[i], -_projectionClip, _projectionClip) : (sbyte)sums[i];
    }

    private void Project(KernelContext context, sbyte[] hidden, short[] sums, int outputs, int cells)
    {
        ReadOnlySpan<sbyte> weights = Matrix(context, _inputs.Projection, outputs, cells);
        ReadOnlySpan<int> bias = _hasProjectionBias ? Biases(context, _inputs.Projection + 1, outputs) : default;
        short[] values = Less(hidden, -_hidden.ZeroPoint, _hiddenValues);
        for (int i = 0; i < sums.Length; i++)
        {
            int sum = (bias.IsEmpty ? 0 : bias[i % outputs]) + IntegerDot.Sum(values.AsSpan(i / outputs * cells, cells), weights.Slice(i % outputs * cells, cells));
            sums[i] = Saturate(_projectionFactor.Times(sum) + _output.ZeroPoint);
        }
    }

    private short[] Value(KernelContext context, LstmGate which, short[] x, short[] outputState, short[] cellState, int cells, int outputs)
    {
        Gate gate = _gates[(int)which]!;
        short[] sums = _gateSums[(int)which].Zeros(cellState.Length);
        int inputs = x.Length / Math.Max(1, cellState.Length / Math.Max(1, cells));
        ReadOnlySpan<int> bias = Biases(context, _inputs.Bias + (int)which, cells);
        AddProduct(Matrix(context, _inputs.Input + (int)which, cells, inputs), x, gate.HasNormalization ? default : bias, gate.Input, sums, cells);
        AddProduct(Matrix(context, _inputs.Recurrent + (int)which, cells, outputs), outputState, default, gate.Recurrent, sums, cells);
        if (gate.HasPeephole)
        {
            // TensorFlow Lite takes as many weights as there are outputs, over and over, though there are as many as cells.
            ReadOnlySpan<short> weights = context.Input(_inputs.PeepholeOf(which)).Span<short>();
            int batch = cellState.Length / Math.Max(1, cells);
            if (weights.Length < Math.Min(outputs, cells) || outputs > cells)
                throw context.Fail($"has {weights.Length} peephole weights for {cells} cells and {outputs} outputs");
            for (int i = 0; i < batch * outputs; i++)
                sums[i] = (short)Math.Clamp(gate.Peephole.Times(weights[i % outputs] * cellState[i]) + sums[i], short.MinValue, short.MaxValue);
        }

        if (gate.HasNormalization)
            LayerNormalization16.Apply(context, sums, context.Input(_inputs.Normalization + (int)which), bias, gate.Normalization, gate.VarianceGuard);
        for (int i = 0; i < sums.Length; i++)
            sums[i] = which == LstmGate.Cell ? FixedPoint16.Tanh(sums[i], 3) : FixedPoint16.Logistic(sums[i], 3);
        return sums;
    }

    /// <summary>Adds weights times rows, in the gate's scale, to the sums.</summary>
    private static void AddProduct(ReadOnlySpan<sbyte> weights, short[] rows, ReadOnlySpan<int> bias, FixedPoint factor, short[] sums, int cells)
    {
        int depth = weights.Length / Math.Max(1, cells);
        for (int i = 0; i < sums.Length; i++)
        {
            (int row, int cell) = (i / cells, i % cells);
            int sum = (bias.IsEmpty ? 0 : bias[cell]) + IntegerDot.Sum(rows.AsSpan(row * depth, depth), weights.Slice(cell * depth, depth));
            sums[i] = (short)Math.Clamp(factor.Times(sum) + sums[i], short.MinValue, short.MaxValue);
        }
    }

    private Gate MakeGate(KernelRequest request, LstmGate gate, float cellScale)
    {
        int normalization = _inputs.Normalization + (int)gate;
        bool hasNormalization = request.HasInput(normalization), hasPeephole = _inputs.PeepholeOf(gate) is >= 0 and var peephole && request.HasInput(peephole);
        float scale = request.HasInput(_inputs.Normalization + (int)LstmGate.Forget) ? Quantizing.Of(Intermediate(request, (int)gate)).Scale : (float)GateScale;
        float Weights(int first) => request.InputQuant(first + (int)gate).Scale;
        float coefficients = hasNormalization ? request.InputQuant(normalization).Scale : 1;
        return new Gate(
            FixedPoint.Of(Weights(_inputs.Input) * _input.Scale / scale), FixedPoint.Of(Weights(_inputs.Recurrent) * _output.Scale / scale),
            hasPeephole, hasPeephole ? FixedPoint.Of((float)(Math.ScaleB(1, _cellLog) * request.InputQuant(_inputs.PeepholeOf(gate)).Scale / scale)) : default,
            hasNormalization, FixedPoint.Of(coefficients), Math.Max(1, (int)(10000 * coefficients)));
    }

    /// <summary>What the file declares of an intermediate tensor, which stand behind the outputs.</summary>
    public static IR.TensorSpec Intermediate(KernelRequest request, int index) => index + 1 < request.Node.Tensors.Count ? request.Node.Tensors[index + 1]
        : throw request.Fail($"has {request.Node.Tensors.Count - 1} intermediate tensors, expected their quantization up to number {index}");

    /// <summary>8-bit weights of a shape.</summary>
    public static ReadOnlySpan<sbyte> Matrix(KernelContext context, int input, int rows, int columns) =>
        context.Input(input) is { DType: DType.Int8, Shape: { Rank: 2 } shape } weights && shape[0] == rows && shape[1] == columns ? weights.Span<sbyte>()
            : throw context.Fail($"has the weights {context.Input(input)} as input {input}, expected int8[{rows},{columns}]");

    /// <summary>Biases of a number.</summary>
    public static ReadOnlySpan<int> Biases(KernelContext context, int input, int count) =>
        context.Input(input) is { DType: DType.Int32 } bias && bias.ElementCount == count ? bias.Span<int>() : throw context.Fail($"has the bias {context.Input(input)}, expected int32[{count}]");

    /// <summary>Bytes with their zero point taken off.</summary>
    public static short[] Less(ReadOnlySpan<sbyte> bytes, int zeroPoint, Reused<short> into)
    {
        short[] values = into.Of(bytes.Length);
        for (int i = 0; i < values.Length; i++)
            values[i] = (short)(bytes[i] - zeroPoint);
        return values;
    }

    private static sbyte Saturate(int value) => (sbyte)Math.Clamp(value, sbyte.MinValue, sbyte.MaxValue);

    private sealed record Gate(FixedPoint Input, FixedPoint Recurrent, bool HasPeephole, FixedPoint Peephole, bool HasNormalization, FixedPoint Normalization, int VarianceGuard);
}
