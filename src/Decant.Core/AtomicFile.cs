namespace Decant;

/// <summary>
/// A file that is written beside its target and takes the target's place when it is complete. A failure or a kill before that
/// leaves the target as it was. Devices and pipes (<c>/dev/stdout</c>) are written in place.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    // What has fewer bytes is written at once.
    private const long LeastReserved = 1 << 20;

    // More is reserved than is expected, one part in so many, and given back: a file that grows out of its place is written out as if it had none.
    // Nothing is where that would be half of what is free: others write too.
    private const int SpareParts = 64;

    private readonly TargetStream _stream;
    private readonly string _target;
    private readonly string? _temporary;
    private readonly long _reserved;
    private bool _done;

    private AtomicFile(string path, long? expectedBytes)
    {
        Path = path;
        _target = Resolve(path);
        _temporary = IsDevice(_target) ? null : TemporaryNames.New(_target);
        try
        {
            if (_temporary is not null)
                TemporaryNames.RemoveStale(_target);
            if (_temporary is not null && expectedBytes is >= LeastReserved and < long.MaxValue / 2)
                _reserved = Reservation(_target, expectedBytes.Value);
            _stream = new TargetStream(_temporary is null ? Open(_target, FileMode.Open) : Reserve(_temporary, _reserved), path, expectedBytes);
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(path, e, expectedBytes);
        }
    }

    /// <summary>The target.</summary>
    public string Path { get; }

    /// <summary>What becomes the content. Its faults are <see cref="CoreErrors.CannotWrite"/>.</summary>
    public Stream Stream => _stream;

    /// <summary>Begins to write a file.</summary>
    /// <param name="path">The target; it need not exist, its folder does. A link is followed.</param>
    /// <param name="expectedBytes">About how much will be written, if known: for the message when there is no space, and to have it reserved.</param>
    /// <exception cref="ModelException">It cannot be written.</exception>
    public static AtomicFile Create(string path, long? expectedBytes = null) =>
        Directory.Exists(path) || System.IO.Path.EndsInDirectorySeparator(path) ? throw IsDirectory(path) : new AtomicFile(path, expectedBytes);

    /// <summary>Writes a file: what <paramref name="write"/> writes, if it returns.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="expectedBytes">About how much that is, if known.</param>
    /// <param name="flushToDisk">Whether to wait until the disk has it, so that a power failure cannot lose both files.</param>
    /// <exception cref="ModelException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write, long? expectedBytes = null, bool flushToDisk = false)
    {
        using AtomicFile file = Create(path, expectedBytes);
        write(file.Stream);
        file.Commit(flushToDisk);
    }

    /// <summary>Whether a path is written in place, so that nothing can be looked at before it is there.</summary>
    internal static bool IsInPlace(string path) => IsDevice(Resolve(path));

    /// <summary>Has a file written beside its target, and puts it in the target's place if it is accepted.</summary>
    /// <param name="path">The target, which is not written in place.</param>
    /// <param name="write">Writes a file of the name that is given.</param>
    /// <param name="accept">Looks at that file.</param>
    /// <returns>Whether it was accepted; else the target is as it was.</returns>
    /// <exception cref="ModelException">It cannot be written.</exception>
    internal static bool Replace(string path, Action<string> write, Func<string, bool> accept)
    {
        if (Directory.Exists(path) || System.IO.Path.EndsInDirectorySeparator(path))
            throw IsDirectory(path);
        string target = Resolve(path), beside = TemporaryNames.New(target);
        try
        {
            TemporaryNames.RemoveStale(target);
            write(beside);
            if (!accept(beside))
                return false;
            Move(beside, target);
            return true;
        }
        catch (ModelException e) when (WriteFailure.Moved(e, beside, path) is { } moved)
        {
            throw moved;
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(path, e, null);
        }
        finally
        {
            TemporaryNames.TryRemove(beside);
        }
    }

    /// <summary>Puts the file in its target's place.</summary>
    /// <exception cref="ModelException">It cannot be written.</exception>
    public void Commit(bool flushToDisk = false)
    {
        if (_reserved > _stream.Length)
            _stream.SetLength(_stream.Length);
        _stream.Finish(flushToDisk && _temporary is not null);
        try
        {
            if (_temporary is not null)
                Move(_temporary, _target);
            _done = true;
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(Path, e, null);
        }
    }

    /// <summary>Drops the file if it was not committed.</summary>
    public void Dispose()
    {
        _stream.Abandon();
        if (!_done && _temporary is not null)
            TemporaryNames.TryRemove(_temporary);
        _done = true;
    }

    /// <summary>
    /// Has a place on the disk given to a file before it is written. File systems that put this off write all of it out when the file takes the
    /// place of another: for 1 GB on ext4, that made writing and moving take 1.0 s in place of 0.3. One that gives no place is asked as it goes.
    /// </summary>
    private static FileStream Reserve(string path, long bytes)
    {
        try
        {
            return Open(path, FileMode.CreateNew, bytes);
        }
        catch (IOException) when (bytes > 0 && !File.Exists(path))
        {
            return Open(path, FileMode.CreateNew);
        }
    }

    private static long Reservation(string target, long bytes)
    {
        try
        {
            long reserved = (bytes / SpareParts * (SpareParts + 1)) + LeastReserved;
            return reserved <= new DriveInfo(System.IO.Path.GetDirectoryName(target)!).AvailableFreeSpace / 2 ? reserved : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Folders that are not there are told when the file is made, and those of other machines have no drive to ask.
            return 0;
        }
    }

    private static FileStream Open(string path, FileMode mode, long reserved = 0) =>
        new(path, new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 << 16, PreallocationSize = reserved });

    private static ModelException IsDirectory(string path) =>
        CoreErrors.CannotWrite.At(new Location(path), "the target is a directory, and a file is to be written", $"name a file in it: -o {System.IO.Path.Join(path, "model")}");

    private static void Move(string temporary, string target)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
        File.Move(temporary, target, overwrite: true);
    }

    private static string Resolve(string path)
    {
        string full = WriteFailure.FullPath(path);
        try
        {
            return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception e) when (WriteFailure.Covers(e))
        {
            throw WriteFailure.Of(path, e, null);
        }
    }

    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows() && (path.StartsWith("/proc/", StringComparison.Ordinal)
            || (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal)));
}
