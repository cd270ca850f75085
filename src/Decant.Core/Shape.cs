using System.Globalization;

namespace Decant;

/// <summary>
/// The dimensions of a tensor, outermost first. A dimension of -1 is unknown; <c>default</c> is a shape of unknown rank.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The size of a dimension that is not known.</summary>
    public const long UnknownDimension = -1;

    private readonly long[]? _dims;

    /// <summary>A shape of these dimensions; the array is copied.</summary>
    public Shape(params ReadOnlySpan<long> dims) => _dims = dims.IsEmpty ? [] : dims.ToArray();

    /// <summary>A shape of unknown rank.</summary>
    public static Shape Unknown => default;

    /// <summary>The shape of a single value: rank 0.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>A shape of the given rank of which no dimension is known.</summary>
    public static Shape OfRank(int rank)
    {
        long[] dims = new long[rank];
        Array.Fill(dims, UnknownDimension);
        return new Shape(dims);
    }

    /// <summary>Whether the number of dimensions is known.</summary>
    public bool HasRank => _dims is not null;

    /// <summary>The number of dimensions; -1 when unknown.</summary>
    public int Rank => _dims?.Length ?? -1;

    /// <summary>The dimensions; empty for a scalar and for an unknown rank.</summary>
    public ReadOnlySpan<long> Dims => _dims;

    /// <summary>The dimension at an index; negative indices count from the end.</summary>
    public long this[int index] => _dims![index < 0 ? index + _dims.Length : index];

    /// <summary>Whether rank and all dimensions are known.</summary>
    public bool IsFullyKnown
    {
        get
        {
            if (_dims is null)
                return false;
            foreach (long d in _dims)
            {
                if (d < 0)
                    return false;
            }

            return true;
        }
    }

    /// <summary>The product of the dimensions, or -1 when it is not known.</summary>
    /// <exception cref="ModelException">The product does not fit 64 bits.</exception>
    public long ElementCount => TryElementCount(out long count) ? count : IsFullyKnown ? throw CoreErrors.TensorTooLarge.At(null, $"the shape {this} has more than 2^63 elements") : -1;

    /// <summary>The product of the dimensions, if all are known and it fits 64 bits.</summary>
    public bool TryElementCount(out long count)
    {
        count = 1;
        if (!IsFullyKnown)
            return false;
        foreach (long d in _dims!)
        {
            if (d == 0)
            {
                count = 0;
                return true;
            }
        }

        foreach (long d in _dims)
        {
            if (count > long.MaxValue / d)
                return false;
            count *= d;
        }

        return true;
    }

    /// <summary>Whether a value of <paramref name="other"/> could have this shape: ranks and known dimensions agree.</summary>
    public bool IsCompatibleWith(Shape other)
    {
        if (!HasRank || !other.HasRank)
            return true;
        if (Rank != other.Rank)
            return false;
        for (int i = 0; i < Rank; i++)
        {
            if (_dims![i] >= 0 && other._dims![i] >= 0 && _dims[i] != other._dims[i])
                return false;
        }

        return true;
    }

    /// <summary>What is true of both shapes: sizes that differ are unknown, and where ranks differ or one is unknown, the whole.</summary>
    public Shape Join(Shape other)
    {
        if (!HasRank || !other.HasRank || Rank != other.Rank)
            return Unknown;
        long[] dims = new long[Rank];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = this[i] == other[i] ? this[i] : UnknownDimension;
        return new Shape(dims);
    }

    public bool Equals(Shape other) => HasRank == other.HasRank && Dims.SequenceEqual(other.Dims);

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (long d in Dims)
            hash.Add(d);
        return hash.ToHashCode();
    }

    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <summary><c>[?,299,299,3]</c>; <c>[]</c> for a scalar, <c>&lt;unknown&gt;</c> for an unknown rank.</summary>
    public override string ToString() =>
        _dims is null ? "<unknown>" : $"[{string.Join(',', _dims.Select(d => d < 0 ? "?" : d.ToString(CultureInfo.InvariantCulture)))}]";
}
