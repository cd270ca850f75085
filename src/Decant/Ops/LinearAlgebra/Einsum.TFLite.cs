using Decant.IR;
using Decant.Ops.Lowering;

namespace Decant.Ops.LinearAlgebra;

/// <summary>Einsum as transpositions and one batched matrix product.</summary>
internal static class EinsumLowering
{
    public static void Lower(LoweringContext g)
    {
        Shape[] shapes = [.. g.Node.Inputs.Select(v => LoweringContext.Fact(v).Shape)];
        if (shapes.Length is not (1 or 2) || shapes.Any(s => !s.HasRank))
            throw g.Refuse("multiplies more than two tensors, or tensors of unknown rank");
        EinsumEquation equation = EinsumEquation.Parse(g.Attributes.String("equation"), shapes, (message, _) => g.Fail(message));
        if (equation.InputLabels.Any(l => l.Distinct().Count() != l.Length))
            throw g.Refuse("takes a diagonal, which has no operator");
        int[] output = equation.OutputLabels;
        (Value Value, int[] Labels)[] terms = [.. g.Node.Inputs.Select((v, i) => Summed(g, v, equation.InputLabels[i], [.. output, .. i == 0 && shapes.Length == 2 ? equation.InputLabels[1] : equation.InputLabels[0].Where(_ => shapes.Length == 2)]))];
        if (terms.Length == 1)
        {
            g.Set(Ordered(g, terms[0].Value, terms[0].Labels, output));
            return;
        }

        (int[] a, int[] b) = (terms[0].Labels, terms[1].Labels);
        int[] batch = [.. output.Where(l => a.Contains(l) && b.Contains(l))], sum = [.. a.Where(l => b.Contains(l) && !output.Contains(l))];
        int[] rows = [.. output.Where(l => a.Contains(l) && !b.Contains(l))], columns = [.. output.Where(l => b.Contains(l) && !a.Contains(l))];
        Value left = Grouped(g, Ordered(g, terms[0].Value, a, [.. batch, .. rows, .. sum]), batch.Length, rows.Length, sum.Length);
        Value right = Grouped(g, Ordered(g, terms[1].Value, b, [.. batch, .. sum, .. columns]), batch.Length, sum.Length, columns.Length);
        Value product = g.Tf("BatchMatMulV2", left, right);
        int[] made = [.. batch, .. rows, .. columns];
        long[] dims = [.. made.Select(l => equation.Sizes[l])];
        if (dims.Count(d => d < 0) > 1)
            throw g.Refuse("gives a tensor of which more than one dimension is unknown");
        if (made.Length != 3 || batch.Length != 1 || rows.Length != 1)
            product = g.Tf("Reshape", product, g.Vector(dims));
        g.Set(Ordered(g, product, made, output));
    }

    /// <summary>A term without the labels that nothing else has.</summary>
    private static (Value, int[]) Summed(LoweringContext g, Value value, int[] labels, int[] needed)
    {
        long[] axes = [.. Enumerable.Range(0, labels.Length).Where(i => !needed.Contains(labels[i])).Select(i => (long)i)];
        return axes.Length == 0 ? (value, labels) : (g.Tf("Sum", value, g.Vector(axes)), [.. labels.Where(needed.Contains)]);
    }

    private static Value Ordered(LoweringContext g, Value value, int[] from, int[] to) =>
        from.SequenceEqual(to) ? value : g.Tf("Transpose", value, g.Vector([.. to.Select(l => (long)Array.IndexOf(from, l))]));

    /// <summary>A stack of matrices: the first dimensions, those of the rows, and those of the columns as one each.</summary>
    private static Value Grouped(LoweringContext g, Value value, int batch, int rows, int columns)
    {
        if (batch == 1 && rows == 1 && columns == 1)
            return value;
        Shape shape = LoweringContext.Fact(value).Shape;
        long[] sizes = [Product(shape.Dims[..batch]), Product(shape.Dims.Slice(batch, rows)), Product(shape.Dims[(batch + rows)..])];
        if (sizes.Count(s => s < 0) > 1)
            throw g.Refuse($"groups dimensions of {shape}, of which more than one is unknown");
        return g.Tf("Reshape", value, g.Vector(sizes));
    }

    private static long Product(ReadOnlySpan<long> dims)
    {
        long product = 1;
        foreach (long d in dims)
            product = d < 0 || product < 0 ? -1 : product * d;
        return product;
    }
}
