using System.Numerics.Tensors;

namespace Decant.Ops.TFLite;

/// <summary>
/// The custom operator TFLite_Detection_PostProcess: boxes that are encoded relative to anchors and the scores of classes become the
/// best detections: boxes, classes, scores and their number.
/// </summary>
internal sealed class DetectionPostProcess : Kernel
{
    private const int DefaultPerClass = 100;

    private readonly int _most;
    private readonly int _classesPerDetection;
    private readonly int _perClass;
    private readonly bool _isRegular;
    private readonly float _leastScore;
    private readonly float _mostOverlap;
    private readonly int _classes;
    private readonly float[] _scales;
    private readonly QuantParams[] _quantization;

    private DetectionPostProcess(KernelRequest request)
    {
        var options = new CustomOptions(request);
        (_most, _classesPerDetection, _classes) = (options.Int("max_detections"), options.Int("max_classes_per_detection"), options.Int("num_classes"));
        (_perClass, _isRegular) = (options.Int("detections_per_class", DefaultPerClass), options.Bool("use_regular_nms"));
        (_leastScore, _mostOverlap) = (options.Float("nms_score_threshold"), options.Float("nms_iou_threshold"));
        _scales = [options.Float("y_scale"), options.Float("x_scale"), options.Float("h_scale"), options.Float("w_scale")];
        if (_most < 0 || _classesPerDetection < 1 || _classes < 1 || (long)_most * _classesPerDetection > int.MaxValue / 4 || _mostOverlap is not (> 0 and <= 1) || request.InputCount != 3)
            throw request.Fail($"keeps {_most} detections of {_classesPerDetection} of {_classes} classes with overlaps up to {_mostOverlap}, expected positive numbers and an overlap in (0, 1]");
        _quantization = [request.InputQuant(0), request.InputQuant(1), request.InputQuant(2)];
    }

    public static Kernel Prepare(KernelRequest request) => new DetectionPostProcess(request);

    public override void Run(KernelContext context)
    {
        Shape encodings = context.Shape(0), predictions = context.Shape(1);
        if (encodings.Rank != 3 || predictions.Rank != 3 || encodings[0] != 1 || predictions[0] != 1 || encodings[2] < 4 || predictions[1] != encodings[1]
            || predictions[2] - _classes is not (0 or 1) || context.Input(2).ElementCount != 4 * encodings[1])
            throw context.Fail($"has the boxes {context.Input(0)}, the scores {context.Input(1)} and the anchors {context.Input(2)}, expected [1, n, 4], [1, n, {_classes} or one more] and [n, 4]");
        int boxes = (int)encodings[1], columns = (int)predictions[2];
        Shapes shapes = context.Derived(this, static (kernel, c) => new Shapes(kernel._most * kernel._classesPerDetection, (int)c.Shape(0)[1]));
        Span<float> outBoxes = context.Output<float>(0, shapes.Boxes), outClasses = context.Output<float>(1, shapes.Detections);
        Span<float> outScores = context.Output<float>(2, shapes.Detections), outCount = context.Output<float>(3, shapes.Single);
        outBoxes.Clear();
        outClasses.Clear();
        outScores.Clear();
        if (!_isRegular && _classesPerDetection == 1 && (context.Input(1).DType == DType.Float32 || (context.Input(1).DType == DType.UInt8 && _quantization[1].Scale > 0)))
        {
            outCount[0] = Single(context, shapes.Candidates, columns, outBoxes, outClasses, outScores);
            return;
        }

        float[] corners = Corners(Real(context, 0), Real(context, 2), boxes, (int)encodings[2]);
        IEnumerable<(int Box, int Class, float Score, int Place)> found = _isRegular ? Regular(context, corners, Real(context, 1), boxes, columns) : Fast(context, corners, Real(context, 1), boxes, columns);
        int count = 0;
        foreach ((int box, int type, float score, int place) in found)
        {
            corners.AsSpan(box * 4, 4).CopyTo(outBoxes[(place * 4)..]);
            (outClasses[place], outScores[place]) = (type, score);
            count = Math.Max(count, _isRegular ? place + 1 : (place / _classesPerDetection) + 1);
        }

        outCount[0] = count;
    }

