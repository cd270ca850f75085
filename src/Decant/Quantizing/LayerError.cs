namespace Decant.Quantizing;

/// <summary>The error that quantization adds to one operator, over the examples of a set.</summary>
/// <param name="Layer">The operator's name in the float model.</param>
/// <param name="Operator">Its kind, such as <c>CONV_2D</c>.</param>
/// <param name="Scale">The step of its result.</param>
/// <param name="OwnNoise">
/// What it adds itself, given the float model's operands: the sum of the squares of the errors of its result over that of the result.
/// </param>
/// <param name="TotalNoise">The same of its result in the integer model, with the errors of all operators before it.</param>
/// <param name="MaxAbsolute">The largest error of its own.</param>
public sealed record LayerError(string Layer, string Operator, float Scale, double OwnNoise, double TotalNoise, double MaxAbsolute)
{
    /// <summary>A noise as the ratio of signal to it, in decibels; 6 are one bit. Infinite without noise.</summary>
    public static double Decibels(double noise) => noise > 0 ? -10 * Math.Log10(noise) : double.PositiveInfinity;
}
