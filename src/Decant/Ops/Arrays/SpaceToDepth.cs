using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>
/// Moves blocks of height and width into the channels, block row and column before the channel (<c>SpaceToDepth</c>), or
/// back (<c>DepthToSpace</c>).
/// </summary>
internal sealed class SpaceToDepth(string name, bool toDepth) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        bool channelsFirst = ChannelsFirst(context.Node, context.Attributes);
        context.Set(0, context.Input(0).DType, shape.HasRank ? Moved(context.Node, shape, channelsFirst, context.Attributes.Int("block_size")) : Shape.OfRank(4));
    }

    public Kernel Prepare(KernelRequest request) =>
        new Run(toDepth, ChannelsFirst(request.Node, request.Attributes), request.Attributes.Int("block_size"), shape => Moved(request.Node, shape, ChannelsFirst(request.Node, request.Attributes), request.Attributes.Int("block_size")));

    private static bool ChannelsFirst(Node node, NodeAttributes attributes) => attributes.String("data_format") switch
    {
        "NHWC" => false,
        "NCHW" => true,
        string format => throw OpErrors.NoKernel.At(node.At("data_format"), $"is {format}, expected NHWC or NCHW: Decant has no kernel for vectorized channels"),
    };

    private Shape Moved(Node node, Shape shape, bool channelsFirst, long block)
    {
        if (shape.Rank != 4 || block is < 1 or > 1 << 15)
            throw node.Fault($"the input has shape {shape} and the block size is {block}, expected rank 4 and a size of at least 1");
        (int h, int w, int c) = channelsFirst ? (2, 3, 1) : (1, 2, 3);
        long[] dims = shape.Dims.ToArray();
        Scale(h, !toDepth, block);
        Scale(w, !toDepth, block);
        Scale(c, toDepth, block * block);
        return new Shape(dims);

        void Scale(int axis, bool up, long by)
        {
            if (dims[axis] < 0)
                return;
            if (!up && dims[axis] % by != 0)
                throw node.Fault($"dimension {axis} of shape {shape} is not a multiple of {by}");
            dims[axis] = up ? dims[axis] * by : dims[axis] / by;
        }
    }

    private sealed class Run(bool toDepth, bool channelsFirst, long blockSize, Func<Shape, Shape> moved) : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            BoxMove move = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            elements.Copy(context, move.Box, elements.Of(context.Input(0)), 0, elements.Allocate(context, 0, dtype, move.Output), 0);
        }

        private BoxMove Derive(KernelContext context)
        {
            Shape from = context.Shape(0);
            Shape to = moved(from);
            (Shape space, Shape deep) = toDepth ? (from, to) : (to, from);
            int[] s = Axes.Strides(space.Dims);
            int[] d = Axes.Strides(deep.Dims);
            int block = (int)blockSize;
            (int h, int w, int c) = channelsFirst ? (2, 3, 1) : (1, 2, 3);
            int channels = (int)space[c];

            // Axes: batch, row of blocks, row within, column of blocks, column within, channel.
            long[] counts = [space[0], deep[h], block, deep[w], block, channels];
            int[] spaceSteps = [s[0], s[h] * block, s[h], s[w] * block, s[w], s[c]];
            int[] deepSteps = [d[0], d[h], d[c] * channels * block, d[w], d[c] * channels, d[c]];
            return new BoxMove(to, new Window(counts, toDepth ? spaceSteps : deepSteps, toDepth ? deepSteps : spaceSteps), 0, 0, false);
        }
    }
}
