namespace Decant.Formats.Keras;

/// <summary>
/// From where a functional model counts the calls of a model that is one of its layers. Keras 2 counts from 1, as the call that made the model counts too.
/// Keras 3 counts from 0, but from 1 where the outer model's outputs tell a functional one.
/// </summary>
/// <param name="Inside">The first call, where other layers read it.</param>
/// <param name="Outside">The first call, where the outputs of the outer model tell it.</param>
internal readonly record struct CallNumbers(int Inside, int Outside)
{
    private static readonly CallNumbers Zero = new(0, 0), One = new(1, 1), Both = new(0, 1);

    /// <summary>The numbers of each model that is a layer: those of its version if they fit what is read, else others that do.</summary>
    /// <param name="model">The functional model.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="read">What the layers read.</param>
    /// <param name="outputs">The outputs of the model.</param>
    public static Dictionary<string, CallNumbers> Of(LayerConfig model, IReadOnlyList<LayerConfig> layers, IEnumerable<TensorId> read, IEnumerable<TensorId> outputs)
    {
        var numbers = new Dictionary<string, CallNumbers>(StringComparer.Ordinal);
        ILookup<string, int> inside = read.ToLookup(t => t.Layer, t => t.Call, StringComparer.Ordinal), outside = outputs.ToLookup(t => t.Layer, t => t.Call, StringComparer.Ordinal);
        foreach (LayerConfig layer in layers.Where(ModelLayers.IsModel))
        {
            int calls = InboundCall.Count(layer);
            CallNumbers[] known = model.KerasVersion.Major < 3 ? [One, Zero, Both] : ModelLayers.IsSequential(layer) ? [Zero, One] : [Both, One, Zero];
            int fits = Array.FindIndex(known, n => inside[layer.Name].All(c => c >= n.Inside && c < n.Inside + calls) && outside[layer.Name].All(c => c >= n.Outside && c < n.Outside + calls));
            numbers[layer.Name] = known[Math.Max(fits, 0)];
        }

        return numbers;
    }
}
