#pragma once

#include <torch/optim/optimizer.h>
#include <torch/optim/schedulers/lr_scheduler.h>

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libsched/driver.hpp"

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
namespace libsched {

/// What a Drive may drive by name beside the learning rate. SGD has momentum and weight_decay; Adam
/// and AdamW beta1, beta2, weight_decay and eps; RMSprop momentum, weight_decay and eps; Adagrad
/// weight_decay and eps; LBFGS none. (RMSprop makes room for its momentum at the first update only:
/// begin with one above 0.)
enum class Hyperparameter {
  momentum,      ///< of SGD and RMSprop
  beta1,         ///< the first of Adam's betas
  beta2,         ///< the second
  weight_decay,  ///< the L2 penalty, or AdamW's decay
  eps            ///< what is added to a denominator
};

/// Where the options of an optimizer hold a value; throws std::invalid_argument if they do not.
using OptionRef = std::function<double&(torch::optim::OptimizerOptions&)>;
/// @cond
using Place [[deprecated("OptionRef")]] = OptionRef;
/// @endcond

/// Drives one more value of the optimizer, which must stay finite and at least 0, and a beta below
/// 1. One schedule for all groups writes its value into each, also over a 0: for a group without
/// weight decay use `keep` or Drive::relative.
struct Drive : GroupSetting {
  /// As in Drive{Hyperparameter::weight_decay, schedule} or {..., {schedule0, keep}}.
  Drive(Hyperparameter hyperparameter, GroupSchedules schedules);
  /// An option of a user-defined optimizer, as in Drive{"beta1", [](OptimizerOptions& o) ->
  /// double& { return static_cast<LionOptions&>(o).beta1(); }, schedule}. `name` is for messages,
  /// logs and checkpoints: letters, digits, underscores, hyphens and points. Throws
  /// std::invalid_argument for a bad name or an empty function.
  Drive(std::string name, OptionRef place, GroupSchedules schedules);

  /// Each group's own value, as it is when the driver is built, times factor(t): 0 stays 0.
  static Drive relative(Hyperparameter hyperparameter, GroupSchedules factors);
  /// The same for an option of a user-defined optimizer.
  static Drive relative(std::string name, OptionRef place, GroupSchedules factors);

  OptionRef place;  ///< where the value is

 private:
  friend class LRScheduler;
  // The learning rate, which has no place: get_lr() and set_lr() reach it.
  Drive(GroupSchedules rates, bool relative) : GroupSetting("lr", std::move(rates), relative) {}
};

/// Gives each param group of the optimizer the options that the group at its place in `groups` has;
/// one without options is left as it is. From 2.12 on LibTorch takes an option of a group that
/// equals the default of its type for one that was not set, and replaces it by the optimizer's:
/// call this after you have built an optimizer from groups with options. Throws
/// std::invalid_argument if the numbers of groups differ.
void restore_options(torch::optim::Optimizer& optimizer,
                     const std::vector<torch::optim::OptimizerParamGroup>& groups);

/// Drives the learning rates of a torch::optim optimizer, which it refers to and must not outlive.
/// Built, the optimizer has the values of step 0; call step() after each optimizer.step().
/// A value that is negative or not finite is never written: std::domain_error names schedule and
/// step, and the optimizer and the step count stay as they were. So do they at any other error.
class LRScheduler {
 public:
  /// One schedule for every param group, or one a group: LRScheduler(optimizer, schedule) or
  /// LRScheduler(optimizer, {schedule0, keep}). `extras` are Drive and ReduceOnPlateau values, a
  /// std::vector<Drive>, or a std::optional<ReduceOnPlateau>. Throws std::invalid_argument where
  /// the numbers of schedules and groups differ, and for a value that the optimizer lacks.
  template <class... Extras>
  LRScheduler(torch::optim::Optimizer& optimizer, GroupSchedules schedules, Extras... extras)
      : LRScheduler(optimizer, Parts(Drive(std::move(schedules), false), std::move(extras)...)) {}

