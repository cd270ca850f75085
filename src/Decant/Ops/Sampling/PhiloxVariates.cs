using System.Numerics;

namespace Decant.Ops.Sampling;

/// <summary>
/// Uniform and normal numbers of float32 or float64 from one generator. A call gives four or two of a kind, of which TensorFlow's
/// rejection samplers take the last first; calls for the two kinds alternate as they are needed.
/// </summary>
internal ref struct PhiloxVariates<T>(Philox generator)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private Philox _generator = generator;
    private Four _uniforms;
    private Four _normals;
    private int _uniformsLeft;
    private int _normalsLeft;

    /// <summary>The next number in [0, 1).</summary>
    public T Uniform()
    {
        if (_uniformsLeft == 0)
        {
            Span<uint> words = stackalloc uint[4];
            _generator.Next(words);
            if (typeof(T) == typeof(float))
            {
                for (; _uniformsLeft < 4; _uniformsLeft++)
                    _uniforms[_uniformsLeft] = T.CreateTruncating(Variates.Float(words[_uniformsLeft]));
            }
            else
            {
                for (; _uniformsLeft < 2; _uniformsLeft++)
                    _uniforms[_uniformsLeft] = T.CreateTruncating(Variates.Double(words[2 * _uniformsLeft], words[(2 * _uniformsLeft) + 1]));
            }
        }

        return _uniforms[--_uniformsLeft];
    }

    /// <summary>The next standard normal number.</summary>
    public T Normal()
    {
        if (_normalsLeft == 0)
        {
            Span<uint> words = stackalloc uint[4];
            _generator.Next(words);
            if (typeof(T) == typeof(float))
            {
                (float a, float b) = Variates.Normal(words[0], words[1]);
                (float c, float d) = Variates.Normal(words[2], words[3]);
                (_normals[0], _normals[1], _normals[2], _normals[3]) = (T.CreateTruncating(a), T.CreateTruncating(b), T.CreateTruncating(c), T.CreateTruncating(d));
                _normalsLeft = 4;
            }
            else
            {
                (double a, double b) = Variates.Normal(words[0], words[1], words[2], words[3]);
                (_normals[0], _normals[1]) = (T.CreateTruncating(a), T.CreateTruncating(b));
                _normalsLeft = 2;
            }
        }

        return _normals[--_normalsLeft];
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Four
    {
        private T _first;
    }
}
