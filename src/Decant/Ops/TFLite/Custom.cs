using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>Custom operators that TensorFlow Lite's runtime brings along.</summary>
internal static class Custom
{
    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("AudioSpectrogram", Spectrogram),
        new TFLiteOp("AveragePool3D", r => Pools3D.Prepare(r, isMax: false)),
        new TFLiteOp("Irfft2d", r => new Translation(r, "IRFFT2D").In(0, 1).Set("Treal", DType.Float32).Set("Tcomplex", DType.Complex64).Prepare()),
        new TFLiteOp("MaxPool3D", r => Pools3D.Prepare(r, isMax: true)),
        new TFLiteOp("Mfcc", Mfcc),
        new TFLiteOp("Multinomial", RandomNumbers.PrepareStandardMultinomial),
        new TFLiteOp("NUMERIC_VERIFY", NumericVerify),
        new TFLiteOp("Table", Table),
        new TFLiteOp("TFLite_Detection_PostProcess", DetectionPostProcess.Prepare),
        new TFLiteOp("aeq.hadamard_rotation", Hadamard),
    ];

    private static Kernel Spectrogram(KernelRequest request)
    {
        var options = new CustomOptions(request);
        return new Translation(request, "AudioSpectrogram").In(0).Set("window_size", options.Int("window_size")).Set("stride", options.Int("stride")).Set("magnitude_squared", options.Bool("magnitude_squared")).Prepare();
    }

    private static Kernel Mfcc(KernelRequest request)
    {
        var options = new CustomOptions(request);
        Kernel kernel = new Translation(request, "Mfcc").In(0, 1)
            .Set("upper_frequency_limit", options.Float("upper_frequency_limit")).Set("lower_frequency_limit", options.Float("lower_frequency_limit"))
            .Set("filterbank_channel_count", options.Int("filterbank_channel_count")).Set("dct_coefficient_count", options.Int("dct_coefficient_count")).Prepare();
        return Kernel.Of(context => kernel.Run(new ScalarRate(context)));
    }

    /// <summary>The elements of a table, by the elements of the input.</summary>
    private static Kernel Table(KernelRequest request)
    {
        bool isWide = request.InputType(0) == DType.Int16;
        return Kernel.Of(context =>
        {
            Tensor table = context.Input(1);
            if (table.DType != context.Input(0).DType || table.DType is not (DType.Int8 or DType.Int16) || table.ElementCount != (isWide ? 513 : 256))
                throw context.Fail($"looks up {context.Input(0)} in {table}, expected int8[256] or int16[513]");
            Tensor output = context.Allocate(0, table.DType, context.Shape(0));
            short[] entries = Shorts.Of(table, 0), x = Shorts.Of(context.Input(0), 0);
            for (int i = 0; i < x.Length; i++)
                Integers.Store(output, i, isWide ? Tables.Look16(entries, x[i]) : entries[(byte)x[i]]);
        });
    }

    /// <summary>What integers stand for less the float reference; fails when the options ask for a tolerance that it misses.</summary>
    private static Kernel NumericVerify(KernelRequest request)
    {
        var options = new CustomOptions(request);
        float tolerance = options.Float("tolerance");
        bool mayFail = options.Bool("log_if_failed") && tolerance >= 0.1;
        Quantization? quantization = request.InputSpec(0)?.Quantization;
        return Kernel.Of(context =>
        {
            Tensor input = context.Input(0);
            ReadOnlySpan<float> reference = context.Input(1).Span<float>();
            Span<float> y = context.Output<float>(0, input.Shape);
            if (input.DType == DType.Float16)
                context.Float32(input).Span<float>().CopyTo(y);
            else
                Conversions.Real(context, input, quantization is { HasScale: true } ? quantization : throw context.Fail($"compares {input}, which has no scale"), y);
            if (reference.Length != y.Length)
                throw context.Fail($"compares {input} with {context.Input(1)}, expected as many elements");
            for (int i = 0; i < y.Length; i++)
            {
                y[i] -= reference[i];
                if (mayFail && MathF.Abs(y[i]) > tolerance * quantization!.Scales[0])
                    throw context.Fail($"finds {y[i] + reference[i]} in the place of {reference[i]}, expected a difference of at most {tolerance * quantization.Scales[0]}");
            }
        });
    }

    /// <summary>The Walsh-Hadamard transform of blocks, over the square root of their size.</summary>
    private static Kernel Hadamard(KernelRequest request)
    {
        int size = new CustomOptions(request).Int("hadamard_size");
        return Kernel.Of(context =>
        {
            Shape shape = context.Shape(0);
            if (size < 1 || (size & (size - 1)) != 0 || shape.Rank == 0 || shape[-1] % size != 0)
                throw context.Fail($"transforms {context.Input(0)} in blocks of {size}, expected a power of two that divides the last dimension");
            Span<float> y = context.Output<float>(0, shape);
            context.Input(0).Span<float>().CopyTo(y);
            float norm = 1 / MathF.Sqrt(size);
            for (int start = 0; start < y.Length; start += size)
            {
                Span<float> block = y.Slice(start, size);
                for (int half = 1; half < size; half *= 2)
                {
                    for (int i = 0; i < size; i++)
                    {
                        if ((i & half) == 0)
                            (block[i], block[i + half]) = (block[i] + block[i + half], block[i] - block[i + half]);
                    }
                }

                foreach (ref float v in block)
                    v *= norm;
            }
        });
    }

    /// <summary>Mfcc's rate, which may be a vector of one element here.</summary>
    private sealed class ScalarRate(KernelContext inner) : ContextWrapper(inner)
    {
        public override Tensor Input(int index) => index == 1 && Inner.Input(1) is { ElementCount: 1, Shape.Rank: > 0 } rate ? rate.Reshaped(Decant.Shape.Scalar) : Inner.Input(index);
    }
}
