namespace Decant.Ops.TFLite;

/// <summary>An array that a kernel keeps from run to run; another one when another size is asked for.</summary>
internal sealed class Reused<T>
{
    private T[] _elements = [];

    /// <summary>The array, with whatever is in it.</summary>
    public T[] Of(int count) => _elements.Length == count ? _elements : _elements = new T[count];

    /// <summary>The array, of zeros.</summary>
    public T[] Zeros(int count)
    {
        Array.Clear(Of(count));
        return _elements;
    }

    /// <summary>The array with a copy of elements.</summary>
    public T[] Copy(ReadOnlySpan<T> elements)
    {
        elements.CopyTo(Of(elements.Length));
        return _elements;
    }
}
