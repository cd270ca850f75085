using Decant.IR;
using Decant.Kernels.Threading;

namespace Decant.Ops.TFLite;

/// <summary>
/// Prepares the kernel of a TensorFlow op for a node of TensorFlow Lite: with other attributes, with inputs in another order,
/// and with options as constant inputs.
/// </summary>
internal sealed class Translation(KernelRequest request, string op)
{
    private readonly List<(int Index, Tensor? Constant)> _inputs = [];
    private readonly AttributeMap _attributes = [];

    /// <summary>The node's own inputs from the first on, as many as it has.</summary>
    public Translation All()
    {
        for (int i = 0; i < request.InputCount; i++)
            _inputs.Add((i, null));
        return this;
    }

    /// <summary>Inputs of the node.</summary>
    public Translation In(params ReadOnlySpan<int> inputs)
    {
        foreach (int input in inputs)
            _inputs.Add((input, null));
        return this;
    }

    /// <summary>A constant input.</summary>
    public Translation In(Tensor constant)
    {
        _inputs.Add((-1, constant));
        return this;
    }

    /// <summary>An attribute.</summary>
    public Translation Set(string name, AttrValue value)
    {
        _attributes.Set(name, value);
        return this;
    }

    /// <summary>The type of an input, as an attribute.</summary>
    public Translation Type(string name, int input) => Set(name, request.InputType(input));

    /// <summary>The kernel.</summary>
    public Kernel Prepare()
    {
        var node = new Node(request.Node.Name, op) { Attributes = _attributes };
        foreach ((int index, Tensor? constant) in _inputs)
        {
            node.Inputs.Add(constant is null ? request.HasInput(index) ? request.Node.Inputs[index] : throw request.Fail($"has {request.InputCount} inputs, of which some may be left out, expected an input {index}")
                : new Value(new Node("constant", "Const") { Attributes = new() { { "dtype", constant.DType }, { "value", new TensorAttr(constant) } } }));
        }

        (int Index, Tensor? Constant)[] inputs = [.. _inputs];
        Kernel kernel = ((IHasKernel)TensorFlow(op)).Prepare(new Request(request, node, inputs));
        bool isSame = inputs.Length == request.InputCount && !inputs.Where((input, i) => input.Index != i).Any();
        return new Translated(kernel, node, isSame ? null : inputs);
    }

    /// <summary>An op of TensorFlow.</summary>
    public static Op TensorFlow(string name) => OpTable.All.TryGet(name, out Op? op) ? op : throw new InvalidOperationException($"there is no op {name}");

    private sealed class Request(KernelRequest inner, Node node, (int Index, Tensor? Constant)[] inputs) : KernelRequest(node)
    {
        public override int UsedOutputs => inner.UsedOutputs;

        public override Tensor? Constant(int input) => Given(input).Constant ?? inner.Constant(inputs[input].Index);

        public override Func<Tensor>? ConstantSource(int input) => Given(input).Constant is { } constant ? () => constant : inner.ConstantSource(inputs[input].Index);

        internal override ConstantForms Forms => inner.Forms;

        public override bool IsVariable(int input) => Given(input).Constant is null && inner.IsVariable(inputs[input].Index);

        internal override bool RunsOnce => inner.RunsOnce;

        public override DType InputType(int input) => Given(input).Constant?.DType ?? inner.InputType(inputs[input].Index);

        public override Callable Function(FunctionAttr function) => inner.Function(function);

        private (int Index, Tensor? Constant) Given(int input) => (uint)input < (uint)inputs.Length ? inputs[input] : throw Fail($"has {inputs.Length} inputs, expected an input {input}");
    }

    private sealed class Translated(Kernel kernel, Node node, (int Index, Tensor? Constant)[]? inputs) : Kernel
    {
        private Context? _last;

        public override bool GivesViews => kernel.GivesViews;

        public override bool MayOverwrite(int input) => Own(input) is >= 0 and var own && kernel.MayOverwrite(own);

        public override bool Reads(int input) => inputs is null ? kernel.Reads(input) : Own(input) is >= 0 and var own && kernel.Reads(own);

        public override void Run(KernelContext context)
        {
            // Planned runs come with the same context each time.
            Context translated = _last is { } last && last.Wraps(context) ? last : new Context(context, kernel, node, inputs);
            _last = translated;
            kernel.Run(translated);
        }

        private int Own(int input) => inputs is null ? input : Array.FindIndex(inputs, i => i.Index == input);
    }

    private sealed class Context(KernelContext inner, Kernel kernel, Node node, (int Index, Tensor? Constant)[]? inputs) : ContextWrapper(inner)
    {
        public override Node Node => node;

        public override int InputCount => inputs?.Length ?? Inner.InputCount;

        public override Tensor Input(int index) => inputs is null ? Inner.Input(index)
            : index < inputs.Length ? inputs[index].Constant ?? Inner.Input(inputs[index].Index) : throw Fail($"has {inputs.Length} inputs, expected an input {index}");

        public override T Derived<TKernel, T>(TKernel own, Func<TKernel, KernelContext, T> derive, uint values = 0) =>
            Counted(values) is { } counted ? Inner.Derived((own, kernel, node, inputs, derive), static (state, c) => state.derive(state.own, new Context(c, state.kernel, state.node, state.inputs)), counted) : derive(own, this);

        /// <summary>The inputs of the operator that are those of the op whose elements count; null where there is no bit for one of them.</summary>
        private uint? Counted(uint values)
        {
            if (inputs is null)
                return values;
            uint counted = 0;
            for (int i = 0; i < inputs.Length && i < 32; i++)
            {
                if ((values >> i & 1) == 0 || inputs[i].Constant is not null)
                    continue;
                if (inputs[i].Index is < 0 or >= 32)
                    return null;
                counted |= 1u << inputs[i].Index;
            }

            return counted;
        }
    }
}
