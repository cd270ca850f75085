using Decant.Ops.Arithmetic;
using Decant.Ops.Arrays;
using Decant.Ops.Audio;
using Decant.Ops.ControlFlow;
using Decant.Ops.Images;
using Decant.Ops.LinearAlgebra;
using Decant.Ops.Lists;
using Decant.Ops.NN;
using Decant.Ops.Parsing;
using Decant.Ops.Quantized;
using Decant.Ops.Reductions;
using Decant.Ops.Sampling;
using Decant.Ops.Sparse;
using Decant.Ops.State;
using Decant.Ops.Tables;
using Decant.Ops.Text;

namespace Decant.Ops;

/// <summary>The families of ops, each of which lists its own. Sorted.</summary>
internal static class Families
{
    public static readonly Func<IEnumerable<Op>>[] All =
    [
        () => ArithmeticOps.All,
        () => ArrayOps.All,
        () => AudioOps.All,
        () => ControlFlowOps.All,
        () => ImageOps.All,
        () => LinearAlgebraOps.All,
        () => ListOps.All,
        () => NNOps.All,
        () => ParsingOps.All,
        () => QuantizedOps.All,
        () => ReductionOps.All,
        () => SamplingOps.All,
        () => SparseOps.All,
        () => StateOps.All,
        () => TableOps.All,
        () => TextOps.All,
    ];
}
