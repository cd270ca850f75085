// network MODEL.tflite THREADS SECONDS FOLDER INPUT...: a network by XNNPACK as TensorFlow Lite's delegate hands it over, one runtime for each run of
// operators that XNNPACK has. CONCATENATION, which that of 2022 lacks, and SOFTMAX of bytes are computed here. Prints the median in ms and the outputs, which
// are written as floats.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include <pthreadpool.h>
#include <xnnpack.h>

#include "tflite.h"

enum Code {
  kAdd = 0, kAveragePool = 1, kConcatenation = 2, kConv = 3, kDepthwise = 4, kDepthToSpace = 5, kDequantize = 6, kFullyConnected = 9, kLogistic = 14,
  kMaxPool = 17, kMul = 18, kRelu = 19, kReluN1To1 = 20, kRelu6 = 21, kReshape = 22, kResizeBilinear = 23, kSoftmax = 25, kPad = 34, kMean = 40, kSub = 41,
  kDiv = 42, kSqueeze = 43, kPrelu = 54, kMaximum = 55, kMinimum = 57, kNeg = 59, kTransposeConv = 67, kExpandDims = 70, kSqrt = 75, kSquare = 92,
  kLeakyRelu = 98, kSquaredDifference = 99, kAbs = 101, kElu = 111, kQuantize = 114, kHardSwish = 117,
};

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Range { float least, most; };

// Where a tensor lies that is not inside of a runtime.
using Place = std::function<void*(int)>;
using Step = std::function<void()>;

Range activation(int code) {
  switch (code) {
    case 0: return {-kInfinity, kInfinity};
    case 1: return {0, kInfinity};
    case 2: return {-1, 1};
    case 3: return {0, 6};
    default: throw std::runtime_error("error: no activation " + std::to_string(code));
  }
}

void check(xnn_status status, const std::string& what) {
  if (status != xnn_status_success) throw std::runtime_error("error: XNNPACK refuses " + what + " with status " + std::to_string(status));
}

// Operators that follow each other and that one runtime computes.
class Segment {
 public:
  Segment(const Network& network, const std::set<int>& external) : network_(network), external_(external) {
    check(xnn_create_subgraph(network.tensors.size(), 0, &graph_), "a graph");
  }

  void add(const Operator& op) { check(define(op), "operator " + std::to_string(op.code)); }

  void create(pthreadpool_t threads, const Place& place) {
    check(xnn_create_runtime_v2(graph_, threads, 0, &runtime_), "the graph");
    std::vector<xnn_external_value> values;
    for (const auto& [tensor, id] : ids_)
      if (external_.count(tensor) && !network_.tensors[tensor].data) values.push_back({id, place(tensor)});
    check(xnn_setup_runtime(runtime_, values.size(), values.data()), "the sizes");
    xnn_delete_subgraph(graph_);
  }

  void run() { check(xnn_invoke_runtime(runtime_), "a run"); }

 private:
  const Network& network_;
  const std::set<int>& external_;
  xnn_subgraph_t graph_ = nullptr;
  xnn_runtime_t runtime_ = nullptr;
  std::map<int, uint32_t> ids_;
  std::set<int> made_;

  uint32_t define_value(const Tensor& tensor, const std::vector<size_t>& shape, uint32_t external_id, uint32_t flags) {
    uint32_t id = 0;
    const bool channels = tensor.scale.size() > 1;
    if (tensor.type == Type::Float32) {
      check(xnn_define_tensor_value(graph_, xnn_datatype_fp32, shape.size(), shape.data(), tensor.data, external_id, flags, &id), "floats");
    } else if (tensor.type == Type::Int32 || tensor.type == Type::Int8 || tensor.type == Type::UInt8) {
      if (tensor.scale.empty()) throw std::runtime_error("error: integers without a scale");
      const bool wide = tensor.type == Type::Int32;
      if (channels)
        check(xnn_define_channelwise_quantized_tensor_value(graph_, wide ? xnn_datatype_qcint32 : xnn_datatype_qcint8, tensor.scale.data(), shape.size(),
                                                            tensor.channel_dimension, shape.data(), tensor.data, external_id, flags, &id), "channels of integers");
      else
        check(xnn_define_quantized_tensor_value(graph_, wide ? xnn_datatype_qint32 : tensor.type == Type::Int8 ? xnn_datatype_qint8 : xnn_datatype_quint8,
                                                tensor.zero_point, tensor.scale[0], shape.size(), shape.data(), tensor.data, external_id, flags, &id), "integers");
    } else {
      throw std::runtime_error("error: no type " + std::to_string(static_cast<int>(tensor.type)));
    }
    return id;
  }

