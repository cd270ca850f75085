namespace Decant.Passes.Compress;

/// <summary>
/// Eigenvalues and eigenvectors of symmetric matrices of some hundred rows: Householder's reduction to a tridiagonal matrix, then QL
/// steps with Wilkinson's shift. (Golub and Van Loan, Matrix Computations, 8.3.)
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSteps = 64;

    /// <summary>A = Vᵀ diag(values) V.</summary>
    /// <param name="matrix">A, n·n elements, which become V: an eigenvector in each row.</param>
    /// <param name="n">The number of rows.</param>
    /// <returns>The eigenvalues, in the order of the rows, which is none in particular.</returns>
    public static double[] Decompose(double[] matrix, int n)
    {
        double[] diagonal = new double[n], off = new double[n];
        Reduce(matrix, n, diagonal, off);
        for (int l = 0; l < n; l++)
        {
            for (int step = 0; step < MostSteps; step++)
            {
                int m = l;
                while (m < n - 1 && Math.Abs(off[m]) > 2.3e-16 * (Math.Abs(diagonal[m]) + Math.Abs(diagonal[m + 1])))
                    m++;
                if (m == l)
                    break;
                Step(matrix, n, diagonal, off, l, m);
            }
        }

        return diagonal;
    }

    /// <summary>Makes the matrix tridiagonal by reflections, and puts their product, transposed, in its place.</summary>
    private static void Reduce(double[] a, int n, double[] diagonal, double[] off)
    {
        var reflections = new double[n][];
        double[] p = new double[n];
        for (int k = 0; k < n - 2; k++)
        {
            // v reflects column k below the diagonal onto its first element: v = x ± |x| e, H = I - 2 v vᵀ / vᵀv.
            var v = new double[n];
            double norm = 0;
            for (int i = k + 1; i < n; i++)
            {
                v[i] = a[(i * n) + k];
                norm += v[i] * v[i];
            }

            norm = Math.Sqrt(norm);
            off[k] = norm == 0 ? 0 : -Math.CopySign(norm, v[k + 1]);
            if (norm == 0)
                continue;
            v[k + 1] -= off[k];
            double length = 0;
            for (int i = k + 1; i < n; i++)
                length += v[i] * v[i];
            double scale = Math.Sqrt(2 / length);
            for (int i = k + 1; i < n; i++)
                v[i] *= scale;
            reflections[k] = v;
            Reflect(a, n, k + 1, v, p);
        }

        if (n > 1)
            off[n - 2] = a[((n - 1) * n) + n - 2];
        for (int i = 0; i < n; i++)
            diagonal[i] = a[(i * n) + i];
        Array.Clear(a);
        for (int i = 0; i < n; i++)
            a[(i * n) + i] = 1;
        for (int k = n - 3; k >= 0; k--)
        {
            if (reflections[k] is { } v)
                Accumulate(a, n, k + 1, v);
        }
    }

    /// <summary>A - v wᵀ - w vᵀ with w = A v - ½ (vᵀ A v) v, which is H A H for |v|² = 2.</summary>
    private static void Reflect(double[] a, int n, int from, double[] v, double[] w)
    {
        double dot = 0;
        for (int i = from; i < n; i++)
        {
            double sum = 0;
            for (int j = from; j < n; j++)
                sum += a[(i * n) + j] * v[j];
            w[i] = sum;
            dot += sum * v[i];
        }

        for (int i = from; i < n; i++)
            w[i] -= dot / 2 * v[i];
        for (int i = from; i < n; i++)
        {
            for (int j = from; j < n; j++)
                a[(i * n) + j] -= (v[i] * w[j]) + (w[i] * v[j]);
        }
    }

    /// <summary>Q becomes Q (I - v vᵀ); rows and columns before <paramref name="from"/> are those of I.</summary>
    private static void Accumulate(double[] q, int n, int from, double[] v)
    {
        for (int j = from; j < n; j++)
        {
            Span<double> row = q.AsSpan(j * n, n);
            double dot = 0;
            for (int i = from; i < n; i++)
                dot += row[i] * v[i];
            for (int i = from; i < n; i++)
                row[i] -= dot * v[i];
        }
    }

    /// <summary>One QL step on rows l to m of the tridiagonal matrix, whose rotations are applied to the vectors.</summary>
    private static void Step(double[] vectors, int n, double[] diagonal, double[] off, int l, int m)
    {
        double g = (diagonal[l + 1] - diagonal[l]) / (2 * off[l]);
        double r = double.Hypot(g, 1);
        g = diagonal[m] - diagonal[l] + (off[l] / (g + Math.CopySign(r, g)));
        (double s, double c, double p) = (1, 1, 0);
        for (int i = m - 1; i >= l; i--)
        {
            double f = s * off[i], b = c * off[i];
            r = double.Hypot(f, g);
            off[i + 1] = r;
            if (r == 0)
            {
                diagonal[i + 1] -= p;
                off[m] = 0;
                return;
            }

            (s, c) = (f / r, g / r);
            g = diagonal[i + 1] - p;
            r = ((diagonal[i] - g) * s) + (2 * c * b);
            p = s * r;
            diagonal[i + 1] = g + p;
            g = (c * r) - b;
            Span<double> upper = vectors.AsSpan(i * n, n), lower = vectors.AsSpan((i + 1) * n, n);
            for (int k = 0; k < n; k++)
                (upper[k], lower[k]) = ((c * upper[k]) - (s * lower[k]), (s * upper[k]) + (c * lower[k]));
        }

        diagonal[l] -= p;
        off[l] = g;
        off[m] = 0;
    }

}
