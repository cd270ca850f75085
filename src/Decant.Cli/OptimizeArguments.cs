using System.CommandLine;
using System.Globalization;
using Decant.Comparison;
using Decant.Ops.Catalogue;
using Decant.Passes;
using Decant.Passes.Optimize;

namespace Decant.Cli;

/// <summary>The options of verbs that optimize.</summary>
internal sealed class OptimizeArguments
{
    private readonly Option<string?> _signature = CommonOptions.Signature();
    private readonly Option<string?> _inputs = CommonOptions.Inputs();
    private readonly Option<string?> _outputs = CommonOptions.Outputs();
    private readonly Option<bool> _keepDevices = new("--keep-devices") { Description = "Keep the devices that nodes ask for" };
    private readonly Option<bool> _fuse = new("--fuse") { Description = "Make biases and activations part of _FusedConv2D, _FusedMatMul and FusedDepthwiseConv2dNative, as TF.js and TensorFlow's CPU kernels have them" };
    private readonly Option<bool> _narrow = new("--narrow-indices") { Description = "Make int64 tensors that serve as sizes, axes and indices int32" };
    private readonly Option<long?> _maxGrowth = From0<long?>(new("--max-growth") { Description = "The most bytes by which computing constants may enlarge the model (default: 4096 and 5 % of the constants, at most 102400 for a node)" });
    private readonly Option<string[]> _excludeOp = new("--exclude-op") { Description = "An op that constant folding leaves alone", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _excludeNode = new("--exclude-node") { Description = "A node that constant folding leaves alone", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _without = new("--without") { Description = "Passes to leave out, comma separated" };
    private readonly Option<int?> _maxEdits = From0<int?>(new("--max-edits") { Description = "Stop after this many edits (default: when none is found any more)" });
    private readonly Option<string[]> _input = new("--input") { Description = "A value of an input for the comparison with the original, NAME=FILE.npy", DefaultValueFactory = _ => [] };
    private readonly Option<int> _random = new("--random") { Description = "The seed of random values for inputs that are not given", DefaultValueFactory = _ => 0 };

    private readonly Option<double> _rtol = From0<double>(new("--rtol") { Description = "How far outputs may be from the original's, relative to each element", DefaultValueFactory = _ => OptimizeCheck.Tolerance.RelativeTolerance });
    private readonly Option<double> _atol = From0<double>(new("--atol") { Description = "How far they may be, as a part of the largest value of an output", DefaultValueFactory = _ => OptimizeCheck.Tolerance.ScaleTolerance });

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_signature, _inputs, _outputs, _keepDevices, _fuse, _narrow, _maxGrowth, _excludeOp, _excludeNode, _without, _maxEdits, _input, _random, _rtol, _atol])
            command.Options.Add(option);
    }

    /// <summary>What was given.</summary>
    public OptimizeOptions Read(ParseResult parsed) => new()
    {
        Signature = parsed.GetValue(_signature),
        Inputs = CommonOptions.List(parsed.GetValue(_inputs)),
        Outputs = CommonOptions.List(parsed.GetValue(_outputs)),
        ClearDevices = !parsed.GetValue(_keepDevices),
        Fuse = parsed.GetValue(_fuse),
        NarrowIndices = parsed.GetValue(_narrow),
        MaxGrowth = parsed.GetValue(_maxGrowth),
        Folding = new ConstantFoldingOptions { MaxGrowth = parsed.GetValue(_maxGrowth) ?? ConstantFoldingOptions.DefaultMaxGrowth, ExcludedOps = [.. parsed.GetValue(_excludeOp)!.Select(KnownOp)], ExcludedNodes = parsed.GetValue(_excludeNode)! },
        Without = [.. (CommonOptions.List(parsed.GetValue(_without)) ?? []).Select(Known)],
        MaxEdits = parsed.GetValue(_maxEdits) ?? int.MaxValue,
    };

    /// <summary>The values for the comparison.</summary>
    public Dictionary<string, Tensor> Inputs(ParseResult parsed, Model model, Terminal terminal) =>
        InputFiles.Read(model, IR.SignatureView.Of(model, parsed.GetValue(_signature)), parsed.GetValue(_input)!, terminal);

    /// <summary>The seed of random values.</summary>
    public int Seed(ParseResult parsed) => parsed.GetValue(_random);

    /// <summary>How far outputs may be from the original's.</summary>
    public Comparison.CompareOptions Tolerance(ParseResult parsed) =>
        OptimizeCheck.Tolerance with { RelativeTolerance = parsed.GetValue(_rtol), AbsoluteTolerance = 0, ScaleTolerance = parsed.GetValue(_atol) };

    private static Option<T> From0<T>(Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !(number >= 0))
                result.AddError($"{option.Name} {given}: expected a number from 0");
        });
        return option;
    }

    private static string KnownOp(string op) => OpCatalogue.Find(op) is not null ? op
        : throw CliErrors.Usage.At(null, $"--exclude-op {op}: TensorFlow has no such op", Spelling.Hint(op, OpCatalogue.Names()));

    private static string Known(string pass) => PassTable.Find(pass) is not null ? pass
        : throw CliErrors.Usage.At(null, $"--without {pass}: there is no such pass", Spelling.Hint(pass, PassTable.All.Select(p => p.Name)));
}
