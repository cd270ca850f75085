using System.Numerics;
using System.Runtime.CompilerServices;

namespace Decant.Kernels.Quantized;

/// <summary>
/// Weights [taps, depth] as integers (in floats) and what was rounded off each: x / scale = integer + rest. Vectors go along the depth, in
/// the lanes of <see cref="Vector{T}"/>; what is left of it is done one by one.
/// </summary>
/// <param name="integers">[taps, depth], in [-127, 127].</param>
/// <param name="rests">[taps, depth].</param>
/// <param name="sums">[depth], of the rests over the taps; the rests themselves where there is one tap.</param>
/// <param name="taps">Positions of the window.</param>
/// <param name="depth">Weights of each position.</param>
internal readonly unsafe struct BalancedFilter(float* integers, float* rests, float* sums, int taps, int depth)
{
    // The sums of so many elements are balanced together: they stay in the first cache.
    private const int Block = 1024;
    private const float Largest = sbyte.MaxValue;

    /// <summary>Rounds x / scale, halves away from zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Round(float* x, float scale, float* integers, float* rests, int count)
    {
        int i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> step = Vector.Min(new(Largest), Vector.Max(new(-Largest), Vector.Load(x + i) / new Vector<float>(scale)));
            Vector<float> near = Vector.ConvertToSingle(RealConversion.AwayFromZero(step));
            near.Store(integers + i);
            (step - near).Store(rests + i);
        }

        for (; i < count; i++)
        {
            float step = Math.Clamp(x[i] / scale, -Largest, Largest);
            integers[i] = MathF.Round(step, MidpointRounding.AwayFromZero);
            rests[i] = step - integers[i];
        }
    }

    /// <summary>Stores integers as bytes: four vectors of floats make one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(float* integers, sbyte* y, int count)
    {
        int i = 0;
        for (; i <= count - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
        {
            float* from = integers + i;
            Vector<short> low = Vector.Narrow(Vector.ConvertToInt32(Vector.Load(from)), Vector.ConvertToInt32(Vector.Load(from + Vector<float>.Count)));
            Vector<short> high = Vector.Narrow(Vector.ConvertToInt32(Vector.Load(from + (2 * Vector<float>.Count))), Vector.ConvertToInt32(Vector.Load(from + (3 * Vector<float>.Count))));
            Vector.Narrow(low, high).Store(y + i);
        }

        for (; i < count; i++)
            y[i] = (sbyte)integers[i];
    }

    /// <summary>Turns weights until the sum over the taps of each element of the depth is within half a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BalanceTaps()
    {
        if (taps == 1)
            return;
        int i = 0;
        for (; i <= depth - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> sum = Vector<float>.Zero;
            for (int t = 0; t < taps; t++)
                sum += Vector.Load(rests + (t * depth) + i);
            while (TurnLanes(i, Direction(sum)) is var turned && turned != Vector<float>.Zero)
                sum -= turned;
            sum.Store(sums + i);
        }

        for (; i < depth; i++)
        {
            sums[i] = 0;
            for (int t = 0; t < taps; t++)
                sums[i] += rests[(t * depth) + i];
            while (Math.Abs(sums[i]) > 0.5f && Turn(i, Math.Sign(sums[i])))
            {
            }
        }
    }

    /// <summary>Turns weights until the sum over blocks of the depth is within half a step, those first whose sums over the taps are furthest off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void BalanceDepth()
    {
        int* near = stackalloc int[Block];
        for (int start = 0; start < depth; start += Block)
        {
            int count = Math.Min(Block, depth - start), i = 0;
            Vector<float> lanes = Vector<float>.Zero;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
                lanes += Vector.Load(sums + start + i);
            float sum = Vector.Sum(lanes);
            for (; i < count; i++)
                sum += sums[start + i];
            int direction = Math.Sign(sum), turns = (int)MathF.Round(Math.Abs(sum));
            if (turns == 0)
                continue;

            // Sums are spread evenly over a step, nearly: there are a few more above the bar than are needed.
            float spread = (turns + (2 * MathF.Sqrt(turns)) + 3) / count, bar = 0.5f - spread;
            int found = Above(bar, start, count, direction, near);
            for (; found < turns && bar > -0.5f; found = Above(bar, start, count, direction, near))
                bar -= spread;
            while (turns > 0 && found > 0)
            {
                int best = 0;
                for (int k = 1; k < found; k++)
                {
                    float more = (sums[near[k]] - sums[near[best]]) * direction;
                    if (more > 0 || (more == 0 && near[k] < near[best]))
                        best = k;
                }

                turns -= Turn(near[best], direction) ? 1 : 0;
                near[best] = near[--found];
            }
        }
    }

    // 1, -1, or 0 where nothing is to be done.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Direction(Vector<float> sum) =>
        Vector.ConditionalSelect(Vector.GreaterThan(Vector.Abs(sum), new(0.5f)), Vector.ConditionalSelect(Vector.GreaterThan(sum, Vector<float>.Zero), Vector<float>.One, -Vector<float>.One), Vector<float>.Zero);

    /// <summary>As <see cref="Turn"/> for elements that follow each other; gives by how much each was turned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Vector<float> TurnLanes(int element, Vector<float> direction)
    {
        if (direction == Vector<float>.Zero)
            return direction;
        Vector<float> best = new(-Largest), bestTap = new(-1);
        for (int t = 0; t < taps; t++)
        {
            int at = (t * depth) + element;
            Vector<float> rest = Vector.Load(rests + at) * direction;
            Vector<int> better = Vector.LessThan(Vector.Load(integers + at) * direction, new(Largest)) & Vector.GreaterThan(rest, best);
            best = Vector.ConditionalSelect(better, rest, best);
            bestTap = Vector.ConditionalSelect(better, new(t), bestTap);
        }

        for (int t = 0; t < taps; t++)
        {
            int at = (t * depth) + element;
            Vector<float> turn = Vector.ConditionalSelect(Vector.Equals(bestTap, new(t)), direction, Vector<float>.Zero);
            (Vector.Load(integers + at) + turn).Store(integers + at);
            (Vector.Load(rests + at) - turn).Store(rests + at);
        }

        return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(bestTap, Vector<float>.Zero), direction, Vector<float>.Zero);
    }

    /// <summary>Moves the integer of an element that is nearest to its other neighbour by a step, the first of equals; false where none can.</summary>
    private bool Turn(int element, int direction)
    {
        int best = -1;
        for (int t = 0, at = element; t < taps; t++, at += depth)
        {
            if (integers[at] * direction < Largest && (best < 0 || rests[at] * direction > rests[best] * direction))
                best = at;
        }

        if (best < 0)
            return false;
        integers[best] += direction;
        rests[best] -= direction;
        if (sums != rests)
            sums[element] -= direction;
        return true;
    }

    // The elements of a block whose sum in a direction is above a bar.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Above(float bar, int start, int count, int direction, int* found)
    {
        int n = 0, i = start, end = start + count;
        Vector<float> bars = new(bar), directions = new(direction);
        for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
        {
            if (!Vector.GreaterThanAny(Vector.Load(sums + i) * directions, bars))
                continue;
            for (int lane = i; lane < i + Vector<float>.Count; lane++)
            {
                found[n] = lane;
                n += sums[lane] * direction > bar ? 1 : 0;
            }
        }

        for (; i < end; i++)
        {
            if (sums[i] * direction > bar)
                found[n++] = i;
        }

        return n;
    }
}
