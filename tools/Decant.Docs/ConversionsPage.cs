using System.Text;
using Decant.Cli.Verbs;

namespace Decant.Docs;

/// <summary>What is converted to what.</summary>
internal static class ConversionsPage
{
    public static string Text()
    {
        var page = new StringBuilder(Pages.Head(
            "Conversions",
            "`tensorflowjs_converter --input_format=ROW --output_format=COLUMN`. `orig` stands where the original converts too, `yes` where only Decant does. Graphs do not tell the layers that they were made of, so Keras formats are written from Keras formats, and from SavedModels that tell the Keras model they were saved of (those of TensorFlow before 2.16). SavedModels are written as frozen graphs with their signatures, without Keras's objects."));
        page.Append(Pages.Row(["from", .. TensorflowjsPair.Outputs.Select(o => $"`{o}`")])).Append("|---").Append(string.Concat(Enumerable.Repeat("|---", TensorflowjsPair.Outputs.Count))).Append("|\n");
        foreach (string from in TensorflowjsPair.Inputs)
            page.Append(Pages.Row([$"`{from}`", .. TensorflowjsPair.Outputs.Select(to => TensorflowjsPair.IsOriginal(from, to) ? "orig" : TensorflowjsPair.IsConverted(from, to) ? "yes" : "")]));
        page.Append("\n`convert --to` takes any model that Decant opens, and looks at the model itself:\n\n");
        page.Append(Pages.Row("--to", "from")).Append("|---|---|\n");
        page.Append(Pages.Row("`tflite`", "every format of TensorFlow, Keras and TensorFlow.js"));
        page.Append(Pages.Row("`tfjs`, `graphdef`, `saved_model`", "every format of TensorFlow, Keras and TensorFlow.js; `tflite`, with the real numbers that its integers stand for, unless it has operators that TensorFlow has no ops for"));
        page.Append(Pages.Row("`keras`, `keras_h5`, `tfjs_layers`", "`keras`, `keras_h5`, `tfjs_layers`, and SavedModels that Keras wrote"));
        return page.ToString();
    }
}
