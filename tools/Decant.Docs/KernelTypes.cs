using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Docs;

/// <summary>
/// Which element types an op's kernel takes: it is asked for a kernel with each type that TensorFlow declares for the op's
/// main type attribute, plain values for the other attributes, and each likely pair of types for its other inputs and its outputs.
/// </summary>
internal static class KernelTypes
{
    private static readonly DType[] Others =
        [DType.Invalid, DType.Float32, DType.Int32, DType.Float64, DType.Complex128, DType.Complex64, DType.Int64, DType.QInt32, DType.QUInt8, DType.QInt8];

    /// <summary>The attribute that gives the type of the first argument that has one.</summary>
    public static AttrDef? MainAttribute(OpDef def) =>
        def.Inputs.Concat(def.Outputs).Select(a => a.TypeAttr).FirstOrDefault(a => a is not null) is { } name ? def.Attribute(name) : null;

    /// <summary>The types that TensorFlow declares and that no kernel takes.</summary>
    public static IEnumerable<string> Lacking(Op op, OpDef def, AttrDef main) =>
        op is IHasKernel kernel ? main.Allowed.Distinct().Where(t => !Others.Any(i => Others.Any(o => IsTaken(kernel, op.Name, def, main, t, i, o)))) : [];

    private static bool IsTaken(IHasKernel kernel, OpName name, OpDef def, AttrDef main, string type, DType otherInput, DType otherOutput)
    {
        var graph = new Graph();
        Node node = graph.Add("example", name);
        foreach (AttrDef attribute in def.Attributes)
        {
            if (attribute == main || attribute.Type == "type")
            {
                DType other = def.Inputs.Any(i => i.TypeAttr == attribute.Name) ? otherInput : otherOutput;
                node.Attributes.Set(attribute.Name, attribute == main || other == DType.Invalid ? Parse(type) : other);
            }
            else if (attribute.Default is null)
                node.Attributes.Set(attribute.Name, Plain(attribute));
        }

        Node source = graph.Add("source", "Placeholder");
        for (int i = def.Inputs.Sum(a => def.Count(a, node.Attributes)); i > 0; i--)
            node.Inputs.Add(source);
        try
        {
            kernel.Prepare(new Request(node, def));
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
    }

    private static DType Parse(string type) => DTypes.TryParse(type, out DType dtype) ? dtype : throw new ArgumentException($"no type is called {type}");

    private static AttrValue Plain(AttrDef attribute) => attribute.Type switch
    {
        "int" => Math.Max(attribute.Minimum ?? 1, 1),
        "float" => 1f,
        "bool" => false,
        "string" => attribute switch
        {
            { Allowed: [var first, ..] } => first,
            { Name: "equation" } => "a->a",
            { Name: "interpolation" } => "NEAREST",
            { Name: "input_encoding" } => "UTF-8",
            _ => "example",
        },
        "shape" => Shape.Scalar,
        "tensor" => new TensorAttr(Tensor.Scalar(1f)),
        "func" => new FunctionAttr("example", []),
        "list(int)" => new ListAttr { Ints = [.. Enumerable.Repeat(1L, (int)Math.Max(attribute.Minimum ?? 4, 4))] },
        "list(type)" => new ListAttr { Types = [DType.Float32] },
        "list(float)" => new ListAttr { Floats = [1f] },
        "list(shape)" => new ListAttr { Shapes = [new ShapeAttr(Shape.Scalar)] },
        "list(string)" => new ListAttr { Strings = ["example"u8.ToArray()] },
        _ => throw new InvalidOperationException($"no plain value of {attribute.Type}"),
    };

    private sealed class Request(Node node, OpDef def) : KernelRequest(node)
    {
        private readonly IReadOnlyList<DType> _types = def.InputTypes(node.Attributes);

        public override int UsedOutputs => def.Outputs.Sum(a => def.Count(a, Node.Attributes));

        public override Tensor? Constant(int input) => null;

        public override Func<Tensor>? ConstantSource(int input) => null;

        public override bool IsVariable(int input) => false;

        public override DType InputType(int input) => input < _types.Count ? _types[input] : DType.Invalid;

        public override Callable Function(FunctionAttr function) => new Called();
    }

    private sealed class Called : Callable
    {
        public override string Name => "example";

        public override int ArgCount => 1;

        public override int ResultCount => 1;

        public override Function Definition { get; } = new("example");
    }
}
