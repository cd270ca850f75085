using System.Security.Cryptography;
using System.Text;

namespace Decant.Wire.Npy;

/// <summary>The files that tensors of these names are kept in, one in each.</summary>
public static class NpyFileNames
{
    // File systems take 255 bytes, of which a file that is being written needs some for a name of its own.
    private const int MostCharacters = 180;

    private const int HashBytes = 8;

    /// <summary>
    /// A file name for each tensor name, in order: its letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, and <c>_</c> for others. One that would be too long, empty, or
    /// that of another (capitals do not tell files apart everywhere), ends with the SHA-256 of the tensor's name, cut to 8 bytes. The same names give the same files in
    /// any order.
    /// </summary>
    /// <param name="names">Names, of which each appears once.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> names)
    {
        string[] plain = [.. names.Select(n => string.Concat(n.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '_')))];
        ILookup<string, string> alike = plain.ToLookup(p => p, StringComparer.OrdinalIgnoreCase);
        return [.. plain.Zip(names, (p, n) => $"{(p.Length is > 0 and <= MostCharacters && alike[p].Count() == 1 ? p : Hashed(p, n))}.npy")];
    }

    private static string Hashed(string plain, string name) =>
        $"{plain[..Math.Min(plain.Length, MostCharacters)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, HashBytes))}";
}
