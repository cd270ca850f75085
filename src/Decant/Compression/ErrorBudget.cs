using Decant.IR;
using Decant.Passes.Compress;

namespace Decant.Compression;

/// <summary>The settings that a search chose.</summary>
/// <param name="Settings">The setting of each weight that changes, by name.</param>
/// <param name="Unchanged">Weights that stay as they are.</param>
/// <param name="Error">The error of all outputs with these settings together, on the inputs of the measurement.</param>
/// <param name="Runs">How many models were run for it.</param>
public sealed record BudgetResult(IReadOnlyDictionary<string, CompressionSetting> Settings, IReadOnlyList<string> Unchanged, OutputError Error, int Runs);

/// <summary>
/// Looks for the smallest setting of each weight with which the outputs stay within a relative error. Weights are put in the order of
/// how much each alone costs in the smallest setting per byte; as many of them as the budget allows get it, the next ones the next, and so on.
/// Whatever is chosen was run as a whole.
/// </summary>
public sealed class ErrorBudget
{
    private readonly CompressionMeasurement _measurement;
    private readonly double _target;
    private readonly CompressionSetting[] _settings;
    private readonly Action<string>? _progress;
    private int _runs;
    private OutputError _error = OutputError.None;

    private ErrorBudget(CompressionMeasurement measurement, double target, CompressionSetting[] settings, Action<string>? progress) =>
        (_measurement, _target, _settings, _progress) = (measurement, target, settings, progress);

    /// <summary>The settings that are tried when none are named, the smallest first.</summary>
    public static IReadOnlyList<CompressionSetting> DefaultSettings { get; } = [.. ((string[])["int8", "int8-per-channel", "float16"]).Select(CompressionSetting.Parse)];

    /// <summary>Searches.</summary>
    /// <param name="measurement">The model and its inputs; it must run models.</param>
    /// <param name="target">The largest <see cref="OutputError.MaxRelative"/> that is allowed.</param>
    /// <param name="settings">The settings to choose from, the smallest first; null for the usual ones.</param>
    /// <param name="progress">Told what was tried.</param>
    /// <exception cref="ModelException">A model cannot be run.</exception>
    public static BudgetResult Search(CompressionMeasurement measurement, double target, IReadOnlyList<CompressionSetting>? settings = null, Action<string>? progress = null) =>
        new ErrorBudget(measurement, target, [.. settings ?? DefaultSettings], progress).Run();

    private BudgetResult Run()
    {
        string[] names = Order();
        // Level i of a weight is its setting; the level after the last leaves it unchanged.
        int[] levels = new int[names.Length];
        Array.Fill(levels, _settings.Length);
        int finest = _settings.Length - 1;
        // With the rest in the finest setting, and not unchanged, the first ones do not use up the whole budget.
        if (names.Length > 0)
            Try(names, levels, 0, names.Length, finest);
        for (int level = 0, from = 0; level < _settings.Length && from < names.Length && levels[from] != level; level++)
            from += Most(names, levels, from, level);
        var chosen = new Dictionary<string, CompressionSetting>(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            if (levels[i] < _settings.Length)
                chosen[names[i]] = _settings[levels[i]];
        }

        return new BudgetResult(chosen, [.. names.Where(n => !chosen.ContainsKey(n))], _error, _runs);
    }

    /// <summary>Gives a level to as many weights, from the first that has none of its own yet, as the budget allows; tells how many.</summary>
    private int Most(string[] names, int[] levels, int from, int level)
    {
        (int least, int most) = (0, names.Length - from);
        while (least < most)
        {
            int count = (least + most + 1) / 2;
            if (Try(names, levels, from, count, level))
                least = count;
            else
                most = count - 1;
        }

        return least;
    }

    private bool Try(string[] names, int[] levels, int from, int count, int level)
    {
        int[] tried = [.. levels];
        tried.AsSpan(from, count).Fill(level);
        OutputError error = ErrorOf(names, tried);
        _progress?.Invoke(FormattableString.Invariant($"{count} more weights in {_settings[level]}: error {error.MaxRelative:G3}"));
        if (!(error.MaxRelative <= _target))
            return false;
        _error = error;
        tried.CopyTo(levels, 0);
        return true;
    }

    /// <summary>The weights, those first that cost least error per byte.</summary>
    private string[] Order()
    {
        CompressionResult all = _measurement.Compress(_settings[0], new Dictionary<string, CompressionSetting>());
        Graph original = _measurement.Compress(null, new Dictionary<string, CompressionSetting>()).Model.Graph;
        string[] names = [.. original.Nodes.Where(n => n.Op == "Const" && IsChanged(n, all.Model.Graph)).Select(n => n.Name)];
        var cost = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            double error = ErrorOf([name], [0]).MaxRelative;
            cost[name] = error / ((TensorAttr)original[name].Attributes["value"]!).Shape.ElementCount;
            _progress?.Invoke(FormattableString.Invariant($"{name} alone in {_settings[0]}: error {error:G3}"));
        }

        return [.. names.OrderBy(n => cost[n])];
    }

    /// <summary>Whether a constant is stored otherwise, or is computed; values of variables are read anew for each model, so that they are no sign.</summary>
    private static bool IsChanged(Node node, Graph compressed) => !compressed.TryGet(node.Name, out Node? now) || now.Op != node.Op || now.Attributes["value"] is ComputedTensor;

    private OutputError ErrorOf(string[] names, int[] levels)
    {
        _runs++;
        Dictionary<string, CompressionSetting> settings = [];
        for (int i = 0; i < names.Length; i++)
        {
            if (levels[i] < _settings.Length)
                settings[names[i]] = _settings[levels[i]];
        }

        return _measurement.ErrorOf(_measurement.Compress(null, settings).Model);
    }
}
