namespace Decant.Ops.TFLite;

/// <summary>The custom operators MaxPool3D and AveragePool3D on [n, depth, height, width, channels].</summary>
internal static class Pools3D
{
    public static Kernel Prepare(KernelRequest request, bool isMax)
    {
        var options = new CustomOptions(request);
        long[] size = options.Ints("ksize") is { Length: > 0 } ksize ? ksize : options.Ints("pool_size"), strides = options.Ints("strides");
        string padding = options.Text("padding");
        if (size.Length != 5 || strides.Length != 5 || size.Concat(strides).Any(s => s is < 1 or > int.MaxValue) || size[0] != 1 || size[4] != 1 || strides[0] != 1 || strides[4] != 1 || padding is not ("SAME" or "VALID"))
            throw request.Fail($"has windows of [{string.Join(',', size)}] every [{string.Join(',', strides)}] with the padding '{padding}', expected five positive sizes each and SAME or VALID");
        (int low, int high) = Quantizing.Range(request.OutputType());
        return Kernel.Of(context => Run(context, size, strides, padding == "SAME", isMax, low, high));
    }

    private static void Run(KernelContext context, long[] size, long[] strides, bool isSame, bool isMax, int low, int high)
    {
        Tensor input = context.Input(0);
        if (input.Shape.Rank != 5 || input.DType is not (DType.Float32 or DType.Int8 or DType.Int16))
            throw context.Fail($"pools {input}, expected float32, int8 or int16 of rank 5");
        long[] dims = input.Shape.Dims.ToArray(), before = new long[5], output = [.. dims];
        for (int d = 1; d < 4; d++)
        {
            output[d] = isSame ? (dims[d] + strides[d] - 1) / strides[d] : Math.Max(0, (dims[d] - size[d] + strides[d]) / strides[d]);
            before[d] = isSame ? Math.Max(0, ((output[d] - 1) * strides[d]) + size[d] - dims[d]) / 2 : 0;
        }

        Tensor result = context.Allocate(0, input.DType, new Shape(output));
        bool isFloat = input.DType == DType.Float32;
        float[] floats = isFloat ? input.Span<float>().ToArray() : [];
        int[] integers = isFloat ? [] : Integers.Wide(context, input).ToArray();
        long[] index = new long[5];
        for (int i = 0; i < result.ElementCount; i++)
        {
            (float sum, float most, int integerSum, int integerMost, int count) = (0, float.MinValue, 0, int.MinValue, 0);
            foreach (int at in Window(dims, index, size, strides, before))
            {
                count++;
                if (isFloat)
                    (sum, most) = (sum + floats[at], MathF.Max(most, floats[at]));
                else
                    (integerSum, integerMost) = (integerSum + integers[at], Math.Max(integerMost, integers[at]));
            }

            if (isFloat)
                result.Mutable<float>()[i] = isMax ? most : sum / count;
            else
                Integers.Store(result, i, Math.Clamp(isMax ? integerMost : Rounded(integerSum, count), low, high));
            for (int d = 4; d >= 0 && ++index[d] == output[d]; d--)
                index[d] = 0;
        }
    }

    private static int Rounded(int sum, int count) => count == 0 ? 0 : (sum > 0 ? sum + (count / 2) : sum - (count / 2)) / count;

    private static IEnumerable<int> Window(long[] dims, long[] index, long[] size, long[] strides, long[] before)
    {
        long Start(int d) => (index[d] * strides[d]) - before[d];
        for (long z = Math.Max(0, Start(1)); z < Math.Min(dims[1], Start(1) + size[1]); z++)
        {
            for (long y = Math.Max(0, Start(2)); y < Math.Min(dims[2], Start(2) + size[2]); y++)
            {
                for (long x = Math.Max(0, Start(3)); x < Math.Min(dims[3], Start(3) + size[3]); x++)
                    yield return (int)((((((((index[0] * dims[1]) + z) * dims[2]) + y) * dims[3]) + x) * dims[4]) + index[4]);
            }
        }
    }
}
