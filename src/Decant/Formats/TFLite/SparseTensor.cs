using Decant.IR;

namespace Decant.Formats.TFLite;

/// <summary>Expands constants of which only some elements or blocks are stored.</summary>
internal static class SparseTensor
{
    private const long MaxElements = int.MaxValue;

    /// <summary>The tensor with all of its elements: those that are not stored are zero.</summary>
    public static Tensor Expand(TensorSpec spec, Sparsity sparsity, BufferSlice encoded)
    {
        int rank = spec.Shape.Rank;
        int[] order = [.. sparsity.TraversalOrder];
        int[] blockMap = [.. sparsity.BlockMap ?? []];
        if (order.Length != sparsity.Dimensions.Count || order.Length != rank + blockMap.Length || !order.Order().SequenceEqual(Enumerable.Range(0, order.Length)) || Array.Exists(blockMap, b => b < 0 || b >= rank))
            throw Bad(spec, encoded, $"its dimensions are stored in the order [{string.Join(',', order)}] with blocks of [{string.Join(',', blockMap)}], which does not fit the shape {spec.Shape}");
        if (spec.Shape.ElementCount > MaxElements || TensorBits.Of(spec.DType) < 8)
            throw Bad(spec, encoded, $"it is {spec.DType.Name()}{spec.Shape}, expected at most {MaxElements} elements of whole bytes");
        var expansion = new Expansion(spec, sparsity, order, blockMap, encoded);
        expansion.Level(0, 0, new long[order.Length]);
        return new Tensor(spec.DType, spec.Shape, new BufferSlice(expansion.Dense));
    }

    private static ModelException Bad(TensorSpec spec, BufferSlice encoded, string message) =>
        GraphErrors.BadTensor.At(new Location(encoded.Name, encoded.Offset), $"the sparse constant '{spec.Name}' is at fault: {message}");

    private sealed class Expansion
    {
        private readonly TensorSpec _spec;
        private readonly Sparsity _sparsity;
        private readonly int[] _order;
        private readonly int[] _blockMap;
        private readonly long[] _blockSizes;
        private readonly BufferSlice _encoded;
        private readonly int _size;
        private long _next;

        public Expansion(TensorSpec spec, Sparsity sparsity, int[] order, int[] blockMap, BufferSlice encoded)
        {
            (_spec, _sparsity, _order, _blockMap, _encoded, _size) = (spec, sparsity, order, blockMap, encoded, spec.DType.Size());
            Dense = new byte[spec.Shape.ElementCount * _size];
            _blockSizes = new long[spec.Shape.Rank];
            Array.Fill(_blockSizes, 1);
            for (int i = 0; i < order.Length; i++)
            {
                if (order[i] >= spec.Shape.Rank)
                    _blockSizes[blockMap[order[i] - spec.Shape.Rank]] = Math.Max(1, sparsity.Dimensions[i].Size);
            }
        }

        public byte[] Dense { get; }

        /// <summary>Visits the stored positions of a dimension, and of those inside.</summary>
        public void Level(int level, long position, long[] indices)
        {
            if (level == _order.Length)
            {
                Store(indices);
                return;
            }

            SparseDimension dimension = _sparsity.Dimensions[level];
            if (!dimension.IsSparse)
            {
                if (dimension.Size < 0 || position > MaxElements)
                    throw Bad(_spec, _encoded, $"stored dimension {level} has the size {dimension.Size}");
                for (int i = 0; i < dimension.Size; i++)
                {
                    indices[_order[level]] = i;
                    Level(level + 1, (position * dimension.Size) + i, indices);
                }

                return;
            }

            if (position + 1 >= dimension.Segments.Length || dimension.Segments[position] is var start && start < 0 || dimension.Segments[position + 1] is var end && (end < start || end > dimension.Indices.Length))
                throw Bad(_spec, _encoded, $"stored dimension {level} has {dimension.Segments.Length} segments and {dimension.Indices.Length} indices, too few or out of order at row {position}");
            for (int i = dimension.Segments[position]; i < dimension.Segments[position + 1]; i++)
            {
                indices[_order[level]] = dimension.Indices[i];
                Level(level + 1, i, indices);
            }
        }

        private void Store(long[] indices)
        {
            long at = 0;
            int rank = _spec.Shape.Rank;
            for (int d = 0; d < rank; d++)
            {
                long index = indices[d] * _blockSizes[d];
                for (int b = 0; b < _blockMap.Length; b++)
                {
                    if (_blockMap[b] == d)
                        index += indices[rank + b];
                }

                if (index < 0 || index >= _spec.Shape[d])
                    throw Bad(_spec, _encoded, $"an element is stored at {index} of dimension {d}, which has {_spec.Shape[d]}");
                at = (at * _spec.Shape[d]) + index;
            }

            if (_encoded.Length - _next < _size)
                throw Bad(_spec, _encoded, $"more elements are stored than its {_encoded.Length} bytes hold");
            _encoded.Slice(_next, _size).Span.CopyTo(Dense.AsSpan((int)(at * _size)));
            _next += _size;
        }
    }
}
