// Arguments as Python gives them: integers of any size, anything that holds bytes.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "dred/bytes.hpp"
#include "dred/extension_writer.hpp"
#include "dred/wire_profile.hpp"
#include "operations/range_steps.hpp"

namespace dred::binding {

namespace py = pybind11;

// An int or what has __index__. Values beyond int64 are cut to its ends, which every range check refuses.
struct Integer {
  std::int64_t value = 0;
};

// The bytes of an object with the buffer interface, held as long as this lives.
class BytesArgument {
 public:
  BytesArgument() = default;
  BytesArgument(BytesArgument&& other) noexcept : buffer_(other.buffer_) { other.buffer_ = {}; }
  BytesArgument(const BytesArgument&) = delete;
  BytesArgument& operator=(const BytesArgument&) = delete;
  BytesArgument& operator=(BytesArgument&& other) noexcept;
  ~BytesArgument() { release(); }

  // False for objects that are no contiguous bytes.
  [[nodiscard]] bool acquire(py::handle source);
  [[nodiscard]] Bytes view() const noexcept {
    return {static_cast<const std::uint8_t*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)};
  }

 private:
  void release() noexcept {
    if (buffer_.obj != nullptr) PyBuffer_Release(&buffer_);
    buffer_ = {};
  }
  Py_buffer buffer_{};
};

[[nodiscard]] Integer to_integer(py::handle source);      // TypeError
[[nodiscard]] BytesArgument to_bytes(py::handle source);  // TypeError
[[nodiscard]] py::bytes from_bytes(Bytes bytes);
[[nodiscard]] std::vector<std::int32_t> to_symbols(py::handle source);
[[nodiscard]] std::vector<RangeStep> to_steps(const py::sequence& source);
// W1 for names that are not known.
[[nodiscard]] const WireProfile& to_wire(const std::string& name);

// Bytes that stay as they are while the interpreter runs on: of `bytes` objects a reference, of others a
// copy.
class FrozenBytes {
 public:
  explicit FrozenBytes(const py::sequence& source);
  [[nodiscard]] const std::vector<Bytes>& views() const noexcept { return views_; }

 private:
  std::vector<py::object> owners_;
  std::vector<std::vector<std::uint8_t>> copies_;
  std::vector<Bytes> views_;
};

// (id, frame, payload) tuples.
class ExtensionArguments {
 public:
  explicit ExtensionArguments(const py::sequence& source);
  [[nodiscard]] const std::vector<ExtensionInput>& inputs() const noexcept { return inputs_; }

 private:
  std::vector<BytesArgument> payloads_;
  std::vector<ExtensionInput> inputs_;
};

}  // namespace dred::binding

namespace pybind11::detail {

template <>
struct type_caster<dred::binding::Integer> {
  PYBIND11_TYPE_CASTER(dred::binding::Integer, const_name("typing.SupportsIndex"));
  bool load(handle source, bool /*convert*/) {
    if (!source || PyIndex_Check(source.ptr()) == 0) return false;
    value = dred::binding::to_integer(source);
    return true;
  }
};

template <>
struct type_caster<dred::binding::BytesArgument> {
  PYBIND11_TYPE_CASTER(dred::binding::BytesArgument, const_name("collections.abc.Buffer"));
  bool load(handle source, bool /*convert*/) { return value.acquire(source); }
};

}  // namespace pybind11::detail
