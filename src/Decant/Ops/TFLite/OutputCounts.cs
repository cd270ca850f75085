namespace Decant.Ops.TFLite;

/// <summary>How many outputs operators give.</summary>
internal static class OutputCounts
{
    /// <summary>The largest number for a node. Operators that call subgraphs give what those give, which is checked with them.</summary>
    public static long Most(KernelRequest request, string op) => op switch
    {
        "SPLIT" or "SPLIT_V" => request.Attributes.Int("num_splits"),
        "UNPACK" => request.Attributes.Int("num"),
        "CALL" or "IF" or "WHILE" or "STABLEHLO_CASE" or "STABLEHLO_COMPOSITE" or "STABLEHLO_WHILE" => int.MaxValue,
        "LSTM" => request.Attributes.String("kernel_type") == "BASIC" ? 4 : 1,
        "BIDIRECTIONAL_SEQUENCE_LSTM" or "BIDIRECTIONAL_SEQUENCE_RNN" => request.Attributes.Bool("merge_outputs") ? 1 : 2,
        "FULLY_CONNECTED" => request.Attributes.String("weights_format") == "DEFAULT" ? 1 : 2,
        "HASHTABLE_LOOKUP" or "MaxPoolingWithArgmax2D" or "NON_MAX_SUPPRESSION_V4" or "STABLEHLO_RNG_BIT_GENERATOR" or "TOPK_V2" or "UNIQUE" => 2,
        "NON_MAX_SUPPRESSION_V5" => 3,
        "TFLite_Detection_PostProcess" => 4,
        _ => 1,
    };
}
