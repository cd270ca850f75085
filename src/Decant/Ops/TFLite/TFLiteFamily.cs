using Decant.Ops.TFLite.Recurrent;

namespace Decant.Ops.TFLite;

/// <summary>All operators of TensorFlow Lite.</summary>
internal static class TFLiteFamily
{
    public static IEnumerable<Op> All => [.. Binary.All, .. Control.All, .. Conversions.All, .. Elementwise.All, .. Moves.All, .. Neural.All, .. RecurrentOps.All, .. Reductions.All, .. Resources.All, .. Stablehlo.All, .. Custom.All, .. LandmarkCrops.All, .. Lookups.All, .. MediaPipe.All, .. RandomNumbers.All];
}
