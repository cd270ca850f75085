namespace Decant.Formats.Keras.Writing.Keras3;

/// <summary>The modules in which Keras 3 has the classes of its operations; most are NumPy's.</summary>
internal static class OperationModules
{
    private static readonly (string Module, HashSet<string> Classes)[] Modules =
    [
        ("core", ["Cast", "Slice", "StopGradient", "Unstack"]),
        ("nn", [
            "Celu", "DepthToSpace", "Elu", "Gelu", "HardSigmoid", "HardSilu", "HardTanh", "LeakyRelu", "LogSigmoid", "LogSoftmax", "Normalize", "OneHot", "Relu", "Relu6", "Selu", "Sigmoid", "Silu", "Softmax",
            "Softplus", "Softsign", "SpaceToDepth", "Squareplus", "TanhShrink",
        ]),
        ("math", ["Erf", "Logsumexp", "Rsqrt", "TopK"]),
        ("image", ["ExtractPatches", "ReconstructPatches", "Resize"]),
    ];

    /// <summary>The module of an operation.</summary>
    public static string Of(string type) => $"keras.src.ops.{Modules.FirstOrDefault(m => m.Classes.Contains(type)).Module ?? "numpy"}";
}
