using Decant.IR;
using Decant.Ops.Images;
using Decant.Ops.TFLite;

namespace Decant.Lowering.Raising;

/// <summary>Operators that choose among boxes.</summary>
internal static class DetectionRules
{
    /// <summary>Each class of the regular suppression has nodes of its own.</summary>
    private const int MostClasses = 1000;

    /// <summary>Less than all scores.</summary>
    private const float NoScore = float.MinValue;

    public static IEnumerable<(string Name, RaisingRule Rule)> All =>
    [
        ("NON_MAX_SUPPRESSION_V4", Suppression),
        ("NON_MAX_SUPPRESSION_V5", SoftSuppression),
        ("TFLite_Detection_PostProcess", PostProcess),
    ];

    private static Value[] Suppression(RaisingContext c)
    {
        (int most, int found) = Counts(c);
        (Value boxes, Value count) = Suppress(c, c.In(0), c.In(1), found, Overlap(c), c.In(4));
        return [Padded(c, boxes, found, most), count];
    }

    /// <summary>With scores that fall by the overlap. TensorFlow.js gives no number of boxes, and no more rows than there are boxes.</summary>
    private static Value[] SoftSuppression(RaisingContext c)
    {
        (int most, _) = Counts(c);
        var attributes = new AttributeMap { { "pad_to_max_output_size", false } };
        if (c.In(5).Constant is not { DType: DType.Float32, ElementCount: 1 } sigma || sigma.Span<float>()[0] != 0)
        {
            // TensorFlow's op drops none when scores fall, whatever their overlap.
            if (!c.IsForTFJS)
                throw c.Refuse("makes scores fall and drops boxes that overlap, of which TensorFlow's op does one alone");
            attributes.Set(NonMaxSuppression.DropsOverlaps, true);
        }

        Value[] chosen = RaisingTable.Ports(c.Op("NonMaxSuppressionV5", [c.In(0), c.In(1), c.Int(most), Overlap(c), c.In(4), c.In(5)], attributes));
        Value First(Value of, Value zeros) => c.Op("Slice", [c.Op("ConcatV2", [of, zeros, c.Int(0)]), c.Ints(0), c.Ints(most)]);
        return [First(chosen[0], c.Ints(new int[most])), First(chosen[1], c.Op("Fill", c.Ints(most), c.Like(c.In(1), 0))), c.Op("Size", chosen[0])];
    }

    /// <summary>How many boxes are asked for, and how many there are of these at most.</summary>
    private static (int Most, int Found) Counts(RaisingContext c)
    {
        if (c.In(2).Constant is not { DType: DType.Int32, ElementCount: 1 } constant || constant.Span<int>()[0] < 0 || c.Shape(1) is not { HasRank: true, Rank: 1 } scores || scores[0] < 0)
            throw c.Refuse("has a number of boxes that is not constant");
        int most = constant.Span<int>()[0];
        return (most, (int)Math.Min(most, scores[0]));
    }

    /// <summary>The operators drop a box whose overlap is the limit, TensorFlow's ops only those with more.</summary>
    private static Value Overlap(RaisingContext c)
    {
        if (c.In(3).Constant is not { DType: DType.Float32, ElementCount: 1 } limit)
            return c.In(3);
        return limit.Span<float>()[0] is > 0 and <= 1 and var value ? c.Like(c.In(3), MathF.BitDecrement(value)) : throw c.Refuse($"drops overlaps from {limit.Span<float>()[0]} on, expected more than 0 and up to 1");
    }

