using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>Versions of Keras, and files that hold weights alone.</summary>
internal static class KerasFile
{
    /// <summary>The version whose defaults the layers have that JavaScript wrote.</summary>
    public const string VersionOfJavaScript = "2.2.4";

    /// <summary>The group of an HDF5 file that holds what the optimizer keeps.</summary>
    public const string OptimizerGroup = "optimizer_weights";

    /// <summary>The main number of a Keras version such as <c>2.3.1</c>; TensorFlow.js counts as Keras 2, and 1 is meant when none is told, as Keras 1 did not at first.</summary>
    public static int Version(string? text) => text is [>= '1' and <= '9', ..] ? text[0] - '0' : text?.StartsWith("tfjs", StringComparison.Ordinal) == true ? 2 : 1;

    /// <summary>The first two numbers of a Keras version.</summary>
    public static Version Release(string? text)
    {
        int major = Version(text);
        return new Version(major, text is [>= '1' and <= '9', '.', ..] && int.TryParse(text[2..].Split('.')[0], out int minor) && minor >= 0 ? minor : 0);
    }

    /// <summary>A model of nothing but constants: the arrays of a file without a description of layers.</summary>
    public static Model WeightsOnly(Hdf5File file, string path)
    {
        Hdf5Dataset[] datasets = [.. file.Root.Datasets().Where(d => d.DType != DType.Invalid)];
        string hint = $"put what model.to_json() or model.to_yaml() gives beside it as {DescriptionFile.NameBeside(path)}, or save the whole model: model.save('model.keras')";
        return WeightsOnly(datasets.Select(d => (d.Path.TrimStart('/').Split(':')[0].Replace(' ', '_'), (TensorAttr)new DatasetAttr(d))), path, new LooseWeights(hint, Groups(file.Root, datasets)));
    }

    /// <summary>A model of nothing but constants.</summary>
    public static Model WeightsOnly(IEnumerable<(string Name, TensorAttr Value)> weights, string path, LooseWeights loose)
    {
        var model = new Model { LooseWeights = loose };
        foreach ((string name, TensorAttr value) in weights)
            model.Graph.Add(model.Graph.FreeName(name), "Const", [], new AttributeMap { { "dtype", value.DType }, { "value", value } });

        model.Notes.Add($"{path} holds weights alone: they are constants, and there is nothing to run. To have the model, {loose.Hint}");
        return model;
    }

    /// <summary>The weights by layers: as the attributes of files of Keras 1 and 2 list and name them, else by the groups at the top.</summary>
    private static List<IReadOnlyList<(string Name, TensorAttr Value)>> Groups(Hdf5Group root, Hdf5Dataset[] datasets)
    {
        if (root.Texts("layer_names") is not { } layers)
            return [.. datasets.GroupBy(d => string.Join('/', d.Path.TrimStart('/').Split('/').TakeWhile(p => p != "vars"))).Select(g => (IReadOnlyList<(string, TensorAttr)>)[.. g.Select(d => (d.Path.TrimStart('/').Split(':')[0], (TensorAttr)new DatasetAttr(d)))])];
        List<IReadOnlyList<(string Name, TensorAttr Value)>> groups = [];
        foreach (Hdf5Group group in layers.Distinct(StringComparer.Ordinal).Select(l => root[l]).OfType<Hdf5Group>())
            groups.Add([.. (group.Texts("weight_names") ?? []).Where(n => group[n] is Hdf5Dataset).Select(n => (n.Split(':')[0], (TensorAttr)new DatasetAttr((Hdf5Dataset)group[n]!)))]);
        return groups;
    }
}
