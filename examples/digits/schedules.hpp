#pragma once

#include <string>
#include <vector>

#include "digits/model.hpp"
#include "libsched/libsched.hpp"

/// A name and the schedules of one run.
struct Contender {
  std::string name;
  libsched::Schedule lr;
  libsched::Schedule beta1 = libsched::Constant{.base_lr = 0.9};
  libsched::Schedule decay =
      libsched::Constant{.base_lr = 1};  // a factor of each group's own weight decay
};

/// The seven schedules that are compared by default, for a run of `steps` steps.
std::vector<Contender> contenders(libsched::Step steps, const ModelKind& kind);

/// Names the user's schedules after their kinds; the second of a kind is, for example,
/// cosine_decay_2.
std::vector<Contender> named(const std::vector<libsched::Schedule>& schedules);
