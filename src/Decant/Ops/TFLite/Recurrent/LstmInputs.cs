namespace Decant.Ops.TFLite.Recurrent;

/// <summary>The numbers of an LSTM's inputs: groups of four are for the input, forget, cell and output gate in this order.</summary>
/// <param name="Input">The first of four weights of the input.</param>
/// <param name="Auxiliary">The first of four weights of the auxiliary input, or -1.</param>
/// <param name="Recurrent">The first of four recurrent weights.</param>
/// <param name="Peephole">The first of three weights of the cell's state, for the input, forget and output gate.</param>
/// <param name="Bias">The first of four biases.</param>
/// <param name="Projection">The projection's weights; its bias follows.</param>
/// <param name="Normalization">The first of four coefficients of layer normalization, or -1.</param>
/// <param name="OutputState">The state of the output; the cell's follows.</param>
internal sealed record LstmInputs(int Input, int Auxiliary, int Recurrent, int Peephole, int Bias, int Projection, int Normalization, int OutputState)
{
    /// <summary>The attribute that says how many of a node's tensors, the last ones, are intermediate: results inside it, whose scales it computes with.</summary>
    public const string Intermediates = "intermediates";

    /// <summary>LSTM and UNIDIRECTIONAL_SEQUENCE_LSTM.</summary>
    public static LstmInputs Single { get; } = new(1, -1, 5, 9, 12, 16, 20, 18);

    /// <summary>The forward direction of BIDIRECTIONAL_SEQUENCE_LSTM.</summary>
    public static LstmInputs Forward { get; } = new(1, 40, 5, 9, 12, 16, -1, 35);

    /// <summary>The backward direction.</summary>
    public static LstmInputs Backward { get; } = new(18, 44, 22, 26, 29, 33, -1, 37);

    /// <summary>The numbers of all matrices of weights, whether they are given or not.</summary>
    public IEnumerable<int> Matrices => new[] { Input, Auxiliary, Recurrent }.Where(first => first >= 0).SelectMany(first => Enumerable.Range(first, Enum.GetValues<LstmGate>().Length)).Append(Projection);

    /// <summary>The number of a gate's peephole weights; the cell gate has none.</summary>
    public int PeepholeOf(LstmGate gate) => gate switch
    {
        LstmGate.Input => Peephole,
        LstmGate.Forget => Peephole + 1,
        LstmGate.Output => Peephole + 2,
        _ => -1,
    };
}

/// <summary>The gates in the order of the inputs.</summary>
internal enum LstmGate
{
    Input,
    Forget,
    Cell,
    Output,
}
