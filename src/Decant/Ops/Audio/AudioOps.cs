namespace Decant.Ops.Audio;

/// <summary>Sound files, spectrograms, and Fourier transforms.</summary>
internal static class AudioOps
{
    public static Op AudioSpectrogram => new AudioSpectrogram();
    public static Op BatchFFT => new Spectral("BatchFFT", 1, inverse: false, isReal: false);
    public static Op BatchFFT2D => new Spectral("BatchFFT2D", 2, inverse: false, isReal: false);
    public static Op BatchFFT3D => new Spectral("BatchFFT3D", 3, inverse: false, isReal: false);
    public static Op BatchIFFT => new Spectral("BatchIFFT", 1, inverse: true, isReal: false);
    public static Op BatchIFFT2D => new Spectral("BatchIFFT2D", 2, inverse: true, isReal: false);
    public static Op BatchIFFT3D => new Spectral("BatchIFFT3D", 3, inverse: true, isReal: false);
    public static Op DecodeWav => new DecodeWav();
    public static Op EncodeWav => new EncodeWav();
    public static Op FFT => new Spectral("FFT", 1, inverse: false, isReal: false);
    public static Op FFT2D => new Spectral("FFT2D", 2, inverse: false, isReal: false);
    public static Op FFT3D => new Spectral("FFT3D", 3, inverse: false, isReal: false);
    public static Op IFFT => new Spectral("IFFT", 1, inverse: true, isReal: false);
    public static Op IFFT2D => new Spectral("IFFT2D", 2, inverse: true, isReal: false);
    public static Op IFFT3D => new Spectral("IFFT3D", 3, inverse: true, isReal: false);
    public static Op IRFFT => new Spectral("IRFFT", 1, inverse: true, isReal: true);
    public static Op IRFFT2D => new Spectral("IRFFT2D", 2, inverse: true, isReal: true);
    public static Op IRFFT3D => new Spectral("IRFFT3D", 3, inverse: true, isReal: true);
    public static Op Mfcc => new Mfcc();
    public static Op RFFT => new Spectral("RFFT", 1, inverse: false, isReal: true);
    public static Op RFFT2D => new Spectral("RFFT2D", 2, inverse: false, isReal: true);
    public static Op RFFT3D => new Spectral("RFFT3D", 3, inverse: false, isReal: true);
}
