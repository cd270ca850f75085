using System.Diagnostics;
using System.Globalization;

namespace Decant.Core.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decant-test-").FullName;

    private string Target => Path.Join(_folder, "model.pb");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_is_written_and_replaced(bool flushToDisk)
    {
        AtomicFile.Write(Target, stream => stream.Write([1, 2, 3]), 3, flushToDisk);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
        AtomicFile.Write(Target, stream => stream.Write([4]), flushToDisk: flushToDisk);
        Assert.Equal([4], File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_large_file_has_all_that_was_written_where_it_was_written()
    {
        const int Piece = 300_001, Pieces = 60;
        AtomicFile.Write(Target, stream =>
        {
            for (int i = 0; i < Pieces; i++)
            {
                byte[] piece = new byte[Piece];
                Array.Fill(piece, (byte)i);
                stream.Write(piece);
                Assert.True(i % 25 != 24 || stream.Position == (long)Piece * (i + 1));
            }

            stream.Position = 1;
            stream.Write([99]);
        });
        byte[] written = File.ReadAllBytes(Target);
        Assert.Equal(Piece * Pieces, written.Length);
        Assert.Equal([0, 99, 0], written[..3]);
        Assert.All(Enumerable.Range(1, Pieces - 1), i => Assert.Equal(-1, written.AsSpan(i * Piece, Piece).IndexOfAnyExcept((byte)i)));
    }

    [Fact]
    public void A_disk_that_gets_full_while_much_is_written_is_told()
    {
        if (!File.Exists("/dev/full"))
            return;
        // So much is buffered that the fault comes when another thread writes.
        var stream = new TargetStream(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, 16 << 20), "model.pb", null);
        byte[] piece = new byte[1 << 20];
        var e = Assert.Throws<ModelException>(() =>
        {
            for (int i = 0; i < 40; i++)
                stream.Write(piece);
            stream.Finish(flushToDisk: false);
        });
        stream.Abandon();
        Assert.Equal(CoreErrors.CannotWrite, e.Diagnostics[0].Code);
        Assert.Contains("no space left", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_shorter_than_expected_leaves_the_rest_of_the_disk_to_others()
    {
        if (!OperatingSystem.IsLinux())
            return;
        File.WriteAllText(Target, "old");
        AtomicFile.Write(Target, stream => stream.Write([1, 2, 3]), 64 << 20);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
        using Process stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", Target]) { RedirectStandardOutput = true })!;
        int blocks = int.Parse(stat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
        Assert.InRange(blocks * 512L, 0, 1 << 20);
    }

    [Fact]
    public void A_file_of_which_more_is_expected_than_a_file_may_have_is_written_all_the_same()
    {
        AtomicFile.Write(Target, stream => stream.Write([1, 2, 3]), long.MaxValue);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_failure_leaves_the_target_as_it_was_and_nothing_beside_it()
    {
        File.WriteAllText(Target, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Until_it_is_committed_the_target_is_as_it_was()
    {
        File.WriteAllText(Target, "old");
        using (AtomicFile file = AtomicFile.Create(Target))
        {
            file.Stream.Write([1]);
            file.Stream.Flush();
            Assert.Equal("old", File.ReadAllText(Target));
            Assert.Matches(@"^\.model\.pb\.decant-\d+-\d+\.tmp$", Path.GetFileName(Directory.GetFileSystemEntries(_folder).Single(f => f != Target)));
            file.Commit();
        }

        Assert.Equal([1], File.ReadAllBytes(Target));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_and_what_a_running_one_writes_is_not()
    {
        string dead = Path.Join(_folder, $".model.pb.decant-{DeadProcess()}-1.tmp");
        string running = Path.Join(_folder, $".model.pb.decant-{Environment.ProcessId}-0.tmp");
        string other = Path.Join(_folder, $".other.pb.decant-{DeadProcess()}-1.tmp");
        foreach (string path in (string[])[dead, running, other])
            File.WriteAllText(path, "");
        AtomicFile.Write(Target, stream => stream.Write([1]));
        Assert.Equal((string[])[.. ((string[])[Target, running, other]).Order(StringComparer.Ordinal)], Directory.GetFileSystemEntries(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_link_is_followed_and_the_mode_of_the_file_is_kept()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string link = Path.Join(_folder, "link");
        File.CreateSymbolicLink(link, Target);
        AtomicFile.Write(link, stream => stream.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(Target));
        Assert.Equal(Target, new FileInfo(link).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void A_full_device_is_an_error_that_says_how_much_is_needed()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var e = Assert.Throws<ModelException>(() => AtomicFile.Write("/dev/full", stream => stream.Write(new byte[1 << 20]), 1 << 20));
        Assert.Equal(CoreErrors.CannotWrite, e.Diagnostics[0].Code);
        Assert.Contains("1048576 bytes are needed", e.Message, StringComparison.Ordinal);
        Assert.Contains("-o", e.Diagnostics[0].Hint, StringComparison.Ordinal);
        e = Assert.Throws<ModelException>(() => AtomicFile.Write("/dev/full", stream => stream.Write([1])));
        Assert.Contains("no space left", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_are_written_in_place()
    {
        if (OperatingSystem.IsWindows())
            return;
        AtomicFile.Write("/dev/null", stream => stream.Write([1]));
        Assert.Empty(Directory.GetFiles("/dev", ".null.decant*"));
    }

    [Fact]
    public void A_target_that_cannot_be_written_is_an_error_with_a_hint()
    {
        string missing = Path.Join(_folder, "no", "such", "model.pb");
        var e = Assert.Throws<ModelException>(() => AtomicFile.Write(missing, _ => { }));
        Assert.Equal((CoreErrors.CannotWrite, missing), (e.Diagnostics[0].Code, e.Diagnostics[0].Location!.File));
        Assert.StartsWith("mkdir -p", e.Diagnostics[0].Hint, StringComparison.Ordinal);
        foreach (string path in (string[])[_folder, _folder + "/", Path.Join(_folder, "new") + "/", "", "a\0b"])
            Assert.Equal(CoreErrors.CannotWrite, Assert.Throws<ModelException>(() => AtomicFile.Write(path, _ => { })).Diagnostics[0].Code);
    }

    internal static int DeadProcess()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.Id;
    }
}
