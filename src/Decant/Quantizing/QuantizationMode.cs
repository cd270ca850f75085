namespace Decant.Quantizing;

/// <summary>What becomes of the weights of a model that is converted.</summary>
public enum QuantizationMode
{
    /// <summary>They stay float32.</summary>
    None,

    /// <summary>They are float16, and made float32 as they are used.</summary>
    Float16,

    /// <summary>Those of products and convolutions are int8, whose kernels quantize the activations they meet as they run.</summary>
    Dynamic,
}
