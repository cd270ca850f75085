using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers.Operations;

/// <summary>What an operation gives.</summary>
internal delegate IReadOnlyList<Value> Operation(OperationCall call);

/// <summary>
/// The operations between layers that are translated: functions of TensorFlow, which Keras 2 saves as layers <c>TFOpLambda</c> and
/// <c>SlicingOpLambda</c>, and Keras 3's own, whose classes are of the modules <c>keras.src.ops</c>.
/// </summary>
internal static class OperationTable
{
    public const string TensorFlow = "TFOpLambda", Slicing = "SlicingOpLambda";

    private const string Unary = "x/input/features/images/tensor/logits", Binary = "x1/x/a,x2/y/b";

    private static readonly Dictionary<string, (string Parameters, Operation Operation)> All = new(
        new[] { ElementOperations.Unary, ElementOperations.Binary, ElementOperations.Others, ReducingOperations.All, ShapeOperations.All, ArrayOperations.All, PatchOperations.All }
            .SelectMany(t => t).SelectMany(o => o.Names.Split(' ').Select(n => KeyValuePair.Create(n, (o.Parameters is "1" ? Unary : o.Parameters is "2" ? Binary : o.Parameters, o.Operation)))),
        StringComparer.Ordinal);

    /// <summary>The operations: functions of TensorFlow by their names in Keras, classes of Keras 3, sorted.</summary>
    public static IReadOnlyList<string> Names => [.. All.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether an entry of a description is an operation and no layer.</summary>
    public static bool Has(LayerConfig layer) => layer.Class is TensorFlow or Slicing || IsOfKeras3(layer);

    /// <summary>
    /// Whether it is one of Keras 3's, which has no place among the layers of a file. HDF5 files leave its module out, so that Keras itself does not open them;
    /// there a class that no layer has is one, and that of a layer which is called with several arguments.
    /// </summary>
    public static bool IsOfKeras3(LayerConfig layer) => IsModule(LayerConfig.Text(layer.Whole, "module"))
        || (layer.KerasVersion.Major >= 3 && layer.Find("trainable") is null && !layer.Whole.TryGetProperty("module", out _) && All.ContainsKey(layer.Class)
            && (LayerTable.Find(layer.Class) is null || IsCalledAsOperation(layer) || layer.Find("newshape") is not null));

    private static bool IsCalledAsOperation(LayerConfig layer) =>
        layer.Whole.TryGetProperty("inbound_nodes", out JsonElement nodes) && nodes.ValueKind == JsonValueKind.Array && nodes.GetArrayLength() > 0 && nodes[0].ValueKind == JsonValueKind.Object
        && ((nodes[0].TryGetProperty("args", out JsonElement args) && args.ValueKind == JsonValueKind.Array && args.GetArrayLength() > 1)
            || (nodes[0].TryGetProperty("kwargs", out JsonElement named) && named.ValueKind == JsonValueKind.Object && named.EnumerateObject().Any(n => n.Name is not ("mask" or "training"))));

    /// <summary>Whether a module has operations.</summary>
    public static bool IsModule(string? module) => module is not null && module.StartsWith("keras", StringComparison.Ordinal) && module.Split('.').Contains("ops");

    /// <summary>The function or class of an operation.</summary>
    public static string NameOf(LayerConfig layer) => layer.Class == Slicing ? Slicing : layer.Class == TensorFlow ? LayerConfig.Text(layer.Config, "function") ?? "" : layer.Class;

    /// <summary>An operation as a layer; null when it is not known.</summary>
    public static Layer? Find(LayerConfig layer) =>
        All.TryGetValue(NameOf(layer), out (string Parameters, Operation Operation) known) && (layer.Class != TensorFlow || !char.IsAsciiLetterUpper(NameOf(layer)[0]))
            ? call => known.Operation(new OperationCall(call, [.. known.Parameters.Split(',').Select(p => p.Split('/'))])) : null;
}

/// <summary>Operations of one kind.</summary>
/// <param name="Names">Their names: classes of Keras 3 and functions of TensorFlow.</param>
/// <param name="Parameters">Their parameters in order, with the names that they have elsewhere; <c>1</c> and <c>2</c> stand for one and two operands.</param>
/// <param name="Operation">What they do.</param>
internal sealed record OperationRow(string Names, string Parameters, Operation Operation);
