using System.Runtime.InteropServices;
using Decant.IR;
using Decant.Ops.TFLite;
using Decant.Ops.TFLite.Catalogue;
using Decant.Wire;
using Decant.Wire.FlatBuffers;
using F = Decant.Formats.TFLite.TFLiteFields;

namespace Decant.Formats.TFLite;

/// <summary>
/// Reads a subgraph into a function: operators become nodes in their order, constants <c>Const</c> nodes, and tensors that no
/// operator writes nodes of <see cref="TFLiteParts.TensorOp"/>. Operators with effects are kept in order by control inputs.
/// </summary>
internal sealed class SubgraphReader(
    BufferSlice file, IReadOnlyList<BufferSlice> buffers, IReadOnlyList<(OpName Name, int Version, BuiltinOperator Builtin)> operators, IReadOnlyList<Function> subgraphs)
{
    private const int Optional = -1;

    private static readonly TensorSpec Absent = new("", DType.Invalid, Shape.Unknown);

    private FlatTable[] _tables = [];
    private TensorSpec[] _specs = [];
    private Value[] _values = [];
    private Function _function = null!;
    private Node? _lastEffect;

    // How many names have been made of a name: many tensors may have the same.
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);

    /// <summary>Reads into a function that is empty, and gives the value of each tensor by its number.</summary>
    public Value[] Read(FlatTable subgraph, Function function)
    {
        _function = function;
        _tables = subgraph.Tables(F.Subgraph.Tensors, "the tensors");
        _specs = [.. _tables.Select(TensorReader.Read)];
        _values = new Value[_specs.Length];
        if (subgraph.Scalar(F.Subgraph.DebugMetadataIndex, Optional) is >= 0 and var debug)
            function.Attributes.Set(TFLiteAttributes.DebugMetadataIndex, debug);
        foreach (int input in Indices(subgraph, F.Subgraph.Inputs, "an input"))
            AddArgument(input);
        FlatTable[] written = subgraph.Tables(F.Subgraph.Operators, "the operators");
        HashSet<int> pending = [.. written.SelectMany(o => o.Vector<int>(F.Operator.Outputs, "the outputs of an operator") ?? [])];
        foreach (FlatTable table in written)
            AddOperator(table, pending);
        foreach (int output in Indices(subgraph, F.Subgraph.Outputs, "an output"))
        {
            if (output < 0)
                function.Results.Add((new FunctionArg("", DType.Invalid), AddAbsent()));
            else
                function.Results.Add((new FunctionArg(Spec(output).Name, Spec(output).DType), Read(output, subgraph, F.Subgraph.Outputs, pending)));
        }

        for (int i = 0; i < _specs.Length; i++)
        {
            if (!_values[i].IsPresent)
                AddUnwritten(i);
        }

        foreach (TensorSpec spec in _specs)
        {
            if (spec.Quantization?.Details is BlockwiseQuantization { Scales: >= 0 and var scales } blocks && scales < _values.Length)
                blocks.ScaleTensor = _values[scales].Node.Attributes["value"] as TensorAttr;
        }

        if (_lastEffect is { } last)
        {
            function.IsStateful = true;
            function.ControlResults.Add((last.Name, last));
        }

        return _values;
    }

    /// <summary>Stands for an output of the subgraph that is not given.</summary>
    private Node AddAbsent()
    {
        Node node = _function.Add(FreeName("", "absent"), TFLiteParts.TensorOp);
        (node.Tensors, node.Facts) = ([Absent], [Fact.None]);
        return node;
    }

    private TensorSpec Spec(int index) => _specs[index];

    private IEnumerable<int> Indices(FlatTable subgraph, int field, string what)
    {
        foreach (int index in subgraph.Vector<int>(field, what) ?? [])
        {
            if (index < Optional || index >= _specs.Length)
                throw subgraph.At(field, $"{what} of the subgraph is tensor {index}, but there are {_specs.Length}");
            yield return index;
        }
    }

    private void AddArgument(int index)
    {
        TensorSpec spec = index < 0 ? Absent : Spec(index);
        Node node = _function.AddArg(new FunctionArg(FreeName(spec.Name, "input"), spec.DType));
        (node.Tensors, node.Facts) = ([spec], [spec.Fact]);
        if (index >= 0 && !_values[index].IsPresent)
            _values[index] = node;
    }

    private void AddOperator(FlatTable table, HashSet<int> pending)
    {
        uint code = table.Scalar<uint>(F.Operator.OpcodeIndex);
        if (code >= operators.Count)
            throw table.At(F.Operator.OpcodeIndex, $"an operator has the code number {code}, but there are {operators.Count}");
        (OpName op, int version, BuiltinOperator builtin) = operators[(int)code];
        var inputs = new List<Value>();
        foreach (int input in table.Vector<int>(F.Operator.Inputs, "the inputs of an operator") ?? [])
            inputs.Add(input == Optional ? default : Read(input, table, F.Operator.Inputs, pending));
        int[] outputs = table.Vector<int>(F.Operator.Outputs, "the outputs of an operator") ?? [];
        int[] intermediates = table.Vector<int>(F.Operator.Intermediates, "the intermediate tensors of an operator") ?? [];
        foreach (int output in outputs.Concat(intermediates))
        {
            if (output < Optional || output >= _specs.Length)
                throw table.At(F.Operator.Outputs, $"an operator writes tensor {output}, but there are {_specs.Length}");
        }

        string name = outputs.Length > 0 && outputs[0] >= 0 ? Spec(outputs[0]).Name : "";
        Node node = _function.Add(FreeName(name, op.Name), op, [.. inputs]);
        node.Tensors = [.. outputs.Concat(intermediates).Select(i => i < 0 ? Absent : Spec(i))];
        node.Facts = [.. node.Tensors.Take(outputs.Length).Select(s => s.Fact)];
        Attributes(table, node, version, builtin, intermediates.Length);
        for (int port = 0; port < outputs.Length; port++)
        {
            if (outputs[port] < 0)
                continue;
            if (_values[outputs[port]].IsPresent)
                throw table.At(F.Operator.Outputs, $"an operator writes tensor {outputs[port]}, which has a value already from '{_values[outputs[port]]}'");
            _values[outputs[port]] = new Value(node, port);
        }

        foreach (int i in intermediates)
        {
            if (i >= 0 && !_values[i].IsPresent)
                _values[i] = new Value(node, outputs.Length + Array.IndexOf(intermediates, i));
        }

        if (!TFLiteEffects.Has(node, name => subgraphs.First(s => s.Name == name)))
            return;
        if (_lastEffect is { } before)
            node.ControlInputs.Add(before);
        _lastEffect = node;
    }

    /// <summary>The value of a tensor that is read here.</summary>
    private Value Read(int index, FlatTable reader, int field, HashSet<int> pending)
    {
        if ((uint)index >= (uint)_specs.Length)
            throw reader.At(field, $"tensor {index} is read, but there are {_specs.Length}");
        if (!_values[index].IsPresent)
        {
            if (pending.Contains(index) && !IsConstant(index))
                throw reader.At(field, $"tensor {index} ('{Spec(index).Name}') is read before the operator that writes it: operators are not in the order in which they run");
            AddUnwritten(index);
        }

        return _values[index];
    }

    private bool IsConstant(int index) => !Data(index).IsEmpty;

    private BufferSlice Data(int index)
    {
        uint buffer = _tables[index].Scalar<uint>(F.Tensor.Buffer);
        return buffer < buffers.Count ? buffers[(int)buffer]
            : buffer == 0 ? default : throw _tables[index].At(F.Tensor.Buffer, $"a tensor is in buffer {buffer}, but there are {buffers.Count}");
    }

    private void AddUnwritten(int index)
    {
        TensorSpec spec = Spec(index);
        BufferSlice data = Data(index);
        bool isEmpty = spec.Shape.TryElementCount(out long count) && count == 0 && spec.DType.HasFixedSize();
        bool isConstant = !spec.IsVariable && (!data.IsEmpty || isEmpty);
        Node node = _function.Add(FreeName(spec.Name, isConstant ? "const" : "tensor"), isConstant ? "Const" : TFLiteParts.TensorOp);
        if (isConstant)
        {
            node.Attributes.Set("dtype", spec.DType);
            node.Attributes.Set("value", new BufferTensor(spec, isEmpty ? default : data));
        }

        (node.Tensors, node.Facts) = ([spec], [spec.Fact]);
        _values[index] = node;
    }

    private void Attributes(FlatTable table, Node node, int version, BuiltinOperator builtin, int intermediates)
    {
        AttributeMap attributes = node.Attributes;
        Options(table, 1, F.Operator.BuiltinOptionsType, node, builtin);
        Options(table, 2, F.Operator.BuiltinOptions2Type, node, builtin);
        if (version != 1)
            attributes.Set(TFLiteAttributes.OpVersion, version);
        if (CustomOptions(table) is { } custom)
        {
            attributes.Set(TFLiteAttributes.CustomOptions, new StringAttr(custom.ToArray()));
            if (SelectOp.TensorFlow(node.Op) is { } select)
                SelectOptions.Read(custom, select, attributes);
        }

        if (table.Vector<byte>(F.Operator.MutatingVariableInputs, "the mutating inputs") is { Length: > 0 } mutating)
            attributes.Set(TFLiteAttributes.MutatingVariableInputs, new ListAttr { Bools = [.. mutating.Select(m => m != 0)] });
        if (intermediates > 0)
            attributes.Set(TFLiteAttributes.Intermediates, intermediates);
        if (table.Scalar(F.Operator.DebugMetadataIndex, Optional) is >= 0 and var debug)
            attributes.Set(TFLiteAttributes.DebugMetadataIndex, debug);
    }

    private BufferSlice? CustomOptions(FlatTable table)
    {
        (ulong offset, ulong size) = (table.Scalar<ulong>(F.Operator.LargeCustomOptionsOffset), table.Scalar<ulong>(F.Operator.LargeCustomOptionsSize));
        if (offset < 2)
            return table.Bytes(F.Operator.CustomOptions, "the custom options");
        if (offset > (ulong)file.Length || size > (ulong)file.Length - offset || size > int.MaxValue)
            throw WireErrors.Truncated.At(new Location(file.Name, table.Offset), $"custom options of {size} bytes are said to be at offset {offset}, but the file has {file.Length} bytes");
        return file.Slice((long)offset, (long)size);
    }

    private void Options(FlatTable table, int union, int field, Node node, BuiltinOperator builtin)
    {
        (byte type, FlatTable? options) = table.Union(field, "the options of an operator");
        if (options is not { } given || type == 0)
            return;
        OptionTable layout = TFLiteCatalogue.Options(union, type) ?? throw table.At(field, $"an operator has options of type {type}, which the schema does not have");
        if (layout != builtin.Options)
            node.Attributes.Set(TFLiteAttributes.OptionsTable, layout.Name);
        OptionsReader.Read(given, layout, node.Attributes, index => (ulong)index < (ulong)subgraphs.Count ? subgraphs[(int)index].Name
            : throw given.At(0, $"an operator calls subgraph {index}, but there are {subgraphs.Count}"));
    }

    /// <summary>The tensor's name in a form that edges can be printed with, or one made of what it is.</summary>
    private string FreeName(string tensor, string kind)
    {
        string name = tensor.EndsWith(":0", StringComparison.Ordinal) ? tensor[..^2] : tensor;
        name = name.Replace(':', '_').TrimStart('^');
        if (name.Length == 0)
            name = kind;
        ref int used = ref CollectionsMarshal.GetValueRefOrAddDefault(_used, name, out bool isTaken);
        string free = name;
        while (isTaken || _function.TryGet(free, out _))
        {
            free = $"{name}_{++used}";
            isTaken = false;
        }

        return free;
    }
}
