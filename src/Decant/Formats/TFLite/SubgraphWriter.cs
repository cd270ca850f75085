using Decant.IR;
using Decant.Ops.TFLite;
using Decant.Ops.TFLite.Catalogue;
using Decant.Wire.FlatBuffers;
using F = Decant.Formats.TFLite.TFLiteFields;

namespace Decant.Formats.TFLite;

/// <summary>Writes a function as a subgraph.</summary>
internal sealed class SubgraphWriter(Function function, BufferTable buffers, OperatorCodes codes, Func<string, int> subgraph)
{
    private const int Optional = -1;

    private readonly IReadOnlyDictionary<Value, int> _numbers = TensorNumbers.Of(function);

    public FlatObject Write()
    {
        var tensors = new FlatObject[_numbers.Count];
        foreach ((Value value, TensorSpec spec) in TensorNumbers.Tensors(function))
            tensors[_numbers[value]] = TensorWriter.Write(spec, value.Node.Attributes["value"] is TensorAttr constant ? buffers.Add(Encode(constant)) : 0);
        int[] inputs = [.. function.ArgNodes.Select(n => _numbers.GetValueOrDefault(n, Optional))];
        int[] outputs = [.. function.Results.Select(r => _numbers.GetValueOrDefault(r.Value, Optional))];
        FlatObject[] operators = [.. function.Nodes.Where(IsOperator).Select(OperatorOf)];
        string? name = function.Attributes[TFLiteAttributes.SubgraphName] is StringAttr { Text: var given } ? given.Length > 0 ? given : null : function.Name;
        return new FlatObject()
            .Set(F.Subgraph.Tensors, tensors).Set(F.Subgraph.Inputs, inputs).Set(F.Subgraph.Outputs, outputs).Set(F.Subgraph.Operators, operators)
            .Set(F.Subgraph.Name, name)
            .Set(F.Subgraph.DebugMetadataIndex, function.Attributes[TFLiteAttributes.DebugMetadataIndex] is IntAttr debug ? (int)debug.Value : Optional, Optional);
    }

    private static bool IsOperator(Node node) => node.Op.Dialect == Dialect.TFLite && node.Op != TFLiteParts.TensorOp;

    private static BufferSlice Encode(TensorAttr constant) => constant switch
    {
        BufferTensor read => read.Encoded,
        { DType: DType.String } => StringTensor.Write(constant.Value),
        _ => TensorBits.Of(constant.DType) < 8 ? TensorBits.Pack(constant.Value) : constant.Value.Data,
    };

    /// <summary>The bytes as they were read, those of an op of TensorFlow, or none.</summary>
    private static byte[]? CustomOptions(Node node) =>
        node.Attributes[TFLiteAttributes.CustomOptions] is StringAttr custom ? custom.Bytes.ToArray() : SelectOp.TensorFlow(node.Op) is { } select ? SelectOptions.Write(node, select) : null;

    private FlatObject OperatorOf(Node node)
    {
        int hidden = node.Attributes[TFLiteAttributes.Intermediates] is IntAttr count ? (int)count.Value : 0;
        int[] Numbers(int start, int end) => [.. Enumerable.Range(start, end - start).Select(port => _numbers.GetValueOrDefault(new Value(node, port), Optional))];
        int outputs = node.Tensors.Count - hidden;
        FlatObject table = new FlatObject()
            .Set(F.Operator.OpcodeIndex, codes.Of(node))
            .Set(F.Operator.Inputs, node.Inputs.Select(v => v.IsPresent ? _numbers[v] : Optional).ToArray())
            .Set(F.Operator.Outputs, Numbers(0, outputs))
            .Set(F.Operator.CustomOptions, CustomOptions(node) is { } custom ? FlatVector.Of(new BufferSlice(custom)) : null)
            .Set(F.Operator.MutatingVariableInputs, node.Attributes[TFLiteAttributes.MutatingVariableInputs] is ListAttr mutating ? mutating.Bools.Select(b => b ? (byte)1 : (byte)0).ToArray() : null)
            .Set(F.Operator.Intermediates, hidden > 0 ? Numbers(outputs, node.Tensors.Count) : null)
            .Set(F.Operator.DebugMetadataIndex, node.Attributes[TFLiteAttributes.DebugMetadataIndex] is IntAttr debug ? (int)debug.Value : Optional, Optional);
        string? named = (node.Attributes[TFLiteAttributes.OptionsTable] as StringAttr)?.Text;
        OptionTable? options = named is null ? TFLiteCatalogue.Find(node.Op.Name)?.Options : TFLiteCatalogue.Options(named);
        if (options is not null && OptionsWriter.Write(node, options, subgraph) is { } written)
        {
            int field = options.Union == 1 ? F.Operator.BuiltinOptionsType : F.Operator.BuiltinOptions2Type;
            table.Set(field, (byte)options.Type).Set(field + 1, written);
        }

        return table;
    }
}
