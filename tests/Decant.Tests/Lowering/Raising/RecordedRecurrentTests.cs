using Decant.IR;
using Decant.Lowering;
using Decant.Lowering.Raising;
using Decant.Quantizing;
using Decant.TestKit;

namespace Decant.Tests.Lowering.Raising;

/// <summary>Recurrent operators that were recorded from TensorFlow Lite's kernel tests, as graphs: the first step, whose states are zero.</summary>
public sealed class RecordedRecurrentTests
{
    // Of the largest value. float32 sums in another order; and what kernels make of weights of 8 bits by rounding activations to 8 bits as well.
    private const double FloatTolerance = 1e-5, HybridTolerance = 0.05;

    // The state is of the scale 2^-15, and made of bytes of the scale 0.007 times weights of up to a half: what a byte of it is, up to -108 in the record, is
    // the rounding of those. Real numbers have no such rounding, and give another byte.
    private const string Refused = "of which a byte is less than the rounding of what it is made of";

    /// <summary>The folder, how many cases give their results, and how many are refused.</summary>
    [SharedTheory]
    [InlineData("basic_rnn_test", 8, 0)]
    [InlineData("bidirectional_sequence_lstm_test", 42, 0)]
    [InlineData("bidirectional_sequence_rnn_test", 31, 0)]
    [InlineData("lstm_test", 63, 4)]
    [InlineData("quant_basic_lstm_test", 1, 0)]
    [InlineData("svdf_test", 16, 0)]
    [InlineData("unidirectional_sequence_lstm_test", 48, 2)]
    [InlineData("unidirectional_sequence_rnn_test", 12, 0)]
    public void Recorded_operators_become_graphs_with_their_results(string test, int right, int refused)
    {
        List<string> faults = [];
        (int passed, int told) = (0, 0);
        foreach (TFLiteCase @case in TFLiteCase.Read(SharedData.Path($"opcases/tflite/{test}")))
        {
            try
            {
                if (Difference(@case) is { } difference)
                    faults.Add($"{@case.Id}: {difference}");
                else
                    passed++;
            }
            catch (ModelException e) when (e.Diagnostics[0].Code == ConvertErrors.UnsupportedOp && e.Message.Contains(Refused, StringComparison.Ordinal))
            {
                told++;
            }
            catch (ModelException e)
            {
                faults.Add($"{@case.Id}: {e.Message}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal((right, refused), (passed, told));
    }

    private static string? Difference(TFLiteCase @case)
    {
        using Model model = Model.Load(@case.Model);
        var main = (Function)model.Graph;
        (Dictionary<string, Tensor> given, IReadOnlyList<(string Position, Tensor Expected)> outputs) = @case.FirstStep(main);
        foreach ((string position, Tensor value) in given)
        {
            Node argument = main.ArgNodes[int.Parse(position)];
            argument.Tensors = [argument.Tensors[0] with { Shape = value.Shape, Signature = Shape.Unknown, HasRank = true }];
        }

        using Model raised = model.ToTensorFlow();
        Assert.DoesNotContain(raised.Graph.Nodes, n => n.Op.Dialect == Dialect.TFLite);
        Signature signature = raised.Signatures[0];
        bool isExact = model.Graph.Nodes.All(n => n.Tensors.All(t => t.DType is DType.Float32 or DType.Int32));
        var feeds = given.ToDictionary(f => signature.Inputs[int.Parse(f.Key)].Name, f => Real(f.Value, main.ArgNodes[int.Parse(f.Key)].Tensors[0]));
        using var session = new Session(raised);
        string[] names = [.. signature.Outputs.Select(o => o.Name)];
        IReadOnlyDictionary<string, Tensor> found = session.Run(feeds, names);
        foreach ((string position, Tensor integers) in outputs)
        {
            Value result = main.Results[int.Parse(position)].Value;

            // The gates' workspace of quantized cells has another scale than the file declares.
            if (!isExact && result.Port == 3)
                continue;
            Tensor expected = Real(integers, result.Node.Tensors[result.Port]);
            double largest = expected.Span<float>().ToArray().Max(MathF.Abs);
            if (TensorComparison.Difference(found[names[int.Parse(position)]], expected, 0, (isExact ? FloatTolerance : HybridTolerance) * largest) is { } difference)
                return $"output {position} (exact {isExact}): {difference}";
        }

        return null;
    }

    private static Tensor Real(Tensor value, TensorSpec spec) => Constants.StandsForReals(spec) ? Quantized.Dequantize(value, spec.Quantization!) : value;
}
