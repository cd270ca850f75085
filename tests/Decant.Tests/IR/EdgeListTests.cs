using Decant.IR;

namespace Decant.Tests.IR;

public class EdgeListTests
{
    [Fact]
    public void Edits_of_a_nodes_inputs_are_those_of_a_list()
    {
        var random = new Random(7);
        var graph = new Graph();
        Node[] sources = [.. Enumerable.Range(0, 8).Select(i => graph.Add($"s{i}", "NoOp"))];
        Node node = graph.Add("n", "NoOp");
        var expected = new List<Node>();
        for (int step = 0; step < 2000; step++)
        {
            Node source = sources[random.Next(sources.Length)];
            int at = random.Next(expected.Count + 1);
            switch (random.Next(8))
            {
                case 0 or 1:
                    node.ControlInputs.Add(source);
                    expected.Add(source);
                    break;
                case 2:
                    node.ControlInputs.Insert(at, source);
                    expected.Insert(at, source);
                    break;
                case 3:
                    Assert.Equal(expected.Remove(source), node.ControlInputs.Remove(source));
                    break;
                case 4 when at < expected.Count:
                    node.ControlInputs.RemoveAt(at);
                    expected.RemoveAt(at);
                    break;
                case 5 when at < expected.Count:
                    node.ControlInputs[at] = source;
                    expected[at] = source;
                    break;
                case 6:
                    node.ControlInputs.AddRange(sources.AsSpan(0, 2));
                    expected.AddRange(sources[..2]);
                    break;
                case 7 when expected.Count > 20:
                    Assert.Equal(expected.RemoveAll(n => n == source), node.ControlInputs.RemoveAll(n => n == source));
                    break;
            }

            Assert.Equal(expected, node.ControlInputs);
            Assert.Equal(expected.IndexOf(source), node.ControlInputs.IndexOf(source));
        }

        node.ControlInputs.Clear();
        Assert.Empty(node.ControlInputs);
        Assert.Throws<IndexOutOfRangeException>(() => node.ControlInputs[0]);
    }
}
