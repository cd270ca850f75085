namespace Decant.Ops.Images;

/// <summary>Resizing, cropping, colours, boxes, and the containers images come in.</summary>
internal static class ImageOps
{
    public static IEnumerable<Op> All =>
    [
        new AdjustContrast("AdjustContrast"),
        new AdjustContrast("AdjustContrastv2"),
        new AdjustColor("AdjustHue"),
        new AdjustColor("AdjustSaturation"),
        new CombinedNonMaxSuppression(),
        new CropAndResize(),
        new DecodeAndCropJpeg(),
        new DecodeImage("DecodeBmp"),
        new DecodeImage("DecodeGif"),
        new DecodeImage("DecodeImage"),
        new DecodeImage("DecodeJpeg"),
        new DecodeImage("DecodePng"),
        new DrawBoundingBoxes("DrawBoundingBoxes"),
        new DrawBoundingBoxes("DrawBoundingBoxesV2"),
        new EncodeJpeg("EncodeJpeg"),
        new EncodeJpeg("EncodeJpegVariableQuality"),
        new EncodePng(),
        new ExtractGlimpse("ExtractGlimpse"),
        new ExtractGlimpse("ExtractGlimpseV2"),
        new ExtractJpegShape(),
        new ColorSpace("HSVToRGB"),
        new ImageProjectiveTransform("ImageProjectiveTransformV2"),
        new ImageProjectiveTransform("ImageProjectiveTransformV3"),
        new NonMaxSuppression("NonMaxSuppression"),
        new NonMaxSuppression("NonMaxSuppressionV2"),
        new NonMaxSuppression("NonMaxSuppressionV3"),
        new NonMaxSuppression("NonMaxSuppressionV4"),
        new NonMaxSuppression("NonMaxSuppressionV5"),
        new NonMaxSuppression("NonMaxSuppressionWithOverlaps"),
        new ColorSpace("RGBToHSV"),
        new Resize("ResizeArea"),
        new Resize("ResizeBicubic"),
        new Resize("ResizeBilinear"),
        new ResizeGrad("ResizeBilinearGrad"),
        new ResizeNearest(),
        new ResizeGrad("ResizeNearestNeighborGrad"),
        new SampleDistortedBoundingBox("SampleDistortedBoundingBox"),
        new SampleDistortedBoundingBox("SampleDistortedBoundingBoxV2"),
        new ScaleAndTranslate(),
        new SampleDistortedBoundingBox("StatelessSampleDistortedBoundingBox"),
    ];
}
