using Decant.IR;
using Decant.Passes;
using Decant.Passes.Compress;

namespace Decant.Lowering.Raising;

/// <summary>The constants of TensorFlow Lite as TensorFlow's: integers that stand for real numbers become these, and halves float32.</summary>
internal static class Constants
{
    /// <summary>Whether a tensor's elements stand for real numbers that are no elements of float32. Those of 32 bits do in biases alone: files give scales to sizes, too.</summary>
    public static bool StandsForReals(TensorSpec spec) =>
        spec.DType is DType.Float16 or DType.BFloat16 || (spec.Quantization is { HasScale: true } && spec.DType is DType.Int8 or DType.UInt8 or DType.Int16 or DType.Int4 or DType.UInt4 or DType.Int2);

    /// <summary>What is known of a tensor in TensorFlow.</summary>
    public static Fact FactOf(TensorSpec spec) => new(StandsForReals(spec) ? DType.Float32 : spec.DType, spec.Fact.Shape);

    /// <summary>The value of a constant; it is computed when somebody asks for it.</summary>
    /// <exception cref="ModelException">Its integers stand for real numbers in another way than by scales per tensor or channel.</exception>
    public static TensorAttr Of(Node constant)
    {
        TensorSpec spec = constant.Tensors[0];
        var value = (TensorAttr)constant.Attributes["value"]!;
        if (spec.Quantization is { Details: not null })
            throw ConvertErrors.UnsupportedOp.At(constant.At(), "has blockwise or custom quantization", TFLiteRaiser.Hint);
        return StandsForReals(spec) ? Reals(constant) : value;
    }

    /// <summary>The real numbers that a constant's elements stand for.</summary>
    public static TensorAttr Reals(Node constant)
    {
        TensorSpec spec = constant.Tensors[0];
        // Biases may have the axis of their filters.
        Quantization? quantization = spec.Shape.Rank == 1 && spec.Quantization is { Axis: not 0 } along ? along with { Axis = 0 } : spec.Quantization;
        return Reals(constant, spec with { Quantization = quantization });
    }

    /// <summary>The real numbers that a constant's elements stand for when it is declared in another way.</summary>
    public static TensorAttr Reals(Node constant, TensorSpec spec)
    {
        var typed = new Node(constant.Name, constant.Op) { Attributes = constant.Attributes, Tensors = [spec] };
        var dequantize = new Node($"{constant.Name}/DEQUANTIZE", new OpName(Dialect.TFLite, "DEQUANTIZE")) { Tensors = [new TensorSpec(spec.Name, DType.Float32, spec.Shape)] };
        dequantize.Inputs.Add(typed);
        return new ComputedTensor(DType.Float32, spec.Shape, () => Compute(dequantize));
    }

    /// <summary>The first output of a node that reads constants alone.</summary>
    public static Tensor Compute(Node node)
    {
        using var model = new Model();
        Dictionary<Node, Node> copies = Upstream.Of([node]).ToList().CopyTo(model.Graph);
        string output = $"{copies[node].Name}:0";
        using var session = new Session(model);
        return session.Run(new Dictionary<string, Tensor>(), [output])[output];
    }
}
