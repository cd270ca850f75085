namespace Decant.Kernels.Quantized;

/// <summary>What <see cref="IntegerPool"/> makes of the elements of a window.</summary>
/// <typeparam name="T">Elements.</typeparam>
/// <typeparam name="S">What several elements are folded into.</typeparam>
internal unsafe interface IPoolFold<T, S>
    where T : unmanaged
    where S : unmanaged
{
    /// <summary>Makes a line of no elements.</summary>
    void Begin(S* line, int count);

    /// <summary>Folds a line of the input in.</summary>
    void Line(T* x, S* line, int count);

    /// <summary>
    /// Folds pixels of a line, a step apart, into the results of a pixel. It may read and write <see cref="IntegerPool.Room"/> behind the channels.
    /// </summary>
    /// <param name="line">The first pixel.</param>
    /// <param name="step">Elements between pixels.</param>
    /// <param name="pixels">How many.</param>
    /// <param name="elements">How many elements of the input the window has.</param>
    /// <param name="to">The results.</param>
    /// <param name="channels">How many.</param>
    void Pixels(S* line, nint step, int pixels, int elements, T* to, int channels);
}