  uint32_t id(int tensor, bool output) {
    if (tensor < 0) return XNN_INVALID_VALUE_ID;
    if (output) made_.insert(tensor);
    const auto found = ids_.find(tensor);
    if (found != ids_.end()) return found->second;
    const Tensor& t = network_.tensors[tensor];
    uint32_t flags = 0;
    if (!t.data && !made_.count(tensor)) flags = XNN_VALUE_FLAG_EXTERNAL_INPUT;
    if (output && external_.count(tensor)) flags = XNN_VALUE_FLAG_EXTERNAL_OUTPUT;
    return ids_[tensor] = define_value(t, t.shape, tensor, flags);
  }

  xnn_status define(const Operator& op) {
    const auto in = [&](size_t i) { return i < op.inputs.size() ? id(op.inputs[i], false) : XNN_INVALID_VALUE_ID; };
    const auto shape = [&](size_t i) -> const std::vector<size_t>& { return network_.tensors[op.inputs[i]].shape; };
    const Tensor& result = network_.tensors[op.outputs[0]];
    const auto out = [&] { return id(op.outputs[0], true); };
    const auto same = [&](int number) { return op.option<int8_t>(number, 0) == 0 ? XNN_FLAG_TENSORFLOW_SAME_PADDING : 0u; };
    const auto whole = [&](int number) { return static_cast<uint32_t>(op.option<int>(number, 1)); };
    const auto pair = [&](auto define_pair, bool cuts) {
      const Range range = activation(cuts ? op.option<int8_t>(0, 0) : 0);
      return define_pair(graph_, range.least, range.most, in(0), in(1), out(), 0);
    };
    const auto clamp = [&](float least, float most) { return xnn_define_clamp(graph_, least, most, in(0), out(), 0); };
    const auto reshape = [&](uint32_t from) { return xnn_define_static_reshape(graph_, result.shape.size(), result.shape.data(), from, out(), 0); };

    switch (op.code) {
      case kAdd: return pair(xnn_define_add2, true);
      case kMul: return pair(xnn_define_multiply2, true);
      case kSub: return pair(xnn_define_subtract, true);
      case kDiv: return pair(xnn_define_divide, true);
      case kMaximum: return xnn_define_maximum2(graph_, in(0), in(1), out(), 0);
      case kMinimum: return xnn_define_minimum2(graph_, in(0), in(1), out(), 0);
      case kSquaredDifference: return xnn_define_squared_difference(graph_, in(0), in(1), out(), 0);
      case kRelu: return clamp(0, kInfinity);
      case kReluN1To1: return clamp(-1, 1);
      case kRelu6: return clamp(0, 6);
      case kLogistic: return xnn_define_sigmoid(graph_, in(0), out(), 0);
      case kSoftmax: return xnn_define_softmax(graph_, in(0), out(), 0);
      case kHardSwish: return xnn_define_hardswish(graph_, in(0), out(), 0);
      case kNeg: return xnn_define_negate(graph_, in(0), out(), 0);
      case kAbs: return xnn_define_abs(graph_, in(0), out(), 0);
      case kSqrt: return xnn_define_square_root(graph_, in(0), out(), 0);
      case kSquare: return xnn_define_square(graph_, in(0), out(), 0);
      case kElu: return xnn_define_elu(graph_, 1, in(0), out(), 0);
      case kLeakyRelu: return xnn_define_leaky_relu(graph_, op.option<float>(0, 0), in(0), out(), 0);
      case kDepthToSpace: return xnn_define_depth_to_space(graph_, in(0), out(), whole(0), 0);
      case kQuantize: case kDequantize: return xnn_define_convert(graph_, in(0), out(), 0);
      case kReshape: case kSqueeze: case kExpandDims: return reshape(in(0));

      case kPrelu: {
        const uint32_t slopes = define_value(network_.tensors[op.inputs[1]], {shape(1).back()}, XNN_INVALID_VALUE_ID, 0);
        return xnn_define_prelu(graph_, in(0), slopes, out(), 0);
      }

      case kConv: case kDepthwise: {
        const bool depthwise = op.code == kDepthwise;
        const std::vector<size_t>& filter = shape(1);
        const int next = depthwise ? 4 : 3;
        const Range range = activation(op.option<int8_t>(next, 0));
        if (depthwise)
          return xnn_define_depthwise_convolution_2d(graph_, 0, 0, 0, 0, filter[1], filter[2], whole(2), whole(1), whole(next + 2), whole(next + 1),
                                                     filter[3] / shape(0)[3], shape(0)[3], range.least, range.most, in(0), in(1), in(2), out(), same(0));
        return xnn_define_convolution_2d(graph_, 0, 0, 0, 0, filter[1], filter[2], whole(2), whole(1), whole(next + 2), whole(next + 1),
                                         shape(0)[3] / filter[3], filter[3], filter[0] / (shape(0)[3] / filter[3]), range.least, range.most, in(0), in(1), in(2), out(), same(0));
      }

      case kTransposeConv: {
        const std::vector<size_t>& filter = shape(1);
        const auto cut = [&](int axis, size_t stride) {
          return static_cast<int>((shape(2)[axis] - 1) * stride + filter[axis]) - static_cast<int>(result.shape[axis]);
        };
        const int rows = cut(1, whole(2)), columns = cut(2, whole(1)), top = std::max(rows, 0) / 2, left = std::max(columns, 0) / 2;
        return xnn_define_deconvolution_2d(graph_, top, std::max(columns, 0) - left, std::max(rows, 0) - top, left, std::max(-rows, 0), std::max(-columns, 0),
                                           filter[1], filter[2], whole(2), whole(1), 1, 1, 1, filter[3], filter[0], -kInfinity, kInfinity, in(2), in(1), in(3), out(), 0);
      }

      case kAveragePool: case kMaxPool: {
        const Range range = activation(op.option<int8_t>(5, 0));
        if (op.code == kMaxPool)
          return xnn_define_max_pooling_2d(graph_, 0, 0, 0, 0, whole(4), whole(3), whole(2), whole(1), 1, 1, range.least, range.most, in(0), out(), same(0));
        if (whole(4) == shape(0)[1] && whole(3) == shape(0)[2] && result.shape[1] * result.shape[2] == 1)
          return xnn_define_global_average_pooling_2d(graph_, range.least, range.most, in(0), out(), 0);
        return xnn_define_average_pooling_2d(graph_, 0, 0, 0, 0, whole(4), whole(3), whole(2), whole(1), range.least, range.most, in(0), out(), same(0));
      }

      case kMean: {
        const Tensor& axes = network_.tensors[op.inputs[1]];
        if (shape(0).size() != 4 || axes.elements() != 2 || at<int>(axes.data) + at<int>(axes.data + 4) != 3) return xnn_status_unsupported_parameter;
        if (result.shape.size() == 4) return xnn_define_global_average_pooling_2d(graph_, -kInfinity, kInfinity, in(0), out(), 0);
        const uint32_t pooled = define_value(result, {shape(0)[0], 1, 1, shape(0)[3]}, XNN_INVALID_VALUE_ID, 0);
        check(xnn_define_global_average_pooling_2d(graph_, -kInfinity, kInfinity, in(0), pooled, 0), "MEAN");
        return reshape(pooled);
      }

      case kFullyConnected: {
        const Range range = activation(op.option<int8_t>(0, 0));
        const Tensor& input = network_.tensors[op.inputs[0]];
        uint32_t rows = in(0);
        if (!op.option<int8_t>(2, 0) && input.shape.size() != 2) {
          const std::vector<size_t> flat = {input.elements() / shape(1)[1], shape(1)[1]};
          rows = define_value(input, flat, XNN_INVALID_VALUE_ID, 0);
          check(xnn_define_static_reshape(graph_, 2, flat.data(), in(0), rows, 0), "a reshaped input");
        }
        return xnn_define_fully_connected(graph_, range.least, range.most, rows, in(1), in(2), out(), 0);
      }

      case kPad: {
        const uint8_t* paddings = network_.tensors[op.inputs[1]].data;
        std::vector<size_t> before, after;
        for (size_t i = 0; i < shape(0).size(); i++) {
          before.push_back(at<int>(paddings + 8 * i));
          after.push_back(at<int>(paddings + 8 * i + 4));
        }
        return xnn_define_static_constant_pad(graph_, before.data(), after.data(), 0, in(0), out(), 0);
      }

      case kResizeBilinear: {
        const bool corners = op.option<int8_t>(2, 0), halves = op.option<int8_t>(3, 0);
        return xnn_define_static_resize_bilinear_2d(graph_, result.shape[1], result.shape[2], in(0), out(),
                                                    corners ? XNN_FLAG_ALIGN_CORNERS : halves ? 0 : XNN_FLAG_TENSORFLOW_LEGACY_MODE);
      }

      default: return xnn_status_unsupported_parameter;
    }
  }
};

