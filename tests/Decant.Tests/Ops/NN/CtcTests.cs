using Decant.IR;

namespace Decant.Tests.Ops.NN;

public sealed class CtcTests
{
    private const int Steps = 4;
    private const int Classes = 3;

    [Theory]
    [InlineData(true, -1, new double[] { 0, 1, 0 })]
    [InlineData(false, -1, new double[] { 0, 0, 1, 0 })]
    [InlineData(true, 0, new double[] { 2, 1 })]
    public void The_best_class_of_each_step_without_blanks_is_the_greedy_path(bool merges, long blank, double[] expected)
    {
        // Best: 0, 0, 2, 1, 0; in the second sequence, of two steps: 1, 1.
        int[] first = [0, 0, 2, 1, 0], second = [1, 1, 0, 0, 0];
        float[] scores = new float[5 * 2 * 3];
        for (int t = 0; t < 5; t++)
            (scores[(t * 6) + first[t]], scores[(t * 6) + 3 + second[t]]) = (2, 0.5f);
        Tensor[] y = OneNode.Run(
            "CTCGreedyDecoder",
            new AttributeMap { { "merge_repeated", merges }, { "blank_index", blank } },
            [Tensor.Wrap(scores, new Shape(5, 2, 3)), Tensor.Wrap([5, 2])], 4);
        double[] other = merges ? [1] : [1, 1];
        Assert.Equal([.. expected, .. other], OneNode.Numbers(y[1]));
        long[] indices = y[0].Span<long>().ToArray();
        Assert.Equal([1L, other.Length - 1], indices[^2..]);
        Assert.Equal([2d, expected.Length], OneNode.Numbers(y[2]));
        Assert.Equal([-10d, -1], OneNode.Numbers(y[3]));
    }

    [Fact]
    public void A_wide_beam_finds_the_most_probable_labels()
    {
        double[] scores = Scores(3);
        Tensor[] y = OneNode.Run(
            "CTCBeamSearchDecoder",
            new AttributeMap { { "T", DType.Float64 }, { "beam_width", 100L }, { "top_paths", 3L }, { "merge_repeated", false } },
            [Tensor.Wrap(scores, new Shape(Steps, 1, Classes)), Tensor.Wrap([Steps])], 10);
        var best = Alignments(scores, Classes - 1).OrderByDescending(p => p.Value).Take(3).ToArray();
        for (int path = 0; path < 3; path++)
        {
            Assert.Equal(best[path].Key, string.Concat(OneNode.Numbers(y[3 + path])));
            Assert.Equal(Math.Log(best[path].Value), OneNode.Numbers(y[9])[path], 1e-12);
            Assert.Equal([1d, best[path].Key.Length], OneNode.Numbers(y[6 + path]));
        }
    }

    [Fact]
    public void A_beam_of_one_follows_the_best_prefix_and_merges_when_asked()
    {
        // Class 0, then the blank, then class 0 again: two labels, given once when they are merged.
        float[] scores = [9, 0, 0, 0, 0, 9, 9, 0, 0];
        foreach (bool merges in (bool[])[false, true])
        {
            var attributes = new AttributeMap { { "beam_width", 2L }, { "top_paths", 1L }, { "merge_repeated", merges } };
            Tensor[] y = OneNode.Run("CTCBeamSearchDecoder", attributes, [Tensor.Wrap(scores, new Shape(3, 1, 3)), Tensor.Wrap([3])], 4);
            Assert.Equal(merges ? [0d] : [0d, 0], OneNode.Numbers(y[1]));
        }
    }

    [Theory]
    [InlineData("CTCLoss", Classes - 1, new int[] { 0, 1 })]
    [InlineData("CTCLoss", Classes - 1, new int[] { 1, 1 })]
    [InlineData("CTCLossV2", 0, new int[] { 2, 1, 2 })]
    public void The_loss_is_that_of_all_alignments_and_the_gradient_its_derivative(string op, int blank, int[] labels)
    {
        double[] scores = Scores(5);
        Tensor[] inputs = Inputs(scores, labels);
        Tensor[] y = OneNode.Run(op, op == "CTCLoss" ? new AttributeMap { { "T", DType.Float64 } } : [], inputs, 2);
        Assert.Equal(Loss(scores), OneNode.Numbers(y[0])[0], op == "CTCLoss" ? 1e-12 : 1e-5);
        double[] gradient = OneNode.Numbers(y[1]);
        for (int i = 0; i < scores.Length; i++)
        {
            double[] up = (double[])scores.Clone(), down = (double[])scores.Clone();
            up[i] += 1e-5;
            down[i] -= 1e-5;
            Assert.Equal((Loss(up) - Loss(down)) / 2e-5, gradient[i], 1e-5);
        }

        double Loss(double[] at) => -Math.Log(Alignments(at, blank)[string.Concat(labels)]);

        Tensor[] Inputs(double[] at, int[] values)
        {
            var shape = new Shape(Steps, 1, Classes);
            Tensor scoreTensor = op == "CTCLoss" ? Tensor.Wrap(at, shape) : Tensor.Wrap(Array.ConvertAll(at, v => (float)v), shape);
            return [scoreTensor, Indices(values.Length), Tensor.Wrap(values), Tensor.Wrap([Steps])];
        }
    }

