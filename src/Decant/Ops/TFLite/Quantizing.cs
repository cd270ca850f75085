using Decant.IR;
using Decant.Kernels.Quantized;

namespace Decant.Ops.TFLite;

/// <summary>How the integers of a tensor stand for real numbers: real = scale * (integer - zero point).</summary>
internal readonly record struct QuantParams(float Scale, int ZeroPoint);

/// <summary>What the tensors of a node declare.</summary>
internal static class Quantizing
{
    /// <summary>The kind of integers of 8 or 16 bits.</summary>
    public static IntegerKind Kind(DType type) => type switch { DType.UInt8 => IntegerKind.UInt8, DType.Int16 => IntegerKind.Int16, _ => IntegerKind.Int8 };

    /// <summary>What the file says of an input; null for a value that no file declares.</summary>
    public static TensorSpec? InputSpec(this KernelRequest request, int input)
    {
        if (!request.HasInput(input))
            return null;
        Value value = request.Node.Inputs[input];
        return value.Port < value.Node.Tensors.Count ? Given(value) : null;
    }

    // A branch of a case that declares no scales has those of the tensors that it is called with.
    private static TensorSpec Given(Value value)
    {
        TensorSpec spec = value.Node.Tensors[value.Port];
        return spec.Quantization is { HasScale: true } or { Details: not null } || value.Node.Fact(value.Port).Quantization is not { } handed ? spec : spec with { Quantization = handed };
    }

    /// <summary>What the file says of an output.</summary>
    public static TensorSpec OutputSpec(this KernelRequest request, int output = 0) => output < request.Node.Tensors.Count ? Given(new Value(request.Node, output))
        : throw request.Fail($"has {request.Node.Tensors.Count} outputs, expected an output {output}");

    /// <summary>The element type of an output.</summary>
    public static DType OutputType(this KernelRequest request, int output = 0) => request.OutputSpec(output).DType;

    /// <summary>Whether an optional input is given.</summary>
    public static bool HasInput(this KernelRequest request, int input) => input < request.InputCount && request.Node.Inputs[input] is { IsPresent: true, Node: var node } && !(node.Op == TFLiteParts.TensorOp && node.Tensors is [{ DType: DType.Invalid }]);

    /// <summary>The scale and zero point of an input; 1 and 0 where none is declared.</summary>
    public static QuantParams InputQuant(this KernelRequest request, int input) => Of(request.InputSpec(input));

    /// <summary>The scale and zero point of an output.</summary>
    public static QuantParams OutputQuant(this KernelRequest request, int output = 0) => Of(request.OutputSpec(output));

    /// <summary>Whether an input's integers have a scale.</summary>
    public static bool IsQuantized(this KernelRequest request, int input) =>
        request.InputSpec(input) is { Quantization.HasScale: true, DType: DType.Int8 or DType.UInt8 or DType.Int16 or DType.Int4 or DType.Int2 or DType.UInt4 };

    /// <summary>The scales of an input, one or one per channel.</summary>
    public static float[] Scales(this KernelRequest request, int input) => [.. request.InputSpec(input)?.Quantization?.Scales ?? []];

    /// <summary>The parameters of a tensor as a whole.</summary>
    public static QuantParams Of(TensorSpec? spec) => spec?.Quantization is { HasScale: true } q
        ? new QuantParams(q.Scales[0], q.ZeroPoints.Count > 0 ? (int)q.ZeroPoints[0] : 0) : new QuantParams(1, 0);

    /// <summary>The least and greatest integer of a type.</summary>
    public static (int Min, int Max) Range(DType dtype) => dtype switch
    {
        DType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        DType.UInt8 => (byte.MinValue, byte.MaxValue),
        DType.Int16 => (short.MinValue, short.MaxValue),
        DType.Int4 => (-8, 7),
        DType.UInt4 => (0, 15),
        DType.Int2 => (-2, 1),
        _ => (int.MinValue, int.MaxValue),
    };

    /// <summary>The bounds that an activation puts on quantized results.</summary>
    public static (int Min, int Max) Clamp(DType dtype, QuantParams output, string activation)
    {
        (int min, int max) = Range(dtype);
        return activation switch
        {
            "RELU" => (Quantize(dtype, output, 0), max),
            "RELU6" => (Quantize(dtype, output, 0), Quantize(dtype, output, 6)),
            "RELU_N1_TO_1" => (Quantize(dtype, output, -1), Quantize(dtype, output, 1)),
            _ => (min, max),
        };
    }

    /// <summary>The integer that stands for a real number, or the nearest that the type has.</summary>
    public static int Quantize(DType dtype, QuantParams output, float real)
    {
        (int min, int max) = Range(dtype);
        return (int)Math.Clamp(output.ZeroPoint + Math.Round((double)(real / output.Scale), MidpointRounding.AwayFromZero), min, max);
    }

    /// <summary>The node's fused activation, NONE where it has no such option. TANH and SIGN_BIT mean nothing but in recurrent operators.</summary>
    public static string Activation(this KernelRequest request) => request.AnyActivation() is var name && name is "TANH" or "SIGN_BIT" ? "NONE" : name;

    /// <summary>The fused activation of a recurrent operator.</summary>
    public static string AnyActivation(this KernelRequest request) =>
        request.Attributes.Find(Activated.Attribute) is StringAttr name ? name.Text : "NONE";

    /// <summary>The factor s1 * s2 / s3 as TensorFlow Lite forms it for weights of one scale: the product in float.</summary>
    public static FixedPoint Factor(float input, float weights, float output) => FixedPoint.Of((double)(input * weights) / output);
}
