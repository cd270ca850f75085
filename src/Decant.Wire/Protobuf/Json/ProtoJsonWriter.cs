using System.Globalization;
using System.Text;
using System.Text.Json;
using Decant.Wire.Protobuf.Text;

namespace Decant.Wire.Protobuf.Json;

/// <summary>
/// Writes an encoded message in protobuf's JSON form: names in lowerCamelCase, 64-bit integers as strings, bytes in base64,
/// enums by name, fields by number. Fields that the schema does not have cannot be written and are left out.
/// </summary>
public static class ProtoJsonWriter
{
    /// <summary>Writes a message as an object.</summary>
    /// <exception cref="ModelException">The bytes are no message of the type.</exception>
    public static void Write(ProtoMessage type, BufferSlice encoded, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteFields(type, encoded, writer, 0);
        writer.WriteEndObject();
    }

    /// <summary>Writes the fields of a message into an object that is open.</summary>
    public static void WriteFields(ProtoMessage type, BufferSlice encoded, Utf8JsonWriter writer) => WriteFields(type, encoded, writer, 0);

    private static void WriteFields(ProtoMessage type, BufferSlice encoded, Utf8JsonWriter writer, int depth)
    {
        if (depth >= ProtoReader.MaxDepth)
            throw WireErrors.TooDeep.At(new Location(encoded.Name, encoded.Offset), $"messages are nested deeper than {ProtoReader.MaxDepth}");
        foreach (EncodedField field in EncodedField.Sorted(type, encoded))
        {
            if (field.Declared is not { } declared)
                continue;
            writer.WritePropertyName(ProtoJsonNames.Of(declared.Name));
            if (declared.IsMap)
                WriteMap(declared, field, writer, depth);
            else if (declared.IsRepeated)
                WriteList(declared, field, writer, depth);
            else
                WriteValues(declared, field, writer, depth);
        }
    }

    private static void WriteList(ProtoField declared, EncodedField field, Utf8JsonWriter writer, int depth)
    {
        writer.WriteStartArray();
        WriteValues(declared, field, writer, depth);
        writer.WriteEndArray();
    }

    private static void WriteValues(ProtoField declared, EncodedField field, Utf8JsonWriter writer, int depth)
    {
        if (declared.Type != ProtoType.Message)
        {
            field.VisitScalars((in ScalarValue value) => WriteScalar(declared, value, writer));
            return;
        }

        foreach (BufferSlice message in field.Messages())
        {
            writer.WriteStartObject();
            WriteFields(declared.Message!, message, writer, depth + 1);
            writer.WriteEndObject();
        }
    }

    // Entries in the order of the file: of inputs and outputs it counts.
    private static void WriteMap(ProtoField declared, EncodedField field, Utf8JsonWriter writer, int depth)
    {
        ProtoField key = declared.Message!.Fields[0], value = declared.Message.Fields[1];
        writer.WriteStartObject();
        foreach (BufferSlice entry in field.Messages())
        {
            List<EncodedField> parts = EncodedField.Sorted(declared.Message, entry);
            string name = "";
            parts.Find(p => p.Declared == key)?.VisitScalars((in ScalarValue k) => name = key.WireType == WireType.Bytes
                ? Encoding.UTF8.GetString(k.Bytes.Span) : k.Bits.ToString(CultureInfo.InvariantCulture));
            writer.WritePropertyName(name);
            if (parts.Find(p => p.Declared == value) is { } given)
            {
                WriteValues(value, given, writer, depth);
            }
            else if (value.Type == ProtoType.Message)
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }
            else
            {
                WriteScalar(value, default, writer);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteScalar(ProtoField field, in ScalarValue value, Utf8JsonWriter writer)
    {
        switch (field.Type)
        {
            case ProtoType.Bool:
                writer.WriteBooleanValue(value.Bits != 0);
                break;
            case ProtoType.Enum when field.Enum!.NameOf((int)value.Bits) is { } name:
                writer.WriteStringValue(name);
                break;
            case ProtoType.Float:
                WriteReal(BitConverter.UInt32BitsToSingle((uint)value.Bits), writer);
                break;
            case ProtoType.Double:
                WriteReal(BitConverter.UInt64BitsToDouble(value.Bits), writer);
                break;
            case ProtoType.Int32 or ProtoType.Enum:
                writer.WriteNumberValue((int)value.Bits);
                break;
            case ProtoType.UInt32 or ProtoType.Fixed32:
                writer.WriteNumberValue((uint)value.Bits);
                break;
            case ProtoType.Int64:
                writer.WriteStringValue(((long)value.Bits).ToString(CultureInfo.InvariantCulture));
                break;
            case ProtoType.SInt64:
                writer.WriteStringValue(((long)(value.Bits >> 1) ^ -(long)(value.Bits & 1)).ToString(CultureInfo.InvariantCulture));
                break;
            case ProtoType.Bytes:
                writer.WriteBase64StringValue(value.Bytes.Span);
                break;
            case ProtoType.String:
                writer.WriteStringValue(Encoding.UTF8.GetString(value.Bytes.Span));
                break;
            default:
                writer.WriteStringValue(value.Bits.ToString(CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteReal(float value, Utf8JsonWriter writer)
    {
        if (float.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            WriteReal((double)value, writer);
    }

    private static void WriteReal(double value, Utf8JsonWriter writer)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
}
