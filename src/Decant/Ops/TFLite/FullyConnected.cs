using Decant.IR;
using Decant.Kernels.Conv;
using Decant.Kernels.Gemm;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>FULLY_CONNECTED: input [batch.., in] times weights [out, in], plus a bias.</summary>
internal static class FullyConnected
{
    public static Kernel Prepare(KernelRequest request)
    {
        bool keep = request.Attributes.Bool("keep_num_dims");
        if (request.Attributes.String("weights_format") != "DEFAULT")
            return ShuffledProduct.Prepare(request);
        if (request.InputType(0) == DType.Float32 && request.InputType(1) == DType.Float32)
            return new FloatKernel(request, keep);
        if (PackedWeights.Take(request) && PackedFinish.Takes(request))
            return request.RunsOnce && request.InputType(0) == DType.Float32 ? new OnceKernel(request, keep) : new PackedKernel(request, keep);
        if (request.InputType(0) == DType.Float32)
            return Hybrid(request, keep);
        return Integer(request, keep);
    }

    /// <summary>The number of rows and the shape of the result.</summary>
    public static (int Rows, int Depth, int Columns, Shape Output) Geometry(KernelContext context, Shape weights, bool keep)
    {
        Tensor input = context.Input(0);
        if (weights.Rank == 2 && weights[1] == 0 && input.Shape is { Rank: > 0 } empty && empty[-1] == 0)
            return ((int)empty.Dims[..^1].ToArray().Aggregate(1L, (a, d) => a * d), 0, (int)weights[0], keep ? new Shape([.. empty.Dims[..^1], weights[0]]) : new Shape(empty.Dims[..^1].ToArray().Aggregate(1L, (a, d) => a * d), weights[0]));
        if (weights.Rank != 2 || weights[1] == 0 || input.ElementCount % weights[1] != 0 || (keep && input.Shape[-1] != weights[1]))
            throw context.Fail($"multiplies {input} by weights {weights}, expected [.., in] and [out, in]");
        long rows = input.ElementCount / weights[1];
        return ((int)rows, (int)weights[1], (int)weights[0], keep ? new Shape([.. input.Shape.Dims[..^1], weights[0]]) : new Shape(rows, weights[0]));
    }

    private static Kernel Integer(KernelRequest request, bool keep)
    {
        var weights = new IntegerWeights(request, 1);
        var requantization = new Requantization(request, 0, 1, isFloatProduct: true);
        int zero = request.InputQuant(0).ZeroPoint;
        bool isWide = request.InputType(0) == DType.Int16, hasBias = request.HasInput(2);
        return Kernel.Of(context =>
        {
            (int rows, int depth, int columns, Shape shape) = Geometry(context, context.Shape(1), keep);
            Tensor output = context.Allocate(0, request.OutputType(), shape);
            IntegerConvolution.Product(Shorts.Of(context.Input(0), zero), weights.Read(context), rows, columns, depth, isWide, requantization.Into(context, output, hasBias ? context.Input(2) : null, columns, Rounding.HalfUp), context.Pool);
        });
    }

    private static Kernel Hybrid(KernelRequest request, bool keep)
    {
        if (request.InputSpec(1)?.Quantization?.Details is BlockwiseQuantization blocks)
            return BlockwiseProduct.Prepare(request, blocks, keep);
        var weights = new IntegerWeights(request, 1, isHybrid: true);
        float[] scales = HybridSink.Scales(request, 1);
        string activation = request.Activation();
        bool hasBias = request.HasInput(2), isAsymmetric = request.Attributes.Bool("asymmetric_quantize_inputs");
        return Kernel.Of(context =>
        {
            (int rows, int depth, int columns, Shape shape) = Geometry(context, context.Shape(1), keep);
            if (scales.Length > 1 && scales.Length != columns)
                throw context.Fail($"has {scales.Length} scales for {columns} channels");
            if (hasBias)
                FloatConvolution.Bias(context, 2, columns);
            Tensor output = context.Allocate(0, DType.Float32, shape);
            if (depth == 0)
            {
                context.Writable<float>(output).Clear();
                return;
            }

            HybridRows quantized = HybridRows.Of(context.Input(0).Span<float>(), depth, isAsymmetric);
            IntegerConvolution.Product(quantized.Values, weights.Read(context), rows, columns, depth, false, new HybridSink(output, quantized.Scales, columns, scales, hasBias ? context.Input(2) : null), context.Pool);
            Activated.Apply(activation, context.Writable<float>(output));
        });
    }

