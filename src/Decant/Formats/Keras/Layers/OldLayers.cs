using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Layers that later versions of Keras do not have: dense ones of Keras 1, and the random features of Keras 2.</summary>
internal static class OldLayers
{
    /// <summary><c>t activation(x W + b) + (1 - t) x</c>, where t is <c>sigmoid(x W_carry + b_carry)</c></summary>
    public static Value Highway(LayerCall call)
    {
        bool hasBias = call.Config.Flag("use_bias", true);
        Value x = call.Input;
        Value Product(int at, string name) => call.Op("MatMul", x, call.Weights.Get(call.Graph, at, name));
        Value y = Product(0, "W"), carry = Product(1, "W_carry");
        if (hasBias)
            (y, carry) = (call.Op("BiasAdd", y, call.Weights.Get(call.Graph, 2, "b")), call.Op("BiasAdd", carry, call.Weights.Get(call.Graph, 3, "b_carry")));
        Value gate = call.Op("Sigmoid", carry);
        return call.Op("AddV2", call.Op("Mul", Activations.Apply(call, "activation", y), gate), call.Op("Mul", call.Op("Sub", call.Like(gate, 1), gate), x));
    }

    /// <summary>The largest of several products: kernels are [products, inputs, outputs], biases [products, outputs].</summary>
    public static Value MaxoutDense(LayerCall call)
    {
        Shape shape = call.Weights.Shape(0);
        if (shape.Rank != 3 || shape.ElementCount > int.MaxValue)
            throw KerasErrors.BadWeights.At(call.Config.Location(), $"the kernels have the shape {shape}, expected [products,inputs,outputs]");
        (int products, int outputs) = ((int)shape[0], (int)shape[2]);
        Value joined = call.Reshape(call.Transpose(call.Weights.Get(call.Graph, 0, "W"), 1, 0, 2), (int)shape[1], products * outputs);
        Value y = call.Reshape(call.Op("MatMul", call.Input, joined), -1, products, outputs);
        return call.Op("Max", call.Config.Flag("use_bias", true) ? call.Op("AddV2", y, call.Weights.Get(call.Graph, 1, "b")) : y, call.Ints(1));
    }

    /// <summary><c>alpha log(1 + exp(beta x))</c> with an alpha and beta per element.</summary>
    public static Value ParametricSoftplus(LayerCall call) =>
        call.Op("Mul", call.Op("Softplus", call.Op("Mul", call.Weights.Get(call.Graph, 1, "betas"), call.Input)), call.Weights.Get(call.Graph, 0, "alphas"));

    /// <summary>x between two thresholds, and lines of other slopes left and right of them. The right one is told by its distance from the left.</summary>
    public static Value SReLU(LayerCall call)
    {
        Value x = call.Input, left = call.Weights.Get(call.Graph, 0, "t_left"), leftSlope = call.Weights.Get(call.Graph, 1, "a_left"), rightSlope = call.Weights.Get(call.Graph, 3, "a_right");
        Value right = call.Op("AddV2", left, call.Op("Abs", call.Weights.Get(call.Graph, 2, "t_right")));
        Value Line(Value from, Value slope) => call.Op("AddV2", from, call.Op("Mul", slope, call.Op("Sub", x, from)));
        return call.Op("SelectV2", call.Op("Less", x, left), Line(left, leftSlope), call.Op("SelectV2", call.Op("Greater", x, right), Line(right, rightSlope), x));
    }

    /// <summary><c>cos(x kernel / scale + bias)</c> with a random kernel.</summary>
    public static Value RandomFourierFeatures(LayerCall call)
    {
        // The scale comes first, as it can be trained.
        Value scale = call.Weights.Get(call.Graph, 0, "kernel_scale"), kernel = call.Weights.Get(call.Graph, 1, "unscaled_kernel");
        Value y = call.Op("MatMul", CoreLayers.AsFloat(call, call.Input), call.Op("RealDiv", kernel, scale));
        return call.Op("Cos", call.Op("BiasAdd", y, call.Weights.Get(call.Graph, 2, "bias")));
    }
}
