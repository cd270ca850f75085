namespace Decant.Ops.Arrays;

/// <summary>The slices of params that the rows of indices name: indices.shape[:-1] + params.shape[depth:].</summary>
internal sealed class GatherNd() : Op("GatherNd"), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape parameters = context.Shape(0);
        Shape indices = context.Shape(1);
        bool known = parameters.HasRank && indices.HasRank && indices.Rank > 0 && indices[-1] >= 0;
        if (known && indices[-1] > parameters.Rank)
            throw context.Fail($"the indices have shape {indices}, expected a last dimension of at most {parameters.Rank} for shape {parameters}");
        context.Set(0, context.Input(0).DType, known ? new Shape([.. indices.Dims[..^1], .. parameters.Dims[(int)indices[-1]..]]) : Shape.Unknown);
    }

    public Kernel Prepare(KernelRequest request) => new Run(BadIndices.AreIgnored(request));

    private sealed class Run(bool ignoreOutOfRange) : MoveKernel
    {
        protected override void Move<T>(KernelContext context, DType dtype, Elements<T> elements)
        {
            Shape parameters = context.Shape(0);
            (IndexRows rows, Shape result) = context.Derived(this, static (_, c) => Geometry.Of(c));
            ReadOnlySpan<long> indices = TensorInts.Wide(context, 1);
            Span<T> output = elements.Allocate(context, 0, dtype, result);
            ReadOnlySpan<T> source = elements.Of(context.Input(0));
            for (int i = 0; i < rows.Rows; i++)
            {
                Span<T> slice = output.Slice(i * rows.Run, rows.Run);
                int start = rows.Start(context.Node, indices, i, parameters, ignoreOutOfRange);
                if (start < 0)
                    slice.Clear();
                else
                    source.Slice(start, rows.Run).CopyTo(slice);
            }
        }

        private sealed record Geometry(IndexRows Rows, Shape Output)
        {
            public static Geometry Of(KernelContext context)
            {
                Shape parameters = context.Shape(0);
                var rows = IndexRows.Of(context.Node, context.Shape(1), parameters);
                return new(rows, new Shape([.. rows.Outer.Dims, .. parameters.Dims[rows.Depth..]]));
            }
        }
    }
}

/// <summary>Attribute <c>bad_indices_policy</c>: <c>ERROR</c> or <c>IGNORE</c>; the default is an error, as on TensorFlow's CPU.</summary>
internal static class BadIndices
{
    public static bool AreIgnored(KernelRequest request)
    {
        string policy = request.Attributes.Has("bad_indices_policy") ? request.Attributes.String("bad_indices_policy") : "";
        return policy switch
        {
            "" or "DEFAULT" or "ERROR" => false,
            "IGNORE" => true,
            _ => throw request.Fail($"bad_indices_policy is '{policy}', expected ERROR or IGNORE"),
        };
    }
}
