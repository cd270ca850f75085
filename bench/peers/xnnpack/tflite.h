// What a .tflite file says of its network, read by the numbers of the schema's fields. For files that are trusted: offsets are not checked.
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

template <class T>
T at(const uint8_t* place) {
  T value;
  std::memcpy(&value, place, sizeof value);
  return value;
}

struct Table {
  const uint8_t* place;

  const uint8_t* field(int number) const {
    const uint8_t* vtable = place - at<int32_t>(place);
    const int slot = 4 + 2 * number;
    const uint16_t offset = slot < at<uint16_t>(vtable) ? at<uint16_t>(vtable + slot) : 0;
    return offset ? place + offset : nullptr;
  }
  const uint8_t* target(int number) const {
    const uint8_t* found = field(number);
    return found ? found + at<uint32_t>(found) : nullptr;
  }
  template <class T>
  T scalar(int number, T otherwise) const {
    const uint8_t* found = field(number);
    return found ? at<T>(found) : otherwise;
  }
  template <class T>
  std::vector<T> vector(int number) const {
    const uint8_t* found = target(number);
    std::vector<T> values(found ? at<uint32_t>(found) : 0);
    if (!values.empty()) std::memcpy(values.data(), found + 4, values.size() * sizeof(T));
    return values;
  }
  std::vector<Table> tables(int number) const {
    std::vector<Table> found;
    const uint8_t* start = target(number);
    for (uint32_t i = 0; start && i < at<uint32_t>(start); i++) {
      const uint8_t* entry = start + 4 + 4 * i;
      found.push_back({entry + at<uint32_t>(entry)});
    }
    return found;
  }
};

enum class Type { Float32 = 0, Float16 = 1, Int32 = 2, UInt8 = 3, Int8 = 9 };

struct Tensor {
  std::vector<size_t> shape;
  Type type;
  const uint8_t* data = nullptr;  // null but for constants
  std::vector<float> scale;
  int zero_point = 0, channel_dimension = 0;

  size_t elements() const {
    size_t count = 1;
    for (size_t d : shape) count *= d;
    return count;
  }
  size_t bytes() const { return elements() * (type == Type::Float32 || type == Type::Int32 ? 4 : type == Type::Float16 ? 2 : 1); }
};

struct Operator {
  int code;
  std::vector<int> inputs, outputs;
  Table options;  // of no place where there are none

  template <class T>
  T option(int number, T otherwise) const {
    return options.place ? options.scalar<T>(number, otherwise) : otherwise;
  }
};

struct Network {
  std::vector<uint8_t> file;
  std::vector<Tensor> tensors;
  std::vector<Operator> operators;
  std::vector<int> inputs, outputs;

  explicit Network(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    file.assign(std::istreambuf_iterator<char>(stream), {});
    if (file.size() < 8) throw std::runtime_error("cannot read " + path);
    const Table model{file.data() + at<uint32_t>(file.data())};
    const std::vector<Table> codes = model.tables(1), buffers = model.tables(4);
    const Table graph = model.tables(2).at(0);
    for (const Table& t : graph.tables(0)) {
      Tensor tensor;
      for (int d : t.vector<int>(0)) tensor.shape.push_back(d < 0 ? 1 : d);
      tensor.type = static_cast<Type>(t.scalar<int8_t>(1, 0));
      const uint8_t* data = buffers.at(t.scalar<uint32_t>(2, 0)).target(0);
      if (data && at<uint32_t>(data)) tensor.data = data + 4;
      if (t.field(4)) {
        const Table quantization{t.target(4)};
        tensor.scale = quantization.vector<float>(2);
        const std::vector<int64_t> zero_points = quantization.vector<int64_t>(3);
        tensor.zero_point = zero_points.empty() ? 0 : static_cast<int>(zero_points[0]);
        tensor.channel_dimension = quantization.scalar<int>(6, 0);
      }
      tensors.push_back(tensor);
    }
    for (const Table& o : graph.tables(3)) {
      const Table& code = codes.at(o.scalar<uint32_t>(0, 0));
      const int builtin = std::max<int>(code.scalar<int8_t>(0, 0), code.scalar<int>(3, 0));
      operators.push_back({builtin, o.vector<int>(1), o.vector<int>(2), {o.target(4)}});
    }
    inputs = graph.vector<int>(1);
    outputs = graph.vector<int>(2);
  }
};