    /// <summary>Boxes that are encoded relative to anchors, the best of them, and zeros behind these.</summary>
    private static Value[] PostProcess(RaisingContext c)
    {
        var options = new CustomOptions(c.Node);
        int most = options.Int("max_detections"), perDetection = options.Int("max_classes_per_detection"), classes = options.Int("num_classes");
        float overlap = options.Float("nms_iou_threshold"), least = options.Float("nms_score_threshold");
        if (c.Shape(0) is not { IsFullyKnown: true, Rank: 3 } encodings || c.Shape(1) is not { IsFullyKnown: true, Rank: 3 } scores || encodings[0] != 1 || scores[0] != 1 || encodings[1] < 1 || encodings[2] < 4
            || scores[1] != encodings[1] || scores[2] - classes is not (0 or 1) || encodings.ElementCount > int.MaxValue || scores.ElementCount > int.MaxValue)
            throw c.Refuse($"has boxes {c.Shape(0)} and scores {c.Shape(1)}, expected [1,n,4] and [1,n,{classes}] or one more, all of them known");
        if (most < 1 || perDetection < 1 || classes is < 1 or > MostClasses || (long)most * perDetection > int.MaxValue / 4 || overlap is not (> 0 and <= 1))
            throw c.Refuse($"keeps {most} detections of {perDetection} of {classes} classes with overlaps up to {overlap}, expected positive numbers, up to {MostClasses} classes and an overlap in (0, 1]");
        // TensorFlow's suppression keeps scores above its limit, this operator also those that are the limit.
        var limits = new Limits(most, perDetection, c.Like(c.In(0), overlap), c.Like(c.In(0), MathF.BitDecrement(least)));
        Value corners = Corners(c, options, (int)encodings[1], (int)encodings[2]);
        Value best = c.Op("Reshape", c.In(1), c.Ints((int)scores[1], (int)scores[2]));
        if (scores[2] > classes)
            best = c.Op("Slice", [best, c.Ints(0, 1), c.Ints((int)scores[1], classes)]);
        return options.Bool("use_regular_nms") ? Regular(c, limits, corners, best, (int)encodings[1], classes, Math.Min(options.Int("detections_per_class", 100), most))
            : Fast(c, limits, corners, best, (int)encodings[1], classes);
    }

    /// <summary>From center and size, relative to the anchor's, to corners [n, 4]: top, left, bottom, right.</summary>
    private static Value Corners(RaisingContext c, CustomOptions options, int boxes, int stride)
    {
        Value encoded = c.Op("Reshape", c.In(0), c.Ints(boxes, stride)), anchors = c.Op("Reshape", c.In(2), c.Ints(boxes, 4));
        Value Half(Value of, int start) => c.Op("Slice", [of, c.Ints(0, start), c.Ints(boxes, 2)]);
        Value Scaled(int start, string first, string second) => c.Op("RealDiv", Half(encoded, start), c.Op("Pack", [c.Like(encoded, options.Float(first)), c.Like(encoded, options.Float(second))], new AttributeMap { { "axis", 0 } }));
        Value center = c.Op("AddV2", c.Op("Mul", Scaled(0, "y_scale", "x_scale"), Half(anchors, 2)), Half(anchors, 0));
        Value half = c.Op("Mul", c.Op("Mul", c.Op("Exp", Scaled(2, "h_scale", "w_scale")), c.Like(encoded, 0.5f)), Half(anchors, 2));
        return c.Op("ConcatV2", [c.Op("Sub", center, half), c.Op("AddV2", center, half), c.Int(1)]);
    }

    /// <summary>Suppression by each box's best class.</summary>
    private static Value[] Fast(RaisingContext c, Limits limits, Value corners, Value scores, int boxes, int classes)
    {
        int kept = Math.Min(limits.Most, boxes), perBox = Math.Min(limits.PerDetection, classes);
        Value highest = c.Op("Max", scores, c.Ints(1));
        Value[] top = perBox > 1 ? RaisingTable.Ports(c.Op("TopKV2", [scores, c.Int(perBox)], new AttributeMap { { "sorted", true } }))
            : [c.Op("Reshape", highest, c.Ints(boxes, 1)), c.Op("Reshape", c.Op("ArgMax", scores, c.Int(1), new AttributeMap { { "output_type", DType.Int32 } }), c.Ints(boxes, 1))];
        (Value places, Value count) = Suppress(c, corners, highest, kept, limits.Overlap, limits.Score);
        Value isKept = c.Op("Reshape", c.Op("Less", c.Ints([.. Enumerable.Range(0, kept)]), count), c.Ints(kept, 1));
        Value Rows(Value of, int width) => Padded(c, c.Op("SelectV2", [isKept, c.Op("GatherV2", [of, places, c.Int(0)]), c.Like(of, 0)]), kept, limits.Most, width, limits.PerDetection * width / perBox);
        // Each box is there once for each of its classes.
        Value repeated = c.Op("Tile", corners, c.Ints(1, perBox));
        return Shaped(c, limits, Rows(repeated, perBox * 4), Rows(c.Op("Cast", top[1], new AttributeMap { { "DstT", DType.Float32 } }), perBox), Rows(top[0], perBox), count);
    }

