#include <fmt/format.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <typeinfo>

#include "libsched/shape.hpp"
#include "libsched/torch.hpp"
#include "state.hpp"

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

struct Found {
  std::string_view optimizer;
  double* value;
};

Found find(OptimizerOptions& options, Hyperparameter hyperparameter) {
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
  return {"", nullptr};
}

constexpr std::string_view function_form =
    "Drive{{\"{}\", [](torch::optim::OptimizerOptions& o) -> double& {{ return "
    "static_cast<YourOptions&>(o).{}(); }}, schedule}}";

double& place_of(OptimizerOptions& options, Hyperparameter hyperparameter) {
  const auto [optimizer, value] = find(options, hyperparameter);
  if (value != nullptr) return *value;
  const std::string_view name = name_of(hyperparameter);
  if (!optimizer.empty()) {
    throw std::invalid_argument(fmt::format("LRScheduler: {} has no {}", optimizer, name));
  }
  throw std::invalid_argument(
      fmt::format("LRScheduler: where an optimizer of your own has its {} must be said: {}", name,
                  fmt::format(fmt::runtime(function_form), name, name)));
}

// What set_lr() does, without the three calls into LibTorch that it takes, where the type is known.
template <class... Known>
void set_lr(OptimizerOptions& options, double rate) {
  const std::type_info* type = &typeid(options);
  const bool done =
      ((type == &typeid(Known) && (static_cast<Known&>(options).lr(rate), true)) || ...);
  if (!done) options.set_lr(rate);
}

// LibTorch's own message for options that do not override these is a backtrace.
template <class Call>
auto with_clear_error(Call call) {
  try {
    return call();
  } catch (const c10::Error&) {
    throw std::invalid_argument(fmt::format(
        "LRScheduler: the options of this optimizer have no get_lr() and set_lr(): override them, "
        "or leave the rate to a Drive: LRScheduler(optimizer, {{keep}}, {})",
        fmt::format(fmt::runtime(function_form), "lr", "lr")));
  }
}

double get_lr(const OptimizerOptions& options) {
  return with_clear_error([&] { return options.get_lr(); });
}

// Whether it can be set is known only once it is.
void require_rate(OptimizerOptions& options) {
  with_clear_error([&] { options.set_lr(options.get_lr()); });
}

[[noreturn]] void throw_out_of_range(const Drive& drive, bool is_rate, const Schedule& schedule,
                                     Step t, double value) {
  throw std::domain_error(
      fmt::format("LRScheduler: {} must be {}, got {} at step {} of {}",
                  is_rate ? "a learning rate" : drive.name,
                  drive.below_one ? "at least 0 and below 1" : "finite and at least 0", value, t,
                  to_string(schedule)));
}

// The number, or the nearest one that is in the range of a value that no update is meant to use.
double checked(const Drive& drive, bool is_rate, const Schedule& schedule, Step t, double value) {
  if (std::isfinite(value) && value >= 0 && !(drive.below_one && value >= 1)) return value;
  if (drive.below_one && value == 1 && schedule.length() == t) return std::nextafter(1.0, 0.0);
  throw_out_of_range(drive, is_rate, schedule, t, value);
}

std::string name_of(const Drive& drive, std::size_t i) {
  return fmt::format("{}{}{}", drive.is_relative ? factor_of : "", drive.name,
                     drive.schedules.per_group ? fmt::format(" of group {}", i) : "");
}

[[noreturn]] void throw_no_group(std::size_t group, std::size_t groups) {
  throw std::out_of_range(
      fmt::format("LRScheduler: no param group {}, the optimizer has {}", group, groups));
}

// A function of the user's may throw anything, such as std::bad_cast.
void require_place(const Drive& drive, OptimizerOptions& options, std::size_t group) {
  try {
    drive.place(options);
  } catch (const std::invalid_argument&) {
    throw;
  } catch (const std::exception& error) {
    throw std::invalid_argument(
        fmt::format("LRScheduler: the function of {} fails for param group {}: {}", drive.name,
                    group, error.what()));
  }
}

// All groups have the same: one absolute schedule for all of them.
bool has_one_value(const Drive& drive) { return !drive.schedules.per_group && !drive.is_relative; }

// The values of step t, of one group or of all.
template <class Target, class ToValue>
void find_values(Target& target, Step t, const ToValue& to_value) {
  const Drive& drive = target.drive;
  if (has_one_value(drive)) {
    const Schedule& schedule = *drive.schedules.list[0];
    target.values[0] = to_value(schedule(t), schedule);
    return;
  }
  double factor = 0;
  for (std::size_t i = 0; i < target.values.size(); ++i) {
    const std::optional<Schedule>& schedule = drive.schedules.of(i);
    if (!schedule) continue;
    if (i == 0 || drive.schedules.per_group) factor = (*schedule)(t);
    target.values[i] =
        to_value(drive.is_relative ? target.base_values[i] * factor : factor, *schedule);
  }
}

