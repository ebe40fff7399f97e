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
#include "libsched/export.hpp"

namespace libsched {

/// The options that a Drive can set by name. SGD has momentum and weight_decay; Adam and AdamW have
/// beta1, beta2, weight_decay and eps; RMSprop has momentum, weight_decay and eps; Adagrad has
/// weight_decay and eps; LBFGS has none of them. (LibTorch's RMSprop creates its momentum buffers
/// only if the momentum is above 0 at the first update, so a momentum schedule must start above 0.)
enum class Hyperparameter {
  momentum,      ///< the momentum of SGD and RMSprop
  beta1,         ///< the first of Adam's betas, below 1
  beta2,         ///< the second of Adam's betas, below 1
  weight_decay,  ///< the L2 penalty, or the decoupled decay of AdamW
  eps            ///< the term that an optimizer adds to a denominator
};

/// A function that returns a reference to one value in a param group's options. It should throw
/// std::invalid_argument if the options have no such value.
using OptionRef = std::function<double&(torch::optim::OptimizerOptions&)>;
/// @cond
using Place [[deprecated("OptionRef")]] = OptionRef;
/// @endcond

/// An optimizer option other than the learning rate that schedules set at each step. Its
/// values must be finite and at least 0, those of a beta also below 1. A single schedule is written
/// into every group, including groups whose value is 0: to leave a group without weight decay
/// alone, pass one entry per group, {schedule, keep}, or use Drive::relative.
struct LIBSCHED_API Drive : GroupSetting {
  /// Drives an option that LibTorch's own optimizers have, as in
  /// Drive{Hyperparameter::weight_decay, schedule} or {..., {schedule0, keep}}.
  Drive(Hyperparameter hyperparameter, GroupSchedules schedules);
  /// Drives an option of a user-defined optimizer, as in Drive{"beta1", [](OptimizerOptions& o) ->
  /// double& { return static_cast<LionOptions&>(o).beta1(); }, schedule}. Messages, logs and
  /// checkpoints use `name`, which may hold letters, digits, underscores, hyphens and points.
  /// Throws std::invalid_argument for a bad name or an empty function.
  Drive(std::string name, OptionRef place, GroupSchedules schedules);

  /// Makes a Drive that sets each group's option to factor(t) times the value that the group has
  /// when the driver is built, so that 0 stays 0.
  static Drive relative(Hyperparameter hyperparameter, GroupSchedules factors);
  /// Makes such a relative Drive for an option of a user-defined optimizer.
  static Drive relative(std::string name, OptionRef place, GroupSchedules factors);

  OptionRef place;  ///< returns a reference to the option

 private:
  friend class LRScheduler;
  // The learning rate. It has no OptionRef: get_lr() and set_lr() reach it.
  Drive(GroupSchedules rates, bool relative) : GroupSetting("lr", std::move(rates), relative) {}
};

/// Copies the options of each group in `groups` into the optimizer's param group of the same index;
/// a group without options is skipped. Call it after you have built an optimizer from groups with
/// options: from 2.12 on, LibTorch mistakes an option that equals its type's default for one that
/// was not set, and replaces it by the optimizer's default. Throws std::invalid_argument if the
/// numbers of groups differ.
LIBSCHED_API void restore_options(torch::optim::Optimizer& optimizer,
                                  const std::vector<torch::optim::OptimizerParamGroup>& groups);

/// Sets the learning rates of a torch::optim optimizer from schedules. It keeps a reference to the
/// optimizer, which must outlive it. The constructor writes the values of step 0; call step() after
/// each optimizer.step(). A value that is negative or not finite is never written: a
/// std::domain_error names the schedule and the step instead. After any error the optimizer
/// and the step count are as they were before the call.
class LIBSCHED_API LRScheduler {
 public:
  /// Takes one schedule for all param groups, LRScheduler(optimizer, schedule), or one per group,
  /// LRScheduler(optimizer, {schedule0, keep}). `extras` are any number of Drive values or vectors
  /// of them, and at most one ReduceOnPlateau or std::optional of one, in any order. Throws
  /// std::invalid_argument if the numbers of schedules and groups differ, or if the optimizer does
  /// not have an option that a Drive names.
  template <class... Extras>
  LRScheduler(torch::optim::Optimizer& optimizer, GroupSchedules schedules, Extras... extras)
      : LRScheduler(optimizer, Parts(Drive(std::move(schedules), false), std::move(extras)...)) {}

