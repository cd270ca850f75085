using System.Globalization;
using Decant.Formats.Files;

namespace Decant.Formats.SavedModel;

/// <summary>The names of a SavedModel's files, and the folder in which they are.</summary>
internal static class SavedModelFiles
{
    public const string Binary = "saved_model.pb";
    public const string Text = "saved_model.pbtxt";
    public const string Chunked = "saved_model.cpb";
    public const string Variables = "variables/variables";
    public const string Assets = "assets";

    /// <summary>The folders and files that are kept as they are.</summary>
    public static readonly string[] KeptFolders = ["variables", Assets, "assets.extra", "debug"];

    public static readonly string[] KeptFiles = ["fingerprint.pb", Keras.SavedKeras.File, Hub.HubFormat.ModuleFile];

    /// <summary>
    /// The folder that holds the model: this one, else the highest of its numbered versions, as TensorFlow Serving takes,
    /// else the only folder that holds one.
    /// </summary>
    /// <param name="tree">Where to look.</param>
    /// <param name="has">Whether a folder holds the model.</param>
    /// <param name="note">What was decided, for the user; null when there was nothing to decide.</param>
    /// <returns>Null when there is none.</returns>
    public static FileTree? Locate(FileTree tree, Func<FileTree, bool> has, out string? note)
    {
        note = null;
        if (has(tree))
            return tree;
        FileTree[] models = [.. tree.Folders().Select(tree.Folder).Where(has)];
        FileTree[] versions = [.. models.Where(m => Version(m) >= 0).OrderBy(Version)];
        FileTree? chosen = versions.Length > 0 ? versions[^1] : models.Length == 1 ? models[0] : null;
        if (versions.Length > 1)
            note = $"{tree.Path} holds {versions.Length} versions: took the highest, {System.IO.Path.GetFileName(chosen!.Path)}";
        else if (chosen is not null)
            note = $"took the model in {chosen.Path}";
        return chosen;
    }

    /// <summary>Whether an entry of a folder is a part of the SavedModel in it.</summary>
    public static bool IsOwn(string name) => name is Binary or Text or Chunked || KeptFolders.Contains(name) || KeptFiles.Contains(name);

    /// <summary>Whether a folder on disk holds a SavedModel itself.</summary>
    public static bool IsAt(string folder) => new[] { Binary, Text, Chunked }.Any(n => File.Exists(Path.Join(folder, n)));

    public static bool IsIn(FileTree tree) => tree.Has(Binary) || tree.Has(Text) || tree.Has(Chunked);

    private static long Version(FileTree folder)
    {
        string name = folder.Path[(folder.Path.LastIndexOfAny(['/', '\\', ':']) + 1)..];
        return long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : -1;
    }
}
