#include "binding/arguments.hpp"

#include <algorithm>
#include <utility>

#include "operations/error.hpp"

namespace dred::binding {
namespace {

[[nodiscard]] bool is_list(py::handle source) {
  return py::isinstance<py::list>(source) || py::isinstance<py::tuple>(source);
}

[[nodiscard]] RangeStep to_step(py::handle source) {
  if (!is_list(source) || py::len(source) == 0)
    throw py::type_error("a step is a list of a name and its arguments");
  const auto items = py::reinterpret_borrow<py::sequence>(source);
  RangeStep step;
  if (!py::isinstance<py::str>(items[0])) throw py::type_error("a step starts with its name");
  step.name = items[0].cast<std::string>();
  for (std::size_t i = 1; i < items.size(); ++i) {
    const py::object item = items[i];
    if (!is_list(item)) {
      step.numbers.push_back(to_integer(item).value);
      continue;
    }
    if (step.table_place) throw py::type_error("a step has one table at most");
    step.table_place = step.numbers.size();
    for (const py::handle entry : item) step.table.push_back(to_integer(entry).value);
  }
  return step;
}

}  // namespace

BytesArgument& BytesArgument::operator=(BytesArgument&& other) noexcept {
  if (this != &other) {
    release();
    buffer_ = std::exchange(other.buffer_, {});
  }
  return *this;
}

bool BytesArgument::acquire(py::handle source) {
  release();
  if (!source || PyObject_CheckBuffer(source.ptr()) == 0) return false;
  if (PyObject_GetBuffer(source.ptr(), &buffer_, PyBUF_SIMPLE) != 0) {
    PyErr_Clear();
    buffer_ = {};
    return false;
  }
  return buffer_.itemsize == 1;
}

Integer to_integer(py::handle source) {
  const auto number = py::reinterpret_steal<py::object>(PyNumber_Index(source.ptr()));
  if (!number) throw py::error_already_set();
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow > 0) return {std::numeric_limits<std::int64_t>::max()};
  if (overflow < 0) return {std::numeric_limits<std::int64_t>::min()};
  if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return {value};
}

BytesArgument to_bytes(py::handle source) {
  BytesArgument argument;
  if (!argument.acquire(source)) throw py::type_error("a bytes-like object is needed");
  return argument;
}

py::bytes from_bytes(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::int32_t> to_symbols(py::handle source) {
  std::vector<std::int32_t> symbols;
  for (const py::handle item : py::reinterpret_borrow<py::object>(source)) {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    symbols.push_back(static_cast<std::int32_t>(std::clamp(to_integer(item).value, kLeast, kMost)));
  }
  return symbols;
}

std::vector<RangeStep> to_steps(const py::sequence& source) {
  std::vector<RangeStep> steps;
  for (const py::handle item : source) steps.push_back(to_step(item));
  return steps;
}

const WireProfile& to_wire(const std::string& name) {
  const WireProfile* const wire = find_wire_profile(name);
  if (wire == nullptr) throw Error(refusal(Rule::W1, Stage::payload, "no wire profile of this name"));
  return *wire;
}

FrozenBytes::FrozenBytes(const py::sequence& source) {
  for (const py::handle item : source) {
    const BytesArgument argument = to_bytes(item);
    const Bytes view = argument.view();
    if (PyBytes_Check(item.ptr())) {
      owners_.push_back(py::reinterpret_borrow<py::object>(item));
      views_.push_back(view);
    } else {
      copies_.emplace_back(view.begin(), view.end());
      views_.emplace_back(copies_.back());
    }
  }
}

ExtensionArguments::ExtensionArguments(const py::sequence& source) {
  for (const py::handle item : source) {
    if (!is_list(item) || py::len(item) != 3)
      throw py::type_error("an extension is a tuple (id, frame, payload)");
    const auto fields = py::reinterpret_borrow<py::sequence>(item);
    const py::object payload = fields[2];
    payloads_.push_back(to_bytes(payload));
    inputs_.push_back({to_integer(fields[0]).value, to_integer(fields[1]).value, payloads_.back().view()});
  }
}

}  // namespace dred::binding
