using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.NN;

/// <summary>Losses, composed of TensorFlow Lite's operators.</summary>
internal static class LossLowering
{
    public static IEnumerable<LoweringRule> All => [new("SoftmaxCrossEntropyWithLogits", Dense), new("SparseSoftmaxCrossEntropyWithLogits", Sparse)];

    private static void Dense(LoweringContext g)
    {
        (Value logits, Value labels) = (g.In(0), g.In(1));
        if (g.Output(1).Shape is { IsFullyKnown: true } shape)
            (logits, labels) = (Arithmetic.BinaryLowering.Spread(g, logits, shape), Arithmetic.BinaryLowering.Spread(g, labels, shape));
        g.Set(0, g.Tf("Neg", g.Tf("Sum", g.Tf("Mul", labels, g.Tf("LogSoftmax", logits)), g.Vector(1))));
        g.Set(1, g.Tf("Sub", g.Tf("Softmax", logits), labels));
    }

    private static void Sparse(LoweringContext g)
    {
        if (g.Shape(0) is not { HasRank: true } shape || shape[1] < 0)
            throw g.Refuse("has an unknown number of classes");
        Value labels = g.Tf("OneHot", Arrays.ShapeLowering.Narrow(g, g.In(1)), g.Scalar(shape[1], DType.Int32), g.Scalar(1, g.Type(0)), g.Scalar(0, g.Type(0)));
        g.Set(g.Expand("SoftmaxCrossEntropyWithLogits", [g.In(0), labels]));
    }
}
