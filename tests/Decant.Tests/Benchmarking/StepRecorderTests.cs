using System.Diagnostics;
using System.Text.Json;
using Decant.Benchmarking;
using Decant.IR;
using Decant.Runtime;

namespace Decant.Tests.Benchmarking;

public class StepRecorderTests
{
    private static readonly Graph Graph = new();
    private static readonly Node Loop = Graph.Add("loop", "While"), Body = Graph.Add("body", "MatMul"), After = Graph.Add("after", "Relu");

    // Two iterations of a body of 20,000 ticks inside a loop of 50,000, and a step of 10,000 after it.
    private static readonly StepTiming[] OneRun =
    [
        new(Body, [], 1, 105_000, 125_000, 8, 4, 100),
        new(Body, [], 1, 125_000, 145_000, 8, 4, 100),
        new(Loop, [], 0, 100_000, 150_000, 4, 4, 0),
        new(After, [], 0, 150_000, 160_000, 4, 4, 0),
    ];

    [Fact]
    public void The_time_of_a_step_is_without_that_of_the_steps_it_calls()
    {
        IReadOnlyList<StepProfile> steps = Recorded(3).Steps();
        Assert.Equal(["body x2 40", "loop x1 10", "after x1 10"], steps.Select(s => $"{s.Node.Name} x{s.Count} {Math.Round(s.Time.TotalSeconds * Stopwatch.Frequency / 1000)}"));
        Assert.Equal((200, 24), (steps[0].Flops, steps[0].Bytes));
    }

    [Fact]
    public void Runs_before_a_reset_do_not_count()
    {
        StepRecorder recorder = Recorded(1);
        recorder.Reset();
        recorder.Begin();
        recorder.Observe(new StepTiming(After, [], 0, 0, 30_000, 0, 0, 0));
        Assert.Equal(30, Math.Round(Assert.Single(recorder.Steps()).Time.TotalSeconds * Stopwatch.Frequency / 1000));
    }

    [Fact]
    public void Ops_are_summed_up_the_slowest_first()
    {
        IReadOnlyList<OpProfile> ops = OpProfile.Sum([.. Recorded(2).Steps(), new StepProfile(After, [Loop], 0, 1, TimeSpan.FromSeconds(60_000.0 / Stopwatch.Frequency), 0, 0)]);
        Assert.Equal(["Relu+While", "MatMul", "Relu", "While"], ops.Select(o => o.Ops));
        Assert.Equal(1, ops.Sum(o => o.Share), 9);
        Assert.Equal(0.5, ops[0].Share, 2);
    }

    [Fact]
    public void A_trace_has_an_event_for_each_step_and_those_of_functions_lie_inside_their_callers()
    {
        using var stream = new MemoryStream();
        ChromeTrace.Write(OneRun, stream);
        JsonElement[] events = [.. JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal(["loop", "body", "body", "after"], events.Select(e => e.GetProperty("name").GetString()));
        Assert.All(events, e => Assert.Equal("X", e.GetProperty("ph").GetString()));
        double End(JsonElement e) => e.GetProperty("ts").GetDouble() + e.GetProperty("dur").GetDouble();
        Assert.All(events[1..3], e => Assert.True(e.GetProperty("ts").GetDouble() >= events[0].GetProperty("ts").GetDouble() && End(e) <= End(events[0])));
    }

    private static StepRecorder Recorded(int runs)
    {
        var recorder = new StepRecorder();
        for (int i = 0; i < runs; i++)
        {
            recorder.Begin();
            foreach (StepTiming step in OneRun)
                recorder.Observe(step);
        }

        return recorder;
    }
}
