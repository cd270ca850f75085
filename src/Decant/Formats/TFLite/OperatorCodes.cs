using Decant.IR;
using Decant.Ops.TFLite.Catalogue;
using Decant.Wire.FlatBuffers;
using F = Decant.Formats.TFLite.TFLiteFields;

namespace Decant.Formats.TFLite;

/// <summary>The table of the operators that a model uses, in the order of first use.</summary>
internal sealed class OperatorCodes
{
    // Codes above that did not fit the one-byte field of the first schemas, which has this in their place.
    private const int LargestDeprecated = 127;

    private readonly Dictionary<(string Name, int Version), uint> _numbers = [];

    public List<FlatObject> Tables { get; } = [];

    /// <summary>The number of a node's operator.</summary>
    public uint Of(Node node)
    {
        int version = node.Attributes[TFLiteAttributes.OpVersion] is IntAttr { Value: var v } ? (int)v : 1;
        if (_numbers.TryGetValue((node.Op.Name, version), out uint number))
            return number;
        BuiltinOperator? builtin = TFLiteCatalogue.Find(node.Op.Name);
        string? custom = builtin is not null ? null
            : node.Op.Name.StartsWith(TFLiteAttributes.CustomPrefix, StringComparison.Ordinal) ? node.Op.Name[TFLiteAttributes.CustomPrefix.Length..] : node.Op.Name;
        int code = builtin?.Code ?? TFLiteCatalogue.CustomCode;
        Tables.Add(new FlatObject()
            .Set(F.OperatorCode.DeprecatedBuiltinCode, (sbyte)Math.Min(code, LargestDeprecated))
            .Set(F.OperatorCode.CustomCode, custom)
            .Set(F.OperatorCode.Version, version, 1)
            .Set(F.OperatorCode.BuiltinCode, code));
        return _numbers[(node.Op.Name, version)] = (uint)(Tables.Count - 1);
    }
}
