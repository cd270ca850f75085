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
}
