using Decant.IR;

namespace Decant.Ops.Lowering;

/// <summary>
/// A node of TensorFlow that is being expressed in TensorFlow Lite's operators. Its inputs are values of the graph that is made,
/// so they may be outputs of operators.
/// </summary>
public abstract class LoweringContext(Node node)
{
    /// <summary>The node, with inputs in the new graph and the facts it had in the old one.</summary>
    public Node Node { get; } = node;

    /// <summary>Its attributes.</summary>
    public NodeAttributes Attributes => new(Node);

    /// <summary>The number of inputs.</summary>
    public int InputCount => Node.Inputs.Count;

    /// <summary>An input.</summary>
    /// <exception cref="ModelException">The node has no such input.</exception>
    public Value In(int index) => index < Node.Inputs.Count ? Node.Inputs[index] : throw Fail($"has {Node.Inputs.Count} inputs, expected input {index}");

    /// <summary>The type of an input.</summary>
    public DType Type(int index) => Fact(In(index)).DType;

    /// <summary>The shape of an input, as far as it is known.</summary>
    public Shape Shape(int index) => Fact(In(index)).Shape;

    /// <summary>What is known of a value of the new graph.</summary>
    public static Fact Fact(Value value) => value.Node.Fact(value.Port);

    /// <summary>What was known of an output of the node.</summary>
    public Fact Output(int port = 0) => Node.Fact(port);

    /// <summary>The elements of an integer input that is constant; null for others.</summary>
    public long[]? Known(int index) => In(index).Constant is { } constant ? TensorInts.Read(constant, Node) : null;

    /// <summary>The elements of an integer input.</summary>
    /// <exception cref="ModelException">It is not constant.</exception>
    public long[] ConstantInts(int index, string what) => Known(index) ?? throw Refuse($"has {what} that are not constant");

    /// <summary>A constant.</summary>
    public abstract Value Const(Tensor value);

    /// <summary>A constant of int32, of rank 1.</summary>
    public Value Vector(params ReadOnlySpan<long> values)
    {
        int[] narrow = new int[values.Length];
        for (int i = 0; i < narrow.Length; i++)
            narrow[i] = checked((int)values[i]);
        return Const(Tensor.Wrap(narrow));
    }

    /// <summary>A constant of rank 0, in a type.</summary>
    public Value Scalar(double value, DType dtype) => Const(NumberOf(value, dtype));

    /// <summary>Adds an operator of TensorFlow Lite; operands of types that it does not have are converted, and its results back.</summary>
    /// <param name="op">Its name.</param>
    /// <param name="inputs">Its operands in the operator's order; an absent one is <c>default</c>.</param>
    /// <param name="options">The fields of its options.</param>
    /// <param name="outputs">What is known of its results; those of the node's first output when none are given.</param>
    public abstract Value[] Emit(string op, Value[] inputs, AttributeMap? options, params Fact[] outputs);

    /// <summary>Adds an operator that is there for its effect, and gives nothing.</summary>
    public abstract void EmitEffect(string op, params Value[] inputs);

    /// <summary>Lowers another op of TensorFlow on these inputs. Attributes that follow from the inputs' types need not be given.</summary>
    public abstract Value[] Expand(string op, Value[] inputs, AttributeMap? attributes = null);

    /// <summary>The first output of <see cref="Expand"/>.</summary>
    public Value Tf(string op, params Value[] inputs) => Expand(op, inputs)[0];

    /// <summary>The first output of <see cref="Expand"/>, with attributes.</summary>
    public Value Tf(string op, AttributeMap attributes, params Value[] inputs) => Expand(op, inputs, attributes)[0];

    /// <summary>Says what an output of the node is in the new graph.</summary>
    public abstract void Set(int port, Value value);

    /// <summary>Says what the outputs of the node are.</summary>
    public void Set(params ReadOnlySpan<Value> values)
    {
        for (int i = 0; i < values.Length; i++)
            Set(i, values[i]);
    }

    /// <summary>Lowers a function for arguments of which this is known, and tells the name it got.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">Its arguments; those that are constant are none of the lowered function.</param>
    /// <param name="isBody">Whether the results are the arguments of the next call: those of constant arguments are left out.</param>
    public abstract (FunctionAttr Function, Function Lowered) Function(FunctionAttr function, IReadOnlyList<LoweredArgument> arguments, bool isBody);

    /// <summary>Whether a variable of the node, a loop, has the same value in all iterations.</summary>
    public abstract bool IsInvariant(int index);

    /// <summary>Whether the node is a variable that gets its value when a session begins.</summary>
    public abstract bool IsInitialized { get; }

    /// <summary>A number for a lookup table, the same one for the same table in all subgraphs.</summary>
    public abstract int TableNumber(string name);

    /// <summary>The values of lookup tables that do not hold them, by the number of the table.</summary>
    public abstract IDictionary<int, Tensor> TableValues { get; }

    /// <summary>Whether a value stands for a TensorList or TensorArray: the tensor of its elements.</summary>
    public abstract bool IsList(Value value);

    /// <summary>Marks a value as the elements of a list.</summary>
    public abstract Value AsList(Value value);

    /// <summary>
    /// A value of the shape that the elements have which the body of the node, a loop, writes to the list that is its variable of an index:
    /// a state that has the same, or the first element, lowered in front of the loop. Not present when the body does not write in a way
    /// that can be seen.
    /// </summary>
    public abstract Value WrittenInLoop(int index);

    /// <summary>That the node has no form in TensorFlow Lite, and why.</summary>
    public abstract ModelException Refuse(string reason);

    /// <summary>A fault of the node itself.</summary>
    public ModelException Fail(string message) => OpErrors.BadInput.At(Node.At(), message);

    private Tensor NumberOf(double value, DType dtype) => dtype switch
    {
        DType.Float32 => Tensor.Scalar((float)value),
        DType.Float64 => Tensor.Scalar(value),
        DType.Float16 => Tensor.Scalar((Half)value),
        DType.BFloat16 => Tensor.Scalar((BFloat16)(float)value),
        DType.Int8 => Tensor.Scalar((sbyte)value),
        DType.Int16 => Tensor.Scalar((short)value),
        DType.Int32 => Tensor.Scalar((int)value),
        DType.Int64 => Tensor.Scalar((long)value),
        DType.UInt8 => Tensor.Scalar((byte)value),
        DType.UInt16 => Tensor.Scalar((ushort)value),
        DType.UInt32 => Tensor.Scalar((uint)value),
        DType.UInt64 => Tensor.Scalar((ulong)value),
        DType.Bool => Tensor.Scalar(value != 0),
        DType.Complex64 => Tensor.Scalar(new Complex64((float)value, 0)),
        _ => throw Refuse($"works on {dtype.Name()}, for which TensorFlow Lite has no arithmetic"),
    };
}