    private float[] Real(KernelContext context, int input)
    {
        Tensor tensor = context.Input(input);
        (float scale, int zero) = _quantization[input];
        return tensor.DType switch
        {
            DType.Float32 => tensor.Span<float>().ToArray(),
            DType.UInt8 => Array.ConvertAll(tensor.Span<byte>().ToArray(), v => (v - zero) * scale),
            _ => throw context.Fail($"has {tensor} as input {input}, expected float32 or uint8"),
        };
    }

    private float Real(KernelContext context, Tensor tensor, int input, int at) => tensor.DType switch
    {
        DType.Float32 => tensor.Span<float>()[at],
        DType.UInt8 => (tensor.Span<byte>()[at] - _quantization[input].ZeroPoint) * _quantization[input].Scale,
        _ => throw context.Fail($"has {tensor} as input {input}, expected float32 or uint8"),
    };

    private float[] Corners(float[] encoded, float[] anchors, int boxes, int stride)
    {
        float[] corners = new float[boxes * 4];
        for (int i = 0; i < boxes; i++)
            Corners(encoded.AsSpan(i * stride, 4), anchors.AsSpan(i * 4, 4), corners.AsSpan(i * 4, 4));
        return corners;
    }

    /// <summary>From center and size, relative to the anchor's, to corners.</summary>
    private void Corners(ReadOnlySpan<float> encoded, ReadOnlySpan<float> anchor, Span<float> corners)
    {
        (double ay, double ax, double ah, double aw) = (anchor[0], anchor[1], anchor[2], anchor[3]);
        float y = (float)(((double)encoded[0] / _scales[0] * ah) + ay), x = (float)(((double)encoded[1] / _scales[1] * aw) + ax);
        float h = (float)(0.5 * Math.Exp((double)encoded[2] / _scales[2]) * ah), w = (float)(0.5 * Math.Exp((double)encoded[3] / _scales[3]) * aw);
        (corners[0], corners[1], corners[2], corners[3]) = (y - h, x - w, y + h, x + w);
    }

    /// <summary>Suppression by each box's best class.</summary>
    private IEnumerable<(int Box, int Class, float Score, int Place)> Fast(KernelContext context, float[] corners, float[] scores, int boxes, int columns)
    {
        int background = columns - _classes, perBox = Math.Min(_classesPerDetection, _classes);
        int[][] best = new int[boxes][];
        float[] highest = new float[boxes];
        for (int b = 0; b < boxes; b++)
        {
            int first = (b * columns) + background;
            best[b] = [.. Enumerable.Range(0, _classes).OrderByDescending(c => scores[first + c]).Take(perBox)];
            highest[b] = scores[first + best[b][0]];
        }

        int place = 0;
        foreach (int box in Select(context, corners, highest, _most))
        {
            for (int c = 0; c < perBox; c++)
                yield return (box, best[box][c], scores[(box * columns) + background + best[box][c]], (_classesPerDetection * place) + c);
            place++;
        }
    }

    /// <summary>As <see cref="Fast"/> with one class for each box; gives how many are kept.</summary>
    private int Single(KernelContext context, Shape candidates, int columns, Span<float> outBoxes, Span<float> outClasses, Span<float> outScores)
    {
        (Tensor encodings, Tensor scores, Tensor anchors) = (context.Input(0), context.Input(1), context.Input(2));
        int background = columns - _classes, stride = (int)encodings.Shape[2];
        Span<int> best = context.Writable<int>(context.Scratch(DType.Int32, candidates)), order = context.Writable<int>(context.Scratch(DType.Int32, candidates));
        if (scores.DType == DType.UInt8)
            Order(scores.Span<byte>(), columns, best, order);
        else
            order = order[..Order(scores.Span<float>(), columns, best, order, context.Writable<long>(context.Scratch(DType.Int64, candidates)))];
        int kept = 0;
        Span<float> encoded = stackalloc float[4], anchor = stackalloc float[4], corners = stackalloc float[4];
        foreach (int box in order)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            float score = Real(context, scores, 1, (box * columns) + background + best[box]);
            if (kept >= _most || !(score >= _leastScore))
                break;
            for (int i = 0; i < 4; i++)
                (encoded[i], anchor[i]) = (Real(context, encodings, 0, (box * stride) + i), Real(context, anchors, 2, (box * 4) + i));
            Corners(encoded, anchor, corners);
            int other = 0;
            while (other < kept && Images.BoxOverlap.Of(outBoxes.Slice(other * 4, 4), corners) <= _mostOverlap)
                other++;
            if (other < kept)
                continue;
            corners.CopyTo(outBoxes[(kept * 4)..]);
            (outClasses[kept], outScores[kept]) = (best[box], score);
            kept++;
        }