    /// <summary>Suppression for each class by itself; the best of all classes are kept.</summary>
    private static Value[] Regular(RaisingContext c, Limits limits, Value corners, Value scores, int boxes, int classes, int perClass)
    {
        if (perClass < 1)
            throw c.Refuse($"keeps {perClass} detections of a class, expected a positive number");
        int each = Math.Min(perClass, boxes), kept = Math.Min(limits.Most, classes * each), all = limits.Most * limits.PerDetection;
        Value numbers = c.Ints([.. Enumerable.Range(0, each)]), none = c.Like(scores, NoScore);
        Value[] columns = RaisingTable.Ports(c.Op("Unpack", scores, new AttributeMap { { "num", classes }, { "axis", 1 } }));
        var found = columns.Select(own =>
        {
            (Value places, Value count) = Suppress(c, corners, own, each, limits.Overlap, limits.Score);
            return (Places: places, Scores: c.Op("SelectV2", [c.Op("Less", numbers, count), c.Op("GatherV2", [own, places, c.Int(0)]), none]));
        }).ToList();
        Value Joined(IEnumerable<Value> parts) => classes == 1 ? parts.Single() : c.Op("ConcatV2", [.. parts, c.Int(0)]);
        Value[] best = RaisingTable.Ports(c.Op("TopKV2", [Joined(found.Select(f => f.Scores)), c.Int(kept)], new AttributeMap { { "sorted", true } }));
        Value isKept = c.Op("Greater", best[0], none);
        Value boxesOf = c.Op("GatherV2", [corners, c.Op("GatherV2", [Joined(found.Select(f => f.Places)), best[1], c.Int(0)]), c.Int(0)]);
        Value classesOf = c.Op("Cast", c.Op("FloorDiv", best[1], c.Int(each)), new AttributeMap { { "DstT", DType.Float32 } });
        Value count = c.Op("Sum", c.Op("Cast", isKept, new AttributeMap { { "DstT", DType.Int32 } }), c.Ints(0));
        Value Masked(Value of) => Padded(c, c.Op("SelectV2", [isKept, of, c.Like(of, 0)]), kept, all);
        Value rows = Padded(c, c.Op("SelectV2", [c.Op("Reshape", isKept, c.Ints(kept, 1)), boxesOf, c.Like(boxesOf, 0)]), kept, all, 4, 4);
        return Shaped(c, limits, rows, Masked(classesOf), Masked(best[0]), count);
    }

    private static Value[] Shaped(RaisingContext c, Limits limits, Value boxes, Value classes, Value scores, Value count)
    {
        int all = limits.Most * limits.PerDetection;
        return
        [
            c.Op("Reshape", boxes, c.Ints(1, all, 4)), c.Op("Reshape", classes, c.Ints(1, all)), c.Op("Reshape", scores, c.Ints(1, all)),
            c.Op("Reshape", c.Op("Cast", count, new AttributeMap { { "DstT", DType.Float32 } }), c.Ints(1)),
        ];
    }

    /// <summary>The numbers of the boxes that stay, with zeros behind them, and how many these are. TensorFlow.js pads no further than there are boxes.</summary>
    private static (Value Places, Value Count) Suppress(RaisingContext c, Value boxes, Value scores, int most, Value overlap, Value score)
    {
        Value[] found = RaisingTable.Ports(c.Op("NonMaxSuppressionV4", [boxes, scores, c.Int(most), overlap, score], new AttributeMap { { "pad_to_max_output_size", true } }));
        return (found[0], found[1]);
    }

    private static Value Padded(RaisingContext c, Value rows, int from, int to) => from >= to ? rows : c.Op("Pad", rows, c.Op("Reshape", c.Ints(0, to - from), c.Ints(1, 2)));

    private static Value Padded(RaisingContext c, Value rows, int from, int to, int width, int wide) =>
        from >= to && width >= wide ? rows : c.Op("Pad", rows, c.Op("Reshape", c.Ints(0, to - from, 0, wide - width), c.Ints(2, 2)));

    /// <summary>What is kept: how many detections, of how many classes each, with which overlaps and scores.</summary>
    private sealed record Limits(int Most, int PerDetection, Value Overlap, Value Score);
}
