namespace Decant.Ops.Reductions;

/// <summary>The ops that make one element of many.</summary>
internal static class ReductionOps
{
    public static Op All => new Reduction("All", ReductionKernels.All);
    public static Op Any => new Reduction("Any", ReductionKernels.Any);
    public static Op ArgMax => new ArgExtreme("ArgMax", largest: true);
    public static Op ArgMin => new ArgExtreme("ArgMin", largest: false);
    public static Op EuclideanNorm => new Reduction("EuclideanNorm", ReductionKernels.EuclideanNorm);
    public static Op L2Loss => new L2Loss();
    public static Op Max => new Reduction("Max", ReductionKernels.Max);
    public static Op Mean => new Reduction("Mean", ReductionKernels.Mean);
    public static Op Min => new Reduction("Min", ReductionKernels.Min);
    public static Op Prod => new Reduction("Prod", ReductionKernels.Prod);
    public static Op SegmentMax => new Segments("SegmentMax", SegmentRule.Max, SegmentIds.Sorted);
    public static Op SegmentMaxV2 => new Segments("SegmentMaxV2", SegmentRule.Max, SegmentIds.SortedCounted);
    public static Op SegmentMean => new Segments("SegmentMean", SegmentRule.Mean, SegmentIds.Sorted);
    public static Op SegmentMin => new Segments("SegmentMin", SegmentRule.Min, SegmentIds.Sorted);
    public static Op SegmentMinV2 => new Segments("SegmentMinV2", SegmentRule.Min, SegmentIds.SortedCounted);
    public static Op SegmentProd => new Segments("SegmentProd", SegmentRule.Product, SegmentIds.Sorted);
    public static Op SegmentProdV2 => new Segments("SegmentProdV2", SegmentRule.Product, SegmentIds.SortedCounted);
    public static Op SegmentSum => new Segments("SegmentSum", SegmentRule.Sum, SegmentIds.Sorted);
    public static Op SegmentSumV2 => new Segments("SegmentSumV2", SegmentRule.Sum, SegmentIds.SortedCounted);
    public static Op SparseSegmentMean => new Segments("SparseSegmentMean", SegmentRule.Mean, SegmentIds.Sparse);
    public static Op SparseSegmentMeanWithNumSegments => new Segments("SparseSegmentMeanWithNumSegments", SegmentRule.Mean, SegmentIds.SparseCounted);
    public static Op SparseSegmentSqrtN => new Segments("SparseSegmentSqrtN", SegmentRule.SqrtN, SegmentIds.Sparse);
    public static Op SparseSegmentSqrtNWithNumSegments => new Segments("SparseSegmentSqrtNWithNumSegments", SegmentRule.SqrtN, SegmentIds.SparseCounted);
    public static Op SparseSegmentSum => new Segments("SparseSegmentSum", SegmentRule.Sum, SegmentIds.Sparse);
    public static Op SparseSegmentSumWithNumSegments => new Segments("SparseSegmentSumWithNumSegments", SegmentRule.Sum, SegmentIds.SparseCounted);
    public static Op Sum => new Reduction("Sum", ReductionKernels.Sum);
    public static Op UnsortedSegmentMax => new Segments("UnsortedSegmentMax", SegmentRule.Max, SegmentIds.Unsorted);
    public static Op UnsortedSegmentMin => new Segments("UnsortedSegmentMin", SegmentRule.Min, SegmentIds.Unsorted);
    public static Op UnsortedSegmentProd => new Segments("UnsortedSegmentProd", SegmentRule.Product, SegmentIds.Unsorted);
    public static Op UnsortedSegmentSum => new Segments("UnsortedSegmentSum", SegmentRule.Sum, SegmentIds.Unsorted);
}
