using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.Images;

/// <summary>
/// <see cref="CombinedNonMaxSuppression"/> as one search for each image and class, and then the largest scores of all classes of an image. Equal
/// scores come in the order of classes, as there. Images and classes must be counted when a model is converted.
/// </summary>
internal static class CombinedSuppressionLowering
{
    private const long MostSearches = 512;

    // Places for the boxes of all classes of an image, whose numbers are constants of the model.
    private const long MostPlaces = 1 << 22;

    // Of places that no box was found for. Scores of boxes are larger.
    private const float NoScore = -3e38f;

    public static LoweringRule Rule { get; } = new("CombinedNonMaxSuppression", Lower);

    private static void Lower(LoweringContext g)
    {
        (Shape boxes, Shape scores) = (g.Shape(0), g.Shape(1));
        if (boxes is not { HasRank: true, Rank: 4 } || scores is not { HasRank: true, Rank: 3 })
            throw g.Refuse($"has boxes {boxes} and scores {scores}, expected [batch,n,1 or classes,4] and [batch,n,classes]");
        (long batch, long classes) = (Math.Max(boxes[0], scores[0]), scores[2]);
        if (batch < 0 || classes < 0 || boxes[2] < 0)
            throw g.Refuse($"has boxes {boxes} and scores {scores}, of which a converted model must know how many images and classes there are: give the shape of the inputs");
        if (g.Known(2) is not [> 0 and <= int.MaxValue and var perClass] || g.Known(3) is not [> 0 and <= int.MaxValue and var total])
            throw g.Refuse("has a max_output_size_per_class or max_total_size that is computed, or not positive");
        if (batch * classes is < 1 or > MostSearches)
            throw g.Refuse($"searches {batch} images for {classes} classes, expected at most {MostSearches} searches");
        if (perClass * classes > MostPlaces)
            throw g.Refuse($"keeps {perClass} boxes of each of {classes} classes, expected at most {MostPlaces} of all");
        long found = Math.Min(total, perClass * classes), rows = g.Attributes.Bool("pad_per_class") ? found : total;
        var images = new List<Value[]>();
        for (long image = 0; image < batch; image++)
            images.Add(Image(g, image, classes, perClass, found, rows));
        g.Set(Stacked(g, images, 0), Stacked(g, images, 1), Stacked(g, images, 2), Stacked(g, images, 3));
    }

    /// <summary>Boxes [1, rows, 4], scores and classes [1, rows] of an image, and how many count [1].</summary>
    private static Value[] Image(LoweringContext g, long image, long classes, long perClass, long found, long rows)
    {
        long boxClasses = g.Shape(0)[2];
        Value all = g.Tf("Reshape", g.Tf("Slice", g.In(0), g.Vector(image, 0, 0, 0), g.Vector(1, -1, -1, -1)), g.Vector(-1, 4));
        Value numbers = g.Const(Tensor.Wrap([.. Enumerable.Range(0, (int)perClass)]));
        List<Value> scores = [], places = [];
        for (long k = 0; k < classes; k++)
        {
            Value boxes = boxClasses == 1 ? all : g.Tf("Reshape", g.Tf("Slice", g.In(0), g.Vector(image, 0, k, 0), g.Vector(1, -1, 1, -1)), g.Vector(-1, 4));
            Value column = g.Tf("Reshape", g.Tf("Slice", g.In(1), g.Vector(image, 0, k), g.Vector(1, -1, 1)), g.Vector(-1));
            Value[] chosen = g.Emit("NON_MAX_SUPPRESSION_V4", [boxes, column, g.Scalar(perClass, DType.Int32), ImageLowering.Overlap(g, g.In(4)), g.In(5)], null, new Fact(DType.Int32, new Shape(perClass)), new Fact(DType.Int32, Shape.Scalar));
            scores.Add(g.Tf("SelectV2", g.Tf("Less", numbers, chosen[1]), g.Tf("GatherV2", column, chosen[0], g.Scalar(0, DType.Int32)), g.Scalar(NoScore, DType.Float32)));
            places.Add(boxClasses == 1 ? chosen[0] : g.Tf("AddV2", g.Tf("Mul", chosen[0], g.Scalar(boxClasses, DType.Int32)), g.Scalar(k, DType.Int32)));
        }

        Value[] best = g.Expand("TopKV2", [Joined(g, scores), g.Scalar(found, DType.Int32)]);
        Value counts = g.Tf("Greater", best[0], g.Scalar(NoScore, DType.Float32));
        Value place = g.Tf("GatherV2", Joined(g, places), best[1], g.Scalar(0, DType.Int32));
        Value box = g.Tf("GatherV2", all, place, g.Scalar(0, DType.Int32)), zero = g.Scalar(0, DType.Float32);
        if (g.Attributes.Bool("clip_boxes"))
            box = g.Tf("Minimum", g.Tf("Maximum", box, zero), g.Scalar(1, DType.Float32));
        Value kind = g.Tf("Cast", new AttributeMap { { "DstT", DType.Float32 } }, g.Tf("FloorDiv", best[1], g.Scalar(perClass, DType.Int32)));
        Value number = g.Tf("Sum", g.Tf("Cast", new AttributeMap { { "DstT", DType.Int32 } }, counts), g.Vector(0));
        return
        [
            Padded(g, g.Tf("SelectV2", g.Tf("ExpandDims", counts, g.Scalar(1, DType.Int32)), box, zero), found, rows, 4),
            Padded(g, g.Tf("SelectV2", counts, best[0], zero), found, rows),
            Padded(g, g.Tf("SelectV2", counts, kind, zero), found, rows),
            g.Tf("Reshape", number, g.Vector(1)),
        ];
    }

    /// <summary>Zeros behind what was found, and a first dimension of one image.</summary>
    private static Value Padded(LoweringContext g, Value found, long count, long rows, params long[] rest)
    {
        if (rows > count)
            found = g.Tf("Pad", found, g.Const(Tensor.Wrap([0, (int)(rows - count), .. rest.SelectMany(_ => (int[])[0, 0])], new Shape(1 + rest.Length, 2))));
        return g.Tf("Reshape", found, g.Vector([1, rows, .. rest]));
    }

    private static Value Joined(LoweringContext g, List<Value> parts) => parts.Count == 1 ? parts[0] : g.Tf("ConcatV2", [.. parts, g.Scalar(0, DType.Int32)]);

    private static Value Stacked(LoweringContext g, List<Value[]> images, int output) => Joined(g, [.. images.Select(i => i[output])]);
}