    [Fact]
    public void A_sequence_that_is_too_short_for_its_labels_is_a_fault_or_ignored()
    {
        Tensor[] inputs = [Tensor.Wrap(new float[6], new Shape(2, 1, 3)), Indices(3), Tensor.Wrap([0, 1, 0]), Tensor.Wrap([2])];
        Assert.Contains("has 3 labels for the 2 steps of sequence 0", OneNode.Fault("CTCLoss", [], inputs), StringComparison.Ordinal);
        Tensor[] y = OneNode.Run("CTCLoss", new AttributeMap { { "ignore_longer_outputs_than_inputs", true } }, inputs, 2);
        Assert.Equal([0d], OneNode.Numbers(y[0]));
        Assert.Equal(new double[6], OneNode.Numbers(y[1]));
    }

    /// <summary>Op, attributes, inputs, what the message says.</summary>
    public static TheoryData<string, AttributeMap, Tensor[], string> Faults => new()
    {
        { "CTCGreedyDecoder", [], [Tensor.Wrap([1f]), Tensor.Wrap([1])], "expected [time,batch,classes]" },
        { "CTCGreedyDecoder", [], [Tensor.Wrap([1f, 2], new Shape(1, 1, 2)), Tensor.Wrap([2])], "has a sequence of 2 steps, expected 0 to 1" },
        { "CTCGreedyDecoder", new() { { "blank_index", 2L } }, [Tensor.Wrap([1f, 2], new Shape(1, 1, 2)), Tensor.Wrap([1])], "has the blank index 2, expected one of 2 classes" },
        { "CTCGreedyDecoder", [], [Tensor.Wrap([1f, 2], new Shape(1, 1, 2)), Tensor.Wrap([1, 1])], "expected int32[1]" },
        { "CTCBeamSearchDecoder", new() { { "beam_width", 1L }, { "top_paths", 2L } }, [Tensor.Wrap([1f, 2], new Shape(1, 1, 2)), Tensor.Wrap([1])], "expected 1 to the beam width, 1" },
        { "CTCBeamSearchDecoder", new() { { "beam_width", 9L }, { "top_paths", 9L } }, [Tensor.Wrap([1f, 2], new Shape(1, 1, 2)), Tensor.Wrap([1])], "has 2 paths for sequence 0, expected 9" },
        { "CTCLoss", [], [Tensor.Wrap([1f, 2, 3], new Shape(1, 1, 3)), Indices(1), Tensor.Wrap([-1]), Tensor.Wrap([1])], "has the label -1 in sequence 0" },
        { "CTCLoss", [], [Tensor.Wrap(new float[6], new Shape(2, 1, 3)), Indices(2), Tensor.Wrap([2, 0]), Tensor.Wrap([2])], "after its end" },
        { "CTCLoss", [], [Tensor.Wrap([1f, 2, 3], new Shape(1, 1, 3)), Tensor.Wrap([1L, 0], new Shape(1, 2)), Tensor.Wrap([1]), Tensor.Wrap([1])], "expected rising indices of 1 rows" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Wrong_inputs_are_located_errors(string op, AttributeMap attributes, Tensor[] inputs, string message) =>
        Assert.Contains(message, OneNode.Fault(op, attributes, inputs), StringComparison.Ordinal);

    private static Tensor Indices(int count) => Tensor.Wrap([.. Enumerable.Range(0, count).SelectMany(i => (long[])[0, i])], new Shape(count, 2));

    private static double[] Scores(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Steps * Classes).Select(_ => (random.NextDouble() * 4) - 2)];
    }

    /// <summary>The probability of every label sequence, summed over all ways to align it.</summary>
    private static Dictionary<string, double> Alignments(double[] scores, int blank)
    {
        var sums = new Dictionary<string, double>();
        for (int path = 0; path < Math.Pow(Classes, Steps); path++)
        {
            (string labels, double probability, int previous) = ("", 1, -1);
            for (int t = 0, rest = path; t < Steps; t++, rest /= Classes)
            {
                int label = rest % Classes;
                double[] step = scores[(t * Classes)..((t + 1) * Classes)];
                probability *= Math.Exp(step[label]) / step.Sum(Math.Exp);
                if (label != previous && label != blank)
                    labels += label;
                previous = label;
            }

            sums[labels] = sums.GetValueOrDefault(labels) + probability;
        }

        return sums;
    }
}