// Weights of 16 bits become floats before the first run, as they do in TensorFlow Lite.
void widen(Network& network, std::vector<std::unique_ptr<float[]>>& made) {
  std::vector<Operator> rest;
  for (const Operator& op : network.operators) {
    const Tensor& from = network.tensors[op.inputs.empty() ? 0 : op.inputs[0]];
    if (op.code != kDequantize || from.type != Type::Float16 || !from.data) {
      rest.push_back(op);
      continue;
    }
    made.push_back(std::make_unique<float[]>(from.elements()));
    for (size_t i = 0; i < from.elements(); i++) made.back()[i] = static_cast<float>(at<_Float16>(from.data + 2 * i));
    network.tensors[op.outputs[0]].data = reinterpret_cast<const uint8_t*>(made.back().get());
  }
  network.operators = rest;
}

Step concatenate(const Network& network, const Operator& op, const Place& place) {
  const Tensor& result = network.tensors[op.outputs[0]];
  const int rank = static_cast<int>(result.shape.size()), axis = (op.option<int>(0, 0) + rank) % rank;
  const auto inner = [&](const Tensor& t) {
    size_t bytes = t.bytes();
    for (int i = 0; i < axis; i++) bytes /= t.shape[i];
    return bytes;
  };
  std::vector<std::pair<const uint8_t*, size_t>> parts;
  for (int input : op.inputs) {
    const Tensor& t = network.tensors[input];
    if (t.scale != result.scale || t.zero_point != result.zero_point) throw std::runtime_error("error: CONCATENATION of several scales");
    parts.push_back({t.data ? t.data : static_cast<const uint8_t*>(place(input)), inner(t)});
  }
  uint8_t* to = static_cast<uint8_t*>(place(op.outputs[0]));
  const size_t row = inner(result), rows = result.bytes() / row;
  return [=] {
    size_t before = 0;
    for (const auto& [from, bytes] : parts) {
      for (size_t i = 0; i < rows; i++) std::memcpy(to + i * row + before, from + i * bytes, bytes);
      before += bytes;
    }
  };
}

