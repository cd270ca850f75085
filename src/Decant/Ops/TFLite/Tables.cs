using System.Numerics;

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
    public static short[] Table16<T>(Func<T, T> function, T inputMin, T inputMax, T outputMin, T outputMax)
        where T : IBinaryFloatingPointIeee754<T>
    {
        T step = (inputMax - inputMin) / T.CreateChecked(Points), two = T.One + T.One, halfStep = step / two;
        T scale = T.CreateChecked(65536) / (outputMax - outputMin);
        short[] table = new short[Points + 1];
        for (int i = 0; i < Points; i++)
        {
            T at = inputMin + (T.CreateChecked(i) * step), next = inputMin + (T.CreateChecked(i + 1) * step);
            T sample = T.Round(function(at) * scale, MidpointRounding.AwayFromZero);
            T middle = T.Round(function(at + halfStep) * scale, MidpointRounding.AwayFromZero);
            T interpolated = T.Round(((function(next) * scale) + sample) / two, MidpointRounding.AwayFromZero);
            T bias = T.Round((interpolated - middle) / two, MidpointRounding.AwayFromZero);
            table[i] = Entry(sample - bias);
        }

        table[Points] = Entry(T.Round(function(inputMax) * scale, MidpointRounding.AwayFromZero));
        return table;
    }

    private static short Entry<T>(T value)
        where T : IBinaryFloatingPointIeee754<T> => T.IsNaN(value) ? (short)0 : short.CreateSaturating(value);

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
            function, input.Scale * (short.MinValue - input.ZeroPoint), input.Scale * (short.MaxValue - input.ZeroPoint),
            output.Scale * (short.MinValue - output.ZeroPoint), output.Scale * (short.MaxValue - output.ZeroPoint));
        return Integers.Map(request, x => Look16(table, x));
    }
}
