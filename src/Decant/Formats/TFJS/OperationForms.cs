using System.Text.Json.Nodes;
using Decant.Formats.Keras.Layers.Operations;
using Decant.Formats.Keras.Writing;

namespace Decant.Formats.TFJS;

/// <summary>
/// Operations between layers that TensorFlow.js has as a layer: adding, subtracting, multiplying by and dividing by one number is Rescaling. Keras 3
/// describes them as classes of its modules, Keras 2 as layers TFOpLambda.
/// </summary>
internal static class OperationForms
{
    /// <summary>Changes the entries of a description in place; their names and calls stay.</summary>
    public static void Run(JsonObject description)
    {
        foreach (JsonObject layer in DescriptionJson.All(description).SelectMany(DescriptionJson.LayersOf).ToList())
        {
            if (layer["inbound_nodes"] is not JsonArray { Count: 1 } calls || Function(layer) is not { } function || Operands(calls[0]) is not { } operands || Affine(function, operands.Number, operands.IsFirst) is not { } affine)
                continue;
            string? name = layer.Options()?.Text("name") ?? layer.Text("name");
            layer["class_name"] = "Rescaling";
            layer["module"] = "keras.layers";
            layer["config"] = new JsonObject { ["name"] = name, ["trainable"] = false, ["dtype"] = "float32", ["scale"] = affine.Scale, ["offset"] = affine.Offset };
            layer["inbound_nodes"] = new JsonArray(operands.Call);
        }
    }

    /// <summary>Whether an entry is one of Keras 3's operations. HDF5 files leave their modules out; what is called with several arguments there is none of the layers that TensorFlow.js has.</summary>
    public static bool IsOfKeras3(JsonObject layer) => OperationTable.IsModule(layer.Text("module"))
        || (layer["module"] is null && layer.Options() is { } options && options["trainable"] is null && layer["inbound_nodes"] is JsonArray { Count: > 0 } calls && calls[0] is JsonObject call && call["args"] is JsonArray { Count: > 1 });

    private static string? Function(JsonObject layer) => layer.Text("class_name") == OperationTable.TensorFlow ? layer.Options()?.Text("function") : IsOfKeras3(layer) ? layer.Text("class_name") : null;

    /// <summary>The number, whether it is the first operand, and the call with the tensor alone.</summary>
    private static (double Number, bool IsFirst, JsonNode Call)? Operands(JsonNode? call)
    {
        if (call is JsonObject { } named && named["args"] is JsonArray { Count: 2 } arguments && named["kwargs"] is not JsonObject { Count: > 0 })
        {
            for (int i = 0; i < 2; i++)
            {
                if (Number(arguments[i]) is { } number && arguments[1 - i] is JsonObject tensor && tensor.Options()?.Text("dtype") == "float32")
                    return (number, i == 0, new JsonObject { ["args"] = new JsonArray(tensor.DeepClone()), ["kwargs"] = new JsonObject() });
            }
        }

        return call is JsonArray { Count: 4 } tuple && tuple[0] is JsonValue && tuple[3] is JsonObject options && Number(options["y"]) is { } other && options.All(o => o.Key is "y" or "name")
            ? (other, false, new JsonArray(new JsonArray(tuple[0]!.DeepClone(), tuple[1]!.DeepClone(), tuple[2]!.DeepClone(), new JsonObject()))) : null;
    }

    private static (double Scale, double Offset)? Affine(string function, double number, bool isFirst) => function.Split('.')[^1].ToLowerInvariant() switch
    {
        "add" => (1, number),
        "multiply" or "mul" => (number, 0),
        "subtract" or "sub" => isFirst ? (-1, number) : (1, -number),
        "divide" or "truedivide" or "truediv" or "div" when !isFirst && number != 0 => (1 / number, 0),
        _ => null,
    };

    private static double? Number(JsonNode? value) => value is JsonValue number && number.TryGetValue(out double given) && double.IsFinite(given) ? given : null;
}
