using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Decant.Comparison;
using Decant.IR;

namespace Decant.Cli.Serve;

/// <summary>
/// Decant's own inputs and outputs for the page: a length as u32, that much JSON, and the bytes of the tensors, little endian.
/// TensorFlow.js has float32, int32, bool and strings; other numbers are converted to these unless types are kept.
/// </summary>
internal sealed class DecantAnswer
{
    private readonly byte[] _header;
    private readonly List<Tensor> _data = [];
    private long _offset;

    /// <summary>Lays it out.</summary>
    public DecantAnswer(IReadOnlyList<SignatureTensor> inputs, IReadOnlyList<SignatureTensor> outputs, ProbeAnswer answer, TimeSpan first, IReadOnlyList<TimeSpan> times, bool keepsTypes)
    {
        using var memory = new MemoryStream();
        memory.Write(stackalloc byte[sizeof(uint)]);
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            Tensors(json, "inputs", inputs, answer.Inputs, keepsTypes);
            Tensors(json, "outputs", outputs, answer.Outputs, keepsTypes);
            json.WriteNumber("first", first.TotalMilliseconds);
            json.WriteStartArray("times");
            foreach (TimeSpan time in times)
                json.WriteNumberValue(time.TotalMilliseconds);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        _header = memory.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(_header, (uint)(_header.Length - sizeof(uint)));
    }

    /// <summary>Writes it.</summary>
    public async Task Write(Stream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync(_header, cancellation).ConfigureAwait(false);
        foreach (Tensor tensor in _data)
            await stream.WriteAsync(tensor.Data.ToArray(), cancellation).ConfigureAwait(false);
    }

    private void Tensors(Utf8JsonWriter json, string list, IReadOnlyList<SignatureTensor> names, IReadOnlyDictionary<string, Tensor> values, bool keepsTypes)
    {
        json.WriteStartArray(list);
        foreach (SignatureTensor name in names)
        {
            Tensor value = keepsTypes ? values[name.Name] : ForBrowser(values[name.Name]);
            json.WriteStartObject();
            json.WriteString("name", name.Name);
            json.WriteString("dtype", value.DType.Name());
            json.WriteShape(value.Shape);
            if (value.DType == DType.String)
            {
                json.WriteStartArray("strings");
                foreach (ReadOnlyMemory<byte> text in value.Strings)
                    json.WriteStringValue(Encoding.UTF8.GetString(text.Span));
                json.WriteEndArray();
            }
            else
            {
                json.WriteNumber("offset", _offset);
                json.WriteNumber("bytes", value.Data.Length);
                _data.Add(value);
                _offset += value.Data.Length;
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static Tensor ForBrowser(Tensor value) => value.DType switch
    {
        DType.Float64 => Convert<double, float>(value),
        DType.Float16 => Convert<Half, float>(value),
        DType.BFloat16 => Tensor.Wrap(Array.ConvertAll(value.Span<BFloat16>().ToArray(), v => (float)v), value.Shape),
        DType.Int64 => Convert<long, int>(value),
        DType.UInt32 => Convert<uint, int>(value),
        DType.UInt64 => Convert<ulong, int>(value),
        DType.Int16 => Convert<short, int>(value),
        DType.UInt16 => Convert<ushort, int>(value),
        DType.Int8 => Convert<sbyte, int>(value),
        DType.UInt8 => Convert<byte, int>(value),
        _ => value,
    };

    private static Tensor Convert<TFrom, TTo>(Tensor value)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo> =>
        Tensor.Wrap(Array.ConvertAll(value.Span<TFrom>().ToArray(), TTo.CreateTruncating), value.Shape);
}
