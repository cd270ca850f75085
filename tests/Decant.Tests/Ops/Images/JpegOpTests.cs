using Decant.IR;

namespace Decant.Tests.Ops.Images;

public sealed class JpegOpTests
{
    /// <summary>Height, width, channels, whether colours are subsampled, the largest difference of a smooth image that is written and read.</summary>
    public static TheoryData<int, int, int, bool, int> Sizes => new()
    {
        { 8, 8, 1, false, 2 }, { 16, 16, 3, true, 6 }, { 17, 33, 3, true, 6 }, { 17, 33, 3, false, 4 }, { 1, 1, 3, true, 3 }, { 9, 7, 1, true, 3 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_smooth_image_that_is_encoded_and_decoded_is_the_same_but_for_a_little(int height, int width, int channels, bool subsamples, int most)
    {
        Tensor image = Smooth(height, width, channels);
        Tensor file = OneNode.Single("EncodeJpeg", new AttributeMap { { "quality", 100L }, { "chroma_downsampling", subsamples } }, image);
        Tensor back = OneNode.Single("DecodeJpeg", [], file);
        Assert.Equal(image.Shape, back.Shape);
        Assert.All(image.Span<byte>().ToArray().Zip(back.Span<byte>().ToArray()), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, most));
        Assert.Equal([height, width, channels], OneNode.Numbers(OneNode.Single("ExtractJpegShape", [], file)));
        Assert.Equal(DType.Int64, OneNode.Single("ExtractJpegShape", new AttributeMap { { "output_type", DType.Int64 } }, file).DType);
    }

    [Fact]
    public void A_flat_block_is_one_coefficient()
    {
        // Quality 50 is the standard's table: (200 - 128) · 8 / 16 = 36, back 36 · 16 / 8 + 128 = 200.
        Tensor file = OneNode.Single("EncodeJpeg", new AttributeMap { { "quality", 50L } }, Tensor.Wrap([.. Enumerable.Repeat((byte)200, 64)], new Shape(8, 8, 1)));
        Assert.All(OneNode.Numbers(OneNode.Single("DecodeJpeg", [], file)), v => Assert.Equal(200, v));
        byte[] bytes = file.Strings[0].ToArray();
        Assert.Equal([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 1, 1, 44, 1, 44, 0, 0], bytes[..20]);

        // The code of 6 bits (1110), 36 = 100100, the end of the block (1010), ones.
        Assert.Equal([0b11101001, 0b00101011, 0xFF, 0xD9], bytes[^4..].Select((b, i) => i == 1 ? (byte)(b & 0xFF) : b));
    }

    [Fact]
    public void Quality_and_size_go_together()
    {
        var random = new Random(3);
        byte[] noise = new byte[64 * 64 * 3];
        random.NextBytes(noise);
        Tensor image = Tensor.Wrap(noise, new Shape(64, 64, 3));
        int[] sizes = [.. ((int[])[0, 10, 50, 90, 100]).Select(q => OneNode.Single("EncodeJpegVariableQuality", [], image, Tensor.Scalar(q)).Strings[0].Length)];
        Assert.Equal(sizes.Order(), sizes);
        Assert.All(sizes, s => Assert.InRange(s, 500, noise.Length * 2));
    }

    [Fact]
    public void A_window_is_cut_out_of_what_is_decoded()
    {
        Tensor file = OneNode.Single("EncodeJpeg", new AttributeMap { { "quality", 90L } }, Smooth(20, 30, 3));
        byte[] whole = OneNode.Single("DecodeJpeg", [], file).Span<byte>().ToArray();
        Tensor part = OneNode.Single("DecodeAndCropJpeg", [], file, Tensor.Wrap([3, 5, 4, 2]));
        Assert.Equal(new Shape(4, 2, 3), part.Shape);
        Assert.Equal(whole[(((6 * 30) + 6) * 3)..(((6 * 30) + 7) * 3)], part.Span<byte>()[^3..].ToArray());
        Assert.Contains("expected y, x, height, width inside of 20 x 30 pixels", OneNode.Fault("DecodeAndCropJpeg", [], file, Tensor.Wrap([17, 0, 4, 2])), StringComparison.Ordinal);
    }

    /// <summary>Op, attributes, inputs, what the message says.</summary>
    public static TheoryData<string, AttributeMap, Tensor[], string> Faults => new()
    {
        { "EncodeJpeg", [], [Tensor.Wrap([1f], new Shape(1, 1, 1))], "expected uint8[height,width,1 or 3]" },
        { "EncodeJpeg", new() { { "format", "rgb" } }, [Tensor.Wrap([(byte)1], new Shape(1, 1, 1))], "has an image of 1 channels for the format rgb" },
        { "EncodeJpeg", new() { { "quality", 101L } }, [Tensor.Wrap([(byte)1], new Shape(1, 1, 1))], "has the quality 101, expected 0 to 100" },
        { "EncodeJpeg", new() { { "density_unit", "mm" } }, [Tensor.Wrap([(byte)1], new Shape(1, 1, 1))], "expected in or cm" },
        { "ExtractJpegShape", [], [Tensor.FromStrings(["GIF89a"], Shape.Scalar)], "is no JPEG file" },
        { "ExtractJpegShape", [], [new Tensor(Shape.Scalar, [(byte[])[0xFF, 0xD8, 0xFF, 0xE0, 0, 9]])], "has a segment of 9 bytes" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Wrong_images_and_files_are_located_errors(string op, AttributeMap attributes, Tensor[] inputs, string message) =>
        Assert.Contains(message, OneNode.Fault(op, attributes, inputs), StringComparison.Ordinal);

    private static Tensor Smooth(int height, int width, int channels)
    {
        byte[] pixels = new byte[height * width * channels];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(100 + (i / channels / width * 2) + (i / channels % width) + (i % channels * 10));
        return Tensor.Wrap(pixels, new Shape(height, width, channels));
    }
}
