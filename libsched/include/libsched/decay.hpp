#pragma once

#include <cmath>
#include <string_view>
#include <tuple>

#include "libsched/field.hpp"
#include "libsched/shape.hpp"

namespace libsched {

/// base_lr at every step.
/// Same as optax constant_schedule.
struct Constant {
  double base_lr;

  double operator()(Step) const { return base_lr; }

  static constexpr std::string_view name = "constant";
  static constexpr auto fields() {
    return std::tuple(field("base_lr", &Constant::base_lr, non_negative));
  }
};

/// base_lr * drop^floor(t / step_size): falls by the factor `drop` every `step_size` steps.
/// Same as PyTorch StepLR (gamma = drop).
struct StepDecay {
  double base_lr;
  Step step_size;
  double drop = 0.5;

  double operator()(Step t) const {
    return base_lr * std::pow(drop, static_cast<double>(t / step_size));
  }

  static constexpr std::string_view name = "step_decay";
  static constexpr auto fields() {
    return std::tuple(field("base_lr", &StepDecay::base_lr, non_negative),
                      field("step_size", &StepDecay::step_size, at_least_one),
                      field("drop", &StepDecay::drop, fraction).optional());
  }
};

/// base_lr * e^(-decay * t); `decay` is per step.
/// Same as PyTorch ExponentialLR (gamma = e^-decay).
struct ExponentialDecay {
  double base_lr;
  double decay;

  double operator()(Step t) const { return base_lr * std::exp(-decay * static_cast<double>(t)); }

  static constexpr std::string_view name = "exponential_decay";
  static constexpr auto fields() {
    return std::tuple(field("base_lr", &ExponentialDecay::base_lr, non_negative),
                      field("decay", &ExponentialDecay::decay, non_negative));
  }
};

/// min_lr + (base_lr - min_lr) * (1 + cos(pi * t / steps)) / 2, then min_lr for good.
/// Same as PyTorch CosineAnnealingLR up to T_max, and optax cosine_decay_schedule.
/// Loshchilov & Hutter, "SGDR" (2017), one cycle.
struct CosineDecay {
  double base_lr;
  Step steps;
  double min_lr = 0;

  double operator()(Step t) const { return cosine_between(base_lr, min_lr, progress(t, steps)); }
  Step length() const { return steps; }

  static constexpr std::string_view name = "cosine_decay";
  static constexpr auto fields() {
    return std::tuple(field("base_lr", &CosineDecay::base_lr, non_negative),
                      field("steps", &CosineDecay::steps, at_least_one),
                      field("min_lr", &CosineDecay::min_lr, non_negative).optional());
  }
};

}  // namespace libsched
