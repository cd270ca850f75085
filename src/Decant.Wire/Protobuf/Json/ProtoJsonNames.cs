using System.Text;

namespace Decant.Wire.Protobuf.Json;

/// <summary>Between a field's name in its .proto file and in JSON: <c>tensor_shape</c> and <c>tensorShape</c>.</summary>
internal static class ProtoJsonNames
{
    /// <summary>The name that JSON uses.</summary>
    public static string Of(string field)
    {
        var name = new StringBuilder(field.Length);
        bool upper = false;
        foreach (char c in field)
        {
            if (c != '_')
                name.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = c == '_';
        }

        return name.ToString();
    }

    /// <summary>The name in the .proto file of one that JSON uses.</summary>
    public static string FieldOf(string name)
    {
        var field = new StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c))
                field.Append('_');
            field.Append(char.ToLowerInvariant(c));
        }

        return field.ToString();
    }
}
