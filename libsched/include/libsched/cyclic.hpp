#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "libsched/field.hpp"

namespace libsched {

/// base_lr + (max_lr - base_lr) * height * cycle_scale^(cycle - 1) * gamma^t. In every cycle the
/// height goes from 0 to 1 in `step_size` steps and back in `step_size_down`; the first cycle is 1.
/// Same as PyTorch CyclicLR: as it stands "triangular", cycle_scale = 0.5 "triangular2", gamma < 1
/// "exp_range". Smith, "Cyclical Learning Rates for Training Neural Networks" (2017).
struct Cyclical {
  double base_lr;
  double max_lr;
  Step step_size;
  Step step_size_down = step_size;
  double cycle_scale = 1;
  double gamma = 1;

  double operator()(Step t) const {
    // Unsigned, so that the longest two halves still add up.
    const auto up = static_cast<std::uint64_t>(step_size);
    const auto down = static_cast<std::uint64_t>(step_size_down);
    const auto done = static_cast<std::uint64_t>(t) / (up + down);
    const auto into = static_cast<std::uint64_t>(t) % (up + down);
    const double height = into < up
                              ? static_cast<double>(into) / static_cast<double>(up)
                              : static_cast<double>(up + down - into) / static_cast<double>(down);
    const double scale =
        std::pow(cycle_scale, static_cast<double>(done)) * std::pow(gamma, static_cast<double>(t));
    return base_lr + (max_lr - base_lr) * height * scale;
  }

  static constexpr std::string_view name = "cyclical";
  static constexpr auto fields() {
    return std::tuple(field("base_lr", &Cyclical::base_lr, non_negative),
                      field("max_lr", &Cyclical::max_lr, non_negative),
                      field("step_size", &Cyclical::step_size, at_least_one),
                      field("step_size_down", &Cyclical::step_size_down, at_least_one)
                          .optional(&Cyclical::step_size),
                      field("cycle_scale", &Cyclical::cycle_scale, fraction).optional(),
                      field("gamma", &Cyclical::gamma, fraction).optional());
  }
};

}  // namespace libsched
