namespace Decant;

/// <summary>Writes to a file and reports its faults as <see cref="CoreErrors.CannotWrite"/> of the target.</summary>
internal sealed class TargetStream(FileStream file, string path, long? expectedBytes) : Stream
{
    private readonly WriteBehind _behind = new(file);

    public override bool CanRead => false;

    public override bool CanSeek => file.CanSeek;

    public override bool CanWrite => file.CanWrite;

    public override long Length => Report(() => File.Length);

    public override long Position
    {
        get => Report(() => File.Position);
        set => Report(() => File.Position = value);
    }

    /// <summary>The file with all that was written.</summary>
    private FileStream File
    {
        get
        {
            _behind.Finish();
            return file;
        }
    }

    public override void Flush() => Report(() => File.Flush());

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => Report(() => File.Seek(offset, origin));

    public override void SetLength(long value) => Report(() => File.SetLength(value));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _behind.Write(buffer);
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(path, e, expectedBytes);
        }
    }

    /// <summary>Writes what is buffered and closes the file.</summary>
    internal void Finish(bool flushToDisk) => Report(() =>
    {
        File.Flush(flushToDisk);
        file.Dispose();
    });

    /// <summary>Closes the file, whatever becomes of what is buffered.</summary>
    internal void Abandon()
    {
        try
        {
            _behind.Finish();
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            // As below.
        }

        try
        {
            file.Dispose();
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            // The content is dropped, and the fault that led here is being reported.
        }
    }

    private void Report(Action action) => Report(() =>
    {
        action();
        return true;
    });

    private T Report<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(path, e, expectedBytes);
        }
    }
}
