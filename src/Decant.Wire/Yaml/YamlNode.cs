namespace Decant.Wire.Yaml;

/// <summary>A value of a YAML text. Aliases are the same object as what they name.</summary>
internal abstract record YamlNode;

/// <summary>Text, or what a plain text stands for: a number, a truth value, nothing.</summary>
/// <param name="Text">The text, without quotes.</param>
/// <param name="IsPlain">Whether it stands without quotes, so that it may be something else than text.</param>
internal sealed record YamlScalar(string Text, bool IsPlain) : YamlNode;

internal sealed record YamlSequence(IReadOnlyList<YamlNode> Items) : YamlNode;

internal sealed record YamlMapping(IReadOnlyList<(string Key, YamlNode Value)> Fields) : YamlNode;
