using System.Text.Json;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>Reads the descriptions that Keras keeps as JSON.</summary>
internal static class KerasFile
{
    /// <summary>The main number of a Keras version such as <c>2.3.1</c>; 1 when none is told, as Keras 1 did not at first.</summary>
    public static int Version(string? text) => text is [>= '1' and <= '9', ..] ? text[0] - '0' : 1;

    /// <summary>Parses a description; values of it are good as long as the result.</summary>
    public static LayerConfig Config(ReadOnlyMemory<byte> json, string path, string? version)
    {
        try
        {
            return LayerConfig.Read(JsonDocument.Parse(json).RootElement, path, Version(version));
        }
        catch (JsonException e)
        {
            throw KerasErrors.BadConfig.At(new Location(path), $"the description of the layers is no JSON ({e.Message.TrimEnd('.')})");
        }
    }

    /// <summary>A model of nothing but constants: the arrays of a file without a description of layers.</summary>
    public static Model WeightsOnly(Hdf5File file, string path)
    {
        var model = new Model();
        foreach (Hdf5Dataset dataset in file.Root.Datasets())
        {
            if (dataset.DType == DType.Invalid)
                continue;
            string name = dataset.Path.TrimStart('/').Split(':')[0].Replace(' ', '_');
            model.Graph.AddConst(model.Graph.FreeName(name), dataset.Read());
        }

        model.Notes.Add($"{path} holds weights alone: they are constants, and there is nothing to run");
        return model;
    }
}
