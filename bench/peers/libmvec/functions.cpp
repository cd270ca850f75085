// exp, tanh, log, erf, sin, cos, pow and what is made of them, by glibc's libmvec on the widest registers, AVX-512's or AVX2's; prints rows of the table of `Decant.Bench kernels`.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <immintrin.h>
#include <random>
#include <vector>

#ifdef __AVX512F__
using Lanes = __m512;
#define LIBMVEC(name) _ZGVeN16v_##name
#define LIBMVEC2(name) _ZGVeN16vv_##name
#else
using Lanes = __m256;
#define LIBMVEC(name) _ZGVdN8v_##name
#define LIBMVEC2(name) _ZGVdN8vv_##name
#endif

extern "C" {
Lanes LIBMVEC(expf)(Lanes);
Lanes LIBMVEC(tanhf)(Lanes);
Lanes LIBMVEC(logf)(Lanes);
Lanes LIBMVEC(erff)(Lanes);
Lanes LIBMVEC(sinf)(Lanes);
Lanes LIBMVEC(cosf)(Lanes);
Lanes LIBMVEC2(powf)(Lanes, Lanes);
}

constexpr int kLanes = sizeof(Lanes) / sizeof(float);
constexpr int kCount = 8192;
constexpr int kSamples = 31;
alignas(64) float x[kCount], positive[kCount], y[kCount];

Lanes load(const float* from) { return *reinterpret_cast<const Lanes*>(from); }

void store(float* to, Lanes v) { *reinterpret_cast<Lanes*>(to) = v; }

Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }

template <class F>
void map(F f, const float* from = x) {
  for (int i = 0; i < kCount; i += kLanes) store(y + i, f(load(from + i)));
}

template <int Columns>
void softmax() {
  for (int row = 0; row < kCount; row += Columns) {
    Lanes max = load(x + row), sum = {};
    for (int i = kLanes; i < Columns; i += kLanes) max = larger(max, load(x + row + i));
    float top = max[0], total = 0;
    for (int i = 1; i < kLanes; i++) top = std::max<float>(top, max[i]);
    for (int i = 0; i < Columns; i += kLanes) {
      const Lanes e = LIBMVEC(expf)(load(x + row + i) - top);
      store(y + row + i, e);
      sum += e;
    }
    for (int i = 0; i < kLanes; i++) total += sum[i];
    for (int i = 0; i < Columns; i += kLanes) store(y + row + i, load(y + row + i) * (1 / total));
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
  row("exp", [] { map(LIBMVEC(expf)); });
  row("tanh", [] { map(LIBMVEC(tanhf)); });
  row("sigmoid", [] { map([](Lanes v) { return 1 / (1 + LIBMVEC(expf)(-v)); }); });
  row("erf", [] { map(LIBMVEC(erff)); });
  row("log", [] { map(LIBMVEC(logf), positive); });
  row("sin", [] { map(LIBMVEC(sinf)); });
  row("cos", [] { map(LIBMVEC(cosf)); });
  row("pow", [] {
    for (int i = 0; i < kCount; i += kLanes) store(y + i, LIBMVEC2(powf)(load(positive + i), load(x + i)));
  });
  row("softmax of 64", softmax<64>);
  row("softmax of 1024", softmax<1024>);
}
