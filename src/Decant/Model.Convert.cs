using Decant.Formats.Keras.Writing;
using Decant.Lowering;

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
    public ConvertResult ConvertToTFJS(TFJSConvertOptions? options = null) => TFJSConverter.Run(this, options ?? new TFJSConvertOptions(), ValueOf);

    /// <summary>
    /// This model, which was read from a Keras format, as another of these holds it: <c>keras_h5</c>, <c>keras</c> or <c>tfjs_layers</c>, in which
    /// it is to be saved. The weights stay in this model's files.
    /// </summary>
    /// <exception cref="ModelException">The model is none of Keras, or the format cannot hold it.</exception>
    public ConvertResult ConvertToKeras(string format)
    {
        IR.SignatureView view = IR.SignatureView.Of(this);
        IR.SignatureTensor[] Resolved(IEnumerable<IR.SignatureTensor> tensors, bool isInput) => [.. tensors.Select(t => t with { Tensor = view.Resolve(t.Name, isInput).ToString() })];
        return new ConvertResult(KerasConverter.Run(this, format), [new ConvertedSignature(view.Key, this, Resolved(view.Inputs, true), Resolved(view.Outputs, false), HasLostTraining: false)]);
    }
}
