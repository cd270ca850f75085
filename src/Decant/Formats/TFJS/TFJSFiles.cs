using System.Text.Json;
using Decant.Formats.Files;
using Decant.Wire.Json;

namespace Decant.Formats.TFJS;

/// <summary>The files of a TensorFlow.js model.</summary>
internal static class TFJSFiles
{
    public const string Model = "model.json";

    /// <summary>The graph of converters before 0.8, which kept it apart from the manifest.</summary>
    public const string OldGraph = "tensorflowjs_model.pb";

    /// <summary>The manifest of those.</summary>
    public const string OldManifest = "weights_manifest.json";

    private const string Suffix = ".json";

    /// <summary>The name of the model's file in a folder, or null: <c>model.json</c>, the only other one of the kind, or the old pair.</summary>
    public static string? In(FileTree folder)
    {
        if (folder.Has(OldGraph) && folder.Has(OldManifest))
            return OldManifest;
        if (folder.Has(Model))
            return IsModel(folder.Read(Model)) ? Model : null;
        string[] models = [.. folder.Files().Where(f => f.EndsWith(Suffix, StringComparison.Ordinal) && IsModel(folder.Read(f))).Take(2)];
        return models is [var only] ? only : null;
    }

    /// <summary>Whether a file holds a model: a JSON object with a topology or a manifest.</summary>
    public static bool IsModel(BufferSlice bytes)
    {
        if (!StartsWith(bytes, (byte)'{') || bytes.Length > Array.MaxLength)
            return false;
        try
        {
            var tokens = new JsonTokens(bytes);
            tokens.Next();
            for (tokens.Next(); tokens.Type == JsonTokenType.PropertyName; tokens.Next())
            {
                string name = tokens.Text();
                if (name is ModelFields.Topology or ModelFields.Manifest)
                    return true;
                tokens.Next();
                if (name == ModelFields.Format && tokens.Type == JsonTokenType.String && tokens.Text() is ModelFields.GraphModel or ModelFields.LayersModel)
                    return true;
                tokens.Skip();
            }

            return false;
        }
        catch (ModelException)
        {
            // Not JSON as far as the first field that tells.
            return false;
        }
    }

    /// <summary>Whether a model is made of Keras's layers: it says so, or its topology has no nodes but a class.</summary>
    public static bool IsLayers(BufferSlice bytes)
    {
        try
        {
            bool isLayers = false;
            var tokens = new JsonTokens(bytes);
            tokens.Next();
            for (tokens.Next(); tokens.Type == JsonTokenType.PropertyName; tokens.Next())
            {
                string name = tokens.Text();
                tokens.Next();
                if (name == ModelFields.Format && tokens.Type == JsonTokenType.String)
                    return tokens.Text() == ModelFields.LayersModel;
                if (name == ModelFields.Topology && tokens.Type == JsonTokenType.StartObject)
                    isLayers = HasClass(ref tokens);
                else
                    tokens.Skip();
            }

            return isLayers;
        }
        catch (ModelException)
        {
            // Faults are told by the reader of graph models, which then gets it.
            return false;
        }
    }

    private static bool HasClass(ref JsonTokens tokens)
    {
        bool found = false;
        for (tokens.Next(); tokens.Type == JsonTokenType.PropertyName; tokens.Next())
        {
            found |= tokens.Text() is ModelFields.ModelConfig or "modelConfig" or "class_name" or "className";
            tokens.Next();
            tokens.Skip();
        }

        return found;
    }

    /// <summary>Whether the first byte that is no space is this one.</summary>
    public static bool StartsWith(BufferSlice bytes, byte first) => bytes.Slice(0, Math.Min(bytes.Length, 64)).Span.TrimStart(" \t\r\n"u8) is [var c, ..] && c == first;
}
