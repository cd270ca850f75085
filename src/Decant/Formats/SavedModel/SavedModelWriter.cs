using Decant.Formats.MetaGraph;
using Decant.IR;
using Decant.Wire.Protobuf;

namespace Decant.Formats.SavedModel;

/// <summary>Writes a SavedModel folder as a whole. Files that were not changed are copied; so are the other MetaGraphs.</summary>
internal static class SavedModelWriter
{
    /// <exception cref="ModelException">The graph has variables whose values lie in a checkpoint elsewhere.</exception>
    public static void Write(Model model, string path)
    {
        // Folders of these names in one that holds no model, as of a site, are somebody else's.
        bool isModel = SavedModelFiles.IsAt(path);
        AtomicDirectory.Write(path, folder => Write(model, path, folder), isOwn: name => isModel && SavedModelFiles.IsOwn(name));
    }

    private static void Write(Model model, string path, string folder)
    {
        if (model.Variables.Keys.FirstOrDefault() is { } variable && !model.TensorFlow.Files.Any(f => f.Name.StartsWith(SavedModelFiles.Variables, StringComparison.Ordinal)))
        {
            throw FormatErrors.FormatNotSupported.At(
                new Location(path), $"the value of the variable '{variable}' lies in the checkpoint '{model.Checkpoint}', and SavedModels are written with the variables that they were read with",
                "make the variables constants: decant convert MODEL --checkpoint PREFIX --to saved_model -o OUT");
        }

        AtomicFile.Write(Path.Combine(folder, SavedModelFiles.Binary), stream => WriteProto(model, stream));
        foreach (ModelFile file in model.TensorFlow.Files)
        {
            string target = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            AtomicFile.Write(target, file.Bytes.CopyTo, file.Bytes.Length);
        }
    }

    /// <summary>Writes the message of <c>saved_model.pb</c>.</summary>
    public static void WriteProto(Model model, Stream stream)
    {
        TensorFlowParts parts = model.TensorFlow;
        var writer = new ProtoWriter(stream);
        if (parts.SchemaVersion is { } version)
            writer.Int64(SavedModelFields.SchemaVersion, version);
        foreach (BufferSlice other in parts.MetaGraphsBefore)
            writer.Bytes(SavedModelFields.MetaGraph, other);
        writer.Begin(SavedModelFields.MetaGraph);
        MetaGraphWriter.Write(writer, model, tagged: true);
        writer.End();
        foreach (BufferSlice other in parts.MetaGraphsAfter)
            writer.Bytes(SavedModelFields.MetaGraph, other);
        writer.Raw(parts.UnknownSavedModel);
        writer.Flush();
    }
}
