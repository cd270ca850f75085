using System.Collections;

namespace Decant.IR;

/// <summary>
/// The edges into a node, in order. A field of the node and not an object of its own, so that a graph of millions of nodes
/// is a graph of few objects: change it through <see cref="Node.Inputs"/>, a copy of it is only for reading.
/// </summary>
public struct EdgeList<T> : IList<T>, IReadOnlyList<T>
{
    private T[]? _items;

    /// <summary>The number of edges.</summary>
    public int Count { get; private set; }

    readonly bool ICollection<T>.IsReadOnly => false;

    /// <summary>The edge at a place.</summary>
    public readonly T this[int index]
    {
        get => AsSpan()[index];
        set => _items.AsSpan(0, Count)[index] = value;
    }

    /// <summary>Makes room for this many edges.</summary>
    public void EnsureCapacity(int capacity)
    {
        if (capacity > (_items?.Length ?? 0))
            Array.Resize(ref _items, capacity);
    }

    /// <summary>Adds an edge at the end.</summary>
    public void Add(T item)
    {
        if (_items is null || Count == _items.Length)
            Array.Resize(ref _items, Count == 0 ? 1 : Count * 2);
        _items[Count++] = item;
    }

    /// <summary>Adds edges at the end.</summary>
    public void AddRange(params ReadOnlySpan<T> items)
    {
        EnsureCapacity(Count + items.Length);
        items.CopyTo(_items.AsSpan(Count));
        Count += items.Length;
    }

    /// <inheritdoc cref="AddRange(ReadOnlySpan{T})" />
    public void AddRange(IEnumerable<T> items) => AddRange([.. items]);

    /// <inheritdoc />
    public void Insert(int index, T item)
    {
        Add(item);
        Span<T> all = _items.AsSpan(0, Count);
        all[index..^1].CopyTo(all[(index + 1)..]);
        all[index] = item;
    }

    /// <inheritdoc />
    public bool Remove(T item)
    {
        int at = IndexOf(item);
        if (at >= 0)
            RemoveAt(at);
        return at >= 0;
    }

    /// <inheritdoc />
    public void RemoveAt(int index)
    {
        Span<T> all = _items.AsSpan(0, Count);
        all[(index + 1)..].CopyTo(all[index..]);
        all[^1] = default!;
        Count--;
    }

    /// <summary>Removes the edges for which <paramref name="match"/> says so; the number of them.</summary>
    public int RemoveAll(Predicate<T> match)
    {
        int kept = 0;
        Span<T> all = _items.AsSpan(0, Count);
        foreach (T item in all)
        {
            if (!match(item))
                all[kept++] = item;
        }

        all[kept..].Clear();
        int removed = Count - kept;
        Count = kept;
        return removed;
    }

    /// <inheritdoc />
    public void Clear()
    {
        _items = null;
        Count = 0;
    }

    /// <inheritdoc />
    public readonly int IndexOf(T item) => _items is null ? -1 : Array.IndexOf(_items, item, 0, Count);

    /// <inheritdoc />
    public readonly bool Contains(T item) => IndexOf(item) >= 0;

    /// <summary>Whether there is an edge for which <paramref name="match"/> says so.</summary>
    public readonly bool Exists(Predicate<T> match)
    {
        foreach (T item in AsSpan())
        {
            if (match(item))
                return true;
        }

        return false;
    }

    /// <inheritdoc />
    public readonly void CopyTo(T[] array, int arrayIndex) => AsSpan().CopyTo(array.AsSpan(arrayIndex));

    /// <summary>The edges as they are now.</summary>
    public readonly ReadOnlySpan<T> AsSpan() => _items.AsSpan(0, Count);

    /// <summary>Walks the edges as they are now.</summary>
    public readonly Enumerator GetEnumerator() => new(_items, Count);

    readonly IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks edges.</summary>
    public struct Enumerator(T[]? items, int count) : IEnumerator<T>
    {
        private int _at = -1;

        /// <inheritdoc />
        public readonly T Current => items![_at];

        readonly object? IEnumerator.Current => Current;

        /// <inheritdoc />
        public bool MoveNext() => ++_at < count;

        /// <inheritdoc />
        public void Reset() => _at = -1;

        /// <inheritdoc />
        public readonly void Dispose()
        {
        }
    }
}
