using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Decant.IR;

/// <summary>A node's attributes by name, in the order they were read or set. Small: found by a walk.</summary>
public sealed class AttributeMap : IEnumerable<KeyValuePair<string, AttrValue>>
{
    private KeyValuePair<string, AttrValue>[] _entries = [];

    // Whether other maps have the same array, so that it must be copied before it is changed.
    private bool _isShared;

    /// <summary>The number of attributes.</summary>
    public int Count { get; private set; }

    /// <summary>The value of an attribute; setting null removes it.</summary>
    [DisallowNull]
    public AttrValue? this[string name]
    {
        get => Find(name) is >= 0 and int i ? _entries[i].Value : null;
        set => Set(name, value);
    }

    /// <summary>Sets an attribute, in place if it is there.</summary>
    public void Set(string name, AttrValue value)
    {
        OwnEntries();
        int at = Find(name);
        if (at < 0)
        {
            if (Count == _entries.Length)
                Array.Resize(ref _entries, Math.Max(1, Count * 2));
            at = Count++;
        }

        _entries[at] = new(name, value);
    }

    /// <summary>For collection initializers.</summary>
    public void Add(string name, AttrValue value) => Set(name, value);

    /// <summary>Removes an attribute; false if it is not there.</summary>
    public bool Remove(string name)
    {
        int at = Find(name);
        if (at < 0)
            return false;
        OwnEntries();
        Array.Copy(_entries, at + 1, _entries, at, --Count - at);
        _entries[Count] = default;
        return true;
    }

    /// <summary>Whether an attribute is there.</summary>
    public bool Contains(string name) => Find(name) >= 0;

    /// <summary>A copy that can be changed without changing this one.</summary>
    public AttributeMap Clone() => new() { _entries = _entries.AsSpan(0, Count).ToArray(), Count = Count };

    /// <summary>
    /// A copy that takes no more room than it needs; none for its entries when <paramref name="like"/> has the very same,
    /// as most nodes of an op do.
    /// </summary>
    internal AttributeMap Compact(AttributeMap? like)
    {
        if (like is null || !IsSameAs(like))
            return Clone();
        like._isShared = true;
        return new AttributeMap { _entries = like._entries, Count = Count, _isShared = true };
    }

    /// <summary>Whether this has the very same names and values as another, in the same order: equal objects are not compared.</summary>
    internal bool IsSameAs(AttributeMap other)
    {
        if (ReferenceEquals(_entries, other._entries) && Count == other.Count)
            return true;
        if (Count != other.Count)
            return false;
        for (int i = 0; i < Count; i++)
        {
            if (!ReferenceEquals(_entries[i].Key, other._entries[i].Key) || !ReferenceEquals(_entries[i].Value, other._entries[i].Value))
                return false;
        }

        return true;
    }

    internal void Clear()
    {
        OwnEntries();
        Array.Clear(_entries, 0, Count);
        Count = 0;
    }

    public IEnumerator<KeyValuePair<string, AttrValue>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return _entries[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void OwnEntries()
    {
        if (_isShared)
            _entries = _entries.AsSpan(0, Count).ToArray();
        _isShared = false;
    }

    private int Find(string name)
    {
        for (int i = 0; i < Count; i++)
        {
            if (ReferenceEquals(_entries[i].Key, name) || _entries[i].Key == name)
                return i;
        }

        return -1;
    }
}
