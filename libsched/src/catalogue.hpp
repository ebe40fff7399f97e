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
  // Makes a default schedule and hands its fields to `read`; returns it if `read` returns true.
  std::optional<Schedule> (*make)(bool (*read)(void* fields, void* context), void* context);
};

// The first entry, and the end of the list.
std::pair<const Entry*, const Entry*> catalogue();

}  // namespace libsched::detail
