using System.Numerics;
using Decant.Kernels.Elementwise;

namespace Decant.Ops.Arithmetic;

/// <summary>The ops of one input that are a function of each element: a line per op.</summary>
internal static class UnaryOps
{
    public static Op Abs => new ElementwiseOp("Abs", ElementwiseKernels.Unary<AbsKernels>());
    public static Op Acos => new ElementwiseOp("Acos", ElementwiseKernels.Unary<AcosOperator<float>, AcosOperator<double>>(Complex.Acos));
    public static Op Acosh => new ElementwiseOp("Acosh", ElementwiseKernels.Unary<AcoshOperator<float>, AcoshOperator<double>>(ComplexFunctions.Acosh));
    public static Op Asin => new ElementwiseOp("Asin", ElementwiseKernels.Unary<AsinOperator<float>, AsinOperator<double>>(Complex.Asin));
    public static Op Asinh => new ElementwiseOp("Asinh", ElementwiseKernels.Unary<AsinhOperator<float>, AsinhOperator<double>>(ComplexFunctions.Asinh));
    public static Op Atan => new ElementwiseOp("Atan", ElementwiseKernels.Unary<AtanOperator<float>, AtanOperator<double>>(Complex.Atan));
    public static Op Atanh => new ElementwiseOp("Atanh", ElementwiseKernels.Unary<AtanhOperator<float>, AtanhOperator<double>>(ComplexFunctions.Atanh));
    public static Op BesselI0 => new ElementwiseOp("BesselI0", ElementwiseKernels.Unary(Bessel.I0));
    public static Op BesselI0e => new ElementwiseOp("BesselI0e", ElementwiseKernels.Unary(Bessel.I0e));
    public static Op BesselI1 => new ElementwiseOp("BesselI1", ElementwiseKernels.Unary(Bessel.I1));
    public static Op BesselI1e => new ElementwiseOp("BesselI1e", ElementwiseKernels.Unary(Bessel.I1e));
    public static Op BesselJ0 => new ElementwiseOp("BesselJ0", ElementwiseKernels.Unary(Bessel.J0));
    public static Op BesselJ1 => new ElementwiseOp("BesselJ1", ElementwiseKernels.Unary(Bessel.J1));
    public static Op BesselK0 => new ElementwiseOp("BesselK0", ElementwiseKernels.Unary(Bessel.K0));
    public static Op BesselK0e => new ElementwiseOp("BesselK0e", ElementwiseKernels.Unary(Bessel.K0e));
    public static Op BesselK1 => new ElementwiseOp("BesselK1", ElementwiseKernels.Unary(Bessel.K1));
    public static Op BesselK1e => new ElementwiseOp("BesselK1e", ElementwiseKernels.Unary(Bessel.K1e));
    public static Op BesselY0 => new ElementwiseOp("BesselY0", ElementwiseKernels.Unary(Bessel.Y0));
    public static Op BesselY1 => new ElementwiseOp("BesselY1", ElementwiseKernels.Unary(Bessel.Y1));
    public static Op Ceil => new ElementwiseOp("Ceil", ElementwiseKernels.Unary<CeilingOperator<float>, CeilingOperator<double>>());
    public static Op Conj => new ElementwiseOp("Conj", ElementwiseKernels.Unary<IdentityKernels>(Complex.Conjugate));
    public static Op Cos => new ElementwiseOp("Cos", ElementwiseKernels.Unary<CosOperator<float>, CosOperator<double>>(Complex.Cos));
    public static Op Cosh => new ElementwiseOp("Cosh", ElementwiseKernels.Unary<CoshOperator<float>, CoshOperator<double>>(Complex.Cosh));
    public static Op Dawsn => new ElementwiseOp("Dawsn", ElementwiseKernels.Unary(SpecialFunctions.Dawson));
    public static Op Digamma => new ElementwiseOp("Digamma", ElementwiseKernels.Unary<DigammaOperator<float>, DigammaOperator<double>>());
    public static Op Elu => new ElementwiseOp("Elu", EluKernels);
    public static Op Erf => new ElementwiseOp("Erf", ElementwiseKernels.Unary<ErfOperator<float>, ErfOperator<double>>());
    public static Op Erfc => new ElementwiseOp("Erfc", ElementwiseKernels.Unary<ErfcOperator<float>, ErfcOperator<double>>());
    public static Op Erfinv => new ElementwiseOp("Erfinv", ElementwiseKernels.Unary(SpecialFunctions.Erfinv));
    public static Op Exp => new ElementwiseOp("Exp", ElementwiseKernels.Unary<ExpOperator<float>, ExpOperator<double>>(Complex.Exp));
    public static Op Expint => new ElementwiseOp("Expint", ElementwiseKernels.Unary(SpecialFunctions.Expint));
    public static Op Expm1 => new ElementwiseOp("Expm1", ElementwiseKernels.Unary<Expm1Operator<float>, Expm1Operator<double>>(ComplexFunctions.Expm1));
    public static Op Floor => new ElementwiseOp("Floor", ElementwiseKernels.Unary<FloorOperator<float>, FloorOperator<double>>());
    public static Op FresnelCos => new ElementwiseOp("FresnelCos", ElementwiseKernels.Unary(SpecialFunctions.FresnelCos));
    public static Op FresnelSin => new ElementwiseOp("FresnelSin", ElementwiseKernels.Unary(SpecialFunctions.FresnelSin));
    public static Op Inv => new ElementwiseOp("Inv", ElementwiseKernels.Unary<ReciprocalOperator<float>, ReciprocalOperator<double>>(Complex.Reciprocal));
    public static Op Invert => new ElementwiseOp("Invert", ElementwiseKernels.Integer<InvertKernels>());
    public static Op Lgamma => new ElementwiseOp("Lgamma", ElementwiseKernels.Unary<LgammaOperator<float>, LgammaOperator<double>>());
    public static Op Log => new ElementwiseOp("Log", ElementwiseKernels.Unary<LogOperator<float>, LogOperator<double>>(Complex.Log));
    public static Op Log1p => new ElementwiseOp("Log1p", ElementwiseKernels.Unary<Log1pOperator<float>, Log1pOperator<double>>(ComplexFunctions.Log1p));
    public static Op Ndtri => new ElementwiseOp("Ndtri", ElementwiseKernels.Unary(SpecialFunctions.Ndtri));
    public static Op Neg => new ElementwiseOp("Neg", ElementwiseKernels.Unary<NegateKernels>(Complex.Negate));
    public static Op PopulationCount => new ElementwiseOp("PopulationCount", ElementwiseKernels.Integer<PopulationCountKernels>(), DType.UInt8);
    public static Op Reciprocal => new ElementwiseOp("Reciprocal", ElementwiseKernels.Unary<ReciprocalOperator<float>, ReciprocalOperator<double>>(Complex.Reciprocal));
    public static Op Relu => new ElementwiseOp("Relu", ElementwiseKernels.Unary<ReluKernels>());
    public static Op Relu6 => new ElementwiseOp("Relu6", ElementwiseKernels.Unary<Relu6Kernels>());
    public static Op Rint => new ElementwiseOp("Rint", ElementwiseKernels.Unary<RoundOperator<float>, RoundOperator<double>>());
    public static Op Round => new ElementwiseOp("Round", RoundKernels);
    public static Op Rsqrt => new ElementwiseOp("Rsqrt", ElementwiseKernels.Unary<RsqrtOperator<float>, RsqrtOperator<double>>(static x => Complex.One / Complex.Sqrt(x)));
    public static Op Selu => new ElementwiseOp("Selu", ElementwiseKernels.Unary<SeluOperator<float>, SeluOperator<double>>());
    public static Op Sigmoid => new ElementwiseOp("Sigmoid", ElementwiseKernels.Unary<SigmoidOperator<float>, SigmoidOperator<double>>(static x => Complex.One / (Complex.One + Complex.Exp(-x))));
    public static Op Sign => new ElementwiseOp("Sign", ElementwiseKernels.Unary<SignKernels>(static x => x == Complex.Zero ? x : x / Complex.Abs(x)));
    public static Op Sin => new ElementwiseOp("Sin", ElementwiseKernels.Unary<SinOperator<float>, SinOperator<double>>(Complex.Sin));
    public static Op Sinh => new ElementwiseOp("Sinh", ElementwiseKernels.Unary<SinhOperator<float>, SinhOperator<double>>(Complex.Sinh));
    public static Op Softplus => new ElementwiseOp("Softplus", ElementwiseKernels.Unary<SoftplusOperator<float>, SoftplusOperator<double>>());
    public static Op Softsign => new ElementwiseOp("Softsign", ElementwiseKernels.Unary<SoftsignOperator<float>, SoftsignOperator<double>>());
    public static Op Spence => new ElementwiseOp("Spence", ElementwiseKernels.Unary(SpecialFunctions.Spence));
    public static Op Sqrt => new ElementwiseOp("Sqrt", ElementwiseKernels.Unary<SqrtOperator<float>, SqrtOperator<double>>(Complex.Sqrt));
    public static Op Square => new ElementwiseOp("Square", ElementwiseKernels.Unary<SquareKernels>(static x => x * x));
    public static Op Tan => new ElementwiseOp("Tan", ElementwiseKernels.Unary<TanOperator<float>, TanOperator<double>>(Complex.Tan));
    public static Op Tanh => new ElementwiseOp("Tanh", ElementwiseKernels.Unary<TanhOperator<float>, TanhOperator<double>>(Complex.Tanh));

