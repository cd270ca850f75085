using System.Text;
using Decant.Formats.Keras;

namespace Decant.Docs;

/// <summary>The layers of Keras and TensorFlow.js.</summary>
internal static class KerasLayersPage
{
    public static string Text()
    {
        var page = new StringBuilder(Pages.Head(
            "Keras layers",
            "The built-in layers of Keras 1 to 3 and of TensorFlow.js. A model with layers that are translated runs, freezes, and converts to any format of graphs. Any model can be written as `keras_h5` that was read from a Keras format, for Keras of the version that wrote it; for `tfjs_layers`, TensorFlow.js must have its layers, or others that give the same (`Normalization`, global pooling with `keepdims`, Keras 3's `hard_sigmoid` and `hard_silu` as layers, and operations on a value and one number become such), and for `keras`, Keras 3, whatever the version was before: options that it no longer takes are left out, CuDNN's weights are put in order, and those that go into `hard_sigmoid`, which it computes with other slopes, are scaled. All layers that are in the way are named at once. Layers that only training knows do nothing."));
        page.Append(Pages.Row("class", "translated", "in Keras 3", "in TensorFlow.js", "remark")).Append("|---|---|---|---|---|\n");
        foreach (KerasLayerClass layer in KerasLayerClasses.All)
            page.Append(Pages.Row($"`{layer.Name}`", layer.IsTranslated ? "yes" : "no", layer.IsInKeras3 ? "yes" : "no", layer.IsInTFJS ? "yes" : "no", layer.Remark));
        page.Append("\n## Operations between layers\n\nFunctions of TensorFlow, which Keras 2 saves as `TFOpLambda` and `SlicingOpLambda`, and classes of Keras 3's `keras.ops`. TensorFlow.js has none of them in layers models; graph models hold them.\n\n");
        page.Append(string.Join(", ", KerasLayerClasses.Operations.Select(o => $"`{o}`"))).Append('\n');
        return page.ToString();
    }
}
