using Decant.IR;

namespace Decant.Passes.Compress;

/// <summary>Weights in a smaller form, and what makes float32 of them again.</summary>
/// <param name="Tensor">What is stored; of the shape of the weights.</param>
/// <param name="Suffix">What the name of its constant ends in.</param>
/// <param name="IsPerLastAxis">Whether the way back depends on the position along the last axis.</param>
/// <param name="IsPerOtherAxis">Whether it depends on the position along another axis.</param>
internal abstract record StoredWeights(TensorAttr Tensor, string Suffix, bool IsPerLastAxis = false, bool IsPerOtherAxis = false)
{
    /// <summary>Adds the constants that the way back needs, once per weights.</summary>
    public virtual void AddConstants(Patch patch, string name)
    {
    }

    /// <summary>Makes a node of the graph, whose output was float32, compute the same of the stored form.</summary>
    public abstract void Restore(Patch patch, Node target, Value stored);

    /// <summary>Changes a node into another op under its name.</summary>
    protected static void Become(Patch patch, Node target, string op, Value[] inputs, AttributeMap attributes) => patch.Change(target, node =>
    {
        node.Op = op;
        node.Inputs.Clear();
        node.Inputs.AddRange(inputs);
        node.Attributes = attributes;
        node.Unknown = default;
        node.Facts = [];
    });

    /// <summary>The attributes of a Cast.</summary>
    protected static AttributeMap CastOf(DType from, DType to) => new() { { "SrcT", from }, { "DstT", to }, { "Truncate", false } };
}
