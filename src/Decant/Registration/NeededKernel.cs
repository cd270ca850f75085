using Decant.IR;

namespace Decant.Registration;

/// <summary>A kernel that models need: an op with the types of its type attributes.</summary>
/// <param name="Op">The op.</param>
/// <param name="Types">The type attributes of the op in TensorFlow's order, defaults included; in TensorFlow Lite the types of the first inputs and output.</param>
/// <param name="Node">One of the nodes, for what else a kernel depends on.</param>
/// <param name="Places">All nodes that need it.</param>
public sealed record NeededKernel(OpName Op, IReadOnlyList<(string Attribute, DType Type)> Types, Node Node, IReadOnlyList<NodePlace> Places)
{
    /// <summary>The functions of the node's model.</summary>
    internal IReadOnlyDictionary<string, Function> Functions { get; init; } = new Dictionary<string, Function>();

    /// <summary>The files of TensorFlow's <c>tensorflow/core/kernels</c> that register the op; empty for an op that TensorFlow 2.0 had no kernel of.</summary>
    public IReadOnlyList<string> SourceFiles => KernelFiles.Of(Op.Name);

    /// <summary>Whether the old mobile build compiled a file that registers the op.</summary>
    public bool IsInMobileBuild => KernelFiles.IsInMobileBuild(Op.Name);

    /// <summary>The C++ class, as the registration spells it; null when the op has no kernel or its class is not known.</summary>
    /// <param name="tensorFlow">The version of TensorFlow that is built.</param>
    public string? Class(Version tensorFlow) => KernelClasses.Find(Op.Name, Type, tensorFlow)?.Class;

    /// <summary>The types as <c>T: float32, Tidx: int32</c>.</summary>
    public string TypesText => string.Join(", ", Types.Select(t => $"{t.Attribute}: {t.Type.Name()}"));

    /// <summary>The type of an attribute; Invalid when there is none.</summary>
    public DType Type(string attribute) => Types.FirstOrDefault(t => t.Attribute == attribute).Type;
}
