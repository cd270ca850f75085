namespace Decant;

/// <summary>A file in a private folder of our own, which nobody else sees before it is complete: it is written in place.</summary>
public static class NewFile
{
    /// <summary>Writes a file that does not exist.</summary>
    /// <param name="path">The file, in a folder that exists.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="expectedBytes">How much that is.</param>
    /// <exception cref="ModelException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write, long expectedBytes)
    {
        try
        {
            var stream = new TargetStream(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16), path, expectedBytes);
            try
            {
                write(stream);
                stream.Finish(flushToDisk: false);
            }
            finally
            {
                stream.Abandon();
            }
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(path, e, expectedBytes);
        }
    }
}