// SOFTMAX of bytes, signed or not, by a table of the 256 differences from the largest.
Step byte_softmax(const Network& network, const Operator& op, const Place& place) {
  const Tensor &x = network.tensors[op.inputs[0]], &y = network.tensors[op.outputs[0]];
  const size_t columns = x.shape.back(), count = x.elements();
  const int least = x.type == Type::Int8 ? -128 : 0;
  std::vector<float> powers(256);
  for (int i = 0; i < 256; i++) powers[i] = std::exp(-i * x.scale[0] * op.option<float>(0, 1));
  const uint8_t* from = static_cast<const uint8_t*>(place(op.inputs[0]));
  uint8_t* to = static_cast<uint8_t*>(place(op.outputs[0]));
  const uint8_t flip = x.type == Type::Int8 ? 0x80 : 0;  // brings signed bytes into the order of unsigned ones
  return [=, scale = y.scale[0], zero = y.zero_point] {
    for (size_t start = 0; start < count; start += columns) {
      int most = 0;
      for (size_t i = start; i < start + columns; i++) most = std::max<int>(most, from[i] ^ flip);
      float sum = 0;
      for (size_t i = start; i < start + columns; i++) sum += powers[most - (from[i] ^ flip)];
      for (size_t i = start; i < start + columns; i++)
        to[i] = static_cast<uint8_t>(std::clamp(static_cast<int>(std::lround(powers[most - (from[i] ^ flip)] / sum / scale)) + zero, least, least + 255));
    }
  };
}

bool is_ours(const Network& network, const Operator& op) {
  return op.code == kConcatenation || (op.code == kSoftmax && network.tensors[op.inputs[0]].type != Type::Float32);
}

