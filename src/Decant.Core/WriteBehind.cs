using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Decant;

/// <summary>
/// Writes to a file on a thread of its own once much has been written, so that what comes next is computed meanwhile. A fault of the
/// thread is thrown by the next call.
/// </summary>
internal sealed class WriteBehind(FileStream file)
{
    private const int BlockBytes = 1 << 20, MostWaiting = 4;

    // Most files have no more, for which a thread would not pay.
    private const long AtOnce = 8 << 20;

    private readonly ConcurrentBag<byte[]> _free = [];
    private BlockingCollection<(byte[] Block, int Length)>? _full;
    private Task? _writer;
    private byte[] _block = [];
    private int _filled;
    private long _written;
    private ExceptionDispatchInfo? _fault;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _fault?.Throw();
        _written += bytes.Length;
        if (_written <= AtOnce)
        {
            file.Write(bytes);
            return;
        }

        _writer ??= Begin();
        while (bytes.Length > 0)
        {
            if (_filled == _block.Length)
                Next();
            int count = Math.Min(bytes.Length, _block.Length - _filled);
            bytes[..count].CopyTo(_block.AsSpan(_filled));
            _filled += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Waits until the file has everything.</summary>
    public void Finish()
    {
        if (_writer is null)
            return;
        Next();
        _full!.CompleteAdding();
        _writer.Wait();
        (_writer, _block, _filled) = (null, [], 0);
        _full.Dispose();
        _fault?.Throw();
    }

    private Task Begin()
    {
        BlockingCollection<(byte[] Block, int Length)> full = _full = new(MostWaiting);
        return Task.Factory.StartNew(() => WriteAll(full), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Next()
    {
        if (_filled > 0)
            _full!.Add((_block, _filled));
        _block = _free.TryTake(out byte[]? block) ? block : GC.AllocateUninitializedArray<byte>(BlockBytes);
        _filled = 0;
    }

    private void WriteAll(BlockingCollection<(byte[] Block, int Length)> full)
    {
        foreach ((byte[] block, int length) in full.GetConsumingEnumerable())
        {
            // What comes after a fault is taken and dropped, so that nobody waits for it.
            try
            {
                if (_fault is null)
                    file.Write(block.AsSpan(0, length));
            }
            catch (Exception e)
            {
                _fault = ExceptionDispatchInfo.Capture(e);
            }

            _free.Add(block);
        }
    }
}