  /// Makes a driver that sets the rate of each param group to factor(t) times the rate that the
  /// group has now, its base rate. Takes one factor for all groups or one per group. The base rate
  /// of a group that is added later is the one that it has when the driver first finds it.
  template <class... Extras>
  static LRScheduler relative(torch::optim::Optimizer& optimizer, GroupSchedules factors,
                              Extras... extras) {
    return {optimizer, Parts(Drive(std::move(factors), true), std::move(extras)...)};
  }

  /// Counts one more update and writes the values for the next one. If the schedule of a beta ends
  /// at exactly 1, its end is written as the largest double below 1: no update of the run uses it,
  /// but the optimizer rejects a beta of 1.
  void step() { driver_.step(); }
  /// Counts `n` more updates, or `n` samples or tokens if those are the schedule's steps. Throws
  /// std::invalid_argument for n < 0.
  void advance(Step n) { driver_.advance(n); }
  template <class Real, class = detail::if_real<Real>>
  void advance(Real n) = delete;  ///< steps are whole
  /// Sets the step count to `t` and writes the values of that step, e.g. to resume a run. Throws
  /// std::invalid_argument for t < 0.
  void step_to(Step t) { driver_.step_to(t); }
  template <class Real, class = detail::if_real<Real>>
  void step_to(Real t) = delete;  ///< steps are whole
  /// The number of updates done so far.
  Step step_count() const { return driver_.step_count(); }

  /// The learning rate that the next optimizer.step() uses for this param group; log it before that
  /// call. Throws std::out_of_range if there is no such group.
  double lr(std::size_t group = 0) const;
  /// The learning rates that the next optimizer.step() uses, one per param group.
  std::vector<double> last_lr() const;
  /// The schedule of this group's rate; for a relative driver, that of its factor. Throws
  /// std::out_of_range if there is no such group, and std::logic_error if the group's entry is
  /// `keep`.
  const Schedule& schedule(std::size_t group = 0) const;

  /// (name, value) of everything that the driver sets, for the next update. The learning rate comes
  /// first, as `lr` if one schedule sets it for all groups, else as `lr of group 0`, `lr of group
  /// 1`, ...; groups with `keep` are omitted. The drives follow under their names, in the same way.
  /// No name contains a comma, and the names change only if a group is added, so they can be the
  /// header of a CSV file.
  std::vector<std::pair<std::string, double>> values() const { return driver_.values(); }

  /// Reports a metric, such as the validation loss, to the ReduceOnPlateau. If the report lowers
  /// the plateau's scale, the rates change at once and the answer is true. Reports at steps before
  /// the plateau's from_step are ignored. Throws std::logic_error if there is no ReduceOnPlateau.
  bool report(double metric) { return driver_.report(metric); }
  /// The product of all reductions so far, by which the learning rates are multiplied; 1 if there
  /// is no ReduceOnPlateau.
  double scale() const { return driver_.scale(); }
  /// False once no report can lower any rate, so that a run may stop. Checks the present step and
  /// the steps 1, 2, 4, 8, ... after it, up to the schedule's end.
  bool can_reduce() const { return driver_.can_reduce(); }

  /// Adds a param group to the optimizer and writes its values at once, so that its first update
  /// uses the scheduled rate. `schedules` has one schedule (or `keep`) for each setting that was
  /// given one per group: the learning rate first, then the drives in their order. A setting with
  /// one schedule for all groups takes none. Throws std::invalid_argument if their number does not
  /// match.
  template <class... EntryPerSetting>
  void add_param_group(const torch::optim::OptimizerParamGroup& group,
                       EntryPerSetting... schedules) {
    add_group(group, PerGroup{std::optional<Schedule>(schedules)...});
  }

  /// The optimizer whose values it sets.
  torch::optim::Optimizer& optimizer() const { return *optimizer_; }

