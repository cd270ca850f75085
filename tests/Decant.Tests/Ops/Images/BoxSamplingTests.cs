using Decant.IR;

namespace Decant.Tests.Ops.Images;

public sealed class BoxSamplingTests
{
    private static readonly Tensor Size = Tensor.Wrap([40, 60, 3]);
    private static readonly Tensor Box = Tensor.Wrap([0.25f, 0.25f, 0.75f, 0.75f], new Shape(1, 1, 4));

    [Fact]
    public void A_crop_is_inside_of_the_image_and_covers_enough_of_the_box()
    {
        for (long seed = 1; seed < 50; seed++)
        {
            var attributes = new AttributeMap { { "seed", seed }, { "seed2", 3L }, { "aspect_ratio_range", new ListAttr { Floats = [0.5f, 2] } }, { "area_range", new ListAttr { Floats = [0.1f, 0.9f] } } };
            Tensor[] y = OneNode.Run("SampleDistortedBoundingBoxV2", attributes, [Size, Box, Tensor.Scalar(0.5f)], 3);
            (double[] begin, double[] size, double[] box) = (OneNode.Numbers(y[0]), OneNode.Numbers(y[1]), OneNode.Numbers(y[2]));
            Assert.Equal([0, -1], [begin[2], size[2]]);
            Assert.True(begin[0] >= 0 && begin[1] >= 0 && begin[0] + size[0] <= 40 && begin[1] + size[1] <= 60);
            Assert.InRange(size[0] * size[1] / 2400, 0.1, 0.9);
            Assert.InRange(size[1] / size[0], 0.45, 2.2);
            double covered = Overlap(begin[0], size[0], 10, 20) * Overlap(begin[1], size[1], 15, 30) / 600;
            Assert.True(covered >= 0.5, $"seed {seed} covers {covered}");
            Assert.Equal([begin[0] / 40, begin[1] / 60, (begin[0] + size[0]) / 40, (begin[1] + size[1]) / 60], box, (a, b) => Math.Abs(a - b) < 1e-6);
        }

        static double Overlap(double a, double length, double b, double other) => Math.Max(0, Math.Min(a + length, b + other) - Math.Max(a, b));
    }

    [Fact]
    public void Equal_seeds_give_equal_crops_and_no_crop_is_the_whole_image()
    {
        Tensor[] inputs = [Size, Box, Tensor.Scalar(0.1f), Tensor.Wrap([4, 5])];
        double[] first = OneNode.Numbers(OneNode.Run("StatelessSampleDistortedBoundingBox", [], inputs, 3)[2]);
        Assert.Equal(first, OneNode.Numbers(OneNode.Run("StatelessSampleDistortedBoundingBox", [], inputs, 3)[2]));

        Tensor[] none = OneNode.Run("SampleDistortedBoundingBox", new AttributeMap { { "seed", 1L }, { "min_object_covered", 2f } }, [Size, Box], 3);
        Assert.Equal([0d, 0, 0], OneNode.Numbers(none[0]));
        Assert.Equal([40d, 60, -1], OneNode.Numbers(none[1]));
    }

    [Fact]
    public void Boxes_outside_of_the_image_and_missing_boxes_are_located_errors()
    {
        Tensor wide = Tensor.Wrap([0f, 0, 1, 1.5f], new Shape(1, 1, 4)), empty = Tensor.Wrap(Array.Empty<float>(), new Shape(1, 0, 4));
        Assert.Contains("has a box with the coordinate 1.5", OneNode.Fault("SampleDistortedBoundingBox", [], Size, wide), StringComparison.Ordinal);
        Assert.Contains("has no bounding boxes", OneNode.Fault("SampleDistortedBoundingBox", [], Size, empty), StringComparison.Ordinal);
        var attributes = new AttributeMap { { "area_range", new ListAttr { Floats = [0, 1] } } };
        Assert.Contains("expected two numbers above 0 and up to 1", OneNode.Fault("SampleDistortedBoundingBox", attributes, Size, Box), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_contrast_op_clips_and_gives_float32()
    {
        Tensor y = OneNode.Single("AdjustContrast", [], Tensor.Wrap([(byte)0, 10], new Shape(1, 2, 1)), Tensor.Scalar(3f), Tensor.Scalar(-4f), Tensor.Scalar(100f));
        Assert.Equal([-4f, 20], y.Span<float>().ToArray());
    }
}
