using System.Runtime.InteropServices;

namespace Decant;

/// <summary>
/// Native memory that grows between uses: tensors keep their offsets, their contents are lost. Not safe for several threads
/// at once.
/// </summary>
internal sealed unsafe class Arena : BufferOwner
{
    ~Arena() => Dispose(false);

    /// <summary>Makes room for at least this many bytes.</summary>
    /// <exception cref="OutOfMemoryException">The system does not give that much.</exception>
    public void Reserve(long bytes)
    {
        if (bytes <= Length)
            return;
        if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            throw new OutOfMemoryException();
        Free();
        Start = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, NativeBuffer.Alignment);
        Length = bytes;
        GC.AddMemoryPressure(bytes);
    }

    protected override void Dispose(bool disposing)
    {
        Free();
        base.Dispose(disposing);
    }

    private void Free()
    {
        if (Start is null)
            return;
        NativeMemory.AlignedFree(Start);
        GC.RemoveMemoryPressure(Length);
        Start = null;
        Length = 0;
    }
}