  /// (name, notation) of the schedule of each driven value, and of the plateau. Two drivers with
  /// equal notations set the same values at the same step, unless they have a custom callable, a
  /// relative value or a plateau.
  std::vector<NamedNotation> notations() const { return driver_.notations(); }

  /// Saves the step count and the plateau's state, with the notations of the schedules, to a file:
  /// a few lines of text with a checksum. The file is replaced in one move. Throws
  /// std::runtime_error if it cannot be written. torch::save(scheduler, path) does the same.
  void save(const std::string& path) const { driver_.save(path); }
  /// Saves to a stream. Throws std::runtime_error if it cannot be written.
  void save(std::ostream& stream) const { driver_.save(stream); }
  /// Saves to an archive under `key`. Throws std::invalid_argument if the archive already has that
  /// key; use another key for each driver in one archive.
  void save(torch::serialize::OutputArchive& archive, const std::string& key = default_key) const;

  /// Restores a saved state from a file and writes the values of its step into the optimizer.
  /// Throws std::runtime_error if the file has no such state, if it is damaged, or if it was saved
  /// with other schedules: then the message shows both and the first step at which they differ.
  /// `change` says what to do with other schedules. `accept_future` compares the first million
  /// steps and, if the checkpoint is later, a million of the steps between them and it.
  ///
  /// A relative driver takes its base values from the state, even if the optimizer already had
  /// scheduled values when the driver was built. At that time a group should have had its
  /// saved base value or the value that the saved driver had written. If it had another value,
  /// `accept` takes that as the base value; `refuse` and `accept_future` throw std::runtime_error.
  ///
  /// torch::load(scheduler, path) does the same.
  void load(const std::string& path, ScheduleChange change = ScheduleChange::refuse) {
    driver_.load(path, change);
  }
  /// Restores a state from a stream, which is read up to the end of the state.
  void load(std::istream& stream, ScheduleChange change = ScheduleChange::refuse) {
    driver_.load(stream, change);
  }
  /// Restores a state that was saved to an archive without a key.
  void load(torch::serialize::InputArchive& archive,
            ScheduleChange change = ScheduleChange::refuse);
  /// Restores the state that an archive has under `key`.
  void load(torch::serialize::InputArchive& archive, const std::string& key,
            ScheduleChange change = ScheduleChange::refuse);

  /// The key under which save() and load() find a state in an archive if none is given.
  static constexpr const char* default_key = "libsched_scheduler";

 private:
  // Sorts the constructor's arguments: the rate and the drives, and the plateau.
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

  friend LIBSCHED_API std::vector<Finding> review(const LRScheduler& scheduler, Step planned_steps);

  torch::optim::Optimizer* optimizer_;
  Driver driver_;
};

/// Reviews the schedules of all driven values for a run of `planned_steps`; see review() of a
/// Driver. Each finding begins with the name of the value. Throws std::invalid_argument for
/// planned_steps < 1.
LIBSCHED_API std::vector<Finding> review(const LRScheduler& scheduler, Step planned_steps);

/// Wraps a libsched::LRScheduler for code that expects LibTorch's base class; step() of the base
/// class then steps the driver.
class TorchLRScheduler : public torch::optim::LRScheduler {
 public:
  /// Wraps a driver that was built before.
  explicit TorchLRScheduler(libsched::LRScheduler scheduler)
      : torch::optim::LRScheduler(scheduler.optimizer()), driver(std::move(scheduler)) {}
  /// Builds the driver from the arguments that libsched::LRScheduler takes.
  template <class... Extras>
  TorchLRScheduler(torch::optim::Optimizer& optimizer, GroupSchedules schedules, Extras... extras)
      : TorchLRScheduler(libsched::LRScheduler(optimizer, std::move(schedules), extras...)) {}

  libsched::LRScheduler driver;  ///< the driver that step() advances

 protected:
  /// Advances the driver: the base class's step() calls get_lrs() exactly once per step.
  std::vector<double> get_lrs() override {
    driver.step();
    return driver.last_lr();
  }
};

}  // namespace libsched

namespace torch {

// Overloads of LibTorch's own templates, which would write an archive: that is slow for a few
// numbers, and its reader can crash on a damaged file.
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
