using System.Numerics;
using Decant.IR;
using Decant.Kernels.Gemm;

namespace Decant.Ops.NN;

/// <summary>
/// What <c>fused_ops</c> applies to each result of a convolution, in order, with the inputs from 2 on: <c>BiasAdd</c> takes one,
/// <c>Add</c> one of the shape of the results, <c>FusedBatchNorm</c> four (scale, offset, mean, variance; attribute <c>epsilon</c>),
/// <c>Prelu</c> (TensorFlow.js) one; the activations take none. What the engine itself joins may end with <see cref="Affine"/> or <see cref="HardSwish"/>.
/// A node without the attribute applies nothing.
/// </summary>
internal sealed class FusedEpilogue
{
    /// <summary>y · scale + shift, two inputs of a value per channel.</summary>
    public const string Affine = "_Affine";

    /// <summary>(y · factor) · Relu6(y + offset), an input of offset and factor.</summary>
    public const string HardSwish = "_HardSwish";

    private readonly string[] _ops;
    private readonly float _epsilon;
    private readonly float _alpha;

    /// <summary>Applies an epilogue to the results of a node, channels last.</summary>
    public delegate void Code<T>(KernelContext context, Span<T> y, int channels);

    private FusedEpilogue(string[] ops, float epsilon, float alpha) => (_ops, _epsilon, _alpha) = (ops, epsilon, alpha);

    public bool IsEmpty => _ops.Length == 0;

    /// <summary>The input that <c>Add</c> adds; -1 when there is none.</summary>
    public int Residual { get; private init; } = -1;

    public static FusedEpilogue Read(Node node)
    {
        var attributes = new NodeAttributes(node);
        string[] ops = attributes.Has("fused_ops") ? [.. attributes.Strings("fused_ops")] : [];
        int needed = 2, residual = -1;
        foreach (string op in ops)
        {
            if (op == "Add")
                residual = needed;
            needed += op switch
            {
                "BiasAdd" or "Add" or "Prelu" or HardSwish => 1,
                Affine => 2,
                "FusedBatchNorm" => 4,
                "Relu" or "Relu6" or "Elu" or "LeakyRelu" or "Sigmoid" or "Tanh" => 0,
                _ => throw GraphErrors.BadAttribute.At(
                    node.At("fused_ops"), $"holds '{op}', expected BiasAdd, Add, FusedBatchNorm, Relu, Relu6, Elu, LeakyRelu, Sigmoid, Tanh or Prelu"),
            };
        }

        if (ops.Length > 0 && node.Inputs.Count < needed)
            throw OpErrors.BadInput.At(node.At(), $"has {node.Inputs.Count} inputs, expected {needed} for fused_ops [{string.Join(',', ops)}]");
        return new FusedEpilogue(
            ops, attributes.Has("epsilon") ? attributes.Float("epsilon") : 1e-4f, attributes.Has("leakyrelu_alpha") ? attributes.Float("leakyrelu_alpha") : 0.2f)
        { Residual = residual };
    }

    /// <summary>The whole of it as an epilogue of the float32 kernels, if it is one: a bias, then Add, then Relu, Relu6 or, for convolutions, Prelu, then what is last, each if at all.</summary>
    public bool Fuse(KernelContext context, int channels, out Epilogue<float> epilogue, bool takesSlopes = false)
    {
        epilogue = default;
        bool hasBias = _ops is ["BiasAdd", ..];
        bool hasResidual = _ops.Length > (hasBias ? 1 : 0) && _ops[hasBias ? 1 : 0] == "Add";
        string pass = _ops is [.., Affine or HardSwish] ? _ops[^1] : "";
        int activations = _ops.Length - (hasBias ? 1 : 0) - (hasResidual ? 1 : 0) - (pass.Length > 0 ? 1 : 0);
        string last = activations == 0 ? "" : _ops[pass.Length > 0 ? ^2 : ^1];
        int passInput = 2 + (hasBias ? 1 : 0) + (hasResidual ? 1 : 0) + (last == "Prelu" ? 1 : 0);
        if (activations > 1 || (activations == 1 && last is not ("Relu" or "Relu6") && !(last == "Prelu" && takesSlopes)))
            return false;
        ReadOnlySpan<float> slopes = last == "Prelu" ? context.WorkInput(passInput - 1).Span<float>() : default;
        if (!slopes.IsEmpty && slopes.Length != channels)
            return false;
        Activation activation = last switch { "Relu" => Activation.Relu, "Relu6" => Activation.Relu6, _ => Activation.None };
        epilogue = new Epilogue<float>(hasBias ? PerChannel<float>(context, 2, channels) : default, activation, hasResidual ? context.WorkInput(Residual).Span<float>() : default)
        {
            Slopes = slopes,
            Scale = pass == Affine ? PerChannel<float>(context, passInput, channels) : default,
            Shift = pass == Affine ? PerChannel<float>(context, passInput + 1, channels) : default,
            Swish = pass == HardSwish && context.WorkInput(passInput).Span<float>() is [var offset, var factor] ? (offset, factor) : default,
        };
        return true;
    }

