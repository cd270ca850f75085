using System.Numerics;
using Decant.Kernels.Spectral;

namespace Decant.Ops.Audio;

/// <summary>
/// Fourier transforms over the innermost 1, 2 or 3 axes, computed in float64. FFT and IFFT take and give complex numbers. RFFT takes real
/// ones, pads or cuts them to fft_length, and gives the first length / 2 + 1 columns; IRFFT is its inverse.
/// </summary>
internal sealed class Spectral(string name, int rank, bool inverse, bool isReal) : Op(name), IInfersFacts, IHasKernel
{
    public void Infer(InferenceContext context)
    {
        Shape input = context.Shape(0);
        if (input.HasRank && input.Rank < rank)
            throw context.Fail($"has an input of shape {input}, expected rank {rank} or more");
        if (!isReal)
        {
            context.Set(0, context.Input(0).DType, input);
            return;
        }

        bool isWide = context.Input(0).DType is DType.Float64 or DType.Complex128;
        DType dtype = inverse ? (isWide ? DType.Float64 : DType.Float32) : isWide ? DType.Complex128 : DType.Complex64;
        long[]? lengths = context.ConstantInts(1);
        context.Set(0, dtype, !input.HasRank ? input : lengths is null || lengths.Length != rank ? Shape.OfRank(input.Rank) : Result(input, lengths));
    }

    public Kernel Prepare(KernelRequest request) => Kernel.Of(Run);

    private static Complex[] ReadSlice(KernelContext context, int slice, Shape dims)
    {
        Tensor input = context.Input(0);
        int count = (int)dims.ElementCount;
        var values = new Complex[count];
        for (int i = 0; i < count; i++)
        {
            int at = (slice * count) + i;
            values[i] = input.DType switch
            {
                DType.Float32 => input.Span<float>()[at],
                DType.Float64 => input.Span<double>()[at],
                DType.Complex64 => input.Span<Complex64>()[at],
                _ => input.Span<Complex>()[at],
            };
        }

        return values;
    }

    private static void WriteSlice(KernelContext context, Tensor output, int slice, ReadOnlySpan<Complex> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int at = (slice * values.Length) + i;
            switch (output.DType)
            {
                case DType.Float32:
                    context.Writable<float>(output)[at] = (float)values[i].Real;
                    break;
                case DType.Float64:
                    context.Writable<double>(output)[at] = values[i].Real;
                    break;
                case DType.Complex64:
                    context.Writable<Complex64>(output)[at] = (Complex64)values[i];
                    break;
                default:
                    context.Writable<Complex>(output)[at] = values[i];
                    break;
            }
        }
    }

    /// <summary>The elements of [dims] cut or padded with zeros to [to].</summary>
    private static Complex[] Fit(Complex[] values, Shape dims, Shape to)
    {
        if (dims == to)
            return values;
        var fitted = new Complex[to.ElementCount];
        for (int i = 0; i < fitted.Length; i++)
        {
            long from = 0;
            long rest = i;
            long step = 1;
            for (int axis = dims.Rank - 1; axis >= 0 && from >= 0; axis--)
            {
                long index = rest % to[axis];
                rest /= to[axis];
                from = index < dims[axis] ? from + (index * step) : -1;
                step *= dims[axis];
            }

            if (from >= 0)
                fitted[i] = values[from];
        }

        return fitted;
    }

    private Shape Result(Shape input, long[] lengths)
    {
        long[] dims = input.Dims.ToArray();
        for (int i = 0; i < rank; i++)
            dims[^(rank - i)] = i == rank - 1 && !inverse ? (lengths[i] / 2) + 1 : lengths[i];
        return new Shape(dims);
    }

    private void Run(KernelContext context)
    {
        Shape input = context.Shape(0);
        if (input.Rank < rank)
            throw context.Fail($"has an input of shape {input}, expected rank {rank} or more");
        var from = new Shape(input.Dims[^rank..]);
        long[] lengths = isReal ? context.Ints(1) : from.Dims.ToArray();
        if (lengths.Length != rank || lengths.Any(l => l < 0 || l > FourierTransform.MaxLength))
            throw context.Fail($"has fft_length [{string.Join(',', lengths)}], expected {rank} lengths up to {FourierTransform.MaxLength}");
        Shape result = isReal ? Result(input, lengths) : input;
        DType type = context.Input(0).DType;
        bool isWide = type is DType.Float64 or DType.Complex128;
        DType dtype = isReal && inverse ? (isWide ? DType.Float64 : DType.Float32) : isWide ? DType.Complex128 : DType.Complex64;
        Tensor output = context.Allocate(0, dtype, result);
        if (result.ElementCount == 0)
            return;
        if (from.ElementCount == 0)
            throw context.Fail($"has an empty input {input}, expected elements to transform");
        if (lengths.Contains(0))
            throw context.Fail($"has fft_length [{string.Join(',', lengths)}], expected lengths of at least 1");
        var transforms = new FourierTransform[rank];
        for (int i = 0; i < rank; i++)
            transforms[i] = new FourierTransform((int)lengths[i]);
        long slices = input.ElementCount / from.ElementCount;
        for (int slice = 0; slice < slices; slice++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            Complex[] values = ReadSlice(context, slice, from);
            WriteSlice(context, output, slice, !isReal ? Along(values, from, transforms, rank) : inverse ? ToReal(values, from, lengths, transforms) : FromReal(values, from, lengths, transforms));
        }
    }

    /// <summary>Transforms the first <paramref name="axes"/> axes in place.</summary>
    private Complex[] Along(Complex[] values, Shape dims, FourierTransform[] transforms, int axes)
    {
        for (int axis = axes - 1; axis >= 0; axis--)
        {
            int step = 1;
            for (int i = axis + 1; i < dims.Rank; i++)
                step *= (int)dims[i];
            var line = new Complex[dims[axis]];
            for (int start = 0; start < values.Length; start += step * line.Length)
            {
                for (int offset = start; offset < start + step; offset++)
                {
                    for (int i = 0; i < line.Length; i++)
                        line[i] = values[offset + (i * step)];
                    transforms[axis].Run(line, inverse);
                    for (int i = 0; i < line.Length; i++)
                        values[offset + (i * step)] = line[i];
                }
            }
        }

        return values;
    }

    private Complex[] FromReal(Complex[] values, Shape dims, long[] lengths, FourierTransform[] transforms)
    {
        var full = new Shape(lengths);
        long[] half = [.. lengths[..^1], (lengths[^1] / 2) + 1];
        return Fit(Along(Fit(values, dims, full), full, transforms, rank), full, new Shape(half));
    }

    private Complex[] ToReal(Complex[] values, Shape dims, long[] lengths, FourierTransform[] transforms)
    {
        int columns = (int)lengths[^1];
        int halfColumns = (columns / 2) + 1;
        var half = new Shape([.. lengths[..^1], halfColumns]);
        Complex[] spectrum = Along(Fit(values, dims, half), half, transforms, rank - 1);
        var full = new Complex[spectrum.Length / halfColumns * columns];
        for (int row = 0; row < full.Length / columns; row++)
        {
            Span<Complex> line = full.AsSpan(row * columns, columns);
            spectrum.AsSpan(row * halfColumns, Math.Min(halfColumns, columns)).CopyTo(line);
            for (int k = halfColumns; k < columns; k++)
                line[k] = Complex.Conjugate(line[columns - k]);
            transforms[^1].Run(line, inverse: true);
        }

        return full;
    }
}
