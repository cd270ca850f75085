using System.Globalization;

namespace Decant.Passes.Compress;

/// <summary>Methods that follow each other, with their values: <c>prune=0.8+int8</c>.</summary>
public sealed record CompressionSetting
{
    private readonly (CompressionMethod Method, double Value)[] _methods;

    private CompressionSetting((CompressionMethod Method, double Value)[] methods) => _methods = methods;

    /// <summary>Reads methods joined by <c>+</c>; in which order does not matter.</summary>
    /// <exception cref="ModelException">A method is unknown or there twice, a value is not allowed, or two methods give weights another type.</exception>
    public static CompressionSetting Parse(string text)
    {
        (CompressionMethod Method, double Value)[] methods = [.. text.Split('+', StringSplitOptions.TrimEntries).Select(CompressionMethod.Parse).OrderBy(m => CompressionMethod.All.ToList().IndexOf(m.Method))];
        if (methods.Where(m => m.Method.Stores).Skip(1).Any())
            throw CompressErrors.BadSetting.At(null, $"'{text}' stores weights in two ways, expected one of {string.Join(", ", CompressionMethod.All.Where(m => m.Stores).Select(m => m.Name))}");
        if (methods.DistinctBy(m => m.Method).Count() < methods.Length)
            throw CompressErrors.BadSetting.At(null, $"'{text}' has a method twice");
        return new CompressionSetting(methods);
    }

    /// <summary>The passes for some weights, in order.</summary>
    internal IEnumerable<Pass> Passes(WeightSelection selection) => _methods.Select(m => m.Method.Make(m.Value, selection));

    /// <summary>What <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        string.Join('+', _methods.Select(m => m.Method.ValueName.Length == 0 ? m.Method.Name : string.Create(CultureInfo.InvariantCulture, $"{m.Method.Name}={m.Value}")));

    /// <summary>Whether it is the same methods with the same values.</summary>
    public bool Equals(CompressionSetting? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc />
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
