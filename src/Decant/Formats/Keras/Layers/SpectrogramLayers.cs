using System.Text.Json;
using Decant.IR;

namespace Decant.Formats.Keras.Layers;

/// <summary>Spectra of signals, frame by frame.</summary>
internal static class SpectrogramLayers
{
    /// <summary>What Keras adds nothing below: its epsilon.</summary>
    private const float Least = 1e-7f;

    private const int MostBins = 1 << 20;
    private const long MostWeights = 1 << 26;

    /// <summary>Convolutions with waves under a window, which the layer holds as weights [frame, 1, bins], and what its mode makes of both parts.</summary>
    public static Value Stft(LayerCall call)
    {
        if (call.Rank != 3)
            throw KerasErrors.BadConfig.At(call.Config.Location(), $"its input has {call.Rank} dimensions, expected 3: batch, time, channels");
        string mode = call.Config.Text("mode", "log");
        bool first = call.IsChannelsFirst;
        Value x = first ? call.Transpose(call.Input, 0, 2, 1) : call.Input;
        long channels = LayerGraph.ShapeOf(x)[2];
        if (channels is < 1 or > MostBins)
            throw call.Unsupported("how many channels its input has is not known");
        // All channels are signals of their own: [batch * channels, 1, time, 1].
        Value time = call.Size(x, 1);
        Value signals = call.Op("Reshape", call.Transpose(x, 0, 2, 1), call.Op("Pack", [call.Int(-1), call.Int(1), time, call.Int(1)]));
        int length = call.Config.Int("frame_length", 256);
        int step = call.Config.Find("frame_step") is { ValueKind: JsonValueKind.Number } ? call.Config.Int("frame_step") : length / 2;
        var options = new AttributeMap { { "strides", ConvolutionLayers.Whole([step]) }, { "padding", call.Config.Text("padding", "valid").ToUpperInvariant() } };
        int at = 0;
        Value real = mode != "imag" ? Part("real_kernel") : default, imaginary = mode != "real" ? Part("imag_kernel") : default;
        Value y = mode switch
        {
            "real" => real,
            "imag" => imaginary,
            "angle" => call.Op("Atan2", imaginary, real),
            "stft" => call.Concat([real, imaginary], 3),
            "psd" => OneSided(call, Power()),
            "magnitude" => Magnitude(),
            "log" => call.Op("Log", call.Op("Maximum", Magnitude(), call.Like(real, Least))),
            _ => throw call.Config.Bad("mode", "log, magnitude, psd, real, imag, angle or stft"),
        };
        // [batch * channels, 1, frames, bins] to [batch, channels, frames, bins].
        int bins = (int)LayerGraph.ShapeOf(y)[3];
        Value frames = call.Size(y, 2);
        y = call.Op("Reshape", y, call.Op("Pack", [call.Int(-1), call.Int((int)channels), frames, call.Int(bins)]));
        if (call.Config.Flag("expand_dims", false))
            return first ? y : call.Transpose(y, 0, 2, 3, 1);
        y = first ? call.Transpose(y, 0, 1, 3, 2) : call.Transpose(y, 0, 2, 1, 3);
        Value joined = call.Int(bins * (int)channels);
        return call.Op("Reshape", y, call.Op("Pack", first ? [call.Int(-1), joined, frames] : [call.Int(-1), frames, joined]));

        Value Part(string name)
        {
            Shape shape = call.Weights.Shape(at);
            if (shape.Rank != 3 || shape[1] != 1 || shape[2] > MostBins)
                throw KerasErrors.BadWeights.At(call.Config.Location(), $"the {name} has the shape {shape}, expected [frame,1,bins]");
            return call.Op("Conv2D", signals, call.Weights.Get(call.Graph, at++, name, new Shape(1, shape[0], 1, shape[2])), options.Clone());
        }

        Value Power() => call.Op("AddV2", call.Op("Square", real), call.Op("Square", imaginary));

        Value Magnitude() => call.Op("Sqrt", call.Op("Maximum", Power(), call.Like(real, Least)));
    }

