using Decant.Wire.Json;

namespace Decant.Cli;

/// <summary>Metadata of a TensorFlow.js model from JSON files: <c>key:path.json,key2:path2.json</c>.</summary>
internal static class TensorflowjsMetadata
{
    public static Dictionary<string, BufferSlice> Read(string? text)
    {
        var metadata = new Dictionary<string, BufferSlice>(StringComparer.Ordinal);
        foreach (string item in CommonOptions.List(text) ?? [])
        {
            int colon = item.IndexOf(':');
            if (colon <= 0)
                throw CliErrors.Usage.At(null, $"--metadata {item}: expected key:path.json");
            using MappedFile file = MappedFile.Open(item[(colon + 1)..]);
            byte[] json = file.Bytes.ToArray();
            try
            {
                var tokens = new JsonTokens(new BufferSlice(json, file.Name));
                tokens.Next();
                tokens.Skip();
                tokens.End();
            }
            catch (ModelException e)
            {
                throw CliErrors.Usage.At(e.Diagnostics[0].Location ?? new Location(file.Name), $"Loading metadata error: the path is expected to contain valid JSON content, but cannot read valid JSON content from {file.Name}.", e.Diagnostics[0].Message);
            }

            metadata[item[..colon]] = new BufferSlice(json, file.Name);
        }

        return metadata;
    }
}
