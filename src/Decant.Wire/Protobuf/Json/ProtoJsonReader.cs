using System.Text.Json;
using Decant.Wire.Json;
using Decant.Wire.Protobuf.Text;

namespace Decant.Wire.Protobuf.Json;

/// <summary>
/// Turns protobuf's JSON form into its binary form: names in lowerCamelCase or as declared, 64-bit integers as strings or
/// numbers, bytes in base64 or, as old programs wrote them, as a list of numbers, enums by name or number.
/// </summary>
public sealed class ProtoJsonReader
{
    private readonly BufferSlice _json;
    private readonly ICollection<string>? _unknown;

    private ProtoJsonReader(BufferSlice json, ICollection<string>? unknown) => (_json, _unknown) = (json, unknown);

    /// <summary>Encodes a JSON object as a message.</summary>
    /// <param name="type">The message's type.</param>
    /// <param name="json">The object's UTF-8 text.</param>
    /// <param name="unknown">Gets the names of fields that the type does not have, which are left out.</param>
    /// <exception cref="ModelException">The text is malformed or does not fit the type; the fault has the file and the offset.</exception>
    public static byte[] Read(ProtoMessage type, BufferSlice json, ICollection<string>? unknown = null)
    {
        var reader = new ProtoJsonReader(json, unknown);
        var tokens = new JsonTokens(json);
        tokens.Next();
        byte[] message = reader.Fields(ref tokens, type);
        tokens.End();
        return message;
    }

    private byte[] Fields(ref JsonTokens tokens, ProtoMessage type)
    {
        tokens.Expect(JsonTokenType.StartObject, $"an object of {type.Name}");
        var message = new EncodedMessage();
        for (tokens.Next(); tokens.Type != JsonTokenType.EndObject; tokens.Next())
        {
            string name = tokens.Text();
            tokens.Next();
            if ((type.Find(name) ?? type.Find(ProtoJsonNames.FieldOf(name))) is not { } field)
            {
                _unknown?.Add($"{type.Name}.{name}");
                tokens.Skip();
                continue;
            }

            if (tokens.Type == JsonTokenType.Null)
                continue;
            if (!field.IsRepeated && message.Has(field.Number))
                throw tokens.Fail($"the field '{name}' is there twice, and {type.Name} has room for one");
            if (field.OneOf.Length > 0 && type.Fields.FirstOrDefault(f => f.OneOf == field.OneOf && message.Has(f.Number)) is { } other)
                throw tokens.Fail($"'{name}' and '{ProtoJsonNames.Of(other.Name)}' are both there, and {type.Name} has room for one of them");
            if (field.IsMap)
                Map(ref tokens, field, message);
            else if (field.IsRepeated)
                List(ref tokens, field, message);
            else
                Value(ref tokens, field, message);
        }

        return message.ToArray();
    }

    private void Map(ref JsonTokens tokens, ProtoField map, EncodedMessage message)
    {
        tokens.Expect(JsonTokenType.StartObject, $"an object for '{map.Name}'");
        ProtoField key = map.Message!.Fields[0], value = map.Message.Fields[1];
        for (tokens.Next(); tokens.Type != JsonTokenType.EndObject; tokens.Next())
        {
            var entry = new EncodedMessage();
            if (key.Type == ProtoType.String)
                entry.AddBytes(key.Number, tokens.Bytes());
            else
                JsonScalar.Add(ref tokens, key, entry);
            tokens.Next();
            if (tokens.Type != JsonTokenType.Null)
                Value(ref tokens, value, entry);
            message.AddBytes(map.Number, entry.ToArray());
        }
    }

    private void List(ref JsonTokens tokens, ProtoField field, EncodedMessage message)
    {
        tokens.Expect(JsonTokenType.StartArray, $"a list for '{field.Name}'");
        for (tokens.Next(); tokens.Type != JsonTokenType.EndArray; tokens.Next())
            Value(ref tokens, field, message);
    }

    private void Value(ref JsonTokens tokens, ProtoField field, EncodedMessage message)
    {
        switch (field.Type)
        {
            case ProtoType.Message:
                message.AddBytes(field.Number, Fields(ref tokens, field.Message!));
                break;
            case ProtoType.String:
                tokens.Expect(JsonTokenType.String, $"a string for '{field.Name}'");
                message.AddBytes(field.Number, tokens.Bytes());
                break;
            case ProtoType.Bytes:
                message.AddBytes(field.Number, JsonScalar.Bytes(ref tokens, field));
                break;
            default:
                JsonScalar.Add(ref tokens, field, message);
                break;
        }
    }
}
