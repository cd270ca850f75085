using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Decant.Formats.Keras;

/// <summary>The files of a <c>.keras</c> archive. Weights that are stored as they are, as Keras does, stay in the mapped file.</summary>
internal sealed class KerasArchive
{
    public const string Config = "config.json";
    public const string Metadata = "metadata.json";
    public const string Weights = "model.weights.h5";

    /// <summary>The folder of the layers' files.</summary>
    public const string AssetsFolder = "assets/";

    /// <summary>The group of the weights that holds what the optimizer keeps.</summary>
    public const string Optimizer = "optimizer";

    /// <summary>The group of the weights that holds what metrics have counted: a compiled model of Keras 2 is not opened without it.</summary>
    public const string Metrics = "metrics";

    private const int MostEntries = 10_000;
    private const int Ratio = 200;
    private const long RatioFreeBytes = 64L << 20;

    private readonly BufferSlice _bytes;
    private readonly string _path;
    private readonly Dictionary<string, BufferSlice> _files = new(StringComparer.Ordinal);

    private long _unpackedAssets;

    private KerasArchive(BufferSlice bytes, string path) => (_bytes, _path) = (bytes, path);

    /// <summary>Reads the three files of a model, and those of its layers; others are left.</summary>
    /// <exception cref="ModelException">The archive is damaged, unsafe or too large.</exception>
    public static KerasArchive Open(BufferSlice bytes, string path)
    {
        var archive = new KerasArchive(bytes, path);
        try
        {
            using var stream = new SliceStream(bytes);
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            if (zip.Entries.Count > MostEntries)
                throw archive.Bad($"the archive has {zip.Entries.Count} files, and {MostEntries} are allowed");
            foreach (ZipArchiveEntry entry in zip.Entries)
                archive.Read(entry);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw archive.Bad($"the archive cannot be unpacked ({e.Message.TrimEnd('.')})");
        }

        return archive;
    }

    /// <summary>The files of the layers by their paths in the folder of assets.</summary>
    public IReadOnlyDictionary<string, BufferSlice> Assets =>
        _files.Where(f => f.Key.StartsWith(AssetsFolder, StringComparison.Ordinal)).ToDictionary(f => f.Key[AssetsFolder.Length..], f => f.Value, StringComparer.Ordinal);

    public BufferSlice? Find(string name) => _files.TryGetValue(name, out BufferSlice file) ? file : null;

    public BufferSlice Required(string name) => Find(name) ?? throw Bad($"the archive has no {name}");

    private void Read(ZipArchiveEntry entry)
    {
        if (entry.FullName.StartsWith('/') || entry.FullName.Contains('\\', StringComparison.Ordinal) || entry.FullName.Split('/').Contains(".."))
            throw Bad($"the archive has a file '{entry.FullName}', which leads out of it");
        if (entry.FullName is not (Config or Metadata or Weights) && (!entry.FullName.StartsWith(AssetsFolder, StringComparison.Ordinal) || entry.FullName.EndsWith('/')))
            return;
        if (_files.ContainsKey(entry.FullName))
            throw Bad($"the archive has two files {entry.FullName}");
        if (entry.CompressedLength == entry.Length && Stored(entry) is { } stored)
        {
            _files.Add(entry.FullName, stored);
            return;
        }

        // Files of layers share what is free.
        long free = entry.FullName.StartsWith(AssetsFolder, StringComparison.Ordinal) ? Math.Max(0, RatioFreeBytes - _unpackedAssets) : RatioFreeBytes;
        long allowed = Math.Min(Array.MaxLength, free + (Math.Min(entry.CompressedLength, int.MaxValue) * Ratio));
        if (entry.Length > allowed)
            throw Bad($"{entry.FullName} unpacks to {entry.Length} bytes, and {allowed} are allowed");
        if (entry.FullName.StartsWith(AssetsFolder, StringComparison.Ordinal))
            _unpackedAssets += entry.Length;
        byte[] bytes = new byte[entry.Length];
        using Stream unpacked = entry.Open();
        if (unpacked.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length || unpacked.ReadByte() >= 0)
            throw Bad($"{entry.FullName} does not unpack to the {entry.Length} bytes that the archive says");
        _files.Add(entry.FullName, new BufferSlice(bytes, $"{_path}:{entry.FullName}"));
    }

    /// <summary>The bytes of a file that is not packed, found by walking the headers before the files; null where these do not tell sizes.</summary>
    private BufferSlice? Stored(ZipArchiveEntry entry)
    {
        const int HeaderBytes = 30;
        long at = 0;
        for (int i = 0; i < MostEntries && at <= _bytes.Length - HeaderBytes; i++)
        {
            ReadOnlySpan<byte> header = _bytes.Slice(at, HeaderBytes).Span;
            int flags = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
            int method = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
            int extra = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            long data = at + HeaderBytes + nameLength + extra;
            if (!header.StartsWith("PK\u0003\u0004"u8) || (flags & 9) != 0 || data > _bytes.Length)
                return null;
            bool isEntry = Encoding.UTF8.GetString(_bytes.Slice(at + HeaderBytes, nameLength).Span) == entry.FullName;
            // Sizes of Zip64 are in the extra fields; the directory has told the size of the entry itself.
            if (size == uint.MaxValue)
                size = isEntry ? entry.Length : long.MaxValue;
            if (size > _bytes.Length - data)
                return null;
            if (isEntry)
                return method == 0 && size == entry.Length ? _bytes.Slice(data, size) : null;
            at = data + size;
        }

        return null;
    }

    private ModelException Bad(string message) => KerasErrors.BadArchive.At(new Location(_path), message, "fetch the file again");

    /// <summary>Bytes of a mapped file as a stream.</summary>
    private sealed class SliceStream(BufferSlice bytes) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => bytes.Length;

        public override long Position
        {
            get => _at;
            set => _at = value;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = (int)Math.Min(buffer.Length, Math.Max(0, bytes.Length - _at));
            if (count > 0)
                bytes.Slice(_at, count).Read(buffer[..count]);
            _at += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin)
        {
            long target = offset + (origin == SeekOrigin.Begin ? 0 : origin == SeekOrigin.Current ? _at : bytes.Length);
            return _at = target >= 0 ? target : throw new IOException("a position before the start");
        }

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
