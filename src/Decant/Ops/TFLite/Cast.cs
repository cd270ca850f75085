using System.Numerics;
using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>CAST: floats become integers saturated and cut off, what is no number the greatest; integers of 4 and 2 bits take part too.</summary>
internal static class Cast
{
    public static Kernel Prepare(KernelRequest request)
    {
        (DType from, DType to) = (request.InputType(0), request.OutputType());
        if (to is DType.Int4 or DType.UInt4 or DType.Int2)
            return Kernel.Of(context => Pack(context, to));
        if (from is DType.Int4 or DType.UInt4 or DType.Int2)
            return to is DType.Float32 or DType.Int8 or DType.UInt8 or DType.Int16 or DType.Int32 ? Kernel.Of(context => Unpack(context, to)) : throw request.NoKernel($"from {from.Name()} to {to.Name()}");

        if (!from.IsFloating() || !to.IsInteger())
            return Translated(request, from, to);
        return ElementKernels.Integer(to, new Saturating()) ?? throw request.NoKernel($"from {from.Name()} to {to.Name()}");
    }

    private static Kernel Translated(KernelRequest request, DType from, DType to) =>
        new Translation(request, "Cast").In(0).Set("SrcT", from).Set("DstT", to).Set("Truncate", false).Prepare();

    private static void Pack(KernelContext context, DType to)
    {
        Tensor input = context.Input(0), output = context.Allocate(0, to, context.Shape(0));
        (int min, int max) = Quantizing.Range(to);
        Span<float> x = context.Writable<float>(context.Scratch(DType.Float32, input.Shape));
        if (input.DType.IsFloating())
            context.Float32(input).Span<float>().CopyTo(x);
        else
            TensorInts.Read(input, context.Node).Select(v => (float)v).ToArray().CopyTo(x);
        for (int i = 0; i < x.Length; i++)
            Integers.Store(output, i, (int)Math.Clamp(float.IsNaN(x[i]) ? 0 : x[i], min, max));
    }

    /// <summary>Floats to integers of a type.</summary>
    private readonly struct Saturating : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => Kernel.Of(context =>
        {
            Tensor input = context.Input(0);
            Span<T> y = context.Output<T>(0, input.Shape);
            if (input.DType == DType.Float64)
            {
                ReadOnlySpan<double> doubles = input.Span<double>();
                for (int i = 0; i < y.Length; i++)
                    y[i] = double.IsNaN(doubles[i]) ? T.MaxValue : T.CreateSaturating(doubles[i]);
                return;
            }

            ReadOnlySpan<float> x = context.Float32(input).Span<float>();
            for (int i = 0; i < y.Length; i++)
                y[i] = float.IsNaN(x[i]) ? T.MaxValue : T.CreateSaturating(x[i]);
        });
    }

    private static void Unpack(KernelContext context, DType to)
    {
        Tensor output = context.Allocate(0, to, context.Shape(0));
        ReadOnlySpan<int> x = Integers.Wide(context, context.Input(0));
        if (to != DType.Float32)
        {
            Integers.Narrow(x, output);
            return;
        }

        Span<float> y = context.Writable<float>(output);
        for (int i = 0; i < y.Length; i++)
            y[i] = x[i];
    }
}