    /// <summary>
    /// The spectrum of each frame of a signal that is reflected at its ends, weighted by triangles that are as wide as pitches sound, in dB:
    /// [batch, pitches, frames].
    /// </summary>
    public static Value Mel(LayerCall call)
    {
        int fft = Positive("fft_length", 2048), step = Positive("sequence_stride", 512), length = call.Config.Find("sequence_length") is { ValueKind: JsonValueKind.Number } ? Positive("sequence_length", fft) : fft;
        int rate = Positive("sampling_rate", 16000), pitches = Positive("num_mel_bins", 128);
        if ((long)pitches * fft > MostWeights)
            throw call.Config.Bad("num_mel_bins", $"at most {MostWeights / fft} for {fft} samples");
        if (length > fft)
            throw call.Config.Bad("sequence_length", $"at most the {fft} of fft_length");
        if (call.Rank is not (1 or 2))
            throw call.Unsupported($"its input has {call.Rank} dimensions, expected time, and perhaps a batch before it");
        Value x = CoreLayers.AsFloat(call, call.Input);
        int time = call.Rank - 1;
        int[] ends = new int[call.Rank * 2];
        (ends[^2], ends[^1]) = (fft / 2, fft / 2);
        x = call.Op("MirrorPad", x, call.Graph.Const($"{call.Scope}/paddings", Tensor.Wrap(ends, new Shape(call.Rank, 2))), new AttributeMap { { "mode", "REFLECT" } });
        Value frames = call.Op("AddV2", call.Op("FloorDiv", call.Op("Sub", call.Size(x, time), call.Int(fft)), call.Int(step)), call.Int(1));
        Value starts = call.Op("Mul", call.Op("Range", call.Int(0), frames, call.Int(1)), call.Int(step));
        Value places = call.Op("AddV2", call.Op("ExpandDims", starts, call.Int(1)), call.Op("ExpandDims", call.Ints([.. Enumerable.Range(0, fft)]), call.Int(0)));
        Value parts = call.Op("GatherV2", x, places, call.Int(time));
        if (Window(call, length, fft) is { } window)
            parts = call.Op("Mul", parts, call.Cast(call.Graph.Const($"{call.Scope}/window", Tensor.Wrap(window)), LayerGraph.DTypeOf(x)));
        Value size = call.Op("ComplexAbs", call.Op("RFFT", parts, call.Ints(fft)));
        Value spectrum = call.Op("Pow", size, call.Like(size, call.Config.Number("mag_exp", 2)));
        float highest = call.Config.Number("max_freq", 0);
        Tensor triangles = Triangles(pitches, (fft / 2) + 1, rate, call.Config.Number("min_freq", 20), highest == 0 ? rate / 2 : highest);
        Value y = call.Op("BatchMatMulV2", spectrum, call.Cast(call.Graph.Const($"{call.Scope}/triangles", triangles), LayerGraph.DTypeOf(spectrum)));
        if (call.Config.Flag("power_to_db", true))
            y = Decibels(call, y);
        return call.Transpose(y, time == 0 ? [1, 0] : [0, 2, 1]);

        int Positive(string option, int otherwise) => call.Config.Int(option, otherwise) is > 0 and <= MostBins and var value ? value : throw call.Config.Bad(option, $"a number from 1 to {MostBins}");
    }

    // 10 log10 y / reference, at most so many dB below the largest of all.
    private static Value Decibels(LayerCall call, Value y)
    {
        float least = call.Config.Number("min_power", 1e-10f), reference = Math.Max(Math.Abs(call.Config.Number("ref_power", 1)), least);
        Value log = call.Op("Mul", call.Op("Log", call.Op("Maximum", y, call.Like(y, least))), call.Like(y, (float)(10 / Math.Log(10))));
        log = call.Op("Sub", log, call.Like(log, (float)(10 * Math.Log10(reference))));
        Value most = call.Op("Max", log, call.Ints([.. Enumerable.Range(0, call.Rank + 1)]));
        return call.Op("Maximum", log, call.Op("Sub", most, call.Like(log, call.Config.Number("top_db", 80))));
    }

    /// <summary>The window in the middle of a frame; null for none. TensorFlow's windows have a period of their length if that is even, else of one less.</summary>
    private static float[]? Window(LayerCall call, int length, int fft)
    {
        double[] window;
        if (call.Config.Find("window") is { ValueKind: JsonValueKind.Array } list)
        {
            window = [.. list.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : throw call.Config.Bad("window", "numbers"))];
            if (window.Length != length)
                throw call.Config.Bad("window", $"{length} numbers");
        }
        else if (call.Config.Find("window") is { ValueKind: JsonValueKind.Null })
        {
            return null;
        }
        else
        {
            double middle = call.Config.Text("window", "hann") switch { "hann" => 0.5, "hamming" => 0.54, _ => throw call.Config.Bad("window", "hann, hamming, numbers or null") };
            double period = length % 2 == 0 ? length : length - 1;
            window = length == 1 ? [1] : [.. Enumerable.Range(0, length).Select(i => middle - ((1 - middle) * Math.Cos(2 * Math.PI * i / period)))];
        }

        var whole = new float[fft];
        foreach ((int i, double weight) in window.Index())
            whole[((fft - length) / 2) + i] = (float)weight;
        return whole;
    }

    /// <summary>Triangles over the bins of a spectrum that are evenly wide in mel, 1127 ln(1 + f / 700), with a peak of 1: [bins, pitches]. The first bin has no weight.</summary>
    private static Tensor Triangles(int pitches, int bins, int rate, float lowest, float highest)
    {
        static double MelOf(double hertz) => 1127 * Math.Log(1 + (hertz / 700));
        double low = MelOf(lowest), width = (MelOf(highest) - low) / (pitches + 1);
        var weights = new float[(long)bins * pitches];
        for (int bin = 1; bin < bins; bin++)
        {
            double mel = MelOf(rate / 2.0 * bin / (bins - 1));
            for (int pitch = 0; pitch < pitches; pitch++)
            {
                double from = (mel - low) / width - pitch;
                weights[((long)bin * pitches) + pitch] = (float)Math.Max(0, Math.Min(from, 2 - from));
            }
        }

        return Tensor.Wrap(weights, new Shape(bins, pitches));
    }

    // All bins but the first and the last count twice.
    private static Value OneSided(LayerCall call, Value power)
    {
        int bins = (int)LayerGraph.ShapeOf(power)[3];
        float[] factors = [.. Enumerable.Range(0, bins).Select(i => i == 0 || i == bins - 1 ? 1f : 2)];
        return call.Op("Mul", power, call.Cast(call.Graph.Const($"{call.Scope}/factors", Tensor.Wrap(factors)), LayerGraph.DTypeOf(power)));
    }
}
