// Written by decant ops --csharp for image-net.pb: write it again when a model changes.
using Decant;
using Decant.Formats;
using Decant.Ops;

namespace Decant.Samples.TrimmedApp;

/// <summary>What image-net.pb needs: an app that is trimmed and opens and runs it by these carries no other ops and formats.</summary>
internal static class ImageNetOps
{
    /// <summary>The ops.</summary>
    public static OpTable Ops => new(
    [
        KnownOps.BiasAdd,
        KnownOps.Const,
        KnownOps.Conv2D,
        KnownOps.DepthwiseConv2dNative,
        KnownOps.FusedBatchNormV3,
        KnownOps.Identity,
        KnownOps.MatMul,
        KnownOps.Mean,
        KnownOps.Placeholder,
        KnownOps.Relu6,
        KnownOps.Softmax,
    ]);

    /// <summary>The options of a session.</summary>
    public static SessionOptions Options => new(Ops);

    /// <summary>Opens a model.</summary>
    public static Model Load(string path) => Model.Load(path, new LoadOptions([KnownFormats.BinaryGraphDef]));
}
