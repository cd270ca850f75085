using Decant.Kernels.Lanes;

namespace Decant.Kernels.Elementwise;

/// <summary>y = f(a, b) between element types: comparisons (to bool), and any binary op without a lanes form.</summary>
public interface ICombineOperator<TA, TB, TOut>
    where TA : unmanaged
    where TB : unmanaged
    where TOut : unmanaged
{
    /// <summary>Whether <see cref="Mask"/> may be called: a comparison of one type whose lanes the processor has.</summary>
    static virtual bool Vectorizable => false;

    TOut Invoke(TA a, TB b);

    /// <summary>All bits of a lane set where the result is true.</summary>
    TLanes Mask<TLanes>(TLanes a, TLanes b)
        where TLanes : struct, ILanes<TLanes, TA> => throw new NotSupportedException();
}
