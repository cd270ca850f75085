using Decant.IR;

namespace Decant.Ops.Arrays;

/// <summary>Takes a tensor apart along an axis of size <c>num</c>, which goes away.</summary>
internal sealed class Unpack() : Op("Unpack"), IInfersFacts, IHasKernel
{
    /// <summary>Nodes have fewer outputs than this.</summary>
    private const int MostParts = ushort.MaxValue;

    public void Infer(InferenceContext context)
    {
        Shape shape = context.Shape(0);
        Shape part = shape.HasRank ? Without(shape, Axis(context.Node, shape, context.Attributes)) : Shape.Unknown;
        for (int i = 0; i < Math.Min(context.Attributes.Int("num"), MostParts); i++)
            context.Set(i, context.Input(0).DType, part);
    }

    public Kernel Prepare(KernelRequest request) => new Run(request.Attributes);

    private static int Axis(Node node, Shape shape, NodeAttributes attributes)
    {
        int axis = Axes.Normalize(node, attributes.Int("axis"), shape.Rank);
        long count = attributes.Int("num");
        return count <= MostParts && (shape[axis] == count || shape[axis] < 0) ? axis : throw node.Fault($"dimension {axis} of shape {shape} is to be taken apart into {count} tensors");
    }

    private static Shape Without(Shape shape, int axis) => new([.. shape.Dims[..axis], .. shape.Dims[(axis + 1)..]]);

    private sealed class Run(NodeAttributes attributes) : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            Parts parts = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            ReadOnlySpan<T> input = elements.Of(context.Input(0));
            for (int i = 0; i < parts.Count; i++)
            {
                Span<T> output = elements.Allocate(context, i, dtype, parts.Shape);
                elements.Gather(input, output, parts.Run, i * parts.Run, parts.Run * parts.Count);
            }
        }

        private Parts Derive(KernelContext context)
        {
            Shape shape = context.Shape(0);
            int axis = Axis(context.Node, shape, attributes);
            return new Parts(Without(shape, axis), (int)shape[axis], Axes.Product(shape, axis + 1, shape.Rank));
        }

        /// <summary>Parts of a shape, and how many elements of one follow each other in the whole.</summary>
        private sealed record Parts(Shape Shape, int Count, int Run);
    }
}
