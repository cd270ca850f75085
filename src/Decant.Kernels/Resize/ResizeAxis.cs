namespace Decant.Kernels.Resize;

/// <summary>The two inputs that an output lies between, and how far it is from the lower.</summary>
internal readonly record struct ResizeAxis(int Low, int High, float Fraction);
