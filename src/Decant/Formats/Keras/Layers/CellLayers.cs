using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Formats.Keras.Writing;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>The layer RNN: a loop over cells that are described apart. Stacked cells are layers one behind the other.</summary>
internal static class CellLayers
{
    private static readonly Dictionary<string, (Layer Layer, string Class, int Weights)> Cells = new(StringComparer.Ordinal)
    {
        ["SimpleRNNCell"] = (Recurrent.Simple, "SimpleRNN", 2),
        ["LSTMCell"] = (Recurrent.Lstm, "LSTM", 2),
        ["GRUCell"] = (Recurrent.Gru, "GRU", 2),
    };

    /// <summary>What archives call the cells, if these are stacked: by class, numbered.</summary>
    public static IReadOnlyList<string> Parts(LayerConfig layer)
    {
        LayerConfig[] cells = Described(layer);
        if (cells.Length == 1)
            return ["cell"];
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var parts = new List<string>();
        foreach (LayerConfig cell in cells)
        {
            string name = ArchiveWeights.SnakeCase(cell.Class);
            int count = counts[name] = counts.GetValueOrDefault(name) + 1;
            parts.Add($"cell/cells/{(count == 1 ? name : $"{name}_{count - 1}")}");
        }

        return parts;
    }

    public static IReadOnlyList<Value> Rnn(LayerCall call)
    {
        LayerConfig[] cells = Described(call.Config);
        IReadOnlyList<string> parts = Parts(call.Config);
        bool wantsStates = call.Config.Flag("return_state", false);
        var states = new List<Value>();
        Value x = call.Input, mask = call.Mask;
        Value[] initial = [.. call.Named.TryGetValue("initial_state", out IReadOnlyList<Value>? given) ? given : call.Inputs.Skip(1)];
        int at = 0, stateAt = 0;
        IReadOnlyList<Value> results = [];
        for (int i = 0; i < cells.Length; i++)
        {
            LayerConfig cell = cells[i];
            if (!Cells.TryGetValue(cell.Class, out (Layer Layer, string Class, int Weights) known))
                throw call.Unsupported($"its cell is {cell.Class}");
            bool isLast = i == cells.Length - 1;
            int count = known.Weights + (cell.Flag("use_bias", true) ? 1 : 0), stateCount = cell.Class == "LSTMCell" ? 2 : 1;
            string part = cells.Length == 1 ? "" : $"cell_{i}";
            LayerConfig layer = Merged(call, cell, known.Class, isLast, goesBack: i == 0);
            LayerWeights weights = call.Weights.Part(at, count, part, layer, cells.Length == 1 ? "" : parts[i], part);
            Value[] begin = initial.Length == 0 ? [] : [.. initial.Skip(stateAt).Take(stateCount)];
            var inner = new LayerCall(call.Graph, layer, weights, part.Length == 0 ? call.Scope : $"{call.Scope}/{part}", [x, .. begin], [mask]) { FlipsDirection = i == 0 && call.FlipsDirection };
            results = known.Layer(inner);
            x = results[0];
            call.OutputMask = inner.OutputMask;
            states.AddRange(results.Skip(1));
            at += count;
            stateAt += stateCount;
        }

        call.SetsMask = true;
        return wantsStates ? [x, .. states] : [x];
    }

    private static LayerConfig[] Described(LayerConfig layer)
    {
        LayerConfig cell = LayerConfig.Read(layer.Find("cell") ?? throw layer.Bad("cell", "a cell"), layer.File, layer.KerasVersion);
        if (cell.Class != "StackedRNNCells")
            return [cell];
        return cell.Find("cells") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
            ? [.. list.EnumerateArray().Select(c => LayerConfig.Read(c, layer.File, layer.KerasVersion))]
            : throw cell.Bad("cells", "a list of cells");
    }

    // The options of the cell, and those of the loop.
    private static LayerConfig Merged(LayerCall call, LayerConfig cell, string type, bool isLast, bool goesBack)
    {
        JsonObject options = cell.Config.ValueKind == JsonValueKind.Object ? JsonObject.Create(cell.Config)! : [];
        var merged = (JsonObject)options.DeepClone();
        merged["return_sequences"] = !isLast || call.Config.Flag("return_sequences", false);
        merged["return_state"] = call.Config.Flag("return_state", false);
        merged["go_backwards"] = goesBack && call.Config.Flag("go_backwards", false);
        merged["zero_output_for_mask"] = isLast && call.Config.Flag("zero_output_for_mask", false);
        merged["name"] = call.Config.Name;
        BufferSlice json = DescriptionJson.Bytes(new JsonObject { ["class_name"] = type, ["config"] = merged }, call.Config.File);
        return LayerConfig.Read(JsonDocument.Parse(json.ToArray()).RootElement, call.Config.File, call.Config.KerasVersion);
    }
}
