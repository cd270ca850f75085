using System.Numerics.Tensors;
using System.Text;
using Decant.IR;
using Decant.Ops;
using Decant.Ops.Arithmetic;
using Decant.Ops.Arrays;
using Decant.Ops.NN;

namespace Decant.Runtime;

/// <summary>A product with what has been joined to it so far.</summary>
/// <param name="root">The convolution or matrix product.</param>
/// <param name="channels">The channels of its output.</param>
/// <param name="rank">The dimensions of its output.</param>
/// <param name="channelsFirst">Whether the channels are axis 1 of the output, not the last.</param>
/// <param name="run">The weights of one channel that follow each other.</param>
/// <param name="takesResidual">Whether the product's kernel can add a value of the output's shape.</param>
/// <param name="takesSlopes">Whether it can multiply what is below 0 by a value per channel.</param>
/// <param name="takesLast">Whether it can multiply and add values per channel after the activation, or compute the hard swish.</param>
/// <param name="takesScale">Whether the weights may be multiplied by a value per channel.</param>
internal sealed class ChannelChain(Node root, int channels, int rank, bool channelsFirst, int run, bool takesResidual, bool takesSlopes, bool takesLast, bool takesScale)
{
    private float[]? _scale;
    private float[]? _bias;
    private Value _residual;
    private string? _activation;
    private float[]? _slopes;
    private float[]? _lastScale;
    private float[]? _lastShift;
    private float[]? _swish;

    /// <summary>The nodes that were joined, in order.</summary>
    public List<Node> Fused { get; } = [];

    /// <summary>The value that the next node must read.</summary>
    public Value Last => Fused.Count == 0 ? root : Fused[^1];

    /// <summary>Joins a node that reads the last value; false when it is of another kind.</summary>
    public bool Take(Node node, Engine engine, ConstantValues constants)
    {
        if (!engine.Ops.TryGet(node.Op, out Op? op))
            return false;
        bool taken = op switch
        {
            _ when _activation is not null => op is ElementwiseOp && TakeLast(node, constants),
            Identity => node.Inputs.Count == 1,
            ElementwiseOp when node.Op.Name == "Prelu" => node.Inputs[0] == Last && TakeSlopes(node.Inputs[1], 1, constants),
            ElementwiseOp when _residual.IsPresent => TakeActivation(node),
            BiasAdd when _residual.IsPresent => false,
            FusedBatchNorm when _residual.IsPresent => false,
            BiasAdd => node.Inputs[0] == Last && SameLayout(node) && PerChannel(node.Inputs[1], constants, anyVector: true) is { } bias && Shift(bias, 1),
            FusedBatchNorm => node.Inputs[0] == Last && SameLayout(node) && Normalize(node, constants),
            ElementwiseOp => TakeElementwise(node, constants),
            _ => false,
        };
        if (taken)
            Fused.Add(node);
        return taken;
    }

    /// <summary>Joins nodes that are one Prelu together; false when the slopes are not constants per channel.</summary>
    public bool Take(PreluForm form, ConstantValues constants)
    {
        if (_activation is not null || !TakeSlopes(form.Slopes, form.Sign, constants))
            return false;
        Fused.AddRange(form.Nodes);
        return true;
    }

    /// <summary>Joins nodes that are one hard swish together; false where it cannot be computed.</summary>
    public bool Take(HardSwishForm form)
    {
        if (!takesLast || _activation is not null || form.Factor == 0)
            return false;
        _swish = [form.Offset, form.Factor];
        Fused.AddRange(form.Nodes);
        return true;
    }

    /// <summary>A node that computes all of it, with constants of its own.</summary>
    public Node Join(ConstantValues constants)
    {
        var joined = new Node(root.Name, root.Op) { Attributes = root.Attributes.Clone(), Device = root.Device };
        joined.Inputs.Add(root.Inputs[0]);
        Func<Tensor> weights = constants.Find(root.Inputs[1])!;
        float[]? scale = _scale;
        joined.Inputs.Add(scale is null ? root.Inputs[1] : constants.Add($"{root.Name}/scaled", () => Scaled(weights(), scale)));
        List<ReadOnlyMemory<byte>> ops = [];
        if (_bias is not null)
        {
            Tensor bias = Tensor.Wrap(_bias);
            joined.Inputs.Add(constants.Add($"{root.Name}/bias", () => bias));
            ops.Add(Encoding.UTF8.GetBytes("BiasAdd"));
        }

        if (_residual.IsPresent)
        {
            joined.Inputs.Add(_residual);
            ops.Add(Encoding.UTF8.GetBytes("Add"));
        }

        if (_slopes is not null)
        {
            Tensor slopes = Tensor.Wrap(_slopes);
            joined.Inputs.Add(constants.Add($"{root.Name}/slopes", () => slopes));
        }

        if (_activation is not null)
            ops.Add(Encoding.UTF8.GetBytes(_activation));
        if (_lastScale is not null)
        {
            Tensor scales = Tensor.Wrap(_lastScale), shifts = Tensor.Wrap(_lastShift ?? [.. Enumerable.Repeat(-0f, channels)]);
            joined.Inputs.Add(constants.Add($"{root.Name}/last_scale", () => scales));
            joined.Inputs.Add(constants.Add($"{root.Name}/last_shift", () => shifts));
            ops.Add(Encoding.UTF8.GetBytes(FusedEpilogue.Affine));
        }

        if (_swish is not null)
        {
            Tensor swish = Tensor.Wrap(_swish);
            joined.Inputs.Add(constants.Add($"{root.Name}/swish", () => swish));
            ops.Add(Encoding.UTF8.GetBytes(FusedEpilogue.HardSwish));
        }

        if (ops.Count > 0)
            joined.Attributes.Set("fused_ops", new ListAttr { Strings = ops });
        return joined;
    }

