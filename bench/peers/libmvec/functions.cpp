// exp, tanh, log, erf, sin, cos, pow and what is made of them, 16 floats at a time by glibc's libmvec; prints rows of the table of `Decant.Bench kernels`.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <immintrin.h>
#include <random>
#include <vector>

extern "C" {
__m512 _ZGVeN16v_expf(__m512);
__m512 _ZGVeN16v_tanhf(__m512);
__m512 _ZGVeN16v_logf(__m512);
__m512 _ZGVeN16v_erff(__m512);
__m512 _ZGVeN16v_sinf(__m512);
__m512 _ZGVeN16v_cosf(__m512);
__m512 _ZGVeN16vv_powf(__m512, __m512);
}

constexpr int kCount = 8192;
constexpr int kSamples = 31;
alignas(64) float x[kCount], positive[kCount], y[kCount];

template <class F>
void map(F f, const float* from = x) {
  for (int i = 0; i < kCount; i += 16) _mm512_store_ps(y + i, f(_mm512_load_ps(from + i)));
}

template <int Columns>
void softmax() {
  for (int row = 0; row < kCount; row += Columns) {
    __m512 max = _mm512_load_ps(x + row), sum = _mm512_setzero_ps();
    for (int i = 16; i < Columns; i += 16) max = _mm512_max_ps(max, _mm512_load_ps(x + row + i));
    const __m512 top = _mm512_set1_ps(_mm512_reduce_max_ps(max));
    for (int i = 0; i < Columns; i += 16) {
      const __m512 e = _ZGVeN16v_expf(_mm512_sub_ps(_mm512_load_ps(x + row + i), top));
      _mm512_store_ps(y + row + i, e);
      sum = _mm512_add_ps(sum, e);
    }
    const __m512 scale = _mm512_set1_ps(1 / _mm512_reduce_add_ps(sum));
    for (int i = 0; i < Columns; i += 16) _mm512_store_ps(y + row + i, _mm512_mul_ps(_mm512_load_ps(y + row + i), scale));
  }
}

template <class F>
void row(const char* kernel, F run) {
  using clock = std::chrono::steady_clock;
  const auto time = [&](int calls) {
    const auto start = clock::now();
    for (int i = 0; i < calls; i++) run();
    return std::chrono::duration<double>(clock::now() - start).count() / calls;
  };
  const int calls = std::max(1, static_cast<int>(0.002 / time(2000)));
  std::vector<double> seconds;
  for (int i = 0; i < kSamples; i++) seconds.push_back(time(calls));
  std::nth_element(seconds.begin(), seconds.begin() + kSamples / 2, seconds.end());
  const double median = seconds[kSamples / 2];
  std::printf("| %s | %d | 1 | %.1f | %.1f G elem/s | | |\n", kernel, kCount, median * 1e6, kCount / median / 1e9);
}

int main() {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> values(-8, 8);
  for (int i = 0; i < kCount; i++) {
    x[i] = values(random);
    positive[i] = 0.1f + std::abs(x[i]);
  }
  std::puts("| kernel | shape | threads | time, µs | rate | share | goal |\n|---|---|---|---|---|---|---|");
  const __m512 one = _mm512_set1_ps(1), zero = _mm512_setzero_ps();
  row("exp", [] { map(_ZGVeN16v_expf); });
  row("tanh", [] { map(_ZGVeN16v_tanhf); });
  row("sigmoid", [=] { map([=](__m512 v) { return _mm512_div_ps(one, _mm512_add_ps(one, _ZGVeN16v_expf(_mm512_sub_ps(zero, v)))); }); });
  row("erf", [] { map(_ZGVeN16v_erff); });
  row("log", [] { map(_ZGVeN16v_logf, positive); });
  row("sin", [] { map(_ZGVeN16v_sinf); });
  row("cos", [] { map(_ZGVeN16v_cosf); });
  row("pow", [] {
    for (int i = 0; i < kCount; i += 16) _mm512_store_ps(y + i, _ZGVeN16vv_powf(_mm512_load_ps(positive + i), _mm512_load_ps(x + i)));
  });
  row("softmax of 64", softmax<64>);
  row("softmax of 1024", softmax<1024>);
}
