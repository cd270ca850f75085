namespace Decant.TestKit;

/// <summary>
/// Hands damaged copies of a small file to a reader: cut at every byte, and with seeded bytes changed. A reader may succeed or
/// throw a <see cref="ModelException"/>; anything else, or taking long, is a fault of the reader.
/// </summary>
public static class Damage
{
    // A reader that allocates or loops by a damaged length takes far longer than any small file does.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Reads every damaged copy, and returns how many of them were refused.</summary>
    public static int Try(byte[] file, Action<byte[]> read, int flips = 500, int seed = 20)
    {
        int refused = 0;
        for (int length = 0; length < file.Length; length++)
            refused += Refused(file[..length], read, $"cut to {length} of {file.Length} bytes");
        var random = new Random(seed);
        for (int i = 0; i < flips; i++)
        {
            byte[] copy = (byte[])file.Clone();
            int at = random.Next(copy.Length);
            int count = Math.Min(random.Next(1, 5), copy.Length - at);
            random.NextBytes(copy.AsSpan(at, random.Next(3) == 0 ? count : 1));
            refused += Refused(copy, read, $"change {i} (seed {seed}) at byte {at}");
        }

        return refused;
    }

    private static int Refused(byte[] copy, Action<byte[]> read, string what)
    {
        var clock = WorkClock.Start();
        try
        {
            read(copy);
            return 0;
        }
        catch (ModelException)
        {
            return 1;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.GetType().Name} escaped the reader: {e.Message}", e);
        }
        finally
        {
            if (clock.Elapsed is var time && time > Longest)
                throw new TimeoutException($"{what}: the reader took {time}");
        }
    }
}
