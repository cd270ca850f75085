namespace Decant.Quantizing;

/// <summary>What becomes of the numbers of a model that is converted.</summary>
public enum QuantizationMode
{
    /// <summary>They stay float32.</summary>
    None,

    /// <summary>Weights are float16, and made float32 as they are used.</summary>
    Float16,

    /// <summary>Weights of products and convolutions are int8, whose kernels quantize the activations they meet as they run.</summary>
    Dynamic,

    /// <summary>Weights and activations are int8, with ranges of activations from a calibration set or from training.</summary>
    Int8,

    /// <summary>Weights are int8 and activations int16, with ranges as for <see cref="Int8"/>.</summary>
    Int16,
}
