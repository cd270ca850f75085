using Decant.IR;
using Decant.Ops.TFLite.Recurrent;

namespace Decant.Lowering.Raising;

/// <summary>
/// The state of an LSTM on integers: real numbers end where its bytes do. The bytes are the output, too, whose scale need not be that of the state.
/// </summary>
internal sealed class StateBytes
{
    private readonly RaisingContext _context;
    private readonly int _zero, _outputZero;

    private StateBytes(RaisingContext context, TensorSpec state)
    {
        _context = context;
        ((Scale, _zero), (OutputScale, _outputZero)) = (Ops.TFLite.Quantizing.Of(state), Ops.TFLite.Quantizing.Of(context.Node.Tensors[0]));
    }

    public float Scale { get; }

    public float OutputScale { get; }

    /// <summary>Whether the bytes stand for the same as state and as output.</summary>
    public bool IsOutput => (Scale, _zero) == (OutputScale, _outputZero);

    /// <summary>That of an operator; null for one of floats.</summary>
    public static StateBytes? Of(RaisingContext context, LstmInputs at) =>
        context.Spec(0) is { DType: DType.Int8 } && context.Spec(at.OutputState) is { Quantization.HasScale: true } state && context.Node.Tensors is [{ Quantization.HasScale: true }, ..] ? new StateBytes(context, state) : null;

    /// <summary>A state that bytes can hold.</summary>
    public Value Clamped(Value state) => _context.Clamped(state, Scale * (sbyte.MinValue - _zero), Scale * (sbyte.MaxValue - _zero));

    /// <summary>What the bytes of states are as outputs.</summary>
    public Value Given(Value states)
    {
        if (IsOutput)
            return states;
        Value bytes = _context.Op("Mul", states, _context.Like(states, OutputScale / Scale));
        return _zero == _outputZero ? bytes : _context.Op("AddV2", bytes, _context.Like(bytes, (_zero - _outputZero) * OutputScale));
    }
}
