using Decant.IR;

namespace Decant.Ops.TFLite;

/// <summary>
/// The custom operators by which MediaPipe's networks look closer at what some landmarks surround: a matrix that takes places of a crop to places of the
/// image, the crop, and the way back of landmarks that are found in it. They are of version 2, which MediaPipe computes on processors.
/// </summary>
/// <remarks>Of a matrix [4,4] the first two rows count, which give x and y of x, y, 0 and 1.</remarks>
internal static class LandmarkCrops
{
    private const int Version = 2, Coordinates = 3;

    private static readonly Shape MatrixShape = new(1, 4, 4);

    public static IEnumerable<Op> All =>
    [
        new TFLiteOp("Landmarks2TransformMatrix", Matrix),
        new TFLiteOp("TransformLandmarks", Move),
        new TFLiteOp("TransformTensorBilinear", Crop),
    ];

    /// <summary>
    /// The box around some landmarks whose sides lie as the line from one landmark to another does, less an angle: its center · rotation · its size by that
    /// of the crop · the middle of the crop to the origin.
    /// </summary>
    private static Kernel Matrix(KernelRequest request)
    {
        CustomOptions options = Options(request);
        int left = options.Int("left_rotation_idx"), right = options.Int("right_rotation_idx");
        int height = Size(request, options, "output_height"), width = Size(request, options, "output_width");
        float target = options.Float("target_rotation_radians"), scaleX = Scale(request, options, "scale_x"), scaleY = Scale(request, options, "scale_y");
        long[] subset = options.Ints("subset_idxs");
        if (subset.Length == 0)
            throw Bad(request, "has no 'subset_idxs', expected landmarks");
        (long first, long last) = (Math.Min(Math.Min(left, right), subset.Min()), Math.Max(Math.Max(left, right), subset.Max()));
        return Kernel.Of(context =>
        {
            Shape shape = context.Shape(0);
            if (context.Input(0).DType != DType.Float32 || shape.Rank != 3 || shape[0] != 1 || shape[2] != Coordinates || first < 0 || last >= shape[1])
                throw context.Fail($"reads the landmarks {first} to {last} of {context.Input(0)}, expected float32[1,n,{Coordinates}]");
            ReadOnlySpan<float> places = context.Input(0).Span<float>();
            float rotation = target - MathF.Atan2(places[(right * Coordinates) + 1] - places[(left * Coordinates) + 1], places[right * Coordinates] - places[left * Coordinates]);
            (float sin, float cos) = (MathF.Sin(rotation), MathF.Cos(rotation));
            (float X, float Y) least = default, most = default;
            for (int i = 0; i < subset.Length; i++)
            {
                (float px, float py) = (places[(int)subset[i] * Coordinates], places[((int)subset[i] * Coordinates) + 1]);
                (float x, float y) = ((cos * px) - (sin * py), (sin * px) + (cos * py));
                if (i == 0)
                    least = most = (x, y);
                least = (x < least.X ? x : least.X, y < least.Y ? y : least.Y);
                most = (x > most.X ? x : most.X, y > most.Y ? y : most.Y);
            }

            (float middleX, float middleY) = ((least.X + most.X) / 2, (least.Y + most.Y) / 2);
            float stepX = scaleX * (most.X - least.X) / width, stepY = scaleY * (most.Y - least.Y) / height;
            Span<float> matrix = context.Output<float>(0, MatrixShape);
            matrix.Clear();
            (matrix[0], matrix[1], matrix[4], matrix[5]) = (cos * stepX, sin * stepY, -sin * stepX, cos * stepY);
            (float halfX, float halfY) = (width / 2f, height / 2f);
            matrix[3] = ((cos * middleX) + (sin * middleY)) - ((matrix[0] * halfX) + (matrix[1] * halfY));
            matrix[7] = ((cos * middleY) - (sin * middleX)) - ((matrix[4] * halfX) + (matrix[5] * halfY));
            matrix[10] = matrix[15] = 1;
        });
    }

    /// <summary>Landmarks [1,n,2] or [1,n,3] in the places to which the matrix takes them; z stays.</summary>
    private static Kernel Move(KernelRequest request)
    {
        CheckVersion(request);
        return Kernel.Of(context =>
        {
            Shape shape = context.Shape(0);
            if (context.Input(0).DType != DType.Float32 || shape.Rank != 3 || shape[0] != 1 || shape[2] is not (2 or Coordinates))
                throw context.Fail($"moves {context.Input(0)}, expected float32[1,n,2] or float32[1,n,{Coordinates}]");
            Row toX = Row.Of(context, 0), toY = Row.Of(context, 1);
            ReadOnlySpan<float> places = context.Input(0).Span<float>();
            Span<float> moved = context.Output<float>(0, shape);
            places.CopyTo(moved);
            for (int i = 0; i < places.Length; i += (int)shape[2])
                (moved[i], moved[i + 1]) = (toX.At(places[i], places[i + 1]), toY.At(places[i], places[i + 1]));
        });
    }

