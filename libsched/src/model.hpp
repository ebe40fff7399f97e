#pragma once

#include <vector>

#include "libsched/schedule.hpp"

namespace libsched::detail {

// Visits the model of a schedule and those of the schedules that it holds.
template <class Visit>
void for_each_model(const Schedule& schedule, const Visit& visit) {
  const Model& model = model_of(schedule);
  visit(model);
  if (model.kind == nullptr) return;
  for (const FieldData& field : fields_of(*model.kind, model.data)) {
    if (field.info->type == Type::schedule) {
      for_each_model(*static_cast<const Schedule*>(field.value), visit);
    } else if (field.info->type == Type::schedules) {
      for (const Schedule& part : *static_cast<const std::vector<Schedule>*>(field.value)) {
        for_each_model(part, visit);
      }
    }
  }
}

// Whether the schedule is or holds a callable, which has no notation: only values can be compared.
inline bool has_callable(const Schedule& schedule) {
  bool has = false;
  for_each_model(schedule, [&](const Model& model) { has |= model.kind == nullptr; });
  return has;
}

}  // namespace libsched::detail
