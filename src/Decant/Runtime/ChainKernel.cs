using Decant.Kernels.Threading;
using Decant.Ops;

namespace Decant.Runtime;

/// <summary>
/// Runs a chain of float32 elementwise nodes block by block. Inputs have the shape of the result, one element, or the sizes of its
/// last dimensions; where they broadcast otherwise, the nodes run one after another.
/// </summary>
internal sealed class ChainKernel(ChainLink[] links) : Kernel
{
    private LinkContext? _chain;

    public override bool MayOverwrite(int input) => true;

    /// <summary>The shape of the result; unknown where it does not follow.</summary>
    public Shape Infer(ReadOnlySpan<Shape> inputs)
    {
        var shapes = new Shape[links.Length];
        for (int i = 0; i < links.Length; i++)
        {
            if (Broadcasting.Of(Of(links[i].A, inputs, shapes), Of(links[i].B, inputs, shapes)) is not { } shape)
                return Shape.Unknown;
            shapes[i] = shape;
        }

        return shapes[^1];
    }

    public override void Run(KernelContext context)
    {
        ChainBlocks blocks = context.Derived(this, static (kernel, c) => kernel.Derive(c));
        if (!blocks.IsBlocked)
        {
            OneByOne(context);
            return;
        }

        for (int i = 0; i < context.InputCount; i++)
            blocks.Inputs[i] = context.Input(i);
        blocks.Output = context.Allocate(0, DType.Float32, blocks.Shape);
        for (int i = 0; i < links.Length; i++)
        {
            if (blocks.Small[i] is { } small)
                links[i].Lanes.RunLanes(blocks.Whole(links[i].A), blocks.Whole(links[i].B), small);
        }

        context.Pool.For(blocks.Count, blocks.Grain, new Job(links, blocks));
    }

    private static Shape Of(int operand, ReadOnlySpan<Shape> inputs, Shape[] results) => operand >= 0 ? inputs[operand] : results[~operand];

    private ChainBlocks Derive(KernelContext context)
    {
        var inputs = new Shape[context.InputCount];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = context.Shape(i);
        Shape shape = Infer(inputs);
        return new ChainBlocks(links, inputs, shape.HasRank ? shape : default);
    }

    private void OneByOne(KernelContext context)
    {
        LinkContext chain = _chain?.IsOf(context) == true ? _chain : _chain = new LinkContext(context, links.Length);
        for (int i = 0; i < links.Length; i++)
        {
            chain.Begin(links[i], isLast: i == links.Length - 1);
            links[i].Kernel.Run(chain);
            chain.End(i);
        }
    }

    private readonly struct Job(ChainLink[] links, ChainBlocks blocks) : IRangeJob
    {
        public void Run(int start, int end)
        {
            Span<float> registers = blocks.Registers();
            blocks.TileRows(registers);
            for (int block = start; block < end; block++)
            {
                (int at, int length, int phase) = blocks.Range(block);
                for (int i = 0; i < links.Length; i++)
                {
                    if (blocks.Small[i] is not null)
                        continue;
                    Span<float> y = i == links.Length - 1 ? blocks.Output.Mutable<float>().Slice(at, length) : registers.Slice(blocks.Register[i] * blocks.Length, length);
                    links[i].Lanes.RunLanes(Operand(links[i].A, at, length, phase, registers), Operand(links[i].B, at, length, phase, registers), y);
                }
            }
        }

        private ReadOnlySpan<float> Operand(int operand, int at, int length, int phase, Span<float> registers)
        {
            if (operand < 0 && blocks.Small[~operand] is null)
                return registers.Slice(blocks.Register[~operand] * blocks.Length, length);
            ReadOnlySpan<float> elements = blocks.Whole(operand);
            return blocks.Kind(operand) switch
            {
                ChainOperand.Scalar => elements,
                ChainOperand.Row when blocks.Length > elements.Length => blocks.Tiled(operand, registers)[..length],
                ChainOperand.Row => elements.Slice(phase, length),
                _ => elements.Slice(at, length),
            };
        }
    }

    /// <summary>The context of one link after another.</summary>
    private sealed class LinkContext(KernelContext inner, int links) : ContextWrapper(inner)
    {
        private readonly Tensor?[] _results = new Tensor?[links];
        private ChainLink _link = null!;
        private Tensor? _current;
        private bool _isLast;

        public override IR.Node Node => _link.Node;

        public bool IsOf(KernelContext context) => ReferenceEquals(Inner, context);

        public override int InputCount => _link.Node.Inputs.Count;

        public void Begin(ChainLink link, bool isLast) => (_link, _isLast, _current) = (link, isLast, null);

        public void End(int index) => _results[index] = _current;

        public override Tensor Input(int index) => (index == 0 ? _link.A : _link.B) is var operand && operand >= 0 ? Inner.Input(operand) : _results[~operand]!;

        public override Tensor Allocate(int port, DType dtype, Shape shape) =>
            _current = _isLast ? Inner.Allocate(port, dtype, shape) : Inner.Scratch(dtype, shape);
    }
}
