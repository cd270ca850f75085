// Matrix products, convolutions and depthwise convolutions by oneDNN with weights in the layout it chooses; prints rows of the
// table of `Decant.Bench kernels`. The number of threads is OMP_NUM_THREADS.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include <dnnl.hpp>

using namespace dnnl;
using tag = memory::format_tag;
using dims = memory::dims;

constexpr int kSamples = 31;
const engine cpu(engine::kind::cpu, 0);
stream queue(cpu);

memory fill(const memory::desc& desc) {
  memory result(desc, cpu);
  std::mt19937 random(1);
  std::uniform_real_distribution<float> values(-1, 1);
  float* data = static_cast<float*>(result.get_data_handle());
  for (size_t i = 0; i < desc.get_size() / sizeof(float); i++) data[i] = values(random);
  return result;
}

void row(const std::string& kernel, const std::string& shape, double flops, const primitive& run, const std::unordered_map<int, memory>& arguments) {
  using clock = std::chrono::steady_clock;
  const auto time = [&](int calls) {
    const auto start = clock::now();
    for (int i = 0; i < calls; i++) run.execute(queue, arguments);
    queue.wait();
    return std::chrono::duration<double>(clock::now() - start).count() / calls;
  };
  time(5);
  const int calls = std::max(1, static_cast<int>(0.002 / time(5)));
  std::vector<double> seconds;
  for (int i = 0; i < kSamples; i++) seconds.push_back(time(calls));
  std::nth_element(seconds.begin(), seconds.begin() + kSamples / 2, seconds.end());
  const double median = seconds[kSamples / 2];
  const char* threads = std::getenv("OMP_NUM_THREADS");
  std::printf("| %s | %s | %s | %.1f | %.1f GFLOP/s | | |\n", kernel.c_str(), shape.c_str(), threads ? threads : "all", median * 1e6, flops / median / 1e9);
}

memory::desc any(const dims& d) { return {d, memory::data_type::f32, tag::any}; }

void product(int m, int k, int n) {
  const memory::desc a({m, k}, memory::data_type::f32, tag::ab), c({m, n}, memory::data_type::f32, tag::ab);
  const matmul::primitive_desc plan(matmul::desc(a, any({k, n}), c), cpu);
  row("gemm", std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n), 2.0 * m * k * n, matmul(plan),
      {{DNNL_ARG_SRC, fill(a)}, {DNNL_ARG_WEIGHTS, fill(plan.weights_desc())}, {DNNL_ARG_DST, fill(c)}});
}

// TensorFlow's SAME padding of a square image; groups of one channel when depthwise.
void convolve(int size, int kernel, int stride, int in, int out, bool depthwise) {
  const int output = (size + stride - 1) / stride, padding = std::max(0, (output - 1) * stride + kernel - size), before = padding / 2;
  const memory::desc x({1, in, size, size}, memory::data_type::f32, tag::nhwc), y({1, out, output, output}, memory::data_type::f32, tag::nhwc);
  const memory::desc w = any(depthwise ? dims{in, 1, 1, kernel, kernel} : dims{out, in, kernel, kernel}), b = any({out});
  post_ops relu;
  relu.append_eltwise(1, algorithm::eltwise_relu, 0, 0);
  primitive_attr attributes;
  if (!depthwise) attributes.set_post_ops(relu);
  const convolution_forward::desc desc(prop_kind::forward_inference, algorithm::convolution_direct, x, w, b, y, {stride, stride}, {before, before},
                                       {padding - before, padding - before});
  const convolution_forward::primitive_desc plan(desc, attributes, cpu);
  const std::string side = std::to_string(size), image = side + "x" + side + "x" + std::to_string(in);
  const std::string name = depthwise ? "depthwise 3x3" : "conv " + std::to_string(kernel) + "x" + std::to_string(kernel) + "/" + std::to_string(stride) + ", bias, relu";
  row(name, depthwise ? image : image + " to " + std::to_string(out), 2.0 * output * output * kernel * kernel * out * (depthwise ? 1 : in), convolution_forward(plan),
      {{DNNL_ARG_SRC, fill(x)}, {DNNL_ARG_WEIGHTS, fill(plan.weights_desc())}, {DNNL_ARG_BIAS, fill(plan.bias_desc())}, {DNNL_ARG_DST, fill(y)}});
}

int main() {
  std::puts("| kernel | shape | threads | time, µs | rate | share | goal |\n|---|---|---|---|---|---|---|");
  product(1024, 1024, 1024);
  product(12544, 32, 64);
  product(3136, 128, 128);
  product(196, 512, 512);
  product(49, 1024, 1024);
  convolve(112, 3, 1, 32, 32, true);
  convolve(56, 3, 1, 128, 128, true);
  convolve(14, 3, 1, 512, 512, true);
  convolve(56, 3, 1, 64, 64, false);
  convolve(14, 3, 1, 256, 256, false);
  convolve(224, 7, 2, 3, 64, false);
  convolve(56, 1, 1, 64, 256, false);
}
