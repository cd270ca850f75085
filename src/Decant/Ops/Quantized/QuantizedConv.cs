using Decant.IR;
using Decant.Ops.NN;

namespace Decant.Ops.Quantized;

/// <summary>
/// Convolution of 8-bit images [N, H, W, C] with an 8-bit filter to qint32, and, as the name of the op says, what follows: a bias, a
/// summand, Relu, conversion to 8 bits of the range of inputs min_freezed_output and max_freezed_output.
/// <para>A quint8 filter has zero points, and so has its input, as TensorFlow's reference kernel QuantizedConv2D does it. A qint8 filter, with a range
/// for all or one per output channel, is symmetric around 0 and 0 of the input is 0, as in the oneDNN kernels, which alone define the other ops.</para>
/// </summary>
/// <param name="name">The op's name.</param>
/// <param name="steps">What follows the convolution.</param>
internal sealed partial class QuantizedConv(string name, QuantizedSteps steps = QuantizedSteps.None) : QuantizedOp(name)
{
    private bool IsDepthwise => Name.Name.Contains("Depthwise", StringComparison.Ordinal);

    private bool IsQuantizedAgain => steps.HasFlag(QuantizedSteps.Requantize);

    /// <summary>The input that holds the least value of input 0; the largest, and the range of the filter follow.</summary>
    private int FirstRange => steps.HasFlag(QuantizedSteps.Bias) ? 3 : 2;

    private int FrozenRange => FirstRange + 4;

    private int Summand => IsQuantizedAgain ? FrozenRange + 2 : FrozenRange;

    public override Kernel Prepare(KernelRequest request)
    {
        WindowRule rule = WindowRule.Convolution(request.Node, 2);
        request.RequireType(0, DType.QUInt8, DType.QInt8);
        request.RequireType(1, steps == QuantizedSteps.None ? [DType.QUInt8, DType.QInt8] : [DType.QInt8]);
        DType dtype = request.OutputType("out_type", IsQuantizedAgain ? [DType.QUInt8, DType.QInt8] : [DType.QInt32]);
        return Kernel.Of(context => Run(context, rule, dtype));
    }

    protected override Shape OutputShape(InferenceContext context) =>
        Geometry(WindowRule.Convolution(context.Node, 2), context.Node, context.Shape(0), context.Shape(1)).Output;

    protected override Shape RangeShape(InferenceContext context) => IsQuantizedAgain ? Shape.Scalar : context.Shape(FirstRange + 2);

    private WindowGeometry Geometry(WindowRule rule, Node node, Shape input, Shape filter)
    {
        if (IsDepthwise)
            return DepthwiseConv.Geometry(rule, node, input, filter);
        WindowGeometry geometry = Conv.Geometry(rule, node, input, filter);
        return filter.Rank != 4 || filter[2] < 0 || geometry.InChannels < 0 || filter[2] == geometry.InChannels ? geometry
            : throw OpErrors.BadInput.At(node.At(), $"has an input of {geometry.InChannels} channels and a filter {filter} for {filter[2]}, expected as many");
    }
}
