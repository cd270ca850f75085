using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>A function of two elements, by which windows are reduced and updates made: applied to whole tensors of one shape.</summary>
internal abstract class Combination
{
    public abstract Tensor Apply(KernelContext context, Tensor a, Tensor b);

    /// <summary>A function by its name, for elements of the type of an input.</summary>
    public static Combination Of(KernelRequest request, int input, string function)
    {
        DType type = request.InputType(input);
        return function switch
        {
            "ADD" or "STABLEHLO_ADD" => new ByOp(request, "AddV2"),
            "MUL" or "STABLEHLO_MULTIPLY" => new ByOp(request, "Mul"),
            "MINIMUM" or "STABLEHLO_MINIMUM" => new ByOp(request, "Minimum"),
            "MAXIMUM" or "STABLEHLO_MAXIMUM" => new ByOp(request, "Maximum"),
            "ALL" or "LOGICAL_AND" or "STABLEHLO_AND" => new Logical(type, isAnd: true),
            "ANY" or "LOGICAL_OR" or "STABLEHLO_OR" => new Logical(type, isAnd: false),
            _ => throw request.NoKernel($"for the function {function}"),
        };
    }

    /// <summary>The one operator of a subgraph; one without operators gives its second argument.</summary>
    public static Combination OfSubgraph(KernelRequest request, int input, string option)
    {
        Function subgraph = request.Function(request.Attributes.Function(option)).Definition;
        Node[] operators = [.. subgraph.Nodes.Where(n => n.Op.Dialect == Dialect.TFLite && n.Op != TFLiteParts.TensorOp)];
        return operators.Length switch
        {
            0 => new Second(),
            1 => Of(request, input, operators[0].Op.Name),
            _ => throw request.NoKernel($"for the subgraph '{subgraph.Name}' of {operators.Length} operators, expected one"),
        };
    }

    private sealed class Second : Combination
    {
        public override Tensor Apply(KernelContext context, Tensor a, Tensor b) => b;
    }

    /// <summary>An op of TensorFlow.</summary>
    private sealed class ByOp(KernelRequest request, string op) : Combination
    {
        private readonly Kernel _kernel = new Translation(request, op).In(0, 1).Type("T", 0).Prepare();

        public override Tensor Apply(KernelContext context, Tensor a, Tensor b)
        {
            var pair = new Pair(context, a, b);
            _kernel.Run(pair);
            return pair.Output!;
        }
    }

    /// <summary>Whether both, or one, are not zero: 1 or 0 in the type of the elements.</summary>
    private sealed class Logical(DType type, bool isAnd) : Combination
    {
        public override Tensor Apply(KernelContext context, Tensor a, Tensor b)
        {
            Tensor result = context.Scratch(a.DType, a.Shape);
            int size = type.Size();
            byte[] one = type.IsFloating() ? type == DType.Float64 ? BitConverter.GetBytes(1.0) : BitConverter.GetBytes(1f) : [1, 0, 0, 0, 0, 0, 0, 0];
            ReadOnlySpan<byte> x = a.Data.Span, y = b.Data.Span;
            Span<byte> to = result.Data.AsMutable<byte>();
            to.Clear();
            for (int at = 0; at < to.Length; at += size)
            {
                (bool first, bool second) = (x.Slice(at, size).ContainsAnyExcept((byte)0), y.Slice(at, size).ContainsAnyExcept((byte)0));
                if (isAnd ? first && second : first || second)
                    one.AsSpan(0, size).CopyTo(to[at..]);
            }

            return result;
        }
    }

    private sealed class Pair(KernelContext inner, Tensor a, Tensor b) : ContextWrapper(inner)
    {
        public Tensor? Output { get; private set; }

        public override int InputCount => 2;

        public override Tensor Input(int index) => index == 0 ? a : b;

        public override Tensor Allocate(int port, DType dtype, Shape shape) => Output = Inner.Scratch(dtype, shape);

        public override void SetOutput(int port, Tensor tensor) => Output = tensor;

        public override T Derived<TKernel, T>(TKernel kernel, Func<TKernel, KernelContext, T> derive, uint values = 0) => derive(kernel, this);
    }
}
