using Decant.IR;
using Decant.Lowering.Composing;
using Decant.Lowering.Raising;
using Decant.Ops;
using Decant.Ops.Catalogue;
using Decant.Ops.Lowering;
using Decant.Ops.TFLite.Catalogue;

namespace Decant.Registration;

/// <summary>Where models may run, with what it lacks.</summary>
/// <param name="Name">The name that users choose it by.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Lack">Why a kernel cannot run there; null when it can.</param>
public sealed record OpTarget(string Name, string Summary, Func<NeededKernel, string?> Lack)
{
    // What freezing and optimizing take out.
    private static readonly HashSet<string> Frozen = new(StringComparer.Ordinal)
    {
        "Assert", "Assign", "AssignVariableOp", "Const", "MergeV2Checkpoints", "NoOp", "PartitionedCall", "Placeholder", "PlaceholderV2", "PlaceholderWithDefault", "ReadVariableOp", "RestoreV2", "SaveV2", "ShardedFilename",
        "StatefulPartitionedCall", "VarHandleOp", "VarIsInitializedOp", "Variable", "VariableV2", Function.ArgOp,
    };

    // The types that remain when TensorFlow is built for mobile without __ANDROID_TYPES_FULL__.
    private static readonly DType[] MobileTypes = [DType.Bool, DType.Float32, DType.Int32];

    /// <summary>Decant, with all of its ops.</summary>
    public static OpTarget Decant { get; } = new("decant", "Decant itself", LackOfDecant);

    /// <summary>The mobile build of TensorFlow 1 and 2.0. What it lacks is told by the error that a device shows.</summary>
    public static OpTarget Mobile { get; } = new("mobile", "TensorFlow's old mobile build with the ops and types that it had by default", LackOfMobile);

    /// <summary>The targets, sorted by name.</summary>
    public static IReadOnlyList<OpTarget> All { get; } =
    [
        Decant,
        Mobile,
        new("tfjs", "TensorFlow.js", LackOfTFJS) { Converted = TFJSLacks.Of },
        new("tflite", "TensorFlow Lite with its own operators", LackOfTFLite),
    ];

    /// <summary>The target of a name.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public static OpTarget Find(string name) => All.FirstOrDefault(t => t.Name == name) ?? throw RegistrationErrors.UnknownTarget.At(
        null, $"there is no target '{name}'",
        $"{(Spelling.Nearest(name, All.Select(t => t.Name)) is { } near ? $"did you mean '{near}'? " : "")}the targets are {string.Join(", ", All.Select(t => $"'{t.Name}'"))}");

    /// <summary>What a conversion of the models to the target is refused for; null where they cannot be converted for other reasons.</summary>
    internal Func<OpSelection, IReadOnlyList<(NeededKernel Kernel, string Why)>?>? Converted { get; init; }

    /// <summary>
    /// The kernels of a selection that cannot run there, with the reasons. For TensorFlow.js they are those that a conversion is left with: what
    /// it takes out or composes of other ops is not among them, and their nodes may be of the frozen and optimized model.
    /// </summary>
    public IReadOnlyList<(NeededKernel Kernel, string Why)> Lacks(OpSelection selection) =>
        Converted?.Invoke(selection) ?? [.. selection.Kernels.Select(k => (k, Lack(k)!)).Where(l => l.Item2 is not null)];

    private static string? LackOfDecant(NeededKernel kernel)
    {
        if (OpSelection.IsControlFlow(kernel.Op))
            return null;
        if (!OpTable.All.TryGet(kernel.Op, out Op? op))
        {
            return $"Decant has no op {kernel.Op}"
                + (kernel.Op.Dialect == Dialect.TensorFlow && OpCatalogue.Find(kernel.Op.Name) is null && Spelling.Nearest(kernel.Op.Name, OpCatalogue.Names()) is { } near ? $", and TensorFlow has none: the nearest is {near}" : "");
        }

        if (op is not IHasKernel ready)
            return $"Decant has no kernel of {kernel.Op}";
        try
        {
            ready.Prepare(new ExampleRequest(kernel.Node, kernel.Functions));
            return null;
        }
        catch (ModelException e) when (e.Diagnostics.FirstOrDefault(d => d.Code == OpErrors.NoKernel) is { } fault)
        {
            return fault.Message;
        }
        catch (ModelException)
        {
            // Other faults depend on values that are not known before a run.
            return null;
        }
    }

    // For models that cannot be converted as a whole: rules that compose the op may still refuse a node.
    private static string? LackOfTFJS(NeededKernel kernel) =>
        TfjsOps.Has(kernel.Op.ToString()) || OpSelection.IsControlFlow(kernel.Op) || Frozen.Contains(kernel.Op.ToString()) || Compositions.Has(kernel.Op) || RaisingTable.Find(kernel.Op) is not null
            ? null : $"TensorFlow.js has no op {kernel.Op}";

    private static string? LackOfTFLite(NeededKernel kernel)
    {
        if (kernel.Op.Dialect == Dialect.TFLite)
            return TFLiteCatalogue.Find(kernel.Op.Name) is not null || kernel.Op == TFLiteParts.TensorOp ? null : $"{kernel.Op} is no builtin operator of TensorFlow Lite";
        string op = kernel.Op.Name;
        return OpSelection.IsControlFlow(kernel.Op) || Frozen.Contains(op) || LoweringTable.Find(op) is not null || (OpTable.All.TryGet(kernel.Op, out Op? known) && known is ILowersToTFLite)
            ? null : $"{op} has no form in TensorFlow Lite's operators: convert --allow-select-ops embeds it as TensorFlow's";
    }

    private static string? LackOfMobile(NeededKernel kernel)
    {
        if (kernel.Op.Dialect != Dialect.TensorFlow)
            return $"{kernel.Op} is of TensorFlow Lite, whose models this build does not run";
        string error = $"No OpKernel was registered to support Op '{kernel.Op}' with these attrs. ";
        if (!kernel.IsInMobileBuild)
            return $"{error} Registered devices: [CPU], Registered kernels:  <no registered kernels>";
        DType type = KernelClasses.Find(kernel.Op.Name, kernel.Type, SelectiveRegistration.Newest)?.ThroughMacro ?? DType.Invalid;
        return type == DType.Invalid || MobileTypes.Contains(type) ? null
            : $"{error} Registered devices: [CPU], Registered kernels:  not for {type.Name()}, but at most for {string.Join(", ", MobileTypes.Select(t => t.Name()))}";
    }
}
