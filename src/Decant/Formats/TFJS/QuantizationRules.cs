using System.Text;
using System.Text.RegularExpressions;

namespace Decant.Formats.TFJS;

/// <summary>Which weight is stored how: rules with patterns come before the one without.</summary>
internal sealed class QuantizationRules
{
    private readonly List<(DType DType, Regex Pattern)> _patterns = [];
    private readonly DType _rest = DType.Invalid;

    /// <exception cref="ModelException">Two rules are for all weights, or a type is none of the three.</exception>
    public QuantizationRules(IEnumerable<QuantizationRule> rules)
    {
        foreach (QuantizationRule rule in rules)
        {
            if (rule.DType is not (DType.Float16 or DType.UInt8 or DType.UInt16))
                throw FormatErrors.BadWeights.At(null, $"weights cannot be quantized to {rule.DType.Name()}, expected float16, uint8 or uint16");
            if (rule.Patterns is not null)
                _patterns.AddRange(rule.Patterns.Select(p => (rule.DType, Glob(p))));
            else
                _rest = _rest == DType.Invalid ? rule.DType : throw FormatErrors.BadWeights.At(null, "More than one quantization fallthrough provided, exactly one is supported");
        }
    }

    /// <summary>The type to store a weight in; Invalid for as it is.</summary>
    /// <exception cref="ModelException">Two rules want different types.</exception>
    public DType For(string name)
    {
        DType[] wanted = [.. _patterns.Where(p => p.Pattern.IsMatch(name)).Select(p => p.DType).Distinct()];
        return wanted switch
        {
            [] => _rest,
            [var one] => one,
            [var one, var two, ..] => throw FormatErrors.BadWeights.At(null, $"Two quantization values {WeightEntry.NameOf(one)}, {WeightEntry.NameOf(two)} match the same node {name}"),
        };
    }

    // Python's fnmatch: * ? [abc] [!abc], all of the name.
    private static Regex Glob(string pattern)
    {
        var regex = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            int end = pattern[i] == '[' && i + 2 < pattern.Length ? pattern.IndexOf(']', i + 2) : -1;
            if (end > 0)
            {
                string set = pattern[(i + 1)..end].Replace(@"\", @"\\", StringComparison.Ordinal).Replace("[", @"\[", StringComparison.Ordinal);
                regex.Append('[').Append(set[0] == '!' ? "^" + set[1..] : set[0] == '^' ? @"\" + set : set).Append(']');
                i = end;
            }
            else
            {
                regex.Append(pattern[i] switch { '*' => ".*", '?' => ".", var c => Regex.Escape(c.ToString()) });
            }
        }

        return new Regex(regex.Append(@"\z").ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }
}
