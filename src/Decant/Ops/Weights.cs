namespace Decant.Ops;

/// <summary>
/// An input that kernels pack once: a constant, which is read for packing only and not held, or the value of a variable, packed
/// again when another was assigned. Products of one row read it as it is. A kernel that runs a single time does not pack: constants are then <see cref="Once"/>.
/// </summary>
internal sealed class Weights
{
    private readonly Func<Tensor>? _constant;
    private readonly bool _isVariable;
    private readonly bool _isNarrow;
    private readonly int _input;
    private readonly ConstantForms _forms;
    private Tensor? _packed;
    private Tensor? _inPlace;

    /// <summary>The input of a node.</summary>
    public Weights(KernelRequest request, int input)
    {
        (_input, _forms) = (input, request.Forms);
        Func<Tensor>? source = request.ConstantSource(input);
        if (source?.Invoke() is { } constant)
            (Shape, _isNarrow) = (constant.Shape, constant.DType != DType.Float32);
        Once = request.RunsOnce && !_isNarrow ? source : null;
        _constant = Once is null ? source : null;
        _isVariable = source is null && request.IsVariable(input);
    }

    /// <summary>Whether the value is the same in every run, and runs need not have it.</summary>
    public bool IsConstant => _constant is not null;

    /// <summary>Reads a constant for the single run of a kernel, in blocks or as a whole; null where kernels run again.</summary>
    public Func<Tensor>? Once { get; }

    /// <summary>Whether packing pays: the value seldom changes, if at all.</summary>
    public bool IsFixed => IsConstant || _isVariable;

    /// <summary>The shape of a constant.</summary>
    public Shape? Shape { get; }

    /// <summary>The elements as they are. The engine need not hold a constant of float32 for this; others are widened by who calls the kernel.</summary>
    public ReadOnlySpan<float> InPlace(KernelContext context) =>
        (_constant is null || _isNarrow ? context.Input(_input) : _inPlace ??= _forms.InPlace(_constant)).Span<float>();

    /// <summary>Whether the variable has another value than was read last.</summary>
    public bool HaveChanged(KernelContext context) => _isVariable && !ReferenceEquals(_packed, context.Input(_input));

    /// <summary>The value, packed now: that of a constant in the form that other nodes have too.</summary>
    /// <param name="context">The run.</param>
    /// <param name="form">What tells this form from others; equal for equal ones.</param>
    /// <param name="pack">Packs the value.</param>
    /// <param name="bytes">The bytes that it takes then.</param>
    public T Packed<T>(KernelContext context, object form, Func<Tensor, T> pack, Func<T, long> bytes)
        where T : class => _constant is not null ? _forms.Of(_constant, form, pack, bytes) : pack(_packed = context.Input(_input));

    /// <summary>The value that was read last.</summary>
    public Tensor Again() => _constant is not null ? _constant() : _packed!;
}
