using Decant.IR;

namespace Decant.Ops.Quantized;

/// <summary>
/// The product of 8-bit matrices as qint32, and, as the name of the op says, what follows. <c>QuantizedMatMul</c> takes the zero points of both as
/// TensorFlow's reference kernel does; the others are defined by the oneDNN kernels: a is quint8, b qint8 and symmetric around 0;
/// <c>input_quant_mode</c> SCALED has 0 of a stand for 0, MIN_FIRST for min_a, for which a float32 bias is corrected (a qint32 one is so already).
/// </summary>
internal sealed class QuantizedMatMul(string name, QuantizedSteps steps = QuantizedSteps.None) : QuantizedOp(name)
{
    private static readonly QuantizedType Sum = QuantizedType.Of(DType.QInt32)!.Value;

    private bool IsNarrowed => (steps & (QuantizedSteps.Requantize | QuantizedSteps.Dequantize)) != 0;

    public override Kernel Prepare(KernelRequest request)
    {
        request.RequireType(0, DType.QUInt8, DType.QInt8);
        request.RequireType(1, DType.QUInt8, DType.QInt8);
        DType dtype = request.OutputType(
            "Toutput",
            steps.HasFlag(QuantizedSteps.Dequantize) ? [DType.Float32] : steps.HasFlag(QuantizedSteps.Requantize) ? [DType.QUInt8, DType.QInt8] : [DType.QInt32]);
        bool transposeA = request.Attributes.Bool("transpose_a"), transposeB = request.Attributes.Bool("transpose_b");
        if (steps == QuantizedSteps.None)
            return Kernel.Of(context => Multiply(context, transposeA, transposeB));
        string mode = request.Attributes.String("input_quant_mode");
        if (mode is not ("MIN_FIRST" or "SCALED"))
            throw GraphErrors.BadAttribute.At(request.Node.At("input_quant_mode"), $"is '{mode}', expected MIN_FIRST or SCALED");
        return Kernel.Of(context => Run(context, transposeA, transposeB, mode == "MIN_FIRST", dtype));
    }

    protected override Shape OutputShape(InferenceContext context)
    {
        (Shape a, Shape b) = (context.Shape(0), context.Shape(1));
        if ((a.HasRank && a.Rank != 2) || (b.HasRank && b.Rank != 2))
            throw context.Fail($"multiplies shapes {a} and {b}, expected matrices");
        return new Shape(
            a.HasRank ? a[context.Attributes.Bool("transpose_a") ? 1 : 0] : Shape.UnknownDimension, b.HasRank ? b[context.Attributes.Bool("transpose_b") ? 0 : 1] : Shape.UnknownDimension);
    }

    private static void Multiply(KernelContext context, bool transposeA, bool transposeB)
    {
        QuantizedRange a = context.ProperRange(2), b = context.ProperRange(4);
        (QuantizedType typeA, QuantizedType typeB) = (context.Type(0), context.Type(1));
        var product = new QuantizedProduct(context, transposeA, transposeB, (int)a.Unclamped(0, typeA), (int)b.Unclamped(0, typeB));
        context.Store(0, DType.QInt32, product.Shape, product.Sums);
        context.Give(QuantizedRange.OfLevel(a.Level(typeA) * b.Level(typeB), Sum));
    }

    private void Run(KernelContext context, bool transposeA, bool transposeB, bool minFirst, DType dtype)
    {
        (QuantizedType typeA, QuantizedType typeB) = (context.Type(0), context.Type(1));
        if (typeA.IsSigned || !typeB.IsSigned)
            throw context.Fail($"multiplies {context.Input(0)} and {context.Input(1)}, expected quint8 and qint8");
        QuantizedRange a = context.ProperRange(3), b = context.ProperRange(5);
        var product = new QuantizedProduct(context, transposeA, transposeB, 0, 0);
        int columns = (int)product.Shape[1];
        double level = (minFirst ? (a.Max - a.Min) / 255.0 : a.Magnitude / 255.0) * b.Magnitude / 127;
        double[] bias = QuantizedBias.Read(context, 2, columns);
        if (context.Input(2).DType == DType.Float32)
        {
            for (int c = 0; c < columns; c++)
                bias[c] = (bias[c] / level) + (minFirst ? product.ColumnSum(c) * 255.0 * a.Min / (a.Max - a.Min) : 0);
        }

        QuantizedRange range = IsNarrowed ? context.Range(7) : QuantizedRange.OfLevel(a.SymmetricLevel(typeA) * b.SymmetricLevel(typeB), Sum);
        QuantizedType result = QuantizedType.Of(dtype) ?? Sum;
        double scale = dtype == DType.Float32 ? level : IsNarrowed ? level / (range.Magnitude / (double)result.Highest) : 1;
        Span<float> reals = dtype == DType.Float32 ? context.Output<float>(0, product.Shape) : [];
        for (int i = 0; i < product.Sums.Length; i++)
        {
            double value = (product.Sums[i] + bias[i % columns]) * scale;
            if (steps.HasFlag(QuantizedSteps.Relu))
                value = Math.Max(0, value);
            if (dtype == DType.Float32)
                reals[i] = (float)value;
            else
                product.Sums[i] = double.IsNaN(value) ? 0 : (int)Math.Clamp(Math.Round(value, MidpointRounding.ToEven), result.Lowest, result.Highest);
        }

        if (dtype == DType.Float32)
            return;
        context.Store(0, dtype, product.Shape, product.Sums);
        context.Give(range);
    }
}
