using System.Globalization;
using System.Text;
using Decant.Formats.SavedModel;
using Decant.Formats.Variables;
using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>
/// What fills the lookup table of an object of a SavedModel: its function <c>_initialize</c> reads constants of the main graph or an asset. In
/// models that were loaded and saved again, that function calls others.
/// </summary>
/// <param name="Words">The words in the order of their indices.</param>
/// <param name="First">The index of the first word; the others follow without gaps.</param>
internal sealed record SavedTable(IReadOnlyList<string> Words, long First)
{
    private const string Initialize = "_initialize";
    private const long WholeLine = -2, LineNumber = -1, AllLines = -1;

    /// <summary>Reads the table; null when the file does not tell what fills it, or fills it with something else than words and their indices.</summary>
    public static SavedTable? Find(Model model, IReadOnlyList<SavedObject> objects, IReadOnlyDictionary<string, IReadOnlyList<long>> boundInputs, int table)
    {
        foreach (string name in objects[table].Find(objects, Initialize) is { } initialize ? objects[initialize].Functions : [])
        {
            if (!boundInputs.TryGetValue(name, out IReadOnlyList<long>? bound))
                continue;
            Filling[] arguments = [.. bound.Select(n => n >= 0 && n < objects.Count ? Filling.Of(model, objects[(int)n]) : default)];
            if (Find(model, name, arguments, []) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>The table of tensors that a checkpoint has of one, in any order; null when they are something else than words and their indices.</summary>
    public static SavedTable? OfPairs(Tensor keys, Tensor values)
    {
        bool isInverted = values.DType == DType.String;
        if (Places(isInverted ? keys : values) is not { } places || Texts(isInverted ? values : keys) is not { } words || words.Length != places.Length)
            return null;
        Array.Sort(places, words);
        return places.Length > 0 && IsRange(places) ? new SavedTable(words, places[0]) : null;
    }

    private static SavedTable? Find(Model model, string name, IReadOnlyList<Filling> arguments, HashSet<string> seen)
    {
        const int Deepest = 32;
        if (seen.Count > Deepest || !seen.Add(name) || !model.Functions.TryGetValue(name, out Function? function))
            return null;
        foreach (Node node in function.Nodes)
        {
            Filling[] inputs = [.. node.Inputs.Select(i => Resolve(i, function, arguments))];
            SavedTable? found = node.Op.Name switch
            {
                "LookupTableImportV2" or "InitializeTableV2" when inputs is [_, { Constant: { } keys }, { Constant: { } values }] => OfConstants(keys, values),
                "InitializeTableFromTextFileV2" when inputs is [_, { File: { IsEmpty: false } file }] => OfFile(file, node.Attributes),
                "PartitionedCall" or "StatefulPartitionedCall" when node.Attributes["f"] is FunctionAttr called => Find(model, called.Name, inputs, seen),
                _ => null,
            };
            if (found is not null)
                return found;
        }

        return null;
    }

    private static Filling Resolve(Value value, Function function, IReadOnlyList<Filling> arguments)
    {
        while (value.IsPresent && value.Node.Op.Name == "Identity")
            value = value.Node.Inputs[0];
        if (!value.IsPresent)
            return default;
        int argument = function.ArgNodes.IndexOf(value.Node);
        return argument < 0 ? new Filling(value.Constant, default) : argument < arguments.Count ? arguments[argument] : default;
    }

    private static SavedTable? OfConstants(Tensor keys, Tensor values)
    {
        // The words come first, or where layers give words for indices, these do.
        if (Places(values) is not { } places || Texts(keys) is not { } words || (places.Length > 0 && !IsRange(places)))
            (places, words) = (Places(keys), Texts(values));
        return places is { Length: > 0 } && words?.Length == places.Length && IsRange(places) ? new SavedTable(words, places[0]) : null;
    }

    private static SavedTable? OfFile(BufferSlice file, AttributeMap attributes)
    {
        (long key, long value, long most, long first) = (Number("key_index"), Number("value_index"), Number("vocab_size", AllLines), Number("offset", 0));
        if ((key, value) is not ((WholeLine, LineNumber) or (LineNumber, WholeLine)))
            return null;
        string text = Encoding.UTF8.GetString(file.Span).Replace("\r", "", StringComparison.Ordinal);
        string[] lines = (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        return new SavedTable(most >= 0 && most < lines.Length ? lines[..(int)most] : lines, first);

        long Number(string name, long otherwise = 0) => attributes[name] is IntAttr number ? number.Value : otherwise;
    }

    private static bool IsRange(long[] places) => places.Index().All(p => p.Item - p.Index == places[0]);

    private static long[]? Places(Tensor tensor) => tensor.DType switch
    {
        DType.Int64 => tensor.Span<long>().ToArray(),
        DType.Int32 => [.. tensor.Span<int>().ToArray().Select(n => (long)n)],
        _ => null,
    };

    private static string[]? Texts(Tensor tensor) =>
        tensor.DType == DType.String ? [.. tensor.Strings.ToArray().Select(s => Encoding.UTF8.GetString(s.Span))] : Places(tensor)?.Select(n => n.ToString(CultureInfo.InvariantCulture)).ToArray();

    /// <summary>What a function reads: a constant, or a file whose path it gets.</summary>
    private readonly record struct Filling(Tensor? Constant, BufferSlice File)
    {
        public static Filling Of(Model model, SavedObject saved)
        {
            if (saved.Constant is { } name && model.Graph.TryGet(name, out Node? node))
                return new Filling(((Value)node).Constant, default);
            if (saved.Asset is not { } asset || asset < 0 || asset >= model.TensorFlow.Assets.Count)
                return default;
            string path = $"{SavedModelFiles.Assets}/{model.TensorFlow.Assets[asset].FileName}";
            return new Filling(null, model.TensorFlow.Files.FirstOrDefault(f => f.Name == path)?.Bytes ?? default);
        }
    }
}
