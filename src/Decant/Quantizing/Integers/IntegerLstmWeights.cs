using Decant.IR;
using Decant.Ops.TFLite.Recurrent;

namespace Decant.Quantizing.Integers;

/// <summary>
/// The constants and states of an LSTM on integers: weights and projection int8 with one scale, peephole weights int16, biases int32 of the
/// scales of input and weights, the state of the output as the output, that of the cells int16 with a power of two as scale.
/// </summary>
/// <param name="node">The float operator.</param>
/// <param name="input">The grid of its input.</param>
/// <param name="output">The grid of its output.</param>
/// <param name="seen">What examples showed inside it.</param>
internal sealed class IntegerLstmWeights(Node node, Grid input, Grid output, LstmRange seen)
{
    /// <summary>The kernel takes cell states up to 64: 2^6 in 15 bits.</summary>
    private const int MostCellBits = 6;

    private const float LeastHidden = 1e-6f;

    // Gates have one each.
    private const int Gates = 4;

    private static readonly LstmInputs At = LstmInputs.Single;

    // Behind a projection the kernel takes the zero point off where it adds it elsewhere, so that the range would be that of the other sign: there is none.
    private readonly Grid _hidden = Has(node, At.Projection) ? new Grid(DType.Int8, Math.Max(seen.Hidden, LeastHidden) / sbyte.MaxValue, 0) : output;

    /// <summary>Makes a constant for an input of the operator.</summary>
    public delegate Value MakeConstant(TensorAttr value, Quantization scales, int index);

    /// <summary>Makes a variable for an input of the operator.</summary>
    public delegate Value MakeState(int index, Fact fact);

    /// <summary>What is declared of results inside the operator: nothing of the gates without layer normalization, and the outputs before the projection.</summary>
    public IReadOnlyList<Fact> Intermediates => [.. Enumerable.Repeat(new Fact(DType.Float32, new Shape(0)), Gates), _hidden.Fact(new Shape(0))];

    /// <summary>
    /// Whether an operator has this form: constants without layer normalization, states of its own, and cells that stay small. TensorFlow Lite's
    /// integer kernel takes peephole weights of other cells where there is a projection.
    /// </summary>
    public static bool Takes(Node node, LstmRange seen) =>
        CellBits(seen) is not null && node.Attributes["fused_activation_function"] is StringAttr { Text: "TANH" }
            && node.Attributes["diagonal_recurrent_tensors"] is not BoolAttr { Value: true } && !Enumerable.Range(At.Normalization, Gates).Any(i => Has(node, i))
            && Enumerable.Range(At.Input, At.OutputState - At.Input).All(i => !Has(node, i) || (node.Inputs[i].Constant is { DType: DType.Float32, ElementCount: > 0 } constant && SymmetricWeights.AreFinite(constant.Span<float>())))
            && Enumerable.Range(0, Gates).All(g => Has(node, At.Input + g) == Has(node, At.Recurrent + g) && Has(node, At.Input + g) == Has(node, At.Bias + g))
            && !(Has(node, At.Projection) && Enumerable.Range(At.Peephole, At.Bias - At.Peephole).Any(i => Has(node, i)))
            && Enumerable.Range(At.OutputState, 2).All(i => Has(node, i) && node.Inputs[i].Node.Op == TFLiteParts.TensorOp);

    /// <summary>The inputs of the operator but the first.</summary>
    public Value[] Inputs(MakeConstant constant, MakeState state)
    {
        var inputs = new Value[node.Inputs.Count];
        for (int g = 0; g < Gates; g++)
        {
            Weights(At.Input + g, At.Bias + g, input);
            Weights(At.Recurrent + g, -1, output);
        }

        for (int i = At.Peephole; i < At.Bias; i++)
        {
            if (!Has(node, i))
                continue;
            Tensor floats = node.Inputs[i].Constant!;
            Grid grid = Grid.Of(Calibration.ValueRange.Of(floats.Span<float>())!.Value, DType.Int16);
            inputs[i] = constant(new TensorAttr(Quantized.Quantize(floats, DType.Int16, grid.Quantization)), grid.Quantization, i);
        }

        Weights(At.Projection, At.Projection + 1, _hidden);
        inputs[At.OutputState] = state(At.OutputState, output.Fact(node.Inputs[At.OutputState].Node.Fact(0).Shape));
        inputs[At.OutputState + 1] = state(At.OutputState + 1, new Grid(DType.Int16, MathF.ScaleB(1, CellBits(seen)!.Value - 15), 0).Fact(node.Inputs[At.OutputState + 1].Node.Fact(0).Shape));
        return inputs;

        void Weights(int index, int bias, Grid of)
        {
            if (!Has(node, index))
                return;
            bool hasBias = bias >= 0 && Has(node, bias);
            IntegerWeights made = IntegerWeights.Of((TensorAttr)node.Inputs[index].Node.Attributes["value"]!, SymmetricWeights.PerTensor, null, hasBias ? node.Inputs[bias].Constant!.Span<float>().ToArray() : null, of, isTrained: false);
            inputs[index] = constant(made.Weights, made.WeightScales, index);
            if (made.Bias is not null)
                inputs[bias] = constant(new TensorAttr(made.Bias), made.BiasScales!, bias);
        }
    }

    // The least power of two that holds what was seen, of at least 1; null when there is none that the kernel takes.
    private static int? CellBits(LstmRange seen) => !float.IsFinite(seen.Cell) || seen.Cell > 1 << MostCellBits ? null : seen.Cell <= 1 ? 0 : (int)Math.Ceiling(Math.Log2(seen.Cell));

    private static bool Has(Node node, int index) => index < node.Inputs.Count && node.Inputs[index].IsPresent;
}