// A count of schedules that is not the count of groups; the driver is built or being built.
void require_match(const Drive& drive, bool is_rate, std::size_t groups, bool is_built) {
  const std::size_t given = drive.schedules.list.size();
  if (!drive.schedules.per_group || given == groups) return;
  throw std::invalid_argument(fmt::format(
      "LRScheduler: {} schedules {}for {} param groups{}", given,
      is_rate ? "" : fmt::format("of {} ", drive.name), groups,
      is_built && given < groups
          ? ": a group was added behind the driver's back; add it by "
            "scheduler.add_param_group(group, schedule), or build a new driver with a schedule "
            "for each group"
          : ""));
}

Drive rate_drive(Schedules schedules, bool relative) {
  const auto nowhere = [](OptimizerOptions&) -> double& {
    throw std::logic_error("LRScheduler: set_lr() sets the rate");
  };
  Drive rate("lr", nowhere, std::move(schedules));
  rate.is_relative = relative;
  return rate;
}

}  // namespace

Drive::Drive(Hyperparameter hyperparameter, Schedules to_follow)
    : name(name_of(hyperparameter)),
      place([hyperparameter](OptimizerOptions& options) -> double& {
        return place_of(options, hyperparameter);
      }),
      schedules(std::move(to_follow)),
      below_one(hyperparameter == Hyperparameter::beta1 ||
                hyperparameter == Hyperparameter::beta2) {}

Drive::Drive(std::string of, Place where, Schedules to_follow)
    : name(std::move(of)), place(std::move(where)), schedules(std::move(to_follow)) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  if (name.empty() || name.find_first_not_of(allowed) != std::string::npos) {
    throw std::invalid_argument(
        fmt::format("Drive: the name must be of letters, digits, _, - and ., got '{}'", name));
  }
  if (!place) throw std::invalid_argument("Drive: the function must not be empty");
}

Drive Drive::relative(Hyperparameter hyperparameter, Schedules factors) {
  Drive drive(hyperparameter, std::move(factors));
  drive.is_relative = true;
  return drive;
}

Drive Drive::relative(std::string name, Place place, Schedules factors) {
  Drive drive(std::move(name), std::move(place), std::move(factors));
  drive.is_relative = true;
  return drive;
}

LRScheduler::LRScheduler(torch::optim::Optimizer& optimizer, Schedules schedules, Relative relative)
    : optimizer_(&optimizer), rate_{rate_drive(std::move(schedules), relative.value), {}, {}, {}} {}

void LRScheduler::add(Drive drive) {
  const auto is_driven = [&](const Target& target) {
    const PerGroup& list = target.drive.schedules.list;
    return target.drive.name == drive.name &&
           std::any_of(list.begin(), list.end(), [](const auto& s) { return s.has_value(); });
  };
  if (is_driven(rate_) || std::any_of(drives_.begin(), drives_.end(), is_driven)) {
    throw std::invalid_argument(fmt::format("LRScheduler: {} is driven twice", drive.name));
  }
  drives_.push_back({std::move(drive), {}, {}, {}});
}

void LRScheduler::add(std::vector<Drive> drives) {
  for (Drive& drive : drives) add(std::move(drive));
}

void LRScheduler::add(const ReduceOnPlateau& plateau) {
  if (plateau_) throw std::invalid_argument("LRScheduler: more than one ReduceOnPlateau");
  validate(plateau);
  plateau_ = plateau;
  plateau_state_ = plateau_start(plateau);
}

