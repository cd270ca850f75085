namespace Decant.Runtime;

/// <summary>
/// A function planned for the types and shapes of its arguments. Its results lie in memory of its own: while a loop reads the
/// results of one frame, the next call runs in another.
/// </summary>
internal sealed class CallFrame(PlannedContext context, PooledBuffer memory, int results) : CallResults(new object[results])
{
    public PlannedContext Context => context;

    /// <summary>Bytes of the results.</summary>
    public long Bytes => memory.Length;

    /// <summary>Whether nobody reads its results.</summary>
    public bool IsIdle => !IsOut && memory.IsUnique;

    /// <summary>Gives the memory back when nobody reads the results any more.</summary>
    public void Retire() => memory.Release();
}
