using System.Numerics;
using Decant.Kernels.Elementwise;

namespace Decant.Ops.Arithmetic;

/// <summary>The ops of two inputs that broadcast: a line per op.</summary>
internal static class BinaryOps
{
    public static Op Add => new ElementwiseOp("Add", AddKernels);
    public static Op AddV2 => new ElementwiseOp("AddV2", AddKernels);
    public static Op Atan2 => new ElementwiseOp("Atan2", ElementwiseKernels.Binary<Atan2Operator<float>, Atan2Operator<double>>());
    public static Op BitwiseAnd => new ElementwiseOp("BitwiseAnd", ElementwiseKernels.Integer<AndKernels>());
    public static Op BitwiseOr => new ElementwiseOp("BitwiseOr", ElementwiseKernels.Integer<OrKernels>());
    public static Op BitwiseXor => new ElementwiseOp("BitwiseXor", ElementwiseKernels.Integer<XorKernels>());
    public static Op Div => new ElementwiseOp("Div", ElementwiseKernels.Binary<DivideKernels>(Complex.Divide));
    public static Op DivNoNan => new ElementwiseOp("DivNoNan", ElementwiseKernels.Binary<DivideNoNanOperator<float>, DivideNoNanOperator<double>>(ComplexFunctions.DivideNoNan));
    public static Op FloorDiv => new ElementwiseOp("FloorDiv", ElementwiseKernels.Binary<FloorDivideKernels>());
    public static Op FloorMod => new ElementwiseOp("FloorMod", ElementwiseKernels.Binary<FloorModKernels>());
    public static Op Greater => new ElementwiseOp("Greater", static dtype => dtype == DType.String ? StringComparison.Kernel(static order => order > 0) : ElementKernels.Number(dtype, default(GreaterKernels)), DType.Bool);
    public static Op GreaterEqual => new ElementwiseOp("GreaterEqual", static dtype => dtype == DType.String ? StringComparison.Kernel(static order => order >= 0) : ElementKernels.Number(dtype, default(GreaterEqualKernels)), DType.Bool);
    public static Op Igamma => new ElementwiseOp("Igamma", ElementwiseKernels.Binary(SpecialFunctions.Igamma));
    public static Op Igammac => new ElementwiseOp("Igammac", ElementwiseKernels.Binary(SpecialFunctions.Igammac));
    public static Op LeftShift => new ElementwiseOp("LeftShift", ElementwiseKernels.Integer<LeftShiftKernels>());
    public static Op Less => new ElementwiseOp("Less", static dtype => dtype == DType.String ? StringComparison.Kernel(static order => order < 0) : ElementKernels.Number(dtype, default(LessKernels)), DType.Bool);
    public static Op LessEqual => new ElementwiseOp("LessEqual", static dtype => dtype == DType.String ? StringComparison.Kernel(static order => order <= 0) : ElementKernels.Number(dtype, default(LessEqualKernels)), DType.Bool);
    public static Op LogicalAnd => new ElementwiseOp("LogicalAnd", static dtype => new CombineKernel<bool, bool, LogicalAndOperator>(), DType.Bool);
    public static Op LogicalNot => new ElementwiseOp("LogicalNot", static dtype => new MapKernel<bool, bool, LogicalNotOperator>(), DType.Bool);
    public static Op LogicalOr => new ElementwiseOp("LogicalOr", static dtype => new CombineKernel<bool, bool, LogicalOrOperator>(), DType.Bool);
    public static Op Maximum => new ElementwiseOp("Maximum", ElementwiseKernels.Binary<MaximumKernels>());
    public static Op Minimum => new ElementwiseOp("Minimum", ElementwiseKernels.Binary<MinimumKernels>());
    public static Op Mod => new ElementwiseOp("Mod", ElementwiseKernels.Binary<TruncateModKernels>());
    public static Op Mul => new ElementwiseOp("Mul", ElementwiseKernels.Binary<MultiplyKernels>(Complex.Multiply));
    public static Op MulNoNan => new ElementwiseOp("MulNoNan", ElementwiseKernels.Binary<MultiplyNoNanOperator<float>, MultiplyNoNanOperator<double>>(ComplexFunctions.MultiplyNoNan));
    public static Op NextAfter => new ElementwiseOp("NextAfter", NextAfterKernels);
    public static Op Polygamma => new ElementwiseOp("Polygamma", ElementwiseKernels.Binary(SpecialFunctions.Polygamma));
    public static Op Pow => new ElementwiseOp("Pow", PowKernels);
    public static Op RealDiv => new ElementwiseOp("RealDiv", ElementwiseKernels.Binary<DivideKernels>(Complex.Divide));
    public static Op RightShift => new ElementwiseOp("RightShift", ElementwiseKernels.Integer<RightShiftKernels>());
    public static Op SquaredDifference => new ElementwiseOp("SquaredDifference", ElementwiseKernels.Binary<SquaredDifferenceKernels>(ComplexFunctions.SquaredDifference));
    public static Op Sub => new ElementwiseOp("Sub", ElementwiseKernels.Binary<SubtractKernels>(Complex.Subtract));
    public static Op TruncateDiv => new ElementwiseOp("TruncateDiv", TruncateDivKernels);
    public static Op TruncateMod => new ElementwiseOp("TruncateMod", ElementwiseKernels.Binary<TruncateModKernels>());
    public static Op Xdivy => new ElementwiseOp("Xdivy", ElementwiseKernels.Binary<XdivyOperator<float>, XdivyOperator<double>>(static (a, b) => a == Complex.Zero ? a : a / b));
    public static Op Xlog1py => new ElementwiseOp("Xlog1py", ElementwiseKernels.Binary<Xlog1pyOperator<float>, Xlog1pyOperator<double>>(static (a, b) => a == Complex.Zero ? a : a * ComplexFunctions.Log1p(b)));
    public static Op Xlogy => new ElementwiseOp("Xlogy", ElementwiseKernels.Binary<XlogyOperator<float>, XlogyOperator<double>>(static (a, b) => a == Complex.Zero ? a : a * Complex.Log(b)));
    public static Op Zeta => new ElementwiseOp("Zeta", ElementwiseKernels.Binary(SpecialFunctions.Zeta));

