#pragma once

#include <string>
#include <vector>

#include "digits/model.hpp"
#include "libsched/libsched.hpp"

/// What a run drives.
struct Contender {
  std::string name;
  libsched::Schedule lr;
  libsched::Schedule beta1 = libsched::Constant{.base_lr = 0.9};
  libsched::Schedule decay = libsched::Constant{.base_lr = 1};  // times each group's own
};

/// The seven, for a run of so many steps.
std::vector<Contender> contenders(libsched::Step steps, const ModelKind& kind);

/// The user's own. Each goes by its kind, a second of its kind as cosine_decay_2.
std::vector<Contender> named(const std::vector<libsched::Schedule>& schedules);
