using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras;

/// <summary>What an operation between layers is called with, as the description has it: values by position and by name.</summary>
/// <param name="Values">The arguments by position.</param>
/// <param name="Named">The arguments by name.</param>
/// <param name="TensorOf">The tensor of the model that an argument names.</param>
internal sealed record CallArguments(IReadOnlyList<JsonElement> Values, IReadOnlyDictionary<string, JsonElement> Named, Func<TensorId, Value> TensorOf)
{
    public static CallArguments None { get; } = new([], new Dictionary<string, JsonElement>(), static id => throw new ArgumentException(id.Layer));
}