  /// Each param group's own rate, as it is now, times factor(t); one factor for all groups or one
  /// per group. The rate of a group that is added later is taken when the driver first sees it.
  template <class... Extras>
  static LRScheduler relative(torch::optim::Optimizer& optimizer, GroupSchedules factors,
                              Extras... extras) {
    return {optimizer, Parts(Drive(std::move(factors), true), std::move(extras)...)};
  }

  /// One more update is done: sets the values for the next. A value of 1 that a beta's schedule has
  /// at its very end is written as the largest number below 1, as no update is meant to use it.
  void step() { driver_.step(); }
  /// `n` more are done, e.g. if steps are samples or tokens. Throws std::invalid_argument for n <
  /// 0.
  void advance(Step n) { driver_.advance(n); }
  template <class Real, class = detail::if_real<Real>>
  void advance(Real n) = delete;  ///< steps are whole
  /// As if `t` updates were done, e.g. to resume. Throws std::invalid_argument for t < 0.
  void step_to(Step t) { driver_.step_to(t); }
  template <class Real, class = detail::if_real<Real>>
  void step_to(Real t) = delete;  ///< steps are whole
  /// Updates done so far.
  Step step_count() const { return driver_.step_count(); }

  /// The rate that the next optimizer.step() uses for this param group; log it before that call.
  double lr(std::size_t group = 0) const;
  /// The same for every param group.
  std::vector<double> last_lr() const;
  /// The schedule of this group's rate, or its factor's. Throws std::out_of_range for a group that
  /// is not there and std::logic_error for one whose rate is left as it is.
  const Schedule& schedule(std::size_t group = 0) const;

  /// What it drives, as the optimizer has it for its next update: `lr` where one schedule sets the
  /// rate of all groups, else `lr of group 0`, ...; then the drives likewise, by their names. For
  /// the header and a row of a CSV file: the names hold no comma, and stay while the driver lives,
  /// but for groups that are added.
  std::vector<std::pair<std::string, double>> values() const { return driver_.values(); }

  /// Tells the ReduceOnPlateau a metric; where that lowers its scale, the rates change at once and
  /// it gives true. At a step before from_step nothing is counted. Throws std::logic_error where no
  /// ReduceOnPlateau was given.
  bool report(double metric) { return driver_.report(metric); }
  /// What the ReduceOnPlateau multiplies the rates by; 1 without one.
  double scale() const { return driver_.scale(); }
  /// False once no report can lower any rate, so that a run may stop: looks at the present step and
  /// at 1, 2, 4, 8, ... steps from it, to the schedule's end.
  bool can_reduce() const { return driver_.can_reduce(); }

  /// Adds the group to the optimizer and writes its values at once, so that its first update has
  /// the rate that is scheduled. `schedules` are one (or `keep`) for each of what has one a group:
  /// first the rate, then the drives in their order; none where all are shared. Throws
  /// std::invalid_argument where their number is another.
  template <class... GroupSchedules>
  void add_param_group(const torch::optim::OptimizerParamGroup& group,
                       GroupSchedules... schedules) {
    add_group(group, PerGroup{std::optional<Schedule>(schedules)...});
  }

  /// What it drives.
  torch::optim::Optimizer& optimizer() const { return *optimizer_; }

  /// What drives what: two drivers with the same, and no custom callable or relative value in it,
  /// set the same values at the same step.
  std::vector<NamedNotation> notations() const { return driver_.notations(); }

  /// Writes the state, a few lines of text with a checksum, to a file, to a stream, or into an
  /// archive. torch::save(scheduler, path or stream) does the same.
  void save(const std::string& path) const { driver_.save(path); }
  /// The same, to a stream.
  void save(std::ostream& stream) const { driver_.save(stream); }
  /// The same, to an archive. Throws std::invalid_argument where it has something of that key: give
  /// each driver its own.
  void save(torch::serialize::OutputArchive& archive, const std::string& key = default_key) const;