void LRScheduler::add(const std::optional<ReduceOnPlateau>& plateau) {
  if (plateau) add(*plateau);
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

bool LRScheduler::report(double metric) {
  if (!plateau_) throw std::logic_error("LRScheduler: report() needs a ReduceOnPlateau");
  if (step_count_ < plateau_->from_step) return false;
  PlateauState next = plateau_report(*plateau_, plateau_state_, metric);
  bool reduces = next.scale != plateau_state_.scale;
  if (reduces && plateau_->min_lr > 0 && !can_reduce()) {
    // Else the scale would fall on unseen, and a rate that rises again would never come back.
    next.scale = plateau_state_.scale;
    reduces = false;
  }
  if (reduces) write(step_count_, next.scale);
  plateau_state_ = next;
  return reduces;
}

bool LRScheduler::can_reduce() const {
  if (!plateau_) return false;
  const double reduced = plateau_reduced(*plateau_, plateau_state_.scale);
  const auto lowers = [&](std::size_t group, const Schedule& schedule, Step t) {
    const double own = (rate_.drive.is_relative ? rate_.base_values[group] : 1) * schedule(t);
    return plateau_rate(*plateau_, reduced, own) <
           plateau_rate(*plateau_, plateau_state_.scale, own);
  };
  const std::size_t groups =
      rate_.drive.is_relative ? rate_.base_values.size() : rate_.drive.schedules.list.size();
  for (std::size_t i = 0; i < groups; ++i) {
    const std::optional<Schedule>& schedule = rate_.drive.schedules.of(i);
    if (!schedule) continue;
    if (lowers(i, *schedule, step_count_)) return true;
    const Step end = std::max(step_count_, schedule->length().value_or(detail::last_step));
    try {
      for (Step ahead = 1; ahead <= end - step_count_; ahead = detail::multiply(ahead, 2)) {
        if (lowers(i, *schedule, step_count_ + ahead)) return true;
        if (ahead == detail::last_step) break;
      }
    } catch (const std::exception&) {
      // A callable of the user's need not be defined in the future.
    }
  }
  return false;
}

// Takes the base value of a group that is new, unless it is none.
void LRScheduler::see_groups(Target& target) {
  auto& groups = optimizer_->param_groups();
  const bool is_rate = &target == &rate_;
  while (target.base_values.size() < groups.size()) {
    const std::size_t i = target.base_values.size();
    double value = 0;
    if (target.drive.schedules.of(i)) {
      auto& options = groups[i].options();
      value = is_rate ? get_lr(options) : target.drive.place(options);
    }
    if (!std::isfinite(value) || value < 0) {
      throw std::domain_error(
          fmt::format("LRScheduler: the {} of param group {} must be finite and at least 0, got {}",
                      is_rate ? "rate" : target.drive.name, i, value));
    }
    target.base_values.push_back(value);
  }
}

// Room for groups that are new.
void LRScheduler::meet_groups(Target& target) {
  auto& groups = optimizer_->param_groups();
  const bool is_rate = &target == &rate_;
  require_match(target.drive, is_rate, groups.size(), !target.places.empty());
  for (std::size_t i = target.places.size(); i < groups.size(); ++i) {
    if (!target.drive.schedules.of(i)) continue;
    if (is_rate) {
      require_rate(groups[i].options());
    } else {
      require_place(target.drive, groups[i].options(), i);
    }
  }
  if (target.drive.is_relative) see_groups(target);
  target.values.resize(has_one_value(target.drive) ? 1 : groups.size());
  target.places.resize(groups.size());
}

// Everything is found out and checked before anything is written: all groups change or none.
void LRScheduler::write(Step t, double scale) {
  auto& groups = optimizer_->param_groups();
  for_each_target(*this, [&](Target& target) {
    if (target.places.size() != groups.size()) meet_groups(target);
  });
  find_values(rate_, t, [&](double value, const Schedule& schedule) {
    if (plateau_) value = plateau_rate(*plateau_, scale, value);
    return checked(rate_.drive, true, schedule, t, value);
  });
  for (Target& target : drives_) {
    const Drive& drive = target.drive;
    find_values(target, t, [&](double value, const Schedule& schedule) {
      return checked(drive, false, schedule, t, value);
    });
    for (std::size_t i = 0; i < groups.size(); ++i) {
      target.places[i] = drive.schedules.of(i) ? &drive.place(groups[i].options()) : nullptr;
    }
  }

  const PerGroup& list = rate_.drive.schedules.list;
  const bool per_group = rate_.drive.schedules.per_group;
  const double* rate = rate_.values.data();
  const int to_next = has_one_value(rate_.drive) ? 0 : 1;
  std::size_t i = 0;
  for (auto& group : groups) {
    if (!per_group || list[i++]) {
      set_lr<torch::optim::SGDOptions, torch::optim::AdamOptions, torch::optim::AdamWOptions>(
          group.options(), *rate);
    }
    rate += to_next;
  }
  for (Target& target : drives_) {
    const double* value = target.values.data();
    for (double* place : target.places) {
      if (place != nullptr) *place = *value;
      if (!has_one_value(target.drive)) ++value;
    }
  }
}

void LRScheduler::add_group(const torch::optim::OptimizerParamGroup& group, PerGroup schedules) {
  LRScheduler next = *this;
  std::size_t needed = 0;
  std::string names;
  for_each_target(next, [&](Target& target) {
    if (!target.drive.schedules.per_group) return;
    if (needed < schedules.size()) target.drive.schedules.list.push_back(schedules[needed]);
    names += fmt::format("{}{}", needed == 0 ? "" : ", ", target.drive.name);
    ++needed;
  });
  if (schedules.size() != needed) {
    throw std::invalid_argument(fmt::format(
        "LRScheduler: {} schedules for a new param group, which needs {}{}", schedules.size(),
        needed, needed == 0 ? " where all groups share theirs" : fmt::format(", of {}", names)));
  }
  optimizer_->add_param_group(group);
  try {
    next.step_to(step_count_);
  } catch (...) {
    optimizer_->param_groups().pop_back();
    throw;
  }
  *this = std::move(next);
}

double LRScheduler::lr(std::size_t group) const {
  const auto& groups = optimizer_->param_groups();
  if (group >= groups.size()) throw_no_group(group, groups.size());
  return get_lr(groups[group].options());
}

std::vector<double> LRScheduler::last_lr() const {
  std::vector<double> rates;
  for (const auto& group : optimizer_->param_groups()) rates.push_back(get_lr(group.options()));
  return rates;
}

const Schedule& LRScheduler::schedule(std::size_t group) const {
  const std::size_t count = optimizer_->param_groups().size();
  const Schedules& schedules = rate_.drive.schedules;
  if (group >= (schedules.per_group ? schedules.list.size() : count)) throw_no_group(group, count);
  if (const auto& schedule = schedules.of(group)) return *schedule;
  throw std::logic_error(
      fmt::format("LRScheduler: the rate of group {} is left as it is, by no schedule", group));
}

std::vector<std::pair<std::string, double>> LRScheduler::values() const {
  auto& groups = optimizer_->param_groups();
  std::vector<std::pair<std::string, double>> values;
  for_each_target(*this, [&](const Target& target) {
    const auto& [name, place, schedules, is_relative, below_one] = target.drive;
    const bool shared = has_one_value(target.drive);
    for (std::size_t i = 0; i < groups.size() && !(shared && i > 0); ++i) {
      if (schedules.per_group && (i >= schedules.list.size() || !schedules.list[i])) continue;
      auto& options = groups[i].options();
      values.emplace_back(shared ? name : fmt::format("{} of group {}", name, i),
                          &target == &rate_ ? get_lr(options) : place(options));
    }
  });
  return values;
}

std::vector<NamedNotation> LRScheduler::notations() const {
  std::vector<NamedNotation> notations;
  for_each_target(*this, [&](const Target& target) {
    const PerGroup& list = target.drive.schedules.list;
    for (std::size_t i = 0; i < list.size(); ++i) {
      notations.push_back({name_of(target.drive, i), list[i] ? to_string(*list[i]) : "keep"});
    }
  });
  if (plateau_) notations.push_back({"plateau", notation(*plateau_)});
  return notations;
}

std::vector<Finding> review(const LRScheduler& scheduler, Step planned_steps) {
  constexpr std::string_view prefix = "LRScheduler: ";
  std::vector<Finding> findings;
  LRScheduler::for_each_target(scheduler, [&](const LRScheduler::Target& target) {
    const Drive& drive = target.drive;
    const bool is_rate = &target == &scheduler.rate_;
    for (std::size_t i = 0; i < drive.schedules.list.size(); ++i) {
      const std::optional<Schedule>& schedule = drive.schedules.list[i];
      if (!schedule) continue;
      std::vector<Finding> own = review(*schedule, planned_steps);
      // Of several groups with one factor, that with the highest base leaves a range first.
      double base = drive.is_relative ? 0 : 1;
      for (std::size_t group = 0; group < target.base_values.size(); ++group) {
        const bool shares = !drive.schedules.per_group || group == i;
        if (shares) base = std::max(base, target.base_values[group]);
      }
      bool in_range = true;  // at step 0, which is written
      detail::walk(0, planned_steps, [&](Step, Step t) {
        if (!in_range) return;
        try {
          checked(drive, is_rate, *schedule, t, base * (*schedule)(t));
        } catch (const std::domain_error& error) {
          own = {{t, fmt::format("{}.", std::string_view(error.what()).substr(prefix.size()))}};
          in_range = false;
        }
      });
      for (const Finding& finding : own) {
        if (!is_rate && finding.text.find("do nothing") != std::string::npos) continue;
        if (!is_rate && finding.text.find("does nothing") != std::string::npos) continue;
        findings.push_back({finding.step, name_of(drive, i) + ": " + finding.text});
      }
    }
  });
  return findings;
}

}  // namespace libsched
