using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite.Recurrent;

/// <summary>The 16-bit cell state of integer LSTMs.</summary>
internal static class LstmCellState
{
    /// <summary>state = forget * state + input * cell, where without an input gate 1 - forget is in its place; gates have the scale 2^-15.</summary>
    /// <param name="state">The state, which is changed.</param>
    /// <param name="log">Its scale's exponent of two.</param>
    /// <param name="input">The input gate, or null.</param>
    /// <param name="forget">The forget gate.</param>
    /// <param name="cell">What is added.</param>
    /// <param name="clip">The largest magnitude; 0 for any.</param>
    public static void Update(short[] state, int log, short[]? input, short[] forget, short[] cell, short clip)
    {
        for (int i = 0; i < state.Length; i++)
        {
            short kept = (short)FixedPoint.RoundingShift(forget[i] * state[i], 15);
            int gate = input?[i] ?? short.MaxValue - forget[i];
            short added = (short)FixedPoint.RoundingShift(gate * cell[i], 30 + log);
            short sum = FixedPoint16.SaturatingSum(kept, added);
            state[i] = clip > 0 ? (short)Math.Clamp((int)sum, -clip, clip) : sum;
        }
    }
}
