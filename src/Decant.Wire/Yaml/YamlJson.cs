using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Decant.Wire.Yaml;

/// <summary>Makes JSON of the YAML that PyYAML writes. Aliases are written as often as they are there.</summary>
public static partial class YamlJson
{
    private const long LongestText = 64 << 20, LongestJson = 16 << 20;

    /// <summary>The value of a YAML text as JSON. Infinite numbers, which JSON has not, become texts as in JavaScript.</summary>
    /// <exception cref="ModelException">The text is no YAML of this kind, or longer than is allowed, by itself or by its aliases.</exception>
    public static BufferSlice Of(BufferSlice yaml)
    {
        if (yaml.Length > LongestText || !System.Text.Unicode.Utf8.IsValid(yaml.Span))
            throw WireErrors.BadYaml.At(new Location(yaml.Name), "the text is not UTF-8, or longer than 64 MB");
        YamlNode node = YamlReader.Read(Encoding.UTF8.GetString(yaml.Span), yaml.Name);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true }))
            Write(node, writer, yaml.Name);
        return new BufferSlice(bytes.ToArray(), yaml.Name);
    }

    private static void Write(YamlNode node, Utf8JsonWriter json, string? name)
    {
        // Few aliases of aliases can stand for more than any memory holds.
        if (json.CurrentDepth > YamlReader.MaxDepth || json.BytesCommitted + json.BytesPending > LongestJson)
            throw WireErrors.BadYaml.At(new Location(name), $"with its aliases, the value is longer than {LongestJson >> 20} MB or deeper than {YamlReader.MaxDepth}");
        switch (node)
        {
            case YamlSequence sequence:
                json.WriteStartArray();
                foreach (YamlNode item in sequence.Items)
                    Write(item, json, name);
                json.WriteEndArray();
                break;
            case YamlMapping mapping:
                json.WriteStartObject();
                foreach ((string key, YamlNode value) in mapping.Fields)
                {
                    json.WritePropertyName(key);
                    Write(value, json, name);
                }

                json.WriteEndObject();
                break;
            case YamlScalar scalar:
                Write(scalar, json);
                break;
        }
    }

    private static void Write(YamlScalar scalar, Utf8JsonWriter json)
    {
        string text = scalar.Text;
        if (!scalar.IsPlain)
            json.WriteStringValue(text);
        else if (text is "" or "~" or "null" or "Null" or "NULL")
            json.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON")
            json.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF")
            json.WriteBooleanValue(false);
        else if (text.TrimStart('+', '-') is ".inf" or ".Inf" or ".INF")
            json.WriteStringValue(text[0] == '-' ? "-Infinity" : "Infinity");
        else if (text is ".nan" or ".NaN" or ".NAN")
            json.WriteStringValue("NaN");
        else if (Integer().IsMatch(text) && long.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            json.WriteNumberValue(whole);
        else if (Number().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            WriteNumber(number, json);
        else
            json.WriteStringValue(text);
    }

    // A number with a point stays one.
    private static void WriteNumber(double number, Utf8JsonWriter json)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        json.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0");
    }

    [GeneratedRegex("^[-+]?[0-9][0-9_]*$")]
    private static partial Regex Integer();

    // As for PyYAML, numbers without a point are texts when they have an exponent.
    [GeneratedRegex(@"^[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}
