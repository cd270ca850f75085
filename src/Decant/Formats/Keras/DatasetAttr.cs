using Decant.IR;
using Decant.Wire.Hdf5;

namespace Decant.Formats.Keras;

/// <summary>An array of an HDF5 file, read when it is asked for.</summary>
internal sealed record DatasetAttr : TensorAttr
{
    public DatasetAttr(Hdf5Dataset dataset)
        : base(dataset.DType, dataset.Shape) => Dataset = dataset;

    public Hdf5Dataset Dataset { get; }

    /// <inheritdoc />
    protected override Tensor Decode() => Dataset.Read();

    public bool Equals(DatasetAttr? other) => base.Equals(other);

    public override int GetHashCode() => base.GetHashCode();
}
