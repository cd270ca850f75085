namespace Decant.IR;

/// <summary>What a TensorFlow Lite file declares of a tensor: its name, type and shape, and how its integers stand for real numbers.</summary>
/// <param name="Name">The tensor's name; names need not be unique, and may be empty.</param>
/// <param name="DType">The element type; Invalid for an output that the operator does not give.</param>
/// <param name="Shape">The dimensions, with 1 in the place of those that are not fixed.</param>
public sealed record TensorSpec(string Name, DType DType, Shape Shape)
{
    /// <summary>The dimensions with -1 for those that are not fixed; of unknown rank when the file does not give them.</summary>
    public Shape Signature { get; init; } = Shape.Unknown;

    /// <summary>Whether the file says that the rank is known.</summary>
    public bool HasRank { get; init; }

    /// <summary>Whether the shape says nothing: files of converters before <see cref="HasRank"/> write tensors of unknown rank as they write scalars.</summary>
    public bool MayHaveAnyRank => !HasRank && Shape.Rank == 0 && !Signature.HasRank;

    /// <summary>Whether the tensor keeps its value from one run to the next.</summary>
    public bool IsVariable { get; init; }

    /// <summary>How integers stand for real numbers; null when the file has no such table.</summary>
    public Quantization? Quantization { get; init; }

    /// <summary>How a sparse constant is stored; null for others.</summary>
    public Sparsity? Sparsity { get; init; }

    /// <summary>The tensors that a variant holds, as far as the file says.</summary>
    public IReadOnlyList<TensorSpec> VariantTensors { get; init; } = [];

    /// <summary>The number of the external buffer that holds the constant; 0 for none.</summary>
    public uint ExternalBuffer { get; init; }

    /// <summary>The tensor's number in the subgraph that it was read from, or -1.</summary>
    public int Index { get; init; } = -1;

    /// <summary>The declaration of a tensor of which this is known, with 1 in the place of what is not fixed.</summary>
    public static TensorSpec Of(string name, Fact fact)
    {
        Shape shape = !fact.Shape.HasRank ? Shape.Scalar : new Shape([.. fact.Shape.Dims.ToArray().Select(d => d < 0 ? 1 : d)]);
        return new TensorSpec(name, fact.DType, shape) { HasRank = fact.Shape.HasRank, Signature = fact.Shape is { HasRank: true, IsFullyKnown: false } ? fact.Shape : Shape.Unknown, Quantization = fact.Quantization };
    }

    /// <summary>Declares the outputs of a graph's nodes as what is known of them.</summary>
    public static void Declare(Graph graph)
    {
        foreach (Node node in graph.Nodes)
            node.Tensors = [.. node.Facts.Select((fact, port) => Of(port == 0 ? node.Name : $"{node.Name}:{port}", fact) with { IsVariable = port < node.Tensors.Count && node.Tensors[port].IsVariable })];
    }

    /// <summary>What is known of the value: unfixed dimensions are unknown.</summary>
    public Fact Fact => new(DType, Signature.HasRank ? Signature : Shape, null, Quantization);
}

/// <summary>TensorFlow Lite's encoding of sparse constants: the dimensions in the order they are stored, with those of blocks behind them.</summary>
/// <param name="TraversalOrder">For each stored dimension the original one, or, from the rank on, the block's.</param>
/// <param name="BlockMap">For each dimension of a block the original dimension that it divides.</param>
/// <param name="Dimensions">How each stored dimension is encoded.</param>
public sealed record Sparsity(IReadOnlyList<int> TraversalOrder, IReadOnlyList<int>? BlockMap, IReadOnlyList<SparseDimension> Dimensions);

/// <summary>One stored dimension: dense with a size, or compressed rows with segments and indices.</summary>
/// <param name="IsSparse">Whether it is compressed.</param>
/// <param name="Size">The size of a dense dimension.</param>
/// <param name="Segments">Where each row's indices begin, and the end of the last.</param>
/// <param name="Indices">The positions that are stored.</param>
/// <param name="SegmentBytes">The width of the segments in the file: 1, 2 or 4; 0 when absent.</param>
/// <param name="IndexBytes">The width of the indices in the file.</param>
public sealed record SparseDimension(bool IsSparse, int Size, int[] Segments, int[] Indices, int SegmentBytes, int IndexBytes);
