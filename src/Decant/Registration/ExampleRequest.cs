using Decant.IR;
using Decant.Ops;
using Decant.Ops.Catalogue;

namespace Decant.Registration;

/// <summary>Asks for the kernel of a node of which only the attributes are known.</summary>
internal sealed class ExampleRequest(Node node, IReadOnlyDictionary<string, Function> functions) : KernelRequest(node)
{
    private readonly OpDef? _op = node.Op.Dialect == Dialect.TensorFlow ? OpCatalogue.Find(node.Op.Name) : null;

    public override int UsedOutputs => _op is null ? Math.Max(1, Node.Facts.Count) : Math.Max(0, _op.Outputs.Sum(a => _op.Count(a, Node.Attributes)));

    public override Tensor? Constant(int input) => ConstantSource(input)?.Invoke();

    // The operators of TensorFlow Lite choose their kernels by the weights too.
    public override Func<Tensor>? ConstantSource(int input) =>
        Node.Op.Dialect == Dialect.TFLite && Node.Inputs[input] is { IsPresent: true } value && value.Node.Attributes["value"] is TensorAttr constant ? () => constant.Value : null;

    public override bool IsVariable(int input) => false;

    public override DType InputType(int input) =>
        Node.Op.Dialect == Dialect.TFLite ? Node.Inputs[input] is { IsPresent: true } value ? value.Node.Fact(value.Port).DType : DType.Invalid
            : _op?.InputTypes(Node.Attributes) is { } types && input < types.Count ? types[input].Deref() : DType.Invalid;

    public override Callable Function(FunctionAttr function) => functions.TryGetValue(function.Name, out Function? called) ? new Called(called)
        : throw GraphErrors.MissingNode.At(Node.At(), $"calls the function '{function.Name}', which the model does not have");

    private sealed class Called(Function function) : Callable
    {
        public override string Name => function.Name;

        public override int ArgCount => function.Args.Count;

        public override int ResultCount => function.Results.Count;

        public override Function Definition => function;
    }
}