  /// Reads it back (a stream to the end of the state) and writes the values of its step into the
  /// optimizer. torch::load(scheduler, path or stream) does the same. Throws std::runtime_error
  /// where there is no such state, where it is damaged, or where it is of other schedules: then it
  /// shows both and the first step at which they differ. `accept_future` compares every step up to
  /// a million, and a million places between there and the step of the checkpoint. Base values of
  /// what is relative come from the state, also on an optimizer that was built with a value that
  /// the driver had written. Where a group has neither that nor its saved base value but another,
  /// `accept` takes the new one, and the others throw std::runtime_error.
  void load(const std::string& path, ScheduleChange change = ScheduleChange::refuse) {
    driver_.load(path, change);
  }
  /// The same, from a stream.
  void load(std::istream& stream, ScheduleChange change = ScheduleChange::refuse) {
    driver_.load(stream, change);
  }
  /// The same, from an archive.
  void load(torch::serialize::InputArchive& archive,
            ScheduleChange change = ScheduleChange::refuse);
  /// The same, from an archive in which it has a key of its own.
  void load(torch::serialize::InputArchive& archive, const std::string& key,
            ScheduleChange change = ScheduleChange::refuse);

  /// Of save() without a key.
  static constexpr const char* default_key = "libsched_scheduler";

 private:
  // What a driver is made of.
  struct Parts {
    template <class... Extras>
    explicit Parts(Drive rate, Extras... extras) : drives{std::move(rate)} {
      (add(std::move(extras)), ...);
    }
    void add(Drive drive) { drives.push_back(std::move(drive)); }
    void add(std::vector<Drive> more);
    void add(const ReduceOnPlateau& one);
    void add(const std::optional<ReduceOnPlateau>& one);

    std::vector<Drive> drives;
    std::optional<ReduceOnPlateau> plateau;
  };

  LRScheduler(torch::optim::Optimizer& optimizer, const Parts& parts);

  void add_group(const torch::optim::OptimizerParamGroup& group, const PerGroup& schedules);

  friend std::vector<Finding> review(const LRScheduler& scheduler, Step planned_steps);

  torch::optim::Optimizer* optimizer_;
  Driver driver_;
};

/// review() of the driver inside.
std::vector<Finding> review(const LRScheduler& scheduler, Step planned_steps);

/// An LRScheduler for code that takes LibTorch's base class; its rates are the driver's.
class TorchLRScheduler : public torch::optim::LRScheduler {
 public:
  /// Takes a driver as it is.
  explicit TorchLRScheduler(libsched::LRScheduler scheduler)
      : torch::optim::LRScheduler(scheduler.optimizer()), driver(std::move(scheduler)) {}
  /// Takes what libsched::LRScheduler takes.
  template <class... Extras>
  TorchLRScheduler(torch::optim::Optimizer& optimizer, GroupSchedules schedules, Extras... extras)
      : TorchLRScheduler(libsched::LRScheduler(optimizer, std::move(schedules), extras...)) {}

  libsched::LRScheduler driver;  ///< what step() steps

 protected:
  /// What the base class asks for at each step().
  std::vector<double> get_lrs() override {
    driver.step();
    return driver.last_lr();
  }
};

}  // namespace libsched
#ifdef __GNUC__
#pragma GCC visibility pop
#endif

namespace torch {

// Beside LibTorch's own templates, whose archives are slow for a few numbers and whose reader may
// crash on a damaged file.
template <class Target>
void save(const libsched::LRScheduler& scheduler, Target&& target) {
  scheduler.save(target);
}
template <class Source>
void load(libsched::LRScheduler& scheduler, Source&& source,
          libsched::ScheduleChange change = libsched::ScheduleChange::refuse) {
  scheduler.load(source, change);
}

}  // namespace torch