    /// <summary>Integers, or floats quantized per row, with constant weights packed once.</summary>
    private sealed class PackedKernel(KernelRequest request, bool keep) : Kernel
    {
        private readonly PackedWeights _weights = new(request);
        private readonly PackedFinish _finish = new(request, isFloatProduct: true);
        private readonly bool _isAsymmetric = request.InputType(0) == DType.Float32 && request.Attributes.Bool("asymmetric_quantize_inputs");
        private IntegerMatrix[]? _packed;

        public override bool Reads(int input) => input != 1;

        public override void Run(KernelContext context)
        {
            Sizes sizes = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            Tensor output = context.Allocate(0, _finish.OutputType, sizes.Output);
            if (output.ElementCount == 0)
                return;
            ConvGeometry geometry = IntegerConv.Rows(sizes.Rows, sizes.Depth, sizes.Columns);
            _packed ??= IntegerConv.Pack(_weights.Read(), _weights.IsSigned, _weights.ZeroPoint, geometry, _weights.IsWide);
            _finish.Prepare(context, sizes.Columns, Rounding.HalfUp, _packed);
            if (sizes.Depth == 0 && output.DType == DType.Float32)
                context.Writable<float>(output).Clear();
            else
                _finish.Run(context, output, _packed, geometry, _isAsymmetric);
        }

        private Sizes Derive(KernelContext context)
        {
            (int rows, int depth, int columns, Shape shape) = Geometry(context, _weights.Shape, keep);
            return new Sizes(rows, depth, columns, shape);
        }
    }

    /// <summary>Floats quantized per row, with constant weights that are not packed.</summary>
    private sealed class OnceKernel(KernelRequest request, bool keep) : Kernel
    {
        private readonly HybridOnce _product = new(request);
        private readonly bool _isAsymmetric = request.Attributes.Bool("asymmetric_quantize_inputs");

        public override bool Reads(int input) => input != 1;

        public override void Run(KernelContext context)
        {
            (int rows, int depth, int columns, Shape shape) = Geometry(context, _product.Weights, keep);
            _product.Multiply(context, context.Allocate(0, DType.Float32, shape), rows, depth, columns, rows, _isAsymmetric);
        }
    }

    /// <summary>float32, with constant weights packed once.</summary>
    private sealed class FloatKernel(KernelRequest request, bool keep) : Kernel
    {
        private readonly Weights _weights = new(request, 1);
        private readonly bool _hasBias = request.HasInput(2);
        private readonly string _activation = request.Activation();
        private PackedMatrix? _packed;

        public override bool Reads(int input) => input != 1 || !(_weights.IsConstant || _weights.Once is not null);

        public override void Run(KernelContext context)
        {
            (int rows, int depth, int columns, Shape shape) = context.Derived(this, static (kernel, c) => kernel.Derive(c));
            ReadOnlySpan<float> a = context.Input(0).Span<float>(), bias = _hasBias ? FloatConvolution.Bias(context, 2, columns) : default;
            Tensor output = context.Allocate(0, DType.Float32, shape);
            Span<float> c = context.Writable<float>(output);
            var epilogue = new Epilogue<float>(bias, FloatConvolution.Fused(_activation));

            // TensorFlow Lite leaves even the bias out of products over no elements.
            if (depth == 0)
            {
                c.Clear();
                return;
            }

            if (_weights.Once is { } read)
                WeightBlocks.Product(context, read(), rows, output, FloatConvolution.Fused(_activation), _hasBias ? 2 : -1);
            else if (_weights.IsConstant && rows > 1)
                FloatGemm.Run(a, _packed ??= Pack(context, depth, columns), c, rows, epilogue, context.Pool);
            else
                FloatGemm.Run(a, _weights.InPlace(context), c, new GemmShape(rows, depth, columns, false, true), epilogue, context.Pool);
            if (FloatConvolution.Fused(_activation) == Activation.None)
                Activated.Apply(_activation, c);
        }

        private Sizes Derive(KernelContext context)
        {
            (int rows, int depth, int columns, Shape shape) = Geometry(context, _weights.Shape ?? context.Shape(1), keep);
            return new Sizes(rows, depth, columns, shape);
        }

        private PackedMatrix Pack(KernelContext context, int depth, int columns) =>
            _weights.Packed(context, (depth, columns), b => PackedMatrix.Pack(b.Span<float>(), depth, columns, transposed: true), static b => b.Bytes);
    }

    /// <summary>What follows from the shapes.</summary>
    private sealed record Sizes(int Rows, int Depth, int Columns, Shape Output);
}
