using Decant.IR;

namespace Decant.Passes.Transforms;

/// <summary>
/// Conv2D(MirrorPad(ResizeBilinear(x, s), p), w) = FusedResizeAndPadConv2D(x, s, p, w), and the same with only one of the two before the
/// convolution: nothing is written out between them.
/// </summary>
internal sealed class FuseConvolutions : NodePass
{
    private readonly (bool Resizes, bool Pads)[] _forms;

    private FuseConvolutions(string name, params (bool Resizes, bool Pads)[] forms)
        : base(name) => _forms = forms;

    /// <summary>The name by which the original's guide calls the three together; the program itself had none of that name.</summary>
    public static PassEntry AllEntry { get; } = new("fuse_convolutions", "Fuses ResizeBilinear and MirrorPad, one or both, into the Conv2D behind them", _ => new FuseConvolutions("fuse_convolutions", (true, true), (true, false), (false, true)));

    public static PassEntry PadEntry { get; } = new("fuse_pad_and_conv", "Fuses a MirrorPad into the Conv2D behind it", _ => new FuseConvolutions("fuse_pad_and_conv", (false, true)));

    public static PassEntry ResizeEntry { get; } = new("fuse_resize_and_conv", "Fuses a ResizeBilinear into the Conv2D behind it", _ => new FuseConvolutions("fuse_resize_and_conv", (true, false)));

    public static PassEntry BothEntry { get; } = new("fuse_resize_pad_and_conv", "Fuses a ResizeBilinear and a MirrorPad into the Conv2D behind them", _ => new FuseConvolutions("fuse_resize_pad_and_conv", (true, true)));

    protected override Patch? Try(Node node, PassContext context)
    {
        if (node.Op != "Conv2D" || node.Inputs.Count != 2 || node.Inputs.Exists(i => !i.IsPresent))
            return null;
        foreach ((bool resizes, bool pads) in _forms)
        {
            if (Fuse(node, resizes, pads, context) is { } patch)
                return patch;
        }

        return null;
    }

    private Patch? Fuse(Node node, bool resizes, bool pads, PassContext context)
    {
        Node? pad = pads ? Before(node, "MirrorPad") : null;
        Node? resize = resizes ? Before(pad ?? node, "ResizeBilinear") : null;
        if (pads != pad is not null || resizes != resize is not null)
            return null;
        Node[] gone = [.. new[] { pad, resize }.OfType<Node>()];
        if (Array.Find(gone, n => !context.HasOneUse(n)) is { } shared)
            return context.Decline(node, $"'{shared.Name}' is read by others too, or is an output");
        if (WeightedNode.DataFormat(node) != "NHWC" || (node.Attributes["dilations"] is ListAttr dilations && dilations.Ints.Any(d => d != 1)) || node.Attributes["padding"] is not StringAttr { Text: "SAME" or "VALID" })
            return context.Decline(node, "has dilations, explicit paddings or channels first, which the fused op does not have");
        if (gone.Any(n => !Equals(n.Attributes["T"], node.Attributes["T"])) || node.Attributes["T"] is not TypeAttr { Value: DType.Float32 or DType.Float64 or DType.Float16 })
            return context.Decline(node, "the types before it are others than its own");
        if (resize?.Attributes["half_pixel_centers"] is BoolAttr { Value: true })
            return context.Decline(node, $"'{resize.Name}' has half_pixel_centers, which the fused op does not have");
        if (pad is not null && ConstantInts.Of(pad.Inputs[1], 8) is not [0, 0, _, _, _, _, 0, 0])
            return context.Decline(node, $"the paddings of '{pad.Name}' are no constant that pads height and width alone");

        var patch = new Patch($"{Name}: {node.Name}");
        var inputs = new List<Value> { (resize ?? pad!).Inputs[0] };
        if (resize is not null)
            inputs.Add(resize.Inputs[1]);
        inputs.Add(pad is null ? patch.AddConst($"{node.Name}_dummy_paddings", Tensor.Wrap(new int[8], new Shape(4, 2))) : Int32(pad.Inputs[1], node, patch));
        inputs.Add(node.Inputs[1]);
        Node fused = patch.Add(node.Name, resize is null ? "FusedPadConv2D" : "FusedResizeAndPadConv2D", [.. inputs], new AttributeMap
        {
            { "T", node.Attributes["T"]! }, { "mode", pad?.Attributes["mode"] ?? "REFLECT" }, { "padding", node.Attributes["padding"]! }, { "strides", node.Attributes["strides"] ?? new ListAttr() },
        });
        if (resize is not null)
            fused.Attributes.Set("resize_align_corners", resize.Attributes["align_corners"] ?? false);
        fused.Device = node.Device;
        fused.ControlInputs.AddRange(gone.Append(node).SelectMany(n => n.ControlInputs.AsSpan().ToArray()).Distinct());
        return patch.Replace(node, fused).Remove(node).Remove(gone);
    }

    private static Node? Before(Node node, string op) => node.Inputs[0] is { IsPresent: true, Port: 0, Node: { Inputs.Count: 2 } before } && before.Op == op && !before.Inputs.Exists(i => !i.IsPresent) ? before : null;

    /// <summary>The paddings as int32, which alone the fused ops take.</summary>
    private static Value Int32(Value paddings, Node node, Patch patch) => paddings.Constant!.DType == DType.Int32 ? paddings
        : patch.AddConst($"{node.Name}_paddings", Tensor.Wrap(Array.ConvertAll(ConstantInts.Of(paddings, 8)!, p => (int)p), new Shape(4, 2)));
}
