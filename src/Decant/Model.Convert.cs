using Decant.Formats.Keras.Writing;
using Decant.Formats.TFJS;
using Decant.IR;
using Decant.Lowering;
using Decant.Lowering.Raising;
using Decant.Passes.Freeze;

namespace Decant;

public sealed partial class Model
{
    /// <summary>
    /// This model as one of TensorFlow Lite: frozen, optimized, and expressed in TensorFlow Lite's operators. The weights may stay in this
    /// model's files, so it must stay open while the result is used.
    /// </summary>
    /// <exception cref="ModelException">
    /// A name is unknown, the model cannot be frozen, or nodes have no form in TensorFlow Lite: each of them is told.
    /// </exception>
    public ConvertResult Convert(ConvertOptions? options = null) => TFLiteConverter.Run(this, options ?? new ConvertOptions(), ValueOf);

    /// <summary>
    /// This model as a graph model of TensorFlow.js, to be saved as <c>tfjs</c>: frozen, optimized, and with ops that its runtime has. The
    /// weights may stay in this model's files, so it must stay open while the result is used.
    /// </summary>
    /// <exception cref="ModelException">A name is unknown, the model cannot be frozen, or TensorFlow.js lacks ops of it: all of them are told.</exception>
    public ConvertResult ConvertToTFJS(TFJSConvertOptions? options = null)
    {
        ConvertResult result = TFJSConverter.Run(this, options ?? new TFJSConvertOptions(), ValueOf);
        if (AssetsZip.IsReadBy(result.Model.Graph))
            (result.Model.TFJS ??= new TFJSParts()).AssetsZip = AssetsZip.Of(this);
        return result;
    }

    /// <summary>
    /// This model of TensorFlow Lite as a graph of TensorFlow's ops, of one signature. What is quantized becomes the real numbers that it stands
    /// for: weights and activations, inputs and outputs. The weights stay in this model's files.
    /// </summary>
    /// <exception cref="ModelException">The model is none of TensorFlow Lite, or TensorFlow has no ops for operators: all of them are named.</exception>
    public Model ToTensorFlow(string? signature = null) => TFLite is not null ? TFLiteRaiser.Run(this, signature)
        : throw ConvertErrors.CannotConvert.At(new Location(Path), "the model is none of TensorFlow Lite", "use it as it is");

    /// <summary>
    /// This model as one graph of TensorFlow without variables, to be saved as <c>graphdef</c> or <c>saved_model</c>: <see cref="ToTensorFlow"/> and
    /// <see cref="Freeze(FreezeOptions)"/>, with what it is to be compared with. The weights may stay in this model's files.
    /// </summary>
    /// <exception cref="ModelException">A name is unknown, the model cannot be frozen, or there are no ops of TensorFlow for its operators.</exception>
    public ConvertResult ConvertToGraph(FreezeOptions? options = null) => GraphConverter.Run(this, options ?? new FreezeOptions());

    /// <summary>
    /// This model, which was read from a Keras format or a SavedModel that Keras wrote, as another of these holds it: <c>keras_h5</c>, <c>keras</c> or <c>tfjs_layers</c>, in which
    /// it is to be saved. The weights stay in this model's files.
    /// </summary>
    /// <param name="format">The format.</param>
    /// <param name="checkOps">Whether layers that TensorFlow.js does not have are refused; saving it checks them as its options say.</param>
    /// <exception cref="ModelException">The model is none of Keras, or the format cannot hold it.</exception>
    public ConvertResult ConvertToKeras(string format, bool checkOps = true)
    {
        Model converted = KerasConverter.Run(this, format, checkOps);
        IR.SignatureView view = IR.SignatureView.Of(this), made = IR.SignatureView.Of(converted);
        // Those of a SavedModel may have other names, in the same order.
        IR.SignatureTensor[] Resolved(IReadOnlyList<IR.SignatureTensor> tensors, IReadOnlyList<IR.SignatureTensor> own, bool isInput) => tensors.Count != own.Count
            ? throw ConvertErrors.CannotConvert.At(new Location(Path), $"the signature '{view.Key}' has {own.Count} {(isInput ? "inputs" : "outputs")}, and the Keras model {tensors.Count}")
            : [.. tensors.Select((t, i) => t with { Tensor = view.Resolve(own.Any(o => o.Name == t.Name) ? t.Name : own[i].Name, isInput).ToString() })];
        return new ConvertResult(converted, [new ConvertedSignature(made.Key, this, Resolved(made.Inputs, view.Inputs, true), Resolved(made.Outputs, view.Outputs, false), HasLostTraining: false)]);
    }
}
