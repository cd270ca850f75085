using Decant.Runtime;

namespace Decant.Tests.Runtime;

public sealed class ThreadTrialTests
{
    [Theory]
    [InlineData(2, 10, 5, false)]
    [InlineData(2, 5, 10, true)]
    [InlineData(2, 3000, 10, true)]
    [InlineData(1, 10, 5, true)]
    public void The_faster_kind_of_run_is_kept(int threads, int shared, int alone, bool isShared)
    {
        ThreadTrial trial = new(threads);
        for (int i = 0; i < 100; i++)
            Run(trial, shared, alone);
        Assert.Equal(isShared, trial.IsShared);
        Assert.False(trial.IsTiming);
    }

    [Fact]
    public void A_trial_is_repeated_when_times_have_changed()
    {
        ThreadTrial trial = new(2);
        for (int i = 0; i < 100; i++)
            Run(trial, 10, 5);
        Assert.False(trial.IsShared);
        for (int i = 0; i < 6000; i++)
            Run(trial, 4, 5);
        Assert.True(trial.IsShared);
    }

    [Fact]
    public void Long_runs_are_never_made_on_one_thread()
    {
        ThreadTrial trial = new(2);
        for (int i = 0; i < 6000; i++)
        {
            Assert.True(trial.IsShared);
            Run(trial, 3000, 10);
        }
    }

    private static void Run(ThreadTrial trial, int shared, int alone)
    {
        if (trial.IsTiming)
            trial.Took(TimeSpan.FromMicroseconds(trial.IsShared ? shared : alone));
        else
            trial.Ran();
    }
}
