namespace Decant.Quantizing;

/// <summary>What became of the operators of a subgraph whose activations were to be integers.</summary>
/// <param name="Integers">The number of operators that compute with integers.</param>
/// <param name="Floats">The operators that stayed float, with their kinds.</param>
/// <param name="Layers">The error of each integer operator; empty when it was not asked for.</param>
/// <param name="Search">What the search for an accuracy found; null without one.</param>
public sealed record QuantizeReport(int Integers, IReadOnlyList<(string Layer, string Operator)> Floats, IReadOnlyList<LayerError> Layers, AccuracySearch? Search)
{
    /// <summary>The float operators of the bodies and conditions of loops and branches, which all stay float.</summary>
    public IReadOnlyList<(string Layer, string Operator)> Bodies { get; init; } = [];

    /// <summary>Those of <see cref="Bodies"/> whose weights are int8, with activations that are quantized as they run.</summary>
    public IReadOnlyList<(string Layer, string Operator)> HybridBodies { get; init; } = [];
}

/// <summary>A search for the operators that must stay float.</summary>
/// <param name="FloatAccuracy">The part of right answers of the float model.</param>
/// <param name="IntegerAccuracy">That with all integer operators.</param>
/// <param name="Accuracy">That of what was chosen.</param>
/// <param name="Restored">The operators that stay float for it, those that add most noise first.</param>
/// <param name="Trials">How many assignments were tried.</param>
public sealed record AccuracySearch(double FloatAccuracy, double IntegerAccuracy, double Accuracy, IReadOnlyList<string> Restored, int Trials);
