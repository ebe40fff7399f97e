#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "libsched/field.hpp"
#include "libsched/schedule.hpp"

namespace libsched::detail {

// A kind of the catalogue, as parse() makes schedules of it.
struct Entry {
  std::string_view name;
  const Kind& (*info)();
  // Hands the fields of a default one to `read`; the schedule, if that gives true.
  std::optional<Schedule> (*make)(bool (*read)(void* fields, void* context), void* context);
};

// The first, and the one behind the last.
std::pair<const Entry*, const Entry*> catalogue();

}  // namespace libsched::detail
