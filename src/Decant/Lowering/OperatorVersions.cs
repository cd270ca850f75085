using Decant.IR;
using Decant.Ops.TFLite.Recurrent;

namespace Decant.Lowering;

/// <summary>Gives operators the least version that has what they use: an old runtime refuses those that it does not know.</summary>
internal static class OperatorVersions
{
    public static void Set(Model model)
    {
        foreach (Node node in model.Functions.Values.Prepend((Function)model.Graph).SelectMany(f => f.Nodes))
        {
            if (node.Op.Dialect == Dialect.TFLite && Of(node) is > 1 and var version)
                node.Attributes.Set("op_version", version);
        }
    }

    /// <summary>The version of an operator by its operands and options.</summary>
    public static int Of(Node node)
    {
        DType first = Type(node, 0), second = Type(node, 1), output = node.Fact(0).DType;
        int rank = Enumerable.Range(0, node.Inputs.Count).Where(i => node.Inputs[i].IsPresent).Select(i => Shape(node, i).Rank).Append(0).Max();
        bool isQuantized = first is DType.Int8 or DType.Int16 && Scales(node, 0) > 0;
        bool IsGrouped() => Shape(node, 0) is { HasRank: true } x && Shape(node, 1)[3] is var depth && x[-1] >= 0 && x[-1] != depth;
        bool Broadcasts() => Shape(node, 0) != Shape(node, 1) && rank > 4;
        return node.Op.Name switch
        {
            "ADD" => first switch { DType.Int16 => isQuantized ? 3 : 5, DType.Int64 => 4, DType.Int8 => 2, _ => 1 },
            "SUB" => first == DType.Int16 && isQuantized ? 5 : first == DType.Int64 ? 4 : Broadcasts() ? 3 : first == DType.Int8 ? 2 : 1,
            "MUL" => first switch { DType.Int16 when isQuantized => 4, DType.Int16 or DType.UInt32 => 7, DType.Complex64 => 6, DType.Int64 => 5, DType.Int8 => Scale(node, 0) * Scale(node, 1) / node.Fact(0).Quantization!.Scales[0] >= 1 ? 3 : 2, _ => 1 },
            "DIV" => Broadcasts() ? 2 : 1,
            "MAXIMUM" or "MINIMUM" => first == DType.Int16 ? 4 : Broadcasts() ? 3 : first == DType.Int8 ? 2 : 1,
            "ABS" => first switch { DType.Int32 => 5, DType.Int16 => isQuantized ? 3 : 4, DType.Int8 => 2, _ => 1 },
            "EQUAL" => first switch { DType.Int16 => 5, DType.String => 3, DType.Int8 or DType.UInt8 => 2, _ => 1 },
            "NOT_EQUAL" => first switch { DType.String => 3, DType.Int8 or DType.UInt8 => 2, _ => 1 },
            "DEPTHWISE_CONV_2D" => first == DType.Int16 ? 5 : first == DType.Int8 ? 3 : second == DType.Int8 ? 6 : Int(node, "dilation_w_factor") > 1 || Int(node, "dilation_h_factor") > 1 ? 2 : 1,
            "CONV_2D" => first == DType.Int16 ? 8 : first == DType.Int8 && !IsGrouped() ? 3 : first != DType.Int8 && second == DType.Int8 ? 5 : IsGrouped() ? 6 : 1,
            "FULLY_CONNECTED" => first == DType.Int16 ? 11 : first == DType.Int8 ? node.Inputs.Count == 2 ? 6 : Flag(node, "keep_num_dims") ? 5 : 4 : second == DType.Int8 ? Scales(node, 1) > 1 ? 12 : 9 : node.Inputs.Count == 2 ? 6 : Flag(node, "keep_num_dims") ? 5 : 1,
            "BATCH_MATMUL" => first switch { DType.Int16 => 3, DType.Int8 => 2, _ => second == DType.Int8 ? 4 : 1 },
            "EMBEDDING_LOOKUP" => second == DType.Int8 ? 4 : 1,
            "TRANSPOSE_CONV" => Type(node, 2) == DType.Int16 ? 5 : Text(node, "fused_activation_function") is not ("NONE" or "") ? 4 : node.Inputs.Count > 3 ? 3 : second == DType.Int8 ? 2 : 1,
            "CONCATENATION" => first switch { DType.UInt32 => 4, DType.Int16 => 3, DType.Int8 => 2, _ => 1 },
            "RESIZE_BILINEAR" => first == DType.Int16 ? 4 : Flag(node, "half_pixel_centers") ? 3 : first == DType.Int8 ? 2 : 1,
            "RESIZE_NEAREST_NEIGHBOR" => first == DType.Int16 ? 4 : Flag(node, "half_pixel_centers") || Flag(node, "align_corners") ? 3 : first == DType.Int8 ? 2 : 1,
            "STRIDED_SLICE" => first switch { DType.UInt32 => 7, DType.String => 5, _ => rank > 4 ? 4 : first switch { DType.Bool => 3, DType.Int8 => 2, _ => 1 } },
            "TRANSPOSE" => rank > 6 ? 8 : rank > 5 ? 6 : first == DType.Int16 ? 5 : rank > 4 ? 4 : first switch { DType.Bool => 3, DType.Int8 => 2, _ => 1 },
            "SLICE" => first == DType.UInt32 ? 6 : rank > 4 ? 5 : first switch { DType.Int16 => 4, DType.String => 3, DType.Int8 => 2, _ => 1 },
            "PAD" or "PADV2" => first == DType.Bool ? 5 : rank > 4 ? 4 : first switch { DType.Int16 => 3, DType.Int8 => 2, _ => 1 },
            "GATHER" => second == DType.Int16 ? 6 : Int(node, "batch_dims") != 0 ? 5 : first switch { DType.Int16 => 4, DType.Bool => 3, DType.Int8 => 2, _ => 1 },
            "GATHER_ND" => first == DType.Bool ? 5 : second == DType.Int16 ? 4 : first switch { DType.Int16 => 3, DType.String => 2, _ => 1 },
            "PACK" => first switch { DType.UInt32 => 4, DType.Int16 => 3, DType.Int8 => 2, _ => 1 },
            "UNPACK" => first switch { DType.Int16 => 4, DType.Bool => 3, DType.Int8 or DType.UInt8 => 2, _ => 1 },
            "SPLIT" => second switch { DType.Int16 => 4, DType.Int32 => 3, DType.Int8 => 2, _ => 1 },
            "SPLIT_V" => first == DType.Int16 ? 2 : 1,
            "SPACE_TO_BATCH_ND" or "BATCH_TO_SPACE_ND" => first == DType.Int16 ? 4 : rank != 4 ? 3 : first == DType.Int8 ? 2 : 1,
            "DEQUANTIZE" => first is DType.Int16 or DType.Float16 ? 3 : first == DType.Int8 ? Scales(node, 0) > 1 ? 5 : 2 : 1,
            "QUANTIZE" => Scales(node) > 1 ? 3 : output == DType.Int16 ? 2 : 1,
            "AVERAGE_POOL_2D" or "MAX_POOL_2D" or "TANH" or "LOGISTIC" or "SOFTMAX" or "MEAN" or "MIRROR_PAD" or "REDUCE_MAX" or "REDUCE_MIN" or "RELU" or "RELU6" or "RSQRT"
                => first switch { DType.Int16 => 3, DType.Int8 => 2, _ => 1 },
            "DEPTH_TO_SPACE" or "EXP" or "GELU" or "L2_NORMALIZATION" or "LOG" or "LOG_SOFTMAX" or "SPACE_TO_DEPTH" or "SQUARED_DIFFERENCE" or "SUM" => first == DType.Int8 ? 2 : 1,
            "LEAKY_RELU" => first == DType.Int16 ? 2 : 1,
            "GREATER" or "GREATER_EQUAL" or "LESS" or "LESS_EQUAL" or "TOPK_V2" => first == DType.Int8 ? 2 : 1,
            "FILL" => output switch { DType.Int8 or DType.Int16 => 3, DType.Bool or DType.String => 2, _ => 1 },
            "TILE" => first switch { DType.Int8 or DType.UInt8 => 3, DType.String => 2, _ => 1 },
            "SQUEEZE" => first == DType.String ? 2 : 1,
            "REVERSE_V2" => first switch { DType.Int8 => 3, DType.Bool => 2, _ => 1 },
            "RANGE" => output == DType.Int64 ? 2 : 1,
            "BROADCAST_TO" => first is DType.Int8 or DType.Int16 ? 3 : 2,
            "FLOOR_DIV" => first switch { DType.Int8 or DType.Int16 => 3, DType.Float32 => 2, _ => 1 },
            "FLOOR_MOD" => first is DType.Int8 or DType.Int16 ? 2 : 1,
            "FAKE_QUANT" => Flag(node, "narrow_range") ? 2 : 1,
            "SPARSE_TO_DENSE" => Type(node, 2) switch { DType.Int8 or DType.UInt8 => 3, DType.Int64 => 2, _ => 1 },
            "ARG_MAX" or "ARG_MIN" => first == DType.Bool ? 3 : first == DType.Int8 ? 2 : 1,
            "SELECT" => second == DType.UInt32 ? 4 : rank > 4 ? 3 : second == DType.Int8 ? 2 : 1,
            "SELECT_V2" => second == DType.UInt32 ? 2 : 1,
            "CAST" => (first, output) switch
            {
                (DType.BFloat16, _) or (_, DType.BFloat16) => 7,
                (DType.Float64, _) or (_, DType.Float64) or (DType.Float16, _) or (_, DType.Float16) => 5,
                (DType.UInt16, _) or (_, DType.UInt16) => 4,
                (DType.Int16, _) or (_, DType.Int16) => 3,
                (DType.Int8, _) or (_, DType.Int8) or (DType.UInt32, _) or (_, DType.UInt32) => 2,
                _ => 1,
            },
            "DYNAMIC_UPDATE_SLICE" => Type(node, 2) == DType.Int64 ? 2 : 1,
            "SIGN" => first == DType.Int32 ? 2 : 1,
            "UNIDIRECTIONAL_SEQUENCE_LSTM" => Flag(node, "diagonal_recurrent_tensors") ? 4 : first != DType.Float32 || Type(node, LstmInputs.Single.Input + (int)LstmGate.Forget) != DType.Int8 ? 1 : Flag(node, "asymmetric_quantize_inputs") ? 3 : 2,
            "WHERE" => first == DType.Bool ? 1 : 2,
            _ => 1,
        };
    }

    private static DType Type(Node node, int input) => input < node.Inputs.Count && node.Inputs[input] is { IsPresent: true } value ? value.Node.Fact(value.Port).DType : DType.Invalid;

    private static Shape Shape(Node node, int input) => input < node.Inputs.Count && node.Inputs[input] is { IsPresent: true } value ? value.Node.Fact(value.Port).Shape : Decant.Shape.Unknown;

    private static int Scales(Node node, int input) => node.Inputs[input].Node.Fact(node.Inputs[input].Port).Quantization?.Scales.Count ?? 0;

    private static int Scales(Node node) => node.Fact(0).Quantization?.Scales.Count ?? 0;

    private static float Scale(Node node, int input) => node.Inputs[input].Node.Fact(node.Inputs[input].Port).Quantization!.Scales[0];

    private static bool Flag(Node node, string name) => node.Attributes[name] is BoolAttr { Value: true };

    private static long Int(Node node, string name) => node.Attributes[name] is IntAttr value ? value.Value : 0;

    private static string Text(Node node, string name) => node.Attributes[name] is StringAttr value ? value.Text : "";
}
