using Decant.IR;

namespace Decant.Ops;

/// <summary>What to do about ops that Decant has no kernel for.</summary>
internal static class MissingKernel
{
    /// <summary>A hint for an operator; null where there is none.</summary>
    public static string? Hint(OpName op) => op switch
    {
        { Dialect: Dialect.TFLite, Name: "edgetpu-custom-op" } => "the model is compiled for the Edge TPU: run the one that it was compiled from",
        { Dialect: Dialect.TFLite, Name: "ethos-u" } => "the model is compiled for the Ethos-U: run the one that it was compiled from",
        { Dialect: Dialect.TFLite } => "a program can give a kernel for it: new SessionOptions(OpTable.All.With(op))",
        _ => null,
    };
}
