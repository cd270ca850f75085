using System.Globalization;

namespace Decant.Formats.TFJS;

/// <summary>Writes the bytes of weights into files of one size, named as TensorFlow.js's converter does.</summary>
internal sealed class ShardWriter(string folder, int group, long total, long shardBytes) : IDisposable
{
    private AtomicFile? _file;
    private long _written;

    /// <summary>The files' names.</summary>
    public string[] Names { get; } = Enumerable.Range(1, (int)((total + shardBytes - 1) / shardBytes))
        .Select(i => string.Create(CultureInfo.InvariantCulture, $"group{group}-shard{i}of{(total + shardBytes - 1) / shardBytes}.bin")).ToArray();

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            _file ??= AtomicFile.Create(Path.Combine(folder, Names[_written / shardBytes]));
            int count = (int)Math.Min(bytes.Length, shardBytes - (_written % shardBytes));
            _file.Stream.Write(bytes[..count]);
            bytes = bytes[count..];
            _written += count;
            if (_written % shardBytes == 0 || _written == total)
                Finish();
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Finish()
    {
        _file!.Commit();
        _file.Dispose();
        _file = null;
    }
}
