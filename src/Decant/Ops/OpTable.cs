using System.Diagnostics.CodeAnalysis;
using Decant.IR;
using Decant.Ops.TFLite;

namespace Decant.Ops;

/// <summary>
/// The ops that a session can run and inference knows. A table is a value: an app that gives one with the ops of its
/// model carries the code of those ops.
/// </summary>
public sealed class OpTable
{
    private readonly Dictionary<OpName, Op> _ops = [];
    private readonly Dictionary<OpName, Op> _select = [];
    private readonly Func<string, Op?> _make = static _ => null;
    private readonly Queue<Func<IEnumerable<Op>>> _families = new();
    private readonly Queue<Func<IEnumerable<Op>>> _tflite = new();

    /// <summary>A table of these ops.</summary>
    /// <exception cref="ArgumentException">Two have the same name.</exception>
    public OpTable(IEnumerable<Op> ops)
    {
        foreach (Op op in ops)
            _ops.Add(op.Name, op);
    }

    // TensorFlow's ops are made one by one, when they are asked for: making all takes a fifth of the tool's start.
    private OpTable(Func<string, Op?> make, IEnumerable<Func<IEnumerable<Op>>> families, IEnumerable<Func<IEnumerable<Op>>> tflite) => (_make, _families, _tflite) = (make, new(families), new(tflite));

    /// <summary>Every op of Decant.</summary>
    public static OpTable All => Everything.Table;

    /// <summary>The ops, sorted by name.</summary>
    public IEnumerable<Op> Ops
    {
        get
        {
            lock (_families)
            {
                while (_families.TryDequeue(out Func<IEnumerable<Op>>? family) || _tflite.TryDequeue(out family))
                    Add(family());
                return [.. _ops.Values.OrderBy(op => op.Name.ToString(), StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Finds an op.</summary>
    public bool TryGet(OpName name, [NotNullWhen(true)] out Op? op)
    {
        lock (_families)
        {
            while (!_ops.TryGetValue(name, out op) && name.Dialect == Dialect.TFLite && _tflite.TryDequeue(out Func<IEnumerable<Op>>? family))
                Add(family());
            if (op is not null)
                return true;
            if (name.Dialect != Dialect.TensorFlow || _make(name.Name) is not { } made)
                return TryGetSelect(name, out op);
            _ops.Add(name, op = made);
            return true;
        }
    }

    /// <summary>An op of TensorFlow in a model of TensorFlow Lite, for which this table has the kernel.</summary>
    private bool TryGetSelect(OpName name, [NotNullWhen(true)] out Op? op)
    {
        op = null;
        if (SelectOp.TensorFlow(name) is not { } original || !TryGet(original, out Op? found) || found is not IHasKernel inner)
            return false;
        if (!_select.TryGetValue(name, out op))
            _select[name] = op = new SelectOp(name, original, inner);
        return true;
    }

    /// <summary>This table with more ops, which take the place of those of the same name.</summary>
    public OpTable With(params IEnumerable<Op> ops)
    {
        var merged = new OpTable(Ops);
        foreach (Op op in ops)
            merged._ops[op.Name] = op;
        return merged;
    }

    // Apart from the table, so that an app that makes its own does not carry everything.
    private static class Everything
    {
        public static readonly OpTable Table = new(Families.Make, Families.All, [() => TFLiteFamily.All]);
    }

    // Those that were made by themselves stay.
    private void Add(IEnumerable<Op> ops)
    {
        foreach (Op op in ops)
            _ops.TryAdd(op.Name, op);
    }
}
