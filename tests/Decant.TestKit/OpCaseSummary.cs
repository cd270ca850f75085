using System.Text;

namespace Decant.TestKit;

/// <summary>What became of the recorded cases of one op.</summary>
public sealed class OpCaseSummary(string op)
{
    public string Op { get; } = op;

    public int Passed { get; set; }

    /// <summary>Cases with another result, and the first difference or the error.</summary>
    public List<(string Id, string Difference)> Failed { get; } = [];

    /// <summary>The ops for want of which cases were not run; one entry per case and op.</summary>
    public List<string> WithoutKernel { get; } = [];

    public override string ToString()
    {
        var text = new StringBuilder($"{Op}: {Passed} passed, {Failed.Count} failed");
        if (WithoutKernel.Count > 0)
            text.Append(", no kernel for ").AppendJoin(", ", WithoutKernel.Distinct().Order(StringComparer.Ordinal));
        foreach ((string id, string difference) in Failed)
            text.Append("\n  ").Append(id).Append(": ").Append(difference);
        return text.ToString();
    }
}