    /// <summary>The crop: the matrix takes the centers of its pixels, which are at halves, into the image, whose pixels around them are mixed. It is zero outside of the image's outermost centers.</summary>
    private static Kernel Crop(KernelRequest request)
    {
        CustomOptions options = Options(request);
        int height = Size(request, options, "output_height"), width = Size(request, options, "output_width");
        return Kernel.Of(context =>
        {
            Shape image = context.Shape(0);
            if (context.Input(0).DType != DType.Float32 || image.Rank != 4 || image[0] != 1)
                throw context.Fail($"cuts out of {context.Input(0)}, expected float32[1,h,w,c]");
            var shape = new Shape(1, height, width, image[3]);
            if (!shape.TryElementCount(out long count) || count > TransposeConvolution.MostElements)
                throw OpErrors.OutOfMemory.At(context.Node.At(), $"makes {shape}");
            Row toX = Row.Of(context, 0).BetweenCenters(), toY = Row.Of(context, 1).BetweenCenters();
            ReadOnlySpan<float> pixels = context.Input(0).Span<float>();
            Span<float> crop = context.Output<float>(0, shape);
            crop.Clear();
            int channels = (int)image[3], rows = (int)image[1], columns = (int)image[2];
            for (int i = 0; i < height * width; i++)
            {
                (int row, int column) = Math.DivRem(i, width);
                (float x, float y) = (toX.At(column, row), toY.At(column, row));

                // False for what is no number, too.
                if (!(x >= 0 && x <= columns - 1 && y >= 0 && y <= rows - 1))
                    continue;
                (int w, int h) = ((int)x, (int)y);
                int upper = ((h * columns) + w) * channels, right = w + 1 < columns ? channels : -1, lower = h + 1 < rows ? columns * channels : -1;
                (float partX, float partY) = (x - w, y - h);
                Span<float> mixed = crop.Slice(i * channels, channels);
                for (int c = 0; c < channels; c++)
                {
                    float above = Mix(pixels[upper + c], right < 0 ? 0 : pixels[upper + right + c], partX);
                    float below = lower < 0 ? 0 : Mix(pixels[upper + lower + c], right < 0 ? 0 : pixels[upper + lower + right + c], partX);
                    mixed[c] = Mix(above, below, partY);
                }
            }
        });
    }

    private static float Mix(float a, float b, float part) => (float)(((1.0 - part) * a) + (part * b));

    private static CustomOptions Options(KernelRequest request)
    {
        CheckVersion(request);
        return new CustomOptions(request);
    }

    private static void CheckVersion(KernelRequest request)
    {
        long version = request.Attributes.Find(TFLiteParts.OpVersion) is IntAttr given ? given.Value : 1;
        if (version != Version)
            throw request.NoKernel($"of version {version}, expected {Version}");
    }

    private static int Size(KernelRequest request, CustomOptions options, string name) => options.Int(name) is >= 1 and <= 1 << 20 and var size ? size : throw Bad(request, $"has {options.Int(name)} as '{name}', expected 1 to {1 << 20}");

    private static float Scale(KernelRequest request, CustomOptions options, string name) => options.Float(name) is > 0 and var scale ? scale : throw Bad(request, $"has {options.Float(name)} as '{name}', expected a positive number");

    private static ModelException Bad(KernelRequest request, string message) => GraphErrors.BadAttribute.At(request.Node.At(TFLiteParts.CustomOptions), message);

    /// <summary>A row of the matrix, which is input 1.</summary>
    private readonly record struct Row(float X, float Y, float Shift)
    {
        public static Row Of(KernelContext context, int row)
        {
            Tensor matrix = context.Input(1);
            if (matrix.DType != DType.Float32 || matrix.ElementCount != MatrixShape[1] * MatrixShape[2])
                throw context.Fail($"has the matrix {matrix}, expected float32{MatrixShape}");
            ReadOnlySpan<float> values = matrix.Span<float>().Slice(row * 4, 4);
            return new Row(values[0], values[1], values[3]);
        }

        public float At(float x, float y) => (X * x) + (Y * y) + Shift;

        /// <summary>The same for numbers of pixels, whose centers are half a pixel on.</summary>
        public Row BetweenCenters() => this with { Shift = (float)(Shift + ((X * 0.5) + (Y * 0.5) - 0.5)) };
    }
}
