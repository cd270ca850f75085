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
        Clock clock = new();
        ThreadTrial trial = new(threads, clock);
        Run(trial, clock, shared, alone, TimeSpan.FromSeconds(0.3));
        Assert.Equal(isShared, trial.IsShared);
        Assert.False(trial.IsTiming);
    }

    [Fact]
    public void A_trial_is_repeated_when_times_have_changed()
    {
        Clock clock = new();
        ThreadTrial trial = new(2, clock);
        Run(trial, clock, 10, 5, TimeSpan.FromSeconds(0.3));
        Assert.False(trial.IsShared);
        Run(trial, clock, 4, 5, TimeSpan.FromSeconds(0.3));
        Assert.True(trial.IsShared);
    }

    [Fact]
    public void Long_runs_are_never_made_on_one_thread()
    {
        Clock clock = new();
        ThreadTrial trial = new(2, clock);
        for (int i = 0; i < 6000; i++)
        {
            Assert.True(trial.IsShared);
            Run(trial, clock, 3000, 10, TimeSpan.FromMilliseconds(3));
        }
    }

    private static void Run(ThreadTrial trial, Clock clock, int shared, int alone, TimeSpan time)
    {
        for (long end = clock.Now + time.Ticks; clock.Now < end;)
        {
            var took = TimeSpan.FromMicroseconds(trial.IsShared ? shared : alone);
            clock.Now += took.Ticks;
            if (trial.IsTiming)
                trial.Took(took);
            else
                trial.Ran();
        }
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
