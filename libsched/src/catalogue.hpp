#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "libsched/field.hpp"
#include "libsched/schedule.hpp"

namespace libsched::detail {

// A kind of the catalogue, with what parse() needs to make a schedule of it.
struct Entry {
  std::string_view name;
  const Kind& (*info)();
  // Calls `read` with a default-constructed schedule; returns the schedule if `read` returns true.
  std::optional<Schedule> (*make)(bool (*read)(void* fields, void* context), void* context);
};

// The range of all entries.
std::pair<const Entry*, const Entry*> catalogue();

}  // namespace libsched::detail
