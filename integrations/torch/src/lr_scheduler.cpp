#include <fmt/format.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <cmath>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <typeinfo>

#include "libsched/shape.hpp"
#include "libsched/torch.hpp"

namespace libsched {
namespace {

using torch::optim::OptimizerOptions;

std::string_view name_of(Hyperparameter hyperparameter) {
  switch (hyperparameter) {
    case Hyperparameter::momentum:
      return "momentum";
    case Hyperparameter::beta1:
      return "beta1";
    case Hyperparameter::beta2:
      return "beta2";
    case Hyperparameter::weight_decay:
      return "weight_decay";
    case Hyperparameter::eps:
      return "eps";
  }
  return "unknown hyperparameter";
}

template <class Options, class = void>
constexpr bool has_momentum = false;
template <class Options>
constexpr bool has_momentum<Options, std::void_t<decltype(std::declval<Options&>().momentum())>> =
    true;
template <class Options, class = void>
constexpr bool has_betas = false;
template <class Options>
constexpr bool has_betas<Options, std::void_t<decltype(std::declval<Options&>().betas())>> = true;
template <class Options, class = void>
constexpr bool has_weight_decay = false;
template <class Options>
constexpr bool
    has_weight_decay<Options, std::void_t<decltype(std::declval<Options&>().weight_decay())>> =
        true;
template <class Options, class = void>
constexpr bool has_eps = false;
template <class Options>
constexpr bool has_eps<Options, std::void_t<decltype(std::declval<Options&>().eps())>> = true;

// Where a hyperparameter lives in the options of an optimiser; null where it has none.
template <class Options>
double* place_in(Options& options, Hyperparameter hyperparameter) {
  if constexpr (has_momentum<Options>) {
    if (hyperparameter == Hyperparameter::momentum) return &options.momentum();
  }
  if constexpr (has_betas<Options>) {
    if (hyperparameter == Hyperparameter::beta1) return &std::get<0>(options.betas());
    if (hyperparameter == Hyperparameter::beta2) return &std::get<1>(options.betas());
  }
  if constexpr (has_weight_decay<Options>) {
    if (hyperparameter == Hyperparameter::weight_decay) return &options.weight_decay();
  }
  if constexpr (has_eps<Options>) {
    if (hyperparameter == Hyperparameter::eps) return &options.eps();
  }
  return nullptr;
}

struct Place {
  std::string_view optimizer;
  double* value;
};

Place find(OptimizerOptions& options, Hyperparameter hyperparameter) {
  using namespace torch::optim;
  if (auto* sgd = dynamic_cast<SGDOptions*>(&options))
    return {"SGD", place_in(*sgd, hyperparameter)};
  if (auto* adam = dynamic_cast<AdamOptions*>(&options)) {
    return {"Adam", place_in(*adam, hyperparameter)};
  }
  if (auto* adamw = dynamic_cast<AdamWOptions*>(&options)) {
    return {"AdamW", place_in(*adamw, hyperparameter)};
  }
  if (auto* rmsprop = dynamic_cast<RMSpropOptions*>(&options)) {
    return {"RMSprop", place_in(*rmsprop, hyperparameter)};
  }
  if (auto* adagrad = dynamic_cast<AdagradOptions*>(&options)) {
    return {"Adagrad", place_in(*adagrad, hyperparameter)};
  }
  if (auto* lbfgs = dynamic_cast<LBFGSOptions*>(&options)) {
    return {"LBFGS", place_in(*lbfgs, hyperparameter)};
  }
  return {"this optimizer", nullptr};
}

// What set_lr() does, without the three calls into LibTorch that it takes, where the type is known.
template <class... Known>
void set_lr(OptimizerOptions& options, double rate) {
  const std::type_info* type = &typeid(options);
  const bool done =
      ((type == &typeid(Known) && (static_cast<Known&>(options).lr(rate), true)) || ...);
  if (!done) options.set_lr(rate);
}

double checked_rate(double rate, Step t, const Schedule& schedule) {
  if (std::isfinite(rate) && rate >= 0) return rate;
  throw std::domain_error(fmt::format(
      "LRScheduler: a learning rate must be finite and at least 0, got {} at step {} of {}", rate,
      t, to_string(schedule)));
}

double checked_value(const Drive& drive, Step t) {
  const double value = drive.schedule(t);
  const bool is_beta = drive.hyperparameter == Hyperparameter::beta1 ||
                       drive.hyperparameter == Hyperparameter::beta2;
  if (std::isfinite(value) && value >= 0 && !(is_beta && value >= 1)) return value;
  throw std::domain_error(fmt::format("LRScheduler: {} must be {}, got {} at step {} of {}",
                                      name_of(drive.hyperparameter),
                                      is_beta ? "at least 0 and below 1" : "finite and at least 0",
                                      value, t, to_string(drive.schedule)));
}

}  // namespace

LRScheduler::LRScheduler(torch::optim::Optimizer& optimizer, Form form,
                         std::vector<Schedule> schedules)
    : optimizer_(&optimizer), form_(form), schedules_(std::move(schedules)) {}

void LRScheduler::add(Drive drive) {
  for (const Drive& other : drives_) {
    if (other.hyperparameter == drive.hyperparameter) {
      throw std::invalid_argument(
          fmt::format("LRScheduler: {} is driven twice", name_of(drive.hyperparameter)));
    }
  }
  drives_.push_back(std::move(drive));
  values_.resize(drives_.size());
}

void LRScheduler::add(const ReduceOnPlateau& plateau) {
  if (plateau_) throw std::invalid_argument("LRScheduler: more than one ReduceOnPlateau");
  validate(plateau);
  plateau_ = plateau;
  plateau_state_ = plateau_start(plateau);
}

void LRScheduler::advance(Step n) {
  if (n < 0) {
    throw std::invalid_argument(fmt::format("LRScheduler: cannot advance by {} steps", n));
  }
  step_to(detail::add(step_count_, n));
}

void LRScheduler::step_to(Step t) {
  write(t, scale());
  step_count_ = t;
}

void LRScheduler::report(double metric) {
  if (!plateau_) throw std::logic_error("LRScheduler: report() needs a ReduceOnPlateau");
  const PlateauState next = plateau_report(*plateau_, plateau_state_, metric);
  if (next.scale != plateau_state_.scale) write(step_count_, next.scale);
  plateau_state_ = next;
}

// Takes the base rate of a group that is new, unless it is none.
void LRScheduler::see_groups() {
  const auto& groups = optimizer_->param_groups();
  while (base_rates_.size() < groups.size()) {
    const std::size_t i = base_rates_.size();
    const double rate = groups[i].options().get_lr();
    if (!std::isfinite(rate) || rate < 0) {
      throw std::domain_error(fmt::format(
          "LRScheduler: the rate of param group {} must be finite and at least 0, got {}", i,
          rate));
    }
    base_rates_.push_back(rate);
  }
}

// Everything is found out and checked before anything is written: all groups change or none.
void LRScheduler::write(Step t, double scale) {
  auto& groups = optimizer_->param_groups();
  switch (form_) {
    case Form::shared:
      rates_.assign(1, checked_rate(schedules_[0](t) * scale, t, schedules_[0]));
      break;
    case Form::per_group:
      if (groups.size() != schedules_.size()) {
        throw std::invalid_argument(fmt::format("LRScheduler: {} schedules for {} param groups",
                                                schedules_.size(), groups.size()));
      }
      rates_.resize(groups.size());
      for (std::size_t i = 0; i < groups.size(); ++i) {
        rates_[i] = checked_rate(schedules_[i](t) * scale, t, schedules_[i]);
      }
      break;
    case Form::relative:
      see_groups();
      rates_.resize(groups.size());
      const double factor = schedules_[0](t) * scale;
      for (std::size_t i = 0; i < groups.size(); ++i) {
        rates_[i] = checked_rate(base_rates_[i] * factor, t, schedules_[0]);
      }
      break;
  }
  for (std::size_t k = 0; k < drives_.size(); ++k) {
    values_[k] = checked_value(drives_[k], t);
    for (auto& group : groups) {
      const Place place = find(group.options(), drives_[k].hyperparameter);
      if (place.value != nullptr) continue;
      throw std::invalid_argument(fmt::format("LRScheduler: {} has no {}", place.optimizer,
                                              name_of(drives_[k].hyperparameter)));
    }
  }

  const double* rate = rates_.data();
  const int to_next = form_ == Form::shared ? 0 : 1;
  for (auto& group : groups) {
    set_lr<torch::optim::SGDOptions, torch::optim::AdamOptions, torch::optim::AdamWOptions>(
        group.options(), *rate);
    rate += to_next;
  }
  for (std::size_t k = 0; k < drives_.size(); ++k) {
    for (auto& group : groups) {
      if (double* value = find(group.options(), drives_[k].hyperparameter).value) {
        *value = values_[k];
      }
    }
  }
}

double LRScheduler::lr(std::size_t group) const {
  const auto& groups = optimizer_->param_groups();
  if (group >= groups.size()) {
    throw std::out_of_range(
        fmt::format("LRScheduler: no param group {}, the optimizer has {}", group, groups.size()));
  }
  return groups[group].options().get_lr();
}

std::vector<double> LRScheduler::last_lr() const {
  std::vector<double> rates;
  for (const auto& group : optimizer_->param_groups()) rates.push_back(group.options().get_lr());
  return rates;
}

std::vector<std::string> LRScheduler::notations() const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < schedules_.size(); ++i) {
    const std::string what = form_ == Form::shared      ? "lr"
                             : form_ == Form::per_group ? fmt::format("lr of group {}", i)
                                                        : "factor of lr";
    lines.push_back(fmt::format("{}: {}", what, to_string(schedules_[i])));
  }
  for (const Drive& drive : drives_) {
    lines.push_back(
        fmt::format("{}: {}", name_of(drive.hyperparameter), to_string(drive.schedule)));
  }
  if (plateau_) lines.push_back(fmt::format("plateau: {}", notation(*plateau_)));
  return lines;
}

}  // namespace libsched