    /// <summary>Applies it to results, channels last.</summary>
    public void Apply<T>(KernelContext context, Span<T> y, int channels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int input = 2;
        foreach (string op in _ops)
        {
            switch (op)
            {
                case "BiasAdd":
                    ReadOnlySpan<T> bias = PerChannel<T>(context, input++, channels);
                    for (int i = 0; i < y.Length; i++)
                        y[i] += bias[i % channels];
                    break;
                case "Add":
                    ReadOnlySpan<T> residual = context.WorkInput(input++).Span<T>();
                    if (residual.Length != y.Length)
                        throw context.Fail($"input {input - 1} has shape {context.Shape(input - 1)}, expected as many values as the output");
                    for (int i = 0; i < y.Length; i++)
                        y[i] += residual[i];
                    break;
                case "Prelu":
                    ReadOnlySpan<T> slope = context.WorkInput(input++).Span<T>();
                    if (slope.Length != 1 && slope.Length != channels)
                        throw context.Fail($"input {input - 1} has {slope.Length} slopes, expected 1 or {channels}");
                    for (int i = 0; i < y.Length; i++)
                        y[i] = y[i] < T.Zero ? y[i] * slope[slope.Length == 1 ? 0 : i % channels] : y[i];
                    break;
                case Affine:
                    ReadOnlySpan<T> scale = PerChannel<T>(context, input++, channels), shift = PerChannel<T>(context, input++, channels);
                    for (int i = 0; i < y.Length; i++)
                        y[i] = (y[i] * scale[i % channels]) + shift[i % channels];
                    break;
                case HardSwish:
                    ReadOnlySpan<T> swish = context.WorkInput(input++).Span<T>();
                    for (int i = 0; i < y.Length; i++)
                        y[i] = y[i] * swish[1] * T.Clamp(y[i] + swish[0], T.Zero, T.CreateTruncating(6));
                    break;
                case "FusedBatchNorm":
                    Normalize(context, y, input, channels);
                    input += 4;
                    break;
                default:
                    Activate(op, y);
                    break;
            }
        }
    }

    private static ReadOnlySpan<T> PerChannel<T>(KernelContext context, int input, int channels)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = context.WorkInput(input).Span<T>();
        return values.Length == channels ? values : throw context.Fail($"input {input} has shape {context.Shape(input)}, expected {channels} values");
    }

    private void Normalize<T>(KernelContext context, Span<T> y, int input, int channels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> scale = PerChannel<T>(context, input, channels);
        ReadOnlySpan<T> offset = PerChannel<T>(context, input + 1, channels);
        ReadOnlySpan<T> mean = PerChannel<T>(context, input + 2, channels);
        ReadOnlySpan<T> variance = PerChannel<T>(context, input + 3, channels);
        for (int i = 0; i < y.Length; i++)
        {
            int c = i % channels;
            y[i] = ((y[i] - mean[c]) * (scale[c] / T.Sqrt(variance[c] + T.CreateTruncating(_epsilon)))) + offset[c];
        }
    }

    private void Activate<T>(string op, Span<T> y)
        where T : IFloatingPointIeee754<T>
    {
        T alpha = T.CreateTruncating(_alpha);
        T six = T.CreateTruncating(6);
        for (int i = 0; i < y.Length; i++)
        {
            T x = y[i];
            y[i] = op switch
            {
                "Relu" => x < T.Zero ? T.Zero : x,
                "Relu6" => x < T.Zero ? T.Zero : x > six ? six : x,
                "Elu" => x < T.Zero ? T.ExpM1(x) : x,
                "LeakyRelu" => x < T.Zero ? x * alpha : x,
                "Sigmoid" => T.One / (T.One + T.Exp(-x)),
                _ => T.Tanh(x),
            };
        }
    }
}
