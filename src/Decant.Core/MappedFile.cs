using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Decant;

/// <summary>
/// A file opened for reading: mapped when large, read into memory when small. Opening costs the same for any size.
/// </summary>
public sealed unsafe partial class MappedFile : BufferOwner
{
    /// <summary>Files up to this size are read at once: cheaper than a map, and the file can be replaced while open.</summary>
    public const int ReadWholeLimit = 256 * 1024;

    private const int CopyChunk = 1 << 18;

    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;

    private MappedFile(string name, SafeFileHandle handle)
    {
        Name = name;
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
        if (Length <= ReadWholeLimit)
        {
            byte[] bytes = new byte[Length];
            int read = 0;
            while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is > 0 and int n)
                read += n;
            Array = read == bytes.Length ? bytes : bytes[..read];
            Length = read;
            handle.Dispose();
            return;
        }

        _map = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        Start = pointer + _view.PointerOffset;
    }

    ~MappedFile() => Dispose(false);

    /// <inheritdoc />
    public override string Name { get; }

    /// <summary>All bytes of the file.</summary>
    public BufferSlice Bytes => new(this, 0, Length);

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What to call it in messages, if not by its path.</param>
    /// <exception cref="ModelException">It does not exist, is a directory or cannot be read.</exception>
    public static MappedFile Open(string path, string? name = null)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return new MappedFile(name ?? path, handle);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            handle?.Dispose();
            throw CoreErrors.CannotRead.At(new Location(path), Directory.Exists(path) ? "this is a directory" : e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message);
        }
    }

    // Windows takes pages back by itself, and has no call for pages of files.
    internal override void Forget()
    {
        const int DontNeed = 4;
        if (Start is not null && (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()))
            Advise(Start, (nuint)Length, DontNeed);
    }

    /// <inheritdoc />
    internal override void CopyTo(long offset, long count, BufferSlice.ChunkSink sink)
    {
        if (Array is not null || Start is null)
        {
            base.CopyTo(offset, count, sink);
            return;
        }

        byte[] chunk = new byte[(int)Math.Min(count, CopyChunk)];
        while (count > 0)
        {
            int n = (int)Math.Min(count, chunk.Length);
            Read(offset, chunk.AsSpan(0, n));
            sink(chunk.AsSpan(0, n));
            offset += n;
            count -= n;
        }
    }

    /// <inheritdoc />
    internal override void Read(long offset, Span<byte> target)
    {
        if (Array is not null || Start is null)
        {
            base.Read(offset, target);
            return;
        }

        while (target.Length > 0)
        {
            int n = RandomAccess.Read(_handle, target, offset);
            if (n == 0)
                throw CoreErrors.CannotRead.At(new Location(Name, offset), "the file became shorter while it was read");
            offset += n;
            target = target[n..];
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (Start is not null && _view is { SafeMemoryMappedViewHandle.IsClosed: false })
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        base.Dispose(disposing);
        if (!disposing)
            return;
        _view?.Dispose();
        _map?.Dispose();
        _handle.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* start, nuint length, int advice);
}
