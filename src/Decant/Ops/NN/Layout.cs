using Decant.IR;

namespace Decant.Ops.NN;

/// <summary>Where batch, channels and spatial dimensions are: attribute <c>data_format</c>.</summary>
internal readonly record struct Layout(int SpatialRank, bool ChannelsFirst)
{
    public int Rank => SpatialRank + 2;

    /// <summary>The axis of the channels.</summary>
    public int Channel => ChannelsFirst ? 1 : Rank - 1;

    /// <summary>The axis of a spatial dimension, outermost first.</summary>
    public int Spatial(int index) => index + (ChannelsFirst ? 2 : 1);

    /// <summary>Reads <c>data_format</c>, which may be missing (channels last).</summary>
    public static Layout Read(Node node, int spatialRank)
    {
        var attributes = new NodeAttributes(node);
        if (!attributes.Has("data_format"))
            return new Layout(spatialRank, false);
        string format = attributes.String("data_format");
        return (spatialRank, format) switch
        {
            // TensorFlow.js writes the format of 2-D convolutions on Conv1D.
            ( < 3, "NHWC") or (3, "NDHWC") or (1, "NWC") => new Layout(spatialRank, false),
            ( < 3, "NCHW") or (3, "NCDHW") or (1, "NCW") => new Layout(spatialRank, true),
            _ => throw GraphErrors.BadAttribute.At(
                node.At("data_format"), $"is '{format}', expected {(spatialRank == 3 ? "NDHWC or NCDHW" : "NHWC or NCHW")} for {spatialRank} spatial dimensions"),
        };
    }

    /// <summary>The shape with these dimensions in this layout.</summary>
    public Shape Shape(long batch, ReadOnlySpan<long> spatial, long channels)
    {
        long[] dims = new long[Rank];
        dims[0] = batch;
        dims[Channel] = channels;
        for (int i = 0; i < SpatialRank; i++)
            dims[Spatial(i)] = spatial[i];
        return new Shape(dims);
    }
}
