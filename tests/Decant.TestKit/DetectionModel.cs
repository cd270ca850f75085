using Decant.IR;
using Decant.Ops.TFLite;
using Decant.Wire.FlatBuffers;

namespace Decant.TestKit;

/// <summary>A model of TensorFlow Lite that is one TFLite_Detection_PostProcess on boxes and scores that are fed.</summary>
/// <param name="IsRegular">Whether each class is suppressed by itself.</param>
/// <param name="PerDetection">How many classes each detection has.</param>
/// <param name="Classes">How many there are.</param>
/// <param name="Background">How many columns of scores precede them.</param>
/// <param name="Boxes">How many boxes there are.</param>
/// <param name="Most">How many are kept.</param>
public sealed record DetectionModel(bool IsRegular, int PerDetection, int Classes, int Background, int Boxes, int Most)
{
    /// <summary>Of all kinds; scores of few values, so that many are the same, and boxes that overlap by exactly the limit.</summary>
    public static IReadOnlyList<DetectionModel> All { get; } =
    [
        new(false, 1, 5, 1, 40, 10), new(false, 1, 1, 0, 12, 20), new(false, 3, 5, 1, 40, 10), new(false, 4, 2, 0, 6, 9),
        new(true, 1, 5, 1, 40, 10), new(true, 2, 3, 0, 40, 10), new(true, 1, 1, 0, 4, 6), new(true, 1, 90, 1, 30, 25),
    ];

    /// <summary>The model; one box covers half of another exactly, which is the limit. Files of detectors declare no shapes of outputs.</summary>
    public Model Make(bool declares = true)
    {
        var random = new Random(7 + Boxes);
        float[] anchors = [.. Enumerable.Range(0, Boxes).SelectMany(_ => (float[])[random.NextSingle(), random.NextSingle(), 0.5f, 0.5f])];
        float[] pair = [0.5f, 0.5f, 1, 1, 0.5f, 0.25f, 1, 0.5f];
        pair.CopyTo(anchors, 0);
        var options = new Dictionary<string, object>
        {
            ["max_detections"] = (long)Most,
            ["max_classes_per_detection"] = (long)PerDetection,
            ["num_classes"] = (long)Classes,
            ["detections_per_class"] = 7L,
            ["use_regular_nms"] = IsRegular,
            ["nms_iou_threshold"] = 0.5f,
            ["nms_score_threshold"] = 0.25f,
            ["y_scale"] = 10f,
            ["x_scale"] = 10f,
            ["h_scale"] = 5f,
            ["w_scale"] = 5f,
        };
        var main = new Function("main");
        Node boxes = Argument(main, "boxes", new Shape(1, Boxes, 4)), scores = Argument(main, "scores", new Shape(1, Boxes, Classes + Background));
        Node constant = main.Add("anchors", new OpName(Dialect.TensorFlow, "Const"), [], new AttributeMap { { "dtype", DType.Float32 }, { "value", Tensor.Wrap(anchors, new Shape(Boxes, 4)) } });
        constant.Tensors = [new TensorSpec("anchors", DType.Float32, new Shape(Boxes, 4))];
        Node chosen = main.Add("chosen", new OpName(Dialect.TFLite, "TFLite_Detection_PostProcess"), [boxes, scores, constant], new AttributeMap { { TFLiteParts.CustomOptions, new StringAttr(FlexWriter.Write(options)) } });
        int all = Most * PerDetection;
        chosen.Tensors = [new TensorSpec("of", DType.Float32, new Shape(1, all, 4)), new TensorSpec("class", DType.Float32, new Shape(1, all)), new TensorSpec("score", DType.Float32, new Shape(1, all)), new TensorSpec("count", DType.Float32, new Shape(1))];
        if (!declares)
            chosen.Tensors = [.. chosen.Tensors.Select(t => t with { Shape = Shape.Scalar })];
        for (int port = 0; port < chosen.Tensors.Count; port++)
            main.Results.Add((new FunctionArg(chosen.Tensors[port].Name, DType.Float32), new Value(chosen, port)));
        return new Model { Graph = main, TFLite = new TFLiteParts() };
    }

    /// <summary>Seeded inputs.</summary>
    public Dictionary<string, Tensor> Inputs()
    {
        var random = new Random(11 + Classes);
        float[] boxes = [.. Enumerable.Range(0, Boxes * 4).Select(i => i < 8 ? 0 : (random.NextSingle() * 4) - 2)];
        float[] scores = [.. Enumerable.Range(0, Boxes * (Classes + Background)).Select(_ => random.Next(9) / 8f)];
        return new() { ["boxes"] = Tensor.Wrap(boxes, new Shape(1, Boxes, 4)), ["scores"] = Tensor.Wrap(scores, new Shape(1, Boxes, Classes + Background)) };
    }

    private static Node Argument(Function main, string name, Shape shape)
    {
        Node node = main.AddArg(new FunctionArg(name, DType.Float32));
        node.Tensors = [new TensorSpec(name, DType.Float32, shape)];
        return node;
    }
}
