using Decant.IR;
using Decant.Ops.TFLite.Recurrent;

namespace Decant.Lowering.Raising;

/// <summary>
/// What 8-bit products of an LSTM's gates do to real numbers: those of the input and of the state end where their bytes do. The output gate's
/// product of the state counts nothing: TensorFlow Lite's kernel takes a number of bits for its factor.
/// </summary>
internal sealed class ByteGates
{
    private readonly RaisingContext _context;
    private readonly Value _inputLow, _inputHigh, _stateLow, _stateHigh;

    private ByteGates(RaisingContext context, LstmGate[] gates, int cells)
    {
        _context = context;
        (_inputLow, _inputHigh) = Bounds(gates, cells, 1);
        (_stateLow, _stateHigh) = Bounds(gates, cells, 2);
    }

    /// <summary>Whether the gates of an operator are so.</summary>
    public static bool Are(RaisingContext context) => context.Node.Tensors.Count > ByteLstm.Intermediates;

    /// <summary>Those of an operator; null for one of other gates.</summary>
    public static ByteGates? Of(RaisingContext context, LstmGate[] gates, int cells) => Are(context) ? new ByteGates(context, gates, cells) : null;

    /// <summary>Products of inputs, rows of all gates.</summary>
    public Value Inputs(Value rows) => _context.Op("Minimum", _context.Op("Maximum", rows, _inputLow), _inputHigh);

    /// <summary>Products of states.</summary>
    public Value States(Value rows) => _context.Op("Minimum", _context.Op("Maximum", rows, _stateLow), _stateHigh);

    // The intermediate tensors of a gate, behind the output: the sum, the input's product, the state's.
    private (Value Low, Value High) Bounds(LstmGate[] gates, int cells, int which)
    {
        float[] low = new float[gates.Length * cells], high = new float[low.Length];
        for (int g = 0; g < gates.Length; g++)
        {
            (float scale, int zero) = Ops.TFLite.Quantizing.Of(_context.Node.Tensors[1 + (3 * (int)gates[g]) + which]);
            bool isLost = which == 2 && gates[g] == LstmGate.Output;
            low.AsSpan(g * cells, cells).Fill(isLost ? 0 : scale * (sbyte.MinValue - zero));
            high.AsSpan(g * cells, cells).Fill(isLost ? 0 : scale * (sbyte.MaxValue - zero));
        }

        return (_context.Floats(low), _context.Floats(high));
    }
}
