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
    public static Model WeightsOnly(Hdf5File file, string path) =>
        WeightsOnly(file.Root.Datasets().Where(d => d.DType != DType.Invalid).Select(d => (d.Path.TrimStart('/').Split(':')[0].Replace(' ', '_'), (TensorAttr)new DatasetAttr(d))), path);

    /// <summary>A model of nothing but constants.</summary>
    public static Model WeightsOnly(IEnumerable<(string Name, TensorAttr Value)> weights, string path)
    {
        var model = new Model();
        foreach ((string name, TensorAttr value) in weights)
            model.Graph.Add(model.Graph.FreeName(name), "Const", [], new AttributeMap { { "dtype", value.DType }, { "value", value } });

        model.Notes.Add($"{path} holds weights alone: they are constants, and there is nothing to run");
        return model;
    }
}
