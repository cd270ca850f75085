using Decant.IR;

namespace Decant.Passes;

/// <summary>Nodes that do nothing but call one function with all their inputs.</summary>
internal static class FunctionCalls
{
    /// <summary>
    /// The function that a node calls: attribute <c>f</c> of PartitionedCall and StatefulPartitionedCall, the segment that TF-TRT
    /// kept beside the engine it made of it (<c>segment_func</c>, in TF1 the name <c>segment_funcdef_name</c>), or, in the legacy
    /// form, the function that has the name of the node's op. Null for other nodes.
    /// </summary>
    /// <exception cref="ModelException">There is no such function.</exception>
    public static (Function Function, AttributeMap Attributes)? Called(Node node, IReadOnlyDictionary<string, Function> functions)
    {
        if (node.Op.Dialect != Dialect.TensorFlow)
            return null;
        string key;
        switch (node.Op.Name)
        {
            case "PartitionedCall" or "StatefulPartitionedCall":
                key = "f";
                break;
            case "TRTEngineOp":
                if (node.Attributes["segment_funcdef_name"] is StringAttr segment)
                    return functions.TryGetValue(segment.Text, out Function? native) ? (native, []) : null;
                key = "segment_func";
                break;
            default:
                return functions.TryGetValue(node.Op.Name, out Function? direct) ? (direct, node.Attributes) : null;
        }

        if (node.Attributes[key] is not FunctionAttr attribute)
            throw GraphErrors.BadAttribute.At(node.At(key), "is missing, expected the function to call");
        return functions.TryGetValue(attribute.Name, out Function? function) ? (function, attribute.Attributes)
            : throw PassErrors.CannotInline.At(node.At(key), $"calls the function '{attribute.Name}', which the model does not have");
    }
}
