namespace Decant.Core.Tests;

public sealed class AtomicDirectoryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decant-test-").FullName;

    private string Target => Path.Join(_folder, "saved_model");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_directory_is_written_and_replaced_as_a_whole()
    {
        AtomicDirectory.Write(Target, folder => File.WriteAllText(Path.Join(folder, "a"), "1"));
        AtomicDirectory.Write(Target + "/", folder => File.WriteAllText(Path.Join(folder, "b"), "2"));
        Assert.Equal([Path.Join(Target, "b")], Directory.GetFileSystemEntries(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_is_not_the_writers_stays_in_a_directory_that_is_written_again()
    {
        static bool IsOwn(string name) => name is "model" or "old" or "parts";
        Directory.CreateDirectory(Path.Join(Target, "site"));
        Directory.CreateDirectory(Path.Join(Target, "parts"));
        foreach (string name in (string[])["index.html", "model", "old", "site/page", "parts/1"])
            File.WriteAllText(Path.Join(Target, name), "before");
        AtomicDirectory.Write(Target, folder =>
        {
            File.WriteAllText(Path.Join(folder, "model"), "now");
            Directory.CreateDirectory(Path.Join(folder, "parts"));
            File.WriteAllText(Path.Join(folder, "parts", "2"), "now");
        }, isOwn: IsOwn);
        Assert.Equal(["index.html", "model", "parts/2", "site/page"], Directory.GetFiles(Target, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Target, f).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.Equal("before", File.ReadAllText(Path.Join(Target, "index.html")));
        Assert.Equal("now", File.ReadAllText(Path.Join(Target, "model")));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_folder_of_somebody_else_with_a_name_that_is_written_is_a_fault_and_stays()
    {
        Directory.CreateDirectory(Path.Join(Target, "assets"));
        File.WriteAllText(Path.Join(Target, "assets", "picture"), "before");
        var fault = Assert.Throws<ModelException>(() => AtomicDirectory.Write(Target, folder => Directory.CreateDirectory(Path.Join(folder, "assets")), isOwn: _ => false));
        Assert.Contains("a folder 'assets' that is no part of a model", fault.Message, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(Path.Join(Target, "assets", "picture")));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_directory_of_the_writers_own_files_is_replaced_as_a_whole()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Join(Target, "old"), "before");
        AtomicDirectory.Write(Target, folder => File.WriteAllText(Path.Join(folder, "model"), "now"), isOwn: name => name is "model" or "old");
        Assert.Equal([Path.Join(Target, "model")], Directory.GetFileSystemEntries(Target));
    }

    [Fact]
    public void A_failure_leaves_the_directory_as_it_was_and_nothing_beside_it()
    {
        AtomicDirectory.Write(Target, folder => File.WriteAllText(Path.Join(folder, "a"), "1"));
        Assert.Throws<InvalidOperationException>(() => AtomicDirectory.Write(Target, folder =>
        {
            File.WriteAllText(Path.Join(folder, "b"), "2");
            throw new InvalidOperationException();
        }));
        Assert.Equal([Path.Join(Target, "a")], Directory.GetFileSystemEntries(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Faults_of_what_is_written_name_the_target()
    {
        var fault = Assert.Throws<ModelException>(() => AtomicDirectory.Write(Target + "/", folder => throw CoreErrors.CannotWrite.At(new Location(Path.Join(folder, "b"), 7), "no space left")));
        Assert.Equal(new Location(Path.Join(Target, "b"), 7), fault.Diagnostics[0].Location);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_directory_that_a_killed_process_had_set_aside_is_put_back()
    {
        int dead = AtomicFileTests.DeadProcess();
        string aside = Path.Join(_folder, $".saved_model.decant-{dead}-2.old"), unfinished = Path.Join(_folder, $".saved_model.decant-{dead}-1.tmp");
        Directory.CreateDirectory(aside);
        Directory.CreateDirectory(unfinished);
        File.WriteAllText(Path.Join(aside, "a"), "1");
        Assert.Throws<InvalidOperationException>(() => AtomicDirectory.Write(Target, _ => throw new InvalidOperationException()));
        Assert.Equal([Path.Join(Target, "a")], Directory.GetFileSystemEntries(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_target_that_cannot_be_written_is_an_error()
    {
        File.WriteAllText(Target, "");
        foreach (string path in (string[])[Target, Path.Join(_folder, "no", "such"), ""])
            Assert.Equal(CoreErrors.CannotWrite, Assert.Throws<ModelException>(() => AtomicDirectory.Write(path, _ => { })).Diagnostics[0].Code);
    }
}
