using System.IO.Compression;

namespace Decant.Compression;

/// <summary>A way to pack files, for telling how large a model is when it is sent.</summary>
/// <param name="Name">Its name and level.</param>
/// <param name="PackedBytes">The bytes that a file takes when packed.</param>
public sealed record Archive(string Name, Func<string, long> PackedBytes)
{
    private const int BufferBytes = 1 << 18;

    /// <summary>gzip at its usual level.</summary>
    public static Archive Gzip { get; } = new("gzip -6", path => Packed(path, target => new GZipStream(target, CompressionLevel.Optimal)));

    /// <summary>Brotli at the level that web servers use for what they pack as it is asked for.</summary>
    public static Archive Brotli { get; } = new("brotli -4", path => Packed(path, target => new BrotliStream(target, CompressionLevel.Optimal)));

    /// <summary>What comes with .NET.</summary>
    public static IReadOnlyList<Archive> Default { get; } = [Gzip, Brotli];

    private static long Packed(string path, Func<Stream, Stream> pack)
    {
        using var counted = new CountingStream();
        using (Stream packing = pack(counted))
        using (FileStream file = File.OpenRead(path))
            file.CopyTo(packing, BufferBytes);
        return counted.Length;
    }
}