int run(int count, char** arguments) {
  if (count < 5) throw std::runtime_error("network MODEL.tflite THREADS SECONDS FOLDER INPUT...");
  Network network(arguments[1]);
  const int threads = std::stoi(arguments[2]);
  const double seconds = std::stod(arguments[3]);
  const std::string folder = arguments[4];
  std::vector<std::unique_ptr<float[]>> widened;
  widen(network, widened);

  // Which segment an operator is in; a tensor is external where it crosses from one to another, or is the network's.
  std::vector<int> part;
  for (const Operator& op : network.operators) {
    const bool first = part.empty() || is_ours(network, op) || is_ours(network, network.operators[part.size() - 1]);
    part.push_back(first ? (part.empty() ? 0 : part.back() + 1) : part.back());
  }
  std::set<int> external(network.inputs.begin(), network.inputs.end());
  external.insert(network.outputs.begin(), network.outputs.end());
  std::map<int, int> producer;
  for (size_t i = 0; i < part.size(); i++) {
    for (int input : network.operators[i].inputs)
      if (producer.count(input) && producer[input] != part[i]) external.insert(input);
    for (int output : network.operators[i].outputs) producer[output] = part[i];
  }

  std::map<int, std::vector<uint8_t>> memory;
  const Place place = [&](int tensor) -> void* {
    std::vector<uint8_t>& bytes = memory[tensor];
    if (bytes.empty()) bytes.resize(network.tensors[tensor].bytes() + XNN_EXTRA_BYTES);
    return bytes.data();
  };
  for (size_t i = 0; i < network.inputs.size(); i++) {
    std::ifstream stream(arguments[5 + i], std::ios::binary);
    stream.read(static_cast<char*>(place(network.inputs[i])), network.tensors[network.inputs[i]].bytes());
    if (!stream) throw std::runtime_error("error: input " + std::to_string(i) + " is too short");
  }

  check(xnn_initialize(nullptr), "this processor");
  pthreadpool_t pool = threads > 1 ? pthreadpool_create(threads) : nullptr;
  std::vector<Step> steps;
  std::vector<std::unique_ptr<Segment>> segments;
  for (size_t i = 0; i < part.size();) {
    if (const Operator& op = network.operators[i]; is_ours(network, op)) {
      steps.push_back(op.code == kSoftmax ? byte_softmax(network, op, place) : concatenate(network, op, place));
      i++;
      continue;
    }
    segments.push_back(std::make_unique<Segment>(network, external));
    Segment* segment = segments.back().get();
    for (const int number = part[i]; i < part.size() && part[i] == number; i++) segment->add(network.operators[i]);
    segment->create(pool, place);
    steps.push_back([segment] { segment->run(); });
  }

  using clock = std::chrono::steady_clock;
  const auto once = [&] {
    const auto start = clock::now();
    for (const auto& step : steps) step();
    return std::chrono::duration<double, std::milli>(clock::now() - start).count();
  };
  const auto until = [](double span) { return clock::now() + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(span)); };
  for (auto end = until(0.3 * seconds); clock::now() < end;) once();
  std::vector<double> times;
  for (auto end = until(seconds); clock::now() < end || times.size() < 10;) times.push_back(once());
  std::sort(times.begin(), times.end());

  std::printf("{\"median\": %.6f, \"least\": %.6f, \"runs\": %zu, \"parts\": %zu, \"outputs\": [", times[times.size() / 2], times[0], times.size(), steps.size());
  for (size_t i = 0; i < network.outputs.size(); i++) {
    const Tensor& tensor = network.tensors[network.outputs[i]];
    const uint8_t* bytes = static_cast<const uint8_t*>(place(network.outputs[i]));
    const std::string path = folder + "/y_" + std::to_string(i) + ".bin";
    std::ofstream stream(path, std::ios::binary);
    for (size_t e = 0; e < tensor.elements(); e++) {
      const float value = tensor.type == Type::Float32 ? at<float>(bytes + 4 * e) : tensor.type == Type::Int8 ? static_cast<int8_t>(bytes[e]) : bytes[e];
      stream.write(reinterpret_cast<const char*>(&value), sizeof value);
    }
    std::printf("%s{\"file\": \"%s\"}", i ? ", " : "", path.c_str());
  }
  std::printf("]}\n");
  return 0;
}

int main(int count, char** arguments) {
  try {
    return run(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
