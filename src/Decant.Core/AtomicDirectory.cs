namespace Decant;

/// <summary>
/// Writes a directory beside its target and puts it in the target's place when it is complete. An existing directory is
/// replaced as a whole: it is set aside, the new one renamed, and then it is deleted; what a kill in between leaves is put
/// right by the next write of the same target. One that holds what is not the writer's, or that processes work in, stays, and
/// gets the new files one by one.
/// </summary>
public static class AtomicDirectory
{
    /// <summary>Writes a directory: the files that <paramref name="write"/> puts into the folder it is given, if it returns.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Writes files into the folder that it is given.</param>
    /// <param name="expectedBytes">How much that is, if known.</param>
    /// <param name="isOwn">Whether an entry of an existing target, by its name, is what an earlier write left; others stay. Null when all are.</param>
    /// <exception cref="ModelException">It cannot be written, or the target is a file.</exception>
    public static void Write(string path, Action<string> write, long? expectedBytes = null, Func<string, bool>? isOwn = null)
    {
        if (File.Exists(path))
            throw CoreErrors.CannotWrite.At(new Location(path), "the target is a file, and a directory is to be written", "choose another place with -o, or remove the file");
        string target = Path.TrimEndingDirectorySeparator(WriteFailure.FullPath(path));
        string temporary = TemporaryNames.New(target);
        try
        {
            TemporaryNames.RemoveStale(target);
            if (!Directory.Exists(Path.GetDirectoryName(target)))
                throw new DirectoryNotFoundException();
            Directory.CreateDirectory(temporary);
            write(temporary);
            if (isOwn is not null && Directory.Exists(target) && (IsWorkedIn(target) || Directory.EnumerateFileSystemEntries(target).Any(e => !isOwn(Path.GetFileName(e)))))
                Merge(target, temporary, isOwn);
            else
                Replace(target, temporary);
        }
        catch (ModelException e) when (WriteFailure.Moved(e, temporary, Path.TrimEndingDirectorySeparator(path)) is { } moved)
        {
            throw moved;
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(path, e, expectedBytes);
        }
        finally
        {
            if (Directory.Exists(temporary))
                TemporaryNames.TryRemove(temporary);
        }
    }

    /// <summary>Makes a folder, and those above it, into which files will be written one by one; one that is there stays.</summary>
    /// <exception cref="ModelException">It cannot be made.</exception>
    public static void Ensure(string path)
    {
        string full = WriteFailure.FullPath(path);
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(path, e, null);
        }
    }

    /// <summary>Whether a folder is the one that this process was started in, or is above it: whoever stands there would be left in a folder that is gone.</summary>
    private static bool IsWorkedIn(string target) => $"{Environment.CurrentDirectory}{Path.DirectorySeparatorChar}".StartsWith($"{target}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    /// <summary>What an earlier write left goes first: a kill in between leaves a part of the new files, and never files of two models.</summary>
    private static void Merge(string target, string written, Func<string, bool> isOwn)
    {
        string[] entries = [.. Directory.EnumerateFileSystemEntries(written)];
        if (entries.Select(e => Path.GetFileName(e)).FirstOrDefault(n => !isOwn(n) && Directory.Exists(Path.Join(target, n))) is { } foreign)
            throw CoreErrors.CannotWrite.At(new Location(target), $"the folder has a folder '{foreign}' that is no part of a model, and one of this name is to be written", "choose another place with -o");
        foreach (string old in Directory.EnumerateFileSystemEntries(target).Where(e => isOwn(Path.GetFileName(e))).ToList())
        {
            if (Directory.Exists(old))
                Directory.Delete(old, recursive: true);
            else
                File.Delete(old);
        }

        foreach (string entry in entries)
        {
            string place = Path.Join(target, Path.GetFileName(entry));
            if (Directory.Exists(entry))
                Directory.Move(entry, place);
            else
                File.Move(entry, place, overwrite: true);
        }
    }

    private static void Replace(string target, string temporary)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(temporary, target);
            return;
        }

        string aside = TemporaryNames.New(target, TemporaryNames.SetAside);
        Directory.Move(target, aside);
        try
        {
            Directory.Move(temporary, target);
        }
        catch
        {
            Directory.Move(aside, target);
            throw;
        }

        TemporaryNames.TryRemove(aside);
    }
}
