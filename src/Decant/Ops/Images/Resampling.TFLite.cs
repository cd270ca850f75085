using Decant.IR;
using Decant.Kernels.Resize;
using Decant.Kernels.Threading;
using Decant.Ops.Lowering;

namespace Decant.Ops.Images;

/// <summary>
/// Resizing for which TensorFlow Lite has no operator. Each row of the result is a weighted sum of rows, and each column of columns, whose weights follow
/// from the sizes: two products with constant matrices.
/// </summary>
internal static class ResamplingLowering
{
    /// <summary>The largest height or width, of images and results: a matrix of 16 MB.</summary>
    private const int MostSide = 2048;

    public static IEnumerable<LoweringRule> All =>
    [
        new("ResizeArea", g => Lower(g, (_, inputs, outputs) => Resized(g, inputs, outputs))),
        new("ResizeBicubic", g => Lower(g, (_, inputs, outputs) => Resized(g, inputs, outputs))),
        new("ScaleAndTranslate", g => Lower(g, (axis, inputs, outputs) => Translated(g, axis, inputs, outputs))),
    ];

    /// <param name="g">The node.</param>
    /// <param name="weights">The matrix [outputs, inputs] of an axis, 0 for the height and 1 for the width, by the numbers of pixels along it.</param>
    private static void Lower(LoweringContext g, Func<int, int, int, float[]> weights)
    {
        Shape images = g.Shape(0);
        if (images is not { HasRank: true, Rank: 4 } || images[1] is < 1 or > MostSide || images[2] is < 1 or > MostSide || images[3] < 1)
            throw g.Refuse($"resizes images of shape {images}, expected a height and width up to {MostSide} and channels, all known");
        if (g.Known(1) is not [>= 1 and <= MostSide and var height, >= 1 and <= MostSide and var width])
            throw g.Refuse($"resizes to a size that is not constant, or above {MostSide}");
        (int rows, int columns, long channels) = ((int)images[1], (int)images[2], images[3]);
        Value x = g.Type(0) == DType.Float32 ? g.In(0) : g.Tf("Cast", new AttributeMap { { "DstT", DType.Float32 } }, g.In(0));
        Value ofRows = g.Const(Tensor.Wrap(weights(0, rows, (int)height), new Shape(height, rows))), ofColumns = g.Const(Tensor.Wrap(weights(1, columns, (int)width), new Shape(width, columns)));
        x = g.Tf("BatchMatMulV2", ofRows, g.Tf("Reshape", x, g.Vector(-1, rows, columns * channels)));
        x = g.Tf("BatchMatMulV2", ofColumns, g.Tf("Reshape", x, g.Vector(-1, columns, channels)));
        g.Set(g.Tf("Reshape", x, g.Vector(images[0], height, width, channels)));
    }

    /// <summary>What the op's own kernel makes of a column of pixels that have the unit vectors for channels.</summary>
    private static float[] Resized(LoweringContext g, int inputs, int outputs)
    {
        float[] unit = new float[inputs * inputs], matrix = new float[outputs * inputs];
        for (int i = 0; i < inputs; i++)
            unit[i * (inputs + 1)] = 1;
        bool isArea = g.Node.Op == "ResizeArea";
        var geometry = new ResizeGeometry(1, inputs, 1, outputs, 1, inputs, g.Attributes.Bool("align_corners"), !isArea && g.Attributes.Bool("half_pixel_centers"));
        if (isArea)
            ResizeArea.Run(unit, matrix, geometry, WorkerPool.Shared);
        else
            ResizeBicubic.Run(unit, matrix, geometry, WorkerPool.Shared);
        return matrix;
    }

    private static float[] Translated(LoweringContext g, int axis, int inputs, int outputs)
    {
        if (g.In(2).Constant is not { DType: DType.Float32, ElementCount: 2 } scales || g.In(3).Constant is not { DType: DType.Float32, ElementCount: 2 } translations || scales.Span<float>()[axis] is not (> 0 and var scale))
            throw g.Refuse("has a scale or translation that is not constant, expected two numbers each and positive scales");
        float[] matrix = new float[outputs * inputs];
        (int Start, float[] Weights)[] spans = ScaleAndTranslate.Spans(SamplingKernel.Read(g.Node), outputs, inputs, scale, translations.Span<float>()[axis], g.Attributes.Bool("antialias"));
        for (int o = 0; o < outputs; o++)
            spans[o].Weights.CopyTo(matrix, (o * inputs) + spans[o].Start);
        return matrix;
    }
}
