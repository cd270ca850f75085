using Decant.IR;

namespace Decant.Ops.NN;

/// <summary>
/// How windows slide: strides, dilations and padding of a convolution or pool, read from its attributes. SAME pads so that
/// output = ceil(input / stride), the smaller half before; VALID not at all; EXPLICIT as <c>explicit_paddings</c> says for the spatial axes. A window that does not fit gives
/// an empty output.
/// </summary>
internal sealed class WindowRule
{
    /// <summary>Sizes, pads and windows up to here cannot overflow the kernels' 32-bit positions.</summary>
    private const long Largest = 1 << 29;

    private readonly Node _node;
    private readonly string _padding;
    private readonly long[] _strides;
    private readonly long[] _dilations;
    private readonly long[] _explicit;

    private WindowRule(Node node, Layout layout, long[] strides, long[] dilations)
    {
        var attributes = new NodeAttributes(node);
        (_node, Layout, _strides, _dilations) = (node, layout, strides, dilations);
        _padding = attributes.String("padding");
        _explicit = [];
        if (_padding is not ("SAME" or "VALID" or "EXPLICIT"))
            throw GraphErrors.BadAttribute.At(node.At("padding"), $"is '{_padding}', expected SAME, VALID or EXPLICIT");
        if (_padding == "EXPLICIT")
        {
            _explicit = [.. attributes.Ints("explicit_paddings")];
            if (_explicit.Length != 2 * layout.Rank || _explicit.Any(p => p is < 0 or > Largest))
                throw GraphErrors.BadAttribute.At(node.At("explicit_paddings"), $"is [{string.Join(',', _explicit)}], expected {2 * layout.Rank} sizes up to {Largest}");
        }

        // Quantized convolutions have absorbed a Pad in this attribute.
        if (attributes.Has("padding_list") && attributes.Ints("padding_list") is { Count: > 0 } pads)
        {
            (_padding, _explicit) = ("EXPLICIT", [.. pads]);
            if (_explicit.Length != 2 * layout.Rank || _explicit.Any(p => p is < 0 or > Largest))
                throw GraphErrors.BadAttribute.At(node.At("padding_list"), $"is [{string.Join(',', _explicit)}], expected {2 * layout.Rank} sizes up to {Largest}");
        }
    }

    public Layout Layout { get; }

    /// <summary>The rule of a convolution: attributes <c>strides</c>, <c>dilations</c> (or <paramref name="rates"/>), <c>padding</c>.</summary>
    public static WindowRule Convolution(Node node, int spatialRank, string rates = "dilations")
    {
        Layout layout = Layout.Read(node, spatialRank);
        if (spatialRank == 1)
            return new WindowRule(node, layout, Single(node, "stride"), Single(node, "dilation"));
        long[] dilations = Spatial(node, layout, rates, [.. new NodeAttributes(node).Has(rates) ? new NodeAttributes(node).Ints(rates) : []]);
        return new WindowRule(node, layout, Spatial(node, layout, "strides", [.. new NodeAttributes(node).Ints("strides")]), dilations);
    }

    /// <summary>The rule of a pool with these strides per axis.</summary>
    public static WindowRule Pool(Node node, Layout layout, ReadOnlySpan<long> strides)
    {
        long[] dilations = new long[layout.SpatialRank];
        Array.Fill(dilations, 1);
        return new WindowRule(node, layout, Spatial(node, layout, "strides", strides), dilations);
    }

    /// <summary>The values of the spatial axes of an attribute with one value per axis, all positive; those of the other axes must be 1.</summary>
    public static long[] Spatial(Node node, Layout layout, string attribute, ReadOnlySpan<long> perAxis)
    {
        long[] spatial = new long[layout.SpatialRank];
        Array.Fill(spatial, 1);
        if (perAxis.IsEmpty && attribute == "dilations")
            return spatial;
        if (perAxis.Length != layout.Rank)
            throw GraphErrors.BadAttribute.At(node.At(attribute), $"has {perAxis.Length} values, expected {layout.Rank}");
        if (perAxis[0] != 1 || perAxis[layout.Channel] != 1)
            throw GraphErrors.BadAttribute.At(node.At(attribute), $"is [{string.Join(',', perAxis.ToArray())}], expected 1 for batch and channels");
        for (int i = 0; i < spatial.Length; i++)
        {
            spatial[i] = perAxis[layout.Spatial(i)];
            if (spatial[i] is < 1 or > Largest)
                throw GraphErrors.BadAttribute.At(node.At(attribute), $"holds {spatial[i]}, expected sizes from 1 to {Largest}");
        }

        return spatial;
    }

    /// <summary>The window along a spatial dimension; sizes that are not known are -1.</summary>
    /// <exception cref="ModelException">A size is too large for the kernels.</exception>
    public Window Along(int dimension, long input, long size)
    {
        (long stride, long dilation) = (_strides[dimension], _dilations[dimension]);
        if (size > Largest || input > Largest)
            throw OpErrors.BadInput.At(_node.At(), $"has a window of {size} over {input} elements, expected at most {Largest}");
        if (input < 0 || size < 0)
            return new Window(input, size, stride, dilation, 0, Shape.UnknownDimension);
        long effective = ((size - 1) * dilation) + 1;
        if (effective > Largest)
            throw OpErrors.BadInput.At(_node.At(), $"has a window that spans {effective} elements, expected at most {Largest}");
        (long before, long after) = _padding switch
        {
            "SAME" => Halves(Math.Max(0, ((((input + stride - 1) / stride) - 1) * stride) + effective - input)),
            "EXPLICIT" => Pads(Layout.Spatial(dimension)),
            _ => (0, 0),
        };
        long output = _padding == "SAME" ? (input + stride - 1) / stride : Math.Max(0, (input + before + after - effective + stride) / stride);
        return new Window(input, size, stride, dilation, before, output);
    }

    /// <summary>The windows along all spatial dimensions of an input shape.</summary>
    public Window[] Along(Shape input, ReadOnlySpan<long> sizes)
    {
        var windows = new Window[Layout.SpatialRank];
        for (int i = 0; i < windows.Length; i++)
            windows[i] = Along(i, input.HasRank ? input[Layout.Spatial(i)] : Shape.UnknownDimension, sizes[i]);
        return windows;
    }

    /// <summary>The one value of TensorFlow.js's <c>Conv1D</c>, 1 where it is missing.</summary>
    private static long[] Single(Node node, string attribute)
    {
        long value = new NodeAttributes(node).Has(attribute) ? new NodeAttributes(node).Int(attribute) : 1;
        return value is >= 1 and <= Largest ? [value] : throw GraphErrors.BadAttribute.At(node.At(attribute), $"is {value}, expected a size from 1 to {Largest}");
    }

    private static (long Before, long After) Halves(long total) => (total / 2, total - (total / 2));

    private (long Before, long After) Pads(int axis) => (_explicit[2 * axis], _explicit[(2 * axis) + 1]);
}
