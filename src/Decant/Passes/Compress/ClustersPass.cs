using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>
/// Replaces each weight by the nearest of at most 256 values that fit them best (k-means), and stores one byte for each that tells
/// which: a quarter of the size, and archives of it take log2(count) bits a weight or less. Cast and GatherV2 restore them.
/// </summary>
/// <param name="count">The number of values, from 2 to 256.</param>
/// <param name="selection">The weights.</param>
internal sealed class ClustersPass(int count, WeightSelection selection) : StorePass("weights_to_clusters", selection)
{
    /// <summary>As many as a byte tells apart.</summary>
    public const int MostClusters = 256;

    protected override StoredWeights Store(Node node, Weights weights, PassContext context)
    {
        float[] centroids = Clusters.Find(weights, count);
        return new Clustered(new ComputedTensor(DType.UInt8, weights.Shape, () => Clusters.Assign(weights.Tensor, centroids)), centroids);
    }

    private sealed record Clustered(TensorAttr Indices, float[] Centroids) : StoredWeights(Indices, "clusters")
    {
        private Node? _centroids, _axis;

        public override void AddConstants(Patch patch, string name)
        {
            _centroids = patch.AddConst($"{name}_centroids", Decant.Tensor.Wrap(Centroids));
            _axis = patch.AddConst($"{name}_centroids/axis", Decant.Tensor.Scalar(0));
        }

        public override void Restore(Patch patch, Node target, Value stored)
        {
            Node cast = patch.Add($"{target.Name}/indices", "Cast", [stored], CastOf(DType.UInt8, DType.Int32));
            Become(patch, target, "GatherV2", [_centroids!, cast, _axis!], new AttributeMap { { "Tparams", DType.Float32 }, { "Tindices", DType.Int32 }, { "Taxis", DType.Int32 }, { "batch_dims", 0 } });
        }
    }
}
