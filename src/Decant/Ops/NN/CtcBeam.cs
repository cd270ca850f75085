namespace Decant.Ops.NN;

/// <summary>
/// Prefix beam search over CTC scores (Graves, "Supervised Sequence Labelling", 7.5): a tree of label prefixes, of which the
/// <paramref name="width"/> most probable are followed. The last class is the blank. Probabilities are logarithms.
/// </summary>
internal sealed class CtcBeam(int width, int classes)
{
    private readonly List<Prefix> _leaves = [new Prefix(null, -1) { Total = 0, Blank = 0 }];

    // The leaf of the least probability, or -1 when it is to be looked for.
    private int _worst = -1;

    /// <summary>Takes the scores of one time step, normalized to probabilities by a softmax.</summary>
    public void Step(ReadOnlySpan<double> scores)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double score in scores)
            largest = Math.Max(largest, score);
        foreach (double score in scores)
            sum += Math.Exp(score - largest);
        double norm = largest + Math.Log(sum);
        Prefix[] branches = Best(_leaves.Count);
        foreach (Prefix b in branches)
            (b.OldTotal, b.OldBlank) = (b.Total, b.Blank);
        foreach (Prefix b in branches)
        {
            if (b.Parent is { } parent)
            {
                if (parent.IsActive)
                    b.Label = LogSum(b.Label, b.Class == parent.Class ? parent.OldBlank : parent.OldTotal);
                b.Label += scores[b.Class] - norm;
            }

            b.Blank = b.OldTotal + scores[classes - 1] - norm;
            b.Total = LogSum(b.Blank, b.Label);
        }

        _worst = -1;
        foreach (Prefix b in branches)
            Grow(b, scores, norm);
    }

    /// <summary>The most probable prefixes, the best first; fewer if there are no more.</summary>
    public Prefix[] Best(int count) => [.. _leaves.OrderByDescending(l => l.Total).Take(count)];

    private static double LogSum(double a, double b) =>
        double.IsNegativeInfinity(a) ? b : double.IsNegativeInfinity(b) ? a : Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));

    private void Grow(Prefix prefix, ReadOnlySpan<double> scores, double norm)
    {
        if (!IsCandidate(prefix.OldTotal))
            return;
        for (int c = 0; c < classes - 1; c++)
        {
            Prefix? known = prefix.Find(c);
            if (known is { IsActive: true })
                continue;
            double total = scores[c] - norm + (c == prefix.Class ? prefix.OldBlank : prefix.OldTotal);
            if (!IsCandidate(total))
            {
                known?.Deactivate();
                continue;
            }

            Prefix child = known ?? prefix.Grow(c);
            (child.Total, child.Label, child.Blank) = (total, total, double.NegativeInfinity);
            if (_leaves.Count == width)
            {
                _leaves[Worst()].Drop();
                _leaves[Worst()] = child;
            }
            else
            {
                _leaves.Add(child);
            }

            _worst = -1;
        }
    }

    private bool IsCandidate(double total) => total > double.NegativeInfinity && (_leaves.Count < width || total > _leaves[Worst()].Total);

    private int Worst()
    {
        if (_worst >= 0)
            return _worst;
        _worst = 0;
        for (int i = 1; i < _leaves.Count; i++)
            _worst = _leaves[i].Total < _leaves[_worst].Total ? i : _worst;
        return _worst;
    }

    /// <summary>Labels from the root, and the logarithms of their probabilities in this step and the one before.</summary>
    internal sealed class Prefix(Prefix? parent, int label)
    {
        private readonly Dictionary<int, Prefix> _children = [];

        public Prefix? Parent { get; } = parent;

        public int Class { get; } = label;

        /// <summary>Of paths that end in a label, in a blank, and in either.</summary>
        public double Label { get; set; } = double.NegativeInfinity;

        public double Blank { get; set; } = double.NegativeInfinity;

        public double Total { get; set; } = double.NegativeInfinity;

        public double OldBlank { get; set; } = double.NegativeInfinity;

        public double OldTotal { get; set; } = double.NegativeInfinity;

        public bool IsActive => Total > double.NegativeInfinity;

        public Prefix? Find(int label) => _children.GetValueOrDefault(label);

        public Prefix Grow(int label) => _children[label] = new Prefix(this, label);

        /// <summary>Takes the prefix out of the beam; its last step still counts for those that follow it.</summary>
        public void Drop() => Label = Blank = Total = double.NegativeInfinity;

        /// <summary>As if the prefix had never been in the beam.</summary>
        public void Deactivate()
        {
            Drop();
            OldBlank = OldTotal = double.NegativeInfinity;
        }

        /// <summary>The labels from the root, without repetitions of one if <paramref name="merges"/>.</summary>
        public int[] Labels(bool merges)
        {
            List<int> labels = [];
            int previous = -1;
            for (Prefix at = this; at.Parent is not null; at = at.Parent)
            {
                if (!merges || at.Class != previous)
                    labels.Add(at.Class);
                previous = at.Class;
            }

            labels.Reverse();
            return [.. labels];
        }
    }
}
