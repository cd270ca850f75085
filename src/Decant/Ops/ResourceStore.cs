using System.Diagnostics.CodeAnalysis;

namespace Decant.Ops;

/// <summary>What a session keeps between runs, by kind and name.</summary>
public sealed class ResourceStore
{
    private readonly Dictionary<(Type, string), object> _resources = [];

    /// <summary>How many runs the session has begun: what belongs to a run of another number is not in use any more.</summary>
    internal long Runs { get; set; }

    /// <summary>The resource of this name, made when there is none.</summary>
    public T GetOrAdd<T>(string name, Func<T> make)
        where T : class
    {
        if (TryGet(name, out T? found))
            return found;
        T made = make();
        _resources.Add((typeof(T), name), made);
        return made;
    }

    /// <summary>Finds a resource.</summary>
    public bool TryGet<T>(string name, [NotNullWhen(true)] out T? resource)
        where T : class
    {
        resource = _resources.TryGetValue((typeof(T), name), out object? found) ? (T)found : null;
        return resource is not null;
    }

    /// <summary>Forgets a resource: who asks for it next begins anew.</summary>
    internal void Remove<T>(string name)
        where T : class => _resources.Remove((typeof(T), name));

    /// <summary>All resources of a kind, by name.</summary>
    public IEnumerable<(string Name, T Resource)> All<T>()
        where T : class => _resources.Where(r => r.Key.Item1 == typeof(T)).Select(r => (r.Key.Item2, (T)r.Value));
}

/// <summary>A variable of a session.</summary>
/// <param name="name">Its name in the graph and, mostly, in checkpoints.</param>
/// <param name="dtype">The declared element type.</param>
/// <param name="shape">The declared dimensions, as far as they are known.</param>
/// <param name="initial">Reads the value it has at first, when it is asked for; null when it has none.</param>
public sealed class Variable(string name, DType dtype, Shape shape, Func<Tensor>? initial = null)
{
    private Func<Tensor>? _initial = initial;
    private Tensor? _value;

    /// <summary>Its name in the graph and, mostly, in checkpoints.</summary>
    public string Name { get; } = name;

    /// <summary>The declared element type.</summary>
    public DType DType { get; } = dtype;

    /// <summary>The declared dimensions, as far as they are known.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>How often a value was assigned.</summary>
    internal int Version { get; private set; }

    /// <summary>The value; null until it is initialized.</summary>
    public Tensor? Value
    {
        get
        {
            if (_initial is { } read)
                (_value, _initial) = (read(), null);
            return _value;
        }

        set
        {
            (_value, _initial) = (value, null);
            Version++;
        }
    }
}
