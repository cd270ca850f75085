namespace Decant.Ops.TFLite;

/// <summary>Float functions on quantized elements, as TensorFlow Lite tabulates them.</summary>
internal static class Tables
{
    // Results of 16-bit elements are interpolated between this many points.
    private const int Points = 512;

    public static Kernel Prepare(KernelRequest request, Func<float, float> function)
    {
        (QuantParams input, QuantParams output) = (request.InputQuant(0), request.OutputQuant());
        if (request.InputType(0) == DType.Int16)
            return Interpolated(request, function, input, output);
        float inverse = 1 / output.Scale;
        return Integers.Map(request, x =>
        {
            float y = MathF.Round(function(input.Scale * (x - input.ZeroPoint)) * inverse, MidpointRounding.AwayFromZero);
            return output.ZeroPoint + (float.IsNaN(y) ? 0 : (int)Math.Clamp(y, short.MinValue, short.MaxValue));
        });
    }

    /// <summary>The table of a function for 16-bit elements: values at 513 points, moved by half of the error in the middle between two.</summary>
    public static short[] Table16(Func<double, double> function, double inputMin, double inputMax, double outputMin, double outputMax)
    {
        double step = (inputMax - inputMin) / Points, halfStep = step / 2;
        double scale = 65536.0 / (outputMax - outputMin);
        short[] table = new short[Points + 1];
        for (int i = 0; i < Points; i++)
        {
            double sample = Math.Round(function(inputMin + (i * step)) * scale, MidpointRounding.AwayFromZero);
            double middle = Math.Round(function(inputMin + (i * step) + halfStep) * scale, MidpointRounding.AwayFromZero);
            double interpolated = Math.Round(((function(inputMin + ((i + 1) * step)) * scale) + sample) / 2, MidpointRounding.AwayFromZero);
            double bias = Math.Round((interpolated - middle) / 2, MidpointRounding.AwayFromZero);
            table[i] = (short)Math.Clamp(sample - bias, short.MinValue, short.MaxValue);
        }

        table[Points] = (short)Math.Clamp(Math.Round(function(inputMax) * scale, MidpointRounding.AwayFromZero), short.MinValue, short.MaxValue);
        return table;
    }

    /// <summary>The value between two entries of a table: 9 bits choose the entry, 7 interpolate.</summary>
    public static int Look16(short[] table, int x)
    {
        int index = 256 + (x >> 7), offset = x & 0x7F;
        int delta = table[index + 1] - table[index];
        return table[index] + (((delta * offset) + 64) >> 7);
    }

    private static Kernel Interpolated(KernelRequest request, Func<float, float> function, QuantParams input, QuantParams output)
    {
        short[] table = Table16(
            x => function((float)x), input.Scale * (short.MinValue - input.ZeroPoint), input.Scale * (short.MaxValue - input.ZeroPoint),
            output.Scale * (short.MinValue - output.ZeroPoint), output.Scale * (short.MaxValue - output.ZeroPoint));
        return Integers.Map(request, x => Look16(table, x));
    }
}