    private static Kernel? EluKernels(DType dtype) => dtype switch
    {
        DType.Float32 => new UnaryKernel<float, EluOperator<float>>(new(1)),
        DType.Float64 => new UnaryKernel<double, EluOperator<double>>(new(1)),
        _ => null,
    };

    private static Kernel? RoundKernels(DType dtype) => dtype switch
    {
        DType.Float32 => new UnaryKernel<float, RoundOperator<float>>(),
        DType.Float64 => new UnaryKernel<double, RoundOperator<double>>(),
        DType.Complex128 => new MapKernel<Complex, Complex, Function1<Complex>>(new(static x => new Complex(Math.Round(x.Real), Math.Round(x.Imaginary)))),
        _ => ElementKernels.Number(dtype, default(IdentityKernels)),
    };

    private readonly struct AbsKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new UnaryKernel<T, AbsOperator<T>>();
    }

    private readonly struct NegateKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new UnaryKernel<T, NegateOperator<T>>();
    }

    private readonly struct SquareKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new UnaryKernel<T, SquareOperator<T>>();
    }

    private readonly struct SignKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new UnaryKernel<T, SignOperator<T>>();
    }

    private readonly struct ReluKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new UnaryKernel<T, ReluOperator<T>>();
    }

    private readonly struct Relu6Kernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => new UnaryKernel<T, Relu6Operator<T>>();
    }

    private readonly struct IdentityKernels : INumberKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => Kernel.Of(static context => context.SetOutput(0, context.Input(0)));
    }

    private readonly struct InvertKernels : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new MapKernel<T, T, Function1<T>>(new(static x => ~x));
    }

    private readonly struct PopulationCountKernels : IIntegerKernels
    {
        public Kernel Make<T>()
            where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> => new MapKernel<T, byte, Count<T>>();

        private readonly struct Count<T> : IMapOperator<T, byte>
            where T : unmanaged, IBinaryInteger<T>
        {
            public byte Invoke(T x) => byte.CreateTruncating(T.PopCount(x));
        }
    }
}