    private bool TakeElementwise(Node node, ConstantValues constants)
    {
        if (TakeActivation(node))
            return true;
        if (node.Inputs.Count != 2 || node.Inputs[0] == node.Inputs[1])
            return false;
        bool isFirst = node.Inputs[0] == Last;
        Value other = node.Inputs[isFirst ? 1 : 0];
        if (PerChannel(other, constants, anyVector: false) is not { } values)
            return TakeResidual(node, other);
        return node.Op.Name switch
        {
            "Add" or "AddV2" => Shift(values, 1),
            "Sub" when isFirst => Shift(values, -1),
            "Mul" => takesScale && Scale(values),
            _ => false,
        };
    }

    private bool TakeActivation(Node node)
    {
        if (node.Op.Name is not ("Relu" or "Relu6"))
            return false;
        _activation = node.Op.Name;
        return true;
    }

    /// <summary>A product with constants behind Relu or Relu6, then a sum.</summary>
    private bool TakeLast(Node node, ConstantValues constants)
    {
        if (!takesLast || _slopes is not null || node.Op.Name is not ("Mul" or "Add" or "AddV2") || node.Inputs.Count != 2 || node.Inputs[0] == node.Inputs[1]
            || PerChannel(node.Inputs[node.Inputs[0] == Last ? 1 : 0], constants, anyVector: false) is not { } values)
            return false;
        bool isProduct = node.Op.Name == "Mul";
        if (isProduct ? _lastScale is not null : _lastScale is null || _lastShift is not null)
            return false;
        if (isProduct)
            _lastScale = values;
        else
            _lastShift = values;
        return true;
    }

    private bool TakeSlopes(Value slopes, float sign, ConstantValues constants)
    {
        if (!takesSlopes || PerChannel(slopes, constants, anyVector: false) is not { } values)
            return false;
        _slopes = Array.ConvertAll(values, v => sign * v);
        _activation = "Prelu";
        return true;
    }

    private bool TakeResidual(Node node, Value other)
    {
        if (!takesResidual || node.Op.Name is not ("Add" or "AddV2"))
            return false;
        _residual = other;
        return true;
    }

    private bool Normalize(Node node, ConstantValues constants)
    {
        var attributes = new NodeAttributes(node);
        if (!takesScale || rank < 4 || attributes.Bool("is_training") || node.Inputs.Count != 5)
            return false;
        float[]?[] inputs = [.. node.Inputs.Skip(1).Select(v => PerChannel(v, constants, anyVector: true))];
        if (inputs is not [{ } scale, { } offset, { } mean, { } variance])
            return false;
        float epsilon = attributes.Float("epsilon");
        float[] factors = new float[channels], shifts = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double factor = scale[c] / Math.Sqrt((double)variance[c] + epsilon);
            (factors[c], shifts[c]) = ((float)factor, (float)(offset[c] - (mean[c] * factor)));
        }

        return Scale(factors) && Shift(shifts, 1);
    }

    private bool Shift(float[] values, float sign)
    {
        _bias ??= new float[channels];
        for (int c = 0; c < channels; c++)
            _bias[c] += sign * values[c];
        return true;
    }

    private bool Scale(float[] values)
    {
        _scale ??= [.. Enumerable.Repeat(1f, channels)];
        for (int c = 0; c < channels; c++)
        {
            _scale[c] *= values[c];
            if (_bias is not null)
                _bias[c] *= values[c];
        }

        return true;
    }

    private bool SameLayout(Node node)
    {
        var attributes = new NodeAttributes(node);
        return (attributes.Has("data_format") && attributes.String("data_format") is "NCHW" or "NCDHW") == channelsFirst;
    }

    /// <summary>A constant as one float32 value per channel; null when it is not constant or does not broadcast along the channels alone.</summary>
    private float[]? PerChannel(Value value, ConstantValues constants, bool anyVector)
    {
        if (constants.Find(value) is not { } read || read() is not { DType: DType.Float32 } tensor || tensor.Shape.Rank > rank)
            return null;
        if (tensor.ElementCount == 1 && !anyVector)
            return [.. Enumerable.Repeat(tensor.Span<float>()[0], channels)];
        if (tensor.ElementCount != channels)
            return null;
        int axis = tensor.Shape.Rank - (channelsFirst && !anyVector ? rank - 1 : 1);
        return axis >= 0 && tensor.Shape[axis] == channels ? tensor.Span<float>().ToArray() : null;
    }

    private Tensor Scaled(Tensor weights, float[] scale)
    {
        float[] scaled = weights.Span<float>().ToArray();
        for (int first = 0; first < scaled.Length; first += channels * run)
        {
            Span<float> block = scaled.AsSpan(first, channels * run);
            if (run == 1)
            {
                TensorPrimitives.Multiply(block, scale, block);
                continue;
            }

            for (int c = 0; c < channels; c++)
                TensorPrimitives.Multiply(block.Slice(c * run, run), scale[c], block.Slice(c * run, run));
        }

        return Tensor.Wrap(scaled, weights.Shape);
    }
}
