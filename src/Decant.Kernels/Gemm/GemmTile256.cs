using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Decant.Kernels.Gemm;

/// <summary>
/// Register tiles for AVX2, one after another: up to 6 rows by 2 registers of columns. Where a processor's other thread is busy, each instruction beside the
/// multiply-adds counts. So the accumulators are of the register's own type, since with a type around it the JIT copies every second one of them, and four
/// rows of the panel are taken at a time.
/// </summary>
internal static unsafe class GemmTile256<TRows, TColumns>
    where TRows : struct, ICount
    where TColumns : struct, ICount
{
    private const int Lanes = 8;

    private static int Width => TColumns.Count * Lanes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(TileTask* task)
    {
        nint stride = task->Stride;
        for (nint tile = 0; tile < task->Tiles; tile++)
        {
            Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
            Vector256<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
            nint at = task->Targets[tile];
            if (task->Finish.Bias != null)
            {
                float* bias = task->Finish.Bias;
                bool isWhole = task->Columns == Width;
                Vector256<float> d0 = isWhole ? Vector256.Load(bias) : Avx.MaskLoad(bias, Mask(task, 0));
                Vector256<float> d1 = isWhole && TColumns.Count > 1 ? Vector256.Load(bias + Lanes) : Avx.MaskLoad(bias + Lanes, Mask(task, 1));
                c00 = d0; c01 = d1; c10 = d0; c11 = d1;
                c20 = d0; c21 = d1; c30 = d0; c31 = d1;
                c40 = d0; c41 = d1; c50 = d0; c51 = d1;
            }

            if (task->Start != null)
            {
                float* start = task->Start + at;
                Vector256<float> m0 = Mask(task, 0), m1 = Mask(task, 1);
                Add(ref c00, ref c01, start, m0, m1);
                if (TRows.Count > 1)
                    Add(ref c10, ref c11, start + stride, m0, m1);
                if (TRows.Count > 2)
                    Add(ref c20, ref c21, start + (2 * stride), m0, m1);
                if (TRows.Count > 3)
                    Add(ref c30, ref c31, start + (3 * stride), m0, m1);
                if (TRows.Count > 4)
                    Add(ref c40, ref c41, start + (4 * stride), m0, m1);
                if (TRows.Count > 5)
                    Add(ref c50, ref c51, start + (5 * stride), m0, m1);
            }

            if (TRows.Count == 1)
                c10 = c11 = c20 = c21 = c30 = c31 = default;
            float** rows = task->Rows + (tile * task->TilePointers);
            float* panel = task->Panel;
            nint run = task->Run, alone = task->IsAlone ? run - 3 : 0;
            for (int segment = task->Segments; segment > 0; segment--)
            {
                float* a0 = rows[0];
                float* a1 = TRows.Count > 1 ? rows[1] : null;
                float* a2 = TRows.Count > 2 ? rows[2] : null;
                float* a3 = TRows.Count > 3 ? rows[3] : null;
                float* a4 = TRows.Count > 4 ? rows[4] : null;
                float* a5 = TRows.Count > 5 ? rows[5] : null;
                rows += GemmKernel.PointerRows;
                Vector256<float> x, y;
                nint p = 0;
                // The sums of the only row would wait for each other: those with every fourth row of the panel are apart.
                for (; TRows.Count == 1 && p < alone; p += 4)
                {
                    AddProducts(ref c00, ref c01, Vector256.Load(panel), TColumns.Count > 1 ? Vector256.Load(panel + Lanes) : default, a0[p]);
                    AddProducts(ref c10, ref c11, Vector256.Load(panel + Width), TColumns.Count > 1 ? Vector256.Load(panel + Width + Lanes) : default, a0[p + 1]);
                    AddProducts(ref c20, ref c21, Vector256.Load(panel + (2 * Width)), TColumns.Count > 1 ? Vector256.Load(panel + (2 * Width) + Lanes) : default, a0[p + 2]);
                    AddProducts(ref c30, ref c31, Vector256.Load(panel + (3 * Width)), TColumns.Count > 1 ? Vector256.Load(panel + (3 * Width) + Lanes) : default, a0[p + 3]);
                    panel += 4 * Width;
                }

                for (; p < run - 3; p += 4)
                {
                    x = Vector256.Load(panel);
                    y = TColumns.Count > 1 ? Vector256.Load(panel + Lanes) : default;
                    AddProducts(ref c00, ref c01, x, y, a0[p]);
                    if (TRows.Count > 1)
                        AddProducts(ref c10, ref c11, x, y, a1[p]);
                    if (TRows.Count > 2)
                        AddProducts(ref c20, ref c21, x, y, a2[p]);
                    if (TRows.Count > 3)
                        AddProducts(ref c30, ref c31, x, y, a3[p]);
                    if (TRows.Count > 4)
                        AddProducts(ref c40, ref c41, x, y, a4[p]);
                    if (TRows.Count > 5)
                        AddProducts(ref c50, ref c51, x, y, a5[p]);
                    x = Vector256.Load(panel + Width);
                    y = TColumns.Count > 1 ? Vector256.Load(panel + Width + Lanes) : default;
                    AddProducts(ref c00, ref c01, x, y, a0[p + 1]);
                    if (TRows.Count > 1)
                        AddProducts(ref c10, ref c11, x, y, a1[p + 1]);
                    if (TRows.Count > 2)
                        AddProducts(ref c20, ref c21, x, y, a2[p + 1]);
                    if (TRows.Count > 3)
                        AddProducts(ref c30, ref c31, x, y, a3[p + 1]);
                    if (TRows.Count > 4)
                        AddProducts(ref c40, ref c41, x, y, a4[p + 1]);
                    if (TRows.Count > 5)
                        AddProducts(ref c50, ref c51, x, y, a5[p + 1]);
                    x = Vector256.Load(panel + (2 * Width));
                    y = TColumns.Count > 1 ? Vector256.Load(panel + (2 * Width) + Lanes) : default;
                    AddProducts(ref c00, ref c01, x, y, a0[p + 2]);
                    if (TRows.Count > 1)
                        AddProducts(ref c10, ref c11, x, y, a1[p + 2]);
                    if (TRows.Count > 2)
                        AddProducts(ref c20, ref c21, x, y, a2[p + 2]);
                    if (TRows.Count > 3)
                        AddProducts(ref c30, ref c31, x, y, a3[p + 2]);
                    if (TRows.Count > 4)
                        AddProducts(ref c40, ref c41, x, y, a4[p + 2]);
                    if (TRows.Count > 5)
                        AddProducts(ref c50, ref c51, x, y, a5[p + 2]);
                    x = Vector256.Load(panel + (3 * Width));
                    y = TColumns.Count > 1 ? Vector256.Load(panel + (3 * Width) + Lanes) : default;
                    AddProducts(ref c00, ref c01, x, y, a0[p + 3]);
                    if (TRows.Count > 1)
                        AddProducts(ref c10, ref c11, x, y, a1[p + 3]);
                    if (TRows.Count > 2)
                        AddProducts(ref c20, ref c21, x, y, a2[p + 3]);
                    if (TRows.Count > 3)
                        AddProducts(ref c30, ref c31, x, y, a3[p + 3]);
                    if (TRows.Count > 4)
                        AddProducts(ref c40, ref c41, x, y, a4[p + 3]);
                    if (TRows.Count > 5)
                        AddProducts(ref c50, ref c51, x, y, a5[p + 3]);
                    panel += 4 * Width;
                }

                for (; p < run; p++)
                {
                    x = Vector256.Load(panel);
                    y = TColumns.Count > 1 ? Vector256.Load(panel + Lanes) : default;
                    AddProducts(ref c00, ref c01, x, y, a0[p]);
                    if (TRows.Count > 1)
                        AddProducts(ref c10, ref c11, x, y, a1[p]);
                    if (TRows.Count > 2)
                        AddProducts(ref c20, ref c21, x, y, a2[p]);
                    if (TRows.Count > 3)
                        AddProducts(ref c30, ref c31, x, y, a3[p]);
                    if (TRows.Count > 4)
                        AddProducts(ref c40, ref c41, x, y, a4[p]);
                    if (TRows.Count > 5)
                        AddProducts(ref c50, ref c51, x, y, a5[p]);
                    panel += Width;
                }
            }

            if (TRows.Count == 1)
            {
                c00 += c10 + (c20 + c30);
                c01 += c11 + (c21 + c31);
            }

            if (task->Residual != null)
            {
                float* residual = task->Residual + at;
                Vector256<float> m0 = Mask(task, 0), m1 = Mask(task, 1);
                Add(ref c00, ref c01, residual, m0, m1);
                if (TRows.Count > 1)
                    Add(ref c10, ref c11, residual + stride, m0, m1);
                if (TRows.Count > 2)
                    Add(ref c20, ref c21, residual + (2 * stride), m0, m1);
                if (TRows.Count > 3)
                    Add(ref c30, ref c31, residual + (3 * stride), m0, m1);
                if (TRows.Count > 4)
                    Add(ref c40, ref c41, residual + (4 * stride), m0, m1);
                if (TRows.Count > 5)
                    Add(ref c50, ref c51, residual + (5 * stride), m0, m1);
            }

            // Of a comparison with NaN both of these give the second operand.
            if (task->Finish.Activation != Activation.None)
            {
                Vector256<float> low = Vector256.Create(task->Finish.Low);
                c00 = Avx.Max(low, c00); c01 = Avx.Max(low, c01); c10 = Avx.Max(low, c10); c11 = Avx.Max(low, c11);
                c20 = Avx.Max(low, c20); c21 = Avx.Max(low, c21); c30 = Avx.Max(low, c30); c31 = Avx.Max(low, c31);
                c40 = Avx.Max(low, c40); c41 = Avx.Max(low, c41); c50 = Avx.Max(low, c50); c51 = Avx.Max(low, c51);
            }

            if (task->Finish.IsBounded)
            {
                Vector256<float> high = Vector256.Create(task->Finish.High);
                c00 = Avx.Min(high, c00); c01 = Avx.Min(high, c01); c10 = Avx.Min(high, c10); c11 = Avx.Min(high, c11);
                c20 = Avx.Min(high, c20); c21 = Avx.Min(high, c21); c30 = Avx.Min(high, c30); c31 = Avx.Min(high, c31);
                c40 = Avx.Min(high, c40); c41 = Avx.Min(high, c41); c50 = Avx.Min(high, c50); c51 = Avx.Min(high, c51);
            }

            if (task->Finish.Slopes != null)
            {
                Vector256<float> d = Avx.MaskLoad(task->Finish.Slopes, Mask(task, 0));
                c00 = Sloped(c00, d); c10 = Sloped(c10, d); c20 = Sloped(c20, d); c30 = Sloped(c30, d); c40 = Sloped(c40, d); c50 = Sloped(c50, d);
                if (TColumns.Count > 1)
                {
                    d = Avx.MaskLoad(task->Finish.Slopes + Lanes, Mask(task, 1));
                    c01 = Sloped(c01, d); c11 = Sloped(c11, d); c21 = Sloped(c21, d); c31 = Sloped(c31, d); c41 = Sloped(c41, d); c51 = Sloped(c51, d);
                }
            }

            float* c = task->C + at;
            int columns = task->Columns;
            if (columns == Width)
            {
                Store(c, c00, c01);
                if (TRows.Count > 1)
                    Store(c + stride, c10, c11);
                if (TRows.Count > 2)
                    Store(c + (2 * stride), c20, c21);
                if (TRows.Count > 3)
                    Store(c + (3 * stride), c30, c31);
                if (TRows.Count > 4)
                    Store(c + (4 * stride), c40, c41);
                if (TRows.Count > 5)
                    Store(c + (5 * stride), c50, c51);
            }
            else
            {
                StorePart(c, c00, c01, columns);
                if (TRows.Count > 1)
                    StorePart(c + stride, c10, c11, columns);
                if (TRows.Count > 2)
                    StorePart(c + (2 * stride), c20, c21, columns);
                if (TRows.Count > 3)
                    StorePart(c + (3 * stride), c30, c31, columns);
                if (TRows.Count > 4)
                    StorePart(c + (4 * stride), c40, c41, columns);
                if (TRows.Count > 5)
                    StorePart(c + (5 * stride), c50, c51, columns);
            }
        }
    }

    /// <summary>The sums of one row of the tile, increased by an element of A times a row of the panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts(ref Vector256<float> c0, ref Vector256<float> c1, Vector256<float> x, Vector256<float> y, float a)
    {
        Vector256<float> s = Vector256.Create(a);
        c0 = Vector256.FusedMultiplyAdd(x, s, c0);
        if (TColumns.Count > 1)
            c1 = Vector256.FusedMultiplyAdd(y, s, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Vector256<float> c0, ref Vector256<float> c1, float* row, Vector256<float> m0, Vector256<float> m1)
    {
        c0 += Avx.MaskLoad(row, m0);
        c1 += Avx.MaskLoad(row + Lanes, m1);
    }

    /// <summary>What is below 0 times the slope of its column: of a mask the sign alone counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sloped(Vector256<float> c, Vector256<float> slope) => Avx.BlendVariable(c, c * slope, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector256<float> c0, Vector256<float> c1)
    {
        c0.Store(c);
        if (TColumns.Count > 1)
            c1.Store(c + Lanes);
    }

    /// <summary>Stores the first columns of a row. Piece by piece, since some processors take tens of instructions for a masked store.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePart(float* c, Vector256<float> c0, Vector256<float> c1, int columns)
    {
        if (TColumns.Count > 1 && columns >= Lanes)
        {
            c0.Store(c);
            c += Lanes;
            c0 = c1;
        }

        Vector128<float> part = c0.GetLower();
        if ((columns & 4) != 0)
        {
            part.Store(c);
            c += 4;
            part = c0.GetUpper();
        }

        if ((columns & 2) != 0)
        {
            *(double*)c = part.AsDouble().ToScalar();
            c += 2;
            part = Vector128.Shuffle(part, Vector128.Create(2, 3, 2, 3));
        }

        if ((columns & 1) != 0)
            *c = part.ToScalar();
    }

    /// <summary>All bits set in the lanes of a register of columns that exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(TileTask* task, int register) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(task->Columns - (register * Lanes))).AsSingle();
}