    private static Kernel? AddKernels(DType dtype) =>
        dtype == DType.String ? Kernel.Of(StringAddition.Run) : ElementwiseKernels.Binary<SumKernels>(Complex.Add)(dtype);

    private static Kernel? PowKernels(DType dtype) =>
        ElementwiseKernels.Binary<PowerOperator<float>, PowerOperator<double>>(ComplexFunctions.Power)(dtype) ?? ElementwiseKernels.Integer<IntegerPowerKernels>()(dtype);

    private static Kernel? TruncateDivKernels(DType dtype) =>
        dtype.IsFloating() ? ElementwiseKernels.Binary(static (a, b) => Math.Truncate(a / b))(dtype) : ElementwiseKernels.Binary<DivideKernels>(Complex.Divide)(dtype);

    private static Kernel? NextAfterKernels(DType dtype) => dtype switch
    {
        DType.Float32 => new CombineKernel<float, float, Function2<float>>(new(Next)),
        DType.Float64 => new CombineKernel<double, double, Function2<double>>(new(Next)),
        _ => null,
    };

    private static T Next<T>(T from, T to)
        where T : IFloatingPointIeee754<T> =>
        T.IsNaN(from) || T.IsNaN(to) ? T.NaN : from == to ? to : from < to ? T.BitIncrement(from) : T.BitDecrement(from);

    private static string? ZeroDivisor<T>(ReadOnlySpan<T> right)
        where T : unmanaged, INumber<T> => typeof(T) != typeof(float) && typeof(T) != typeof(double) && right.Contains(T.Zero) ? "divides an integer by zero" : null;

    private static string? NegativeExponent<T>(ReadOnlySpan<T> right)
        where T : unmanaged, INumber<T>
    {
        foreach (T exponent in right)
        {
            if (exponent < T.Zero)
                return $"raises an integer to the power {exponent}, expected a power of 0 or more";
        }

        return null;
    }

    private readonly struct SumKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, AddOperator<T>>();
    }

    private readonly struct SubtractKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, SubtractOperator<T>>();
    }

    private readonly struct MultiplyKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, MultiplyOperator<T>>();
    }

    private readonly struct DivideKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, DivideOperator<T>>(ZeroDivisor);
    }

    private readonly struct FloorDivideKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, FloorDivideOperator<T>>(ZeroDivisor);
    }

    private readonly struct FloorModKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, FloorModOperator<T>>(ZeroDivisor);
    }

    private readonly struct TruncateModKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, TruncateModOperator<T>>(ZeroDivisor);
    }

    private readonly struct MaximumKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, MaximumOperator<T>>();
    }

    private readonly struct MinimumKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, MinimumOperator<T>>();
    }

    private readonly struct SquaredDifferenceKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new BinaryKernel<T, SquaredDifferenceOperator<T>>();
    }

    private readonly struct LessKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new CombineKernel<T, bool, LessOperator<T>>();
    }

    private readonly struct LessEqualKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new CombineKernel<T, bool, LessEqualOperator<T>>();
    }

    private readonly struct GreaterKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new CombineKernel<T, bool, GreaterOperator<T>>();
    }

    private readonly struct GreaterEqualKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new CombineKernel<T, bool, GreaterEqualOperator<T>>();
    }

    private readonly struct AndKernels : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new BinaryKernel<T, BitwiseAndOperator<T>>();
    }

    private readonly struct OrKernels : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new BinaryKernel<T, BitwiseOrOperator<T>>();
    }

    private readonly struct XorKernels : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new BinaryKernel<T, BitwiseXorOperator<T>>();
    }

    private readonly struct IntegerPowerKernels : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new BinaryKernel<T, IntegerPowerOperator<T>>(NegativeExponent);
    }

    // A shift by less than 0 or more than the width is undefined; TensorFlow's kernels clamp it to [0, width - 1].
    private static int ShiftAmount<T>(T amount)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        int width = int.CreateTruncating(T.PopCount(T.AllBitsSet));
        return T.IsNegative(amount) ? 0 : int.Min(width - 1, int.CreateSaturating(amount));
    }

    private readonly struct LeftShiftKernels : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new CombineKernel<T, T, Function2<T>>(new(static (a, b) => a << ShiftAmount(b)));
    }

    private readonly struct RightShiftKernels : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new CombineKernel<T, T, Function2<T>>(new(static (a, b) => a >> ShiftAmount(b)));
    }
}
