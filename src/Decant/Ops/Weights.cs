namespace Decant.Ops;

/// <summary>
/// An input that kernels pack once: a constant, which is read for packing only and not held, or the value of a variable, packed
/// again when another was assigned. A kernel that runs a single time does not pack: constants are then <see cref="Once"/>.
/// </summary>
internal sealed class Weights
{
    private readonly Func<Tensor>? _constant;
    private readonly bool _isVariable;
    private readonly int _input;
    private Tensor? _packed;

    /// <summary>The input of a node.</summary>
    public Weights(KernelRequest request, int input)
    {
        _input = input;
        Func<Tensor>? constant = request.ConstantSource(input);
        _constant = request.RunsOnce ? null : constant;
        Once = request.RunsOnce ? constant : null;
        _isVariable = constant is null && request.IsVariable(input);
        Shape = constant?.Invoke().Shape;
    }

    /// <summary>Whether the value is the same in every run, and runs need not have it.</summary>
    public bool IsConstant => _constant is not null;

    /// <summary>Reads a constant for the single run of a kernel, in blocks or as a whole; null where kernels run again.</summary>
    public Func<Tensor>? Once { get; }

    /// <summary>Whether packing pays: the value seldom changes, if at all.</summary>
    public bool IsFixed => IsConstant || _isVariable;

    /// <summary>The shape of a constant.</summary>
    public Shape? Shape { get; }

    /// <summary>Whether the variable has another value than was read last.</summary>
    public bool HaveChanged(KernelContext context) => _isVariable && !ReferenceEquals(_packed, context.Input(_input));

    /// <summary>The value that was read last.</summary>
    public Tensor Again() => _constant is not null ? _constant() : _packed!;

    /// <summary>The value, to be packed now.</summary>
    public Tensor Read(KernelContext context) => _constant is not null ? _constant() : _packed = context.Input(_input);
}