        return kept;
    }

    /// <summary>The best class of each box, and the boxes by their scores, those of the same score by their numbers. Bytes are in the order of the scores.</summary>
    private void Order(ReadOnlySpan<byte> scores, int columns, Span<int> best, Span<int> order)
    {
        int background = columns - _classes;
        Span<int> places = stackalloc int[257];
        places.Clear();
        for (int b = 0; b < best.Length; b++)
        {
            ReadOnlySpan<byte> row = scores.Slice((b * columns) + background, _classes);
            byte highest = TensorPrimitives.Max(row);
            best[b] = row.IndexOf(highest);
            places[256 - highest]++;
        }

        for (int i = 1; i < places.Length; i++)
            places[i] += places[i - 1];
        for (int b = 0; b < best.Length; b++)
            order[places[255 - scores[(b * columns) + background + best[b]]]++] = b;
    }

    /// <summary>The same of floats; gives how many boxes reach the least score, and orders those alone. NaN is less than any number.</summary>
    private int Order(ReadOnlySpan<float> scores, int columns, Span<int> best, Span<int> order, Span<long> keys)
    {
        int background = columns - _classes, count = 0;
        for (int b = 0; b < best.Length; b++)
        {
            ReadOnlySpan<float> row = scores.Slice((b * columns) + background, _classes);
            float highest = TensorPrimitives.MaxNumber(row);
            best[b] = Math.Max(0, row.IndexOf(highest));
            if (!(highest >= _leastScore))
                continue;

            // Floats of one sign are ordered as their bits are, so that the higher half of the key falls with the score (-0 counts as 0).
            int bits = BitConverter.SingleToInt32Bits(highest + 0f);
            keys[count++] = ((long)(bits >= 0 ? ~bits : bits & int.MaxValue) << 32) | (uint)b;
        }

        keys[..count].Sort();
        for (int i = 0; i < count; i++)
            order[i] = (int)keys[i];
        return count;
    }

    /// <summary>Suppression for each class by itself; the best of all classes are kept.</summary>
    private List<(int Box, int Class, float Score, int Place)> Regular(KernelContext context, float[] corners, float[] scores, int boxes, int columns)
    {
        int background = columns - _classes, perClass = Math.Min(_perClass, _most);
        List<(int Box, int Class, float Score)> kept = [];
        float[] own = new float[boxes];
        for (int c = 0; c < _classes; c++)
        {
            for (int b = 0; b < boxes; b++)
                own[b] = scores[(b * columns) + c + background];
            int type = c;
            kept = [.. kept.Concat(Select(context, corners, own, perClass).Select(b => (b, type, own[b]))).OrderByDescending(k => k.Item3).Take(_most)];
        }

        return [.. kept.Select((k, place) => (k.Box, k.Class, k.Score, place))];
    }

    /// <summary>The boxes with the highest scores, none of which overlaps a better one too much.</summary>
    private List<int> Select(KernelContext context, float[] corners, float[] scores, int most)
    {
        int[] candidates = [.. Enumerable.Range(0, scores.Length).Where(b => scores[b] >= _leastScore).OrderByDescending(b => scores[b])];
        List<int> selected = [];
        foreach (int box in candidates)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (selected.Count >= most)
                break;
            if (!selected.Exists(s => Images.BoxOverlap.Of(corners.AsSpan(s * 4, 4), corners.AsSpan(box * 4, 4)) > _mostOverlap))
                selected.Add(box);
        }

        return selected;
    }

    private sealed class Shapes(int detections, int candidates)
    {
        public Shape Boxes { get; } = new(1, detections, 4);

        public Shape Detections { get; } = new(1, detections);

        public Shape Single { get; } = new(1);

        public Shape Candidates { get; } = new(candidates);
    }
}
