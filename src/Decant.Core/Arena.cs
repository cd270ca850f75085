namespace Decant;

/// <summary>
/// Memory that grows between uses: tensors keep their offsets, their contents are lost. Not safe for several threads at once.
/// </summary>
internal sealed class Arena : BufferOwner
{
    /// <summary>Makes room for at least this many bytes.</summary>
    /// <exception cref="OutOfMemoryException">The system does not give that much.</exception>
    public void Reserve(long bytes)
    {
        if (bytes <= Length)
            return;
        Dispose();
        Allocate(bytes);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Length = 0;
    }
}
