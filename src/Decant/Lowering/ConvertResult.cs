using Decant.IR;
using Decant.Lowering.Fusions;
using Decant.Ops.TFLite;
using Decant.Ops.TFLite.Catalogue;
using Decant.Quantizing;

namespace Decant.Lowering;

/// <summary>A model that was converted.</summary>
/// <param name="Model">The result. Its weights may lie in the files of the original, which must stay open while it is used.</param>
/// <param name="Signatures">What each signature was made of.</param>
public sealed record ConvertResult(Model Model, IReadOnlyList<ConvertedSignature> Signatures)
{
    /// <summary>What became of the operators of each signature, by its key, where activations were to be integers; empty otherwise.</summary>
    public IReadOnlyDictionary<string, QuantizeReport> Quantization { get; init; } = new Dictionary<string, QuantizeReport>();

    /// <summary>How many states that TensorFlow Lite keeps from one run to the next begin at zero in each.</summary>
    public int ResetStates { get; init; }

    /// <summary>How many operators are LSTMs, which keep their state from one run to the next.</summary>
    public int Recurrent => Model.TFLite is null ? 0 : Model.Functions.Values.Prepend(Model.Graph).Sum(f => f.Nodes.Count(n => n.Op == LstmLoops.Operator));

    /// <summary>The loops that <see cref="ConvertOptions.FuseLstm"/> left loops though they have products, with the reason.</summary>
    public IReadOnlyList<(string Loop, string Reason)> KeptLoops { get; init; } = [];

    /// <summary>The ops of TensorFlow that are embedded in a model of TensorFlow Lite, sorted.</summary>
    public IReadOnlyList<string> SelectOps => Foreign(isSelect: true);

    /// <summary>The custom operators of a model of TensorFlow Lite, sorted.</summary>
    public IReadOnlyList<string> CustomOps => Foreign(isSelect: false);

    private string[] Foreign(bool isSelect) =>
    [
        .. Model.Functions.Values.Append(Model.Graph).SelectMany(g => g.Nodes).Select(n => n.Op)
            .Where(o => o.Dialect == Dialect.TFLite && o != TFLiteParts.TensorOp && TFLiteCatalogue.Find(o.Name) is null && SelectOp.TensorFlow(o) is not null == isSelect)
            .Select(o => SelectOp.TensorFlow(o) ?? o.Name).Distinct().Order(StringComparer.Ordinal),
    ];
}

/// <summary>A signature of a converted model, and what it was made of.</summary>
/// <param name="Key">Its key in the converted model.</param>
/// <param name="Reference">The frozen original, without what only training needs.</param>
/// <param name="Inputs">The inputs that are left, by the names of the signature, with the tensors of the reference.</param>
/// <param name="Outputs">The outputs.</param>
/// <param name="HasLostTraining">Whether the reference has lost what only training needs.</param>
public sealed record ConvertedSignature(string Key, Model Reference, IReadOnlyList<SignatureTensor> Inputs, IReadOnlyList<SignatureTensor> Outputs, bool HasLostTraining)
{
    /// <summary>The tensor of the reference that a name of an input or output stands for.</summary>
    public string Tensor(string name, bool isInput) => (isInput ? Inputs : Outputs).First(t => t.Name == name).Tensor;
}
