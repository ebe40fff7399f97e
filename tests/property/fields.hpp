#pragma once

#include <vector>

#include "libsched/field.hpp"

namespace libsched {

/// The fields of a built-in, as data.
template <class S>
std::vector<detail::FieldData> fields_as_data(const S& schedule) {
  return detail::fields_of(detail::kind_of<S>(), &schedule);
}

/// The value of a field; null if the field has another type.
template <class Value>
Value* value_of(const detail::FieldData& field) {
  return field.info->type == detail::type_of<Value>() ? static_cast<Value*>(field.value) : nullptr;
}

inline bool holds_schedules(const detail::FieldData& field) {
  return value_of<Schedule>(field) != nullptr || value_of<std::vector<Schedule>>(field) != nullptr;
}

}  // namespace libsched
