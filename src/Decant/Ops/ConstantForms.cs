namespace Decant.Ops;

/// <summary>
/// What a program holds of its constants: as they are, or packed for a kernel. Of one constant there is each form once, however many nodes
/// read it, such as the steps of a loop that was unrolled.
/// </summary>
/// <param name="place">Puts a constant where it is read as it is.</param>
internal sealed class ConstantForms(Func<Tensor, Tensor> place)
{
    private static readonly object Plain = new();

    private readonly Dictionary<(Func<Tensor> Constant, object Form), (object Held, long Bytes)> _forms = [];

    /// <summary>Bytes of all forms; pages of a file that are read in place count as well.</summary>
    public long Bytes => _forms.Values.Sum(f => f.Bytes);

    /// <summary>A constant as it is.</summary>
    /// <param name="constant">The one reader of its value that the engine gives for it.</param>
    public Tensor InPlace(Func<Tensor> constant) => Of(constant, Plain, place, static held => held.DType.HasFixedSize() ? held.Data.Length : 0);

    /// <summary>A form of a constant.</summary>
    /// <param name="constant">The one reader of its value that the engine gives for it.</param>
    /// <param name="form">What tells this form of the constant from others; equal for equal ones.</param>
    /// <param name="make">Makes the form.</param>
    /// <param name="bytes">The bytes of memory that it takes.</param>
    public T Of<T>(Func<Tensor> constant, object form, Func<Tensor, T> make, Func<T, long> bytes)
        where T : class
    {
        if (_forms.TryGetValue((constant, form), out (object Held, long) known))
            return (T)known.Held;
        T made = make(constant());
        _forms[(constant, form)] = (made, bytes(made));
        return made;
    }
}
