using Decant.IR;
using Decant.IR.Protos;
using Decant.Wire.Protobuf;
using F = Decant.Formats.GraphDef.GraphDefFields;

namespace Decant.Formats.GraphDef;

/// <summary>
/// Reads FunctionDefs. Signatures of all functions are read first: bodies may call any of them and refer to their
/// results by name.
/// </summary>
internal sealed class FunctionReader(Dictionary<string, Function> functions, NamePool names)
{
    private readonly AttrReader _attributes = new(names);
    private readonly Dictionary<Function, Location> _places = [];
    private readonly List<(Function Function, NodeReader Nodes, List<(string Key, string Value)> Ret, List<(string Key, string Value)> ControlRet)> _bodies = [];

    public void ReadSignatureAndNodes(ProtoReader reader)
    {
        var function = new Function("");
        BufferSlice whole = reader.Data;
        ProtoReader first = new(whole);
        var argAttributes = new Dictionary<long, AttributeMap>();
        List<string> controlOutputs = [];
        var unknown = default(UnknownFields);
        while (first.Next())
        {
            if (first.Field == F.FunctionDef.Signature)
                ReadSignature(first.Message(), function, controlOutputs);
            else if (first.Field == F.FunctionDef.ArgAttr)
                ReadArgAttributes(first.Message(), argAttributes);
        }

        if (function.Name.Length == 0 || !functions.TryAdd(function.Name, function))
            throw FormatErrors.BadFunction.At(new Location(whole.Name, whole.Offset), function.Name.Length == 0 ? "a function has no name" : $"there are two functions named '{function.Name}'");
        _places.Add(function, new Location(whole.Name, whole.Offset));
        List<FunctionArg> args = [.. function.Args];
        function.Args.Clear();
        for (int i = 0; i < args.Count; i++)
            function.AddArg(args[i] with { Attributes = argAttributes.GetValueOrDefault(i) });
        var nodes = new NodeReader(function, names, isFunction: true);
        List<(string, string)> ret = [], controlRet = [];
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.FunctionDef.Signature or F.FunctionDef.ArgAttr:
                    break;
                case F.FunctionDef.Node:
                    nodes.Read(reader.Message());
                    break;
                case F.FunctionDef.Attr:
                    _attributes.ReadEntry(reader.Message(), function.Attributes);
                    break;
                case F.FunctionDef.Ret:
                    ret.Add(StringEntry(reader.Message()));
                    break;
                case F.FunctionDef.ControlRet:
                    controlRet.Add(StringEntry(reader.Message()));
                    break;
                default:
                    unknown.Keep(ref reader);
                    break;
            }
        }

        function.Unknown = unknown.ToSlice();
        _bodies.Add((function, nodes, ret, [.. controlRet.OrderBy(c => Order(controlOutputs, c.Item1))]));
    }

    // The signature's order is the one that counts; control_ret is a map.
    private static int Order(List<string> controlOutputs, string name) => controlOutputs.IndexOf(name) is >= 0 and int at ? at : controlOutputs.Count;

    public void ResolveBodies()
    {
        var ports = new FunctionPorts(functions);
        foreach ((Function function, NodeReader nodes, List<(string Key, string Value)> ret, List<(string Key, string Value)> controlRet) in _bodies)
        {
            nodes.ResolveInputs(ports.Port);
            for (int i = 0; i < function.Results.Count; i++)
            {
                FunctionArg result = function.Results[i].Result;
                string value = ret.Find(r => r.Key == result.Name).Value ?? throw Fail(function, $"the result '{result.Name}' is not given a value");
                function.Results[i] = (result, Resolve(function, value, ports));
            }

            foreach ((string name, string node) in controlRet)
                function.ControlResults.Add((name, function.TryGet(node, out Node? n) ? n : throw Fail(function, $"the control output '{name}' is '{node}', which is no node of the function")));
        }
    }

    private Value Resolve(Function function, string text, FunctionPorts ports)
    {
        string[] parts = text.Split(':');
        if (!function.TryGet(parts[0], out Node? node))
            throw Fail(function, $"a result is '{text}', but the function has no node or argument '{parts[0]}'");
        if (parts.Length == 1)
            return node;
        int index = 0;
        if (parts.Length > 3 || (parts.Length == 3 && !int.TryParse(parts[2], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out index)) || index >= ushort.MaxValue)
            throw Fail(function, $"a result is '{text}', expected node:output:index");
        return new Value(node, ports.Port(node, parts[1], index));
    }

    private static void ReadSignature(ProtoReader reader, Function function, List<string> controlOutputs)
    {
        var unknown = default(UnknownFields);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.OpDef.Name:
                    function.Name = reader.String();
                    break;
                case F.OpDef.InputArg:
                    function.Args.Add(ReadArg(reader.Message()));
                    break;
                case F.OpDef.OutputArg:
                    function.Results.Add((ReadArg(reader.Message()), default));
                    break;
                case F.OpDef.IsStateful:
                    function.IsStateful = reader.Bool();
                    break;
                case F.OpDef.ControlOutput:
                    controlOutputs.Add(reader.String());
                    break;
                default:
                    unknown.Keep(ref reader);
                    break;
            }
        }

        function.UnknownSignature = unknown.ToSlice();
    }

    private static FunctionArg ReadArg(ProtoReader reader)
    {
        string name = "";
        string typeAttr = "";
        var dtype = DType.Invalid;
        BufferSlice encoded = reader.Data;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case F.ArgDef.Name:
                    name = reader.String();
                    break;
                case F.ArgDef.Type:
                    dtype = TensorProtoReader.DTypeOf(ref reader);
                    break;
                case F.ArgDef.TypeAttr:
                    typeAttr = reader.String();
                    break;
            }
        }

        return new FunctionArg(name, dtype, encoded) { TypeAttr = typeAttr };
    }

    private void ReadArgAttributes(ProtoReader entry, Dictionary<long, AttributeMap> into)
    {
        long index = 0;
        var attributes = new AttributeMap();
        while (entry.Next())
        {
            if (entry.Field == F.MapEntry.Key)
            {
                index = entry.Int64();
            }
            else if (entry.Field == F.MapEntry.Value)
            {
                ProtoReader map = entry.Message();
                while (map.Next())
                {
                    if (map.Field == 1)
                        _attributes.ReadEntry(map.Message(), attributes);
                }
            }
        }

        into[index] = attributes;
    }

    private static (string Key, string Value) StringEntry(ProtoReader entry)
    {
        string key = "";
        string value = "";
        while (entry.Next())
        {
            if (entry.Field == F.MapEntry.Key)
                key = entry.String();
            else if (entry.Field == F.MapEntry.Value)
                value = entry.String();
        }

        return (key, value);
    }

    private ModelException Fail(Function function, string message) => FormatErrors.BadFunction.At(_places[function], $"function '{function.Name}': {message}");
}
