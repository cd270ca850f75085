namespace Decant.Ops.Images;

/// <summary>Resizing, cropping, colours, boxes, and the containers images come in.</summary>
internal static class ImageOps
{
    public static Op AdjustContrast => new AdjustContrast("AdjustContrast");
    public static Op AdjustContrastv2 => new AdjustContrast("AdjustContrastv2");
    public static Op AdjustHue => new AdjustColor("AdjustHue");
    public static Op AdjustSaturation => new AdjustColor("AdjustSaturation");
    public static Op CombinedNonMaxSuppression => new CombinedNonMaxSuppression();
    public static Op CropAndResize => new CropAndResize();
    public static Op DecodeAndCropJpeg => new DecodeAndCropJpeg();
    public static Op DecodeBmp => new DecodeImage("DecodeBmp");
    public static Op DecodeGif => new DecodeImage("DecodeGif");
    public static Op DecodeImage => new DecodeImage("DecodeImage");
    public static Op DecodeJpeg => new DecodeImage("DecodeJpeg");
    public static Op DecodePng => new DecodeImage("DecodePng");
    public static Op DrawBoundingBoxes => new DrawBoundingBoxes("DrawBoundingBoxes");
    public static Op DrawBoundingBoxesV2 => new DrawBoundingBoxes("DrawBoundingBoxesV2");
    public static Op EncodeJpeg => new EncodeJpeg("EncodeJpeg");
    public static Op EncodeJpegVariableQuality => new EncodeJpeg("EncodeJpegVariableQuality");
    public static Op EncodePng => new EncodePng();
    public static Op ExtractGlimpse => new ExtractGlimpse("ExtractGlimpse");
    public static Op ExtractGlimpseV2 => new ExtractGlimpse("ExtractGlimpseV2");
    public static Op ExtractJpegShape => new ExtractJpegShape();
    public static Op HSVToRGB => new ColorSpace("HSVToRGB");
    public static Op ImageProjectiveTransformV2 => new ImageProjectiveTransform("ImageProjectiveTransformV2");
    public static Op ImageProjectiveTransformV3 => new ImageProjectiveTransform("ImageProjectiveTransformV3");
    public static Op NonMaxSuppression => new NonMaxSuppression("NonMaxSuppression");
    public static Op NonMaxSuppressionV2 => new NonMaxSuppression("NonMaxSuppressionV2");
    public static Op NonMaxSuppressionV3 => new NonMaxSuppression("NonMaxSuppressionV3");
    public static Op NonMaxSuppressionV4 => new NonMaxSuppression("NonMaxSuppressionV4");
    public static Op NonMaxSuppressionV5 => new NonMaxSuppression("NonMaxSuppressionV5");
    public static Op NonMaxSuppressionWithOverlaps => new NonMaxSuppression("NonMaxSuppressionWithOverlaps");
    public static Op RGBToHSV => new ColorSpace("RGBToHSV");
    public static Op ResizeArea => new Resize("ResizeArea");
    public static Op ResizeBicubic => new Resize("ResizeBicubic");
    public static Op ResizeBilinear => new Resize("ResizeBilinear");
    public static Op ResizeBilinearGrad => new ResizeGrad("ResizeBilinearGrad");
    public static Op ResizeNearestNeighbor => new ResizeNearest();
    public static Op ResizeNearestNeighborGrad => new ResizeGrad("ResizeNearestNeighborGrad");
    public static Op SampleDistortedBoundingBox => new SampleDistortedBoundingBox("SampleDistortedBoundingBox");
    public static Op SampleDistortedBoundingBoxV2 => new SampleDistortedBoundingBox("SampleDistortedBoundingBoxV2");
    public static Op ScaleAndTranslate => new ScaleAndTranslate();
    public static Op StatelessSampleDistortedBoundingBox => new SampleDistortedBoundingBox("StatelessSampleDistortedBoundingBox");
}
