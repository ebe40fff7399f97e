#pragma once

#include <torch/optim/optimizer.h>
#include <torch/optim/schedulers/lr_scheduler.h>
#include <torch/serialize/archive.h>

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libsched/plateau.hpp"
#include "libsched/schedule.hpp"

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
namespace libsched {

/// What a Drive may drive beside the learning rate. SGD has momentum and weight_decay; Adam and
/// AdamW beta1, beta2, weight_decay and eps; RMSprop momentum, weight_decay and eps; Adagrad
/// weight_decay and eps; LBFGS none. (RMSprop makes room for its momentum at the first update only:
/// begin with one above 0.)
enum class Hyperparameter {
  momentum,      ///< of SGD and RMSprop
  beta1,         ///< the first of Adam's betas
  beta2,         ///< the second
  weight_decay,  ///< the L2 penalty, or AdamW's decay
  eps            ///< what is added to a denominator
};

/// Drives one more hyperparameter, of every param group, by a schedule of its own.
struct Drive {
  Hyperparameter hyperparameter;  ///< which
  Schedule schedule;              ///< its values
};

/// Whether a checkpoint of another schedule is an error or meant.
enum class ScheduleChange {
  refuse,  ///< an error
  accept   ///< meant
};

/// Drives the learning rates of a torch::optim optimiser, which it refers to and must not outlive.
/// Built, the optimiser has the values of step 0; call step() after each optimizer.step().
/// A value that is negative or not finite is never written: std::domain_error names schedule and
/// step, and the optimiser and the step count stay as they were. So do they at any other error.
class LRScheduler {
 public:
  /// One schedule for every param group, also for groups that are added later. `extras` are Drive
  /// and ReduceOnPlateau values. Throws std::invalid_argument for a hyperparameter that the
  /// optimiser lacks.
  template <class... Extras>
  LRScheduler(torch::optim::Optimizer& optimizer, Schedule schedule, Extras... extras)
      : LRScheduler(optimizer, Form::shared, {std::move(schedule)}) {
    start(extras...);
  }

  /// One schedule a param group. Throws std::invalid_argument where their numbers differ.
  template <class... Extras>
  LRScheduler(torch::optim::Optimizer& optimizer, std::vector<Schedule> schedules, Extras... extras)
      : LRScheduler(optimizer, Form::per_group, std::move(schedules)) {
    start(extras...);
  }
  /// The same, as in LRScheduler(optimizer, {a, b}).
  template <class... Extras>
  LRScheduler(torch::optim::Optimizer& optimizer, std::initializer_list<Schedule> schedules,
              Extras... extras)
      : LRScheduler(optimizer, std::vector<Schedule>(schedules), extras...) {}

  /// Each param group's own rate, as it is now, times factor(t); a group that is added later has
  /// its rate taken when it is first seen.
  template <class... Extras>
  static LRScheduler relative(torch::optim::Optimizer& optimizer, Schedule factor,
                              Extras... extras) {
    LRScheduler scheduler(optimizer, Form::relative, {std::move(factor)});
    scheduler.start(extras...);
    return scheduler;
  }

  /// One more update is done: sets the values for the next.
  void step() { advance(1); }
  /// `n` more are done, e.g. where steps are samples or tokens. Throws std::invalid_argument for n
  /// < 0.
  void advance(Step n);
  /// As if `t` updates were done, e.g. to resume. Throws std::invalid_argument for t < 0.
  void step_to(Step t);
  /// Updates done so far.
  Step step_count() const { return step_count_; }

  /// The rate that the next optimizer.step() uses for this param group; log it before that call.
  double lr(std::size_t group = 0) const;
  /// The same for every param group.
  std::vector<double> last_lr() const;

  /// Tells the ReduceOnPlateau a metric; where that lowers its scale, the rates change at once.
  /// Throws std::logic_error where none was given.
  void report(double metric);
  /// What the ReduceOnPlateau multiplies the rates by; 1 without one.
  double scale() const { return plateau_ ? plateau_state_.scale : 1; }

  /// What it drives.
  torch::optim::Optimizer& optimizer() const { return *optimizer_; }

  /// What drives what, a line each: two drivers with the same text, and no custom callable in it,
  /// set the same values at the same step.
  std::vector<std::string> notations() const;

  /// Writes the state, a few lines of text with a checksum, to a file, to a stream, or as one
  /// string into an archive. torch::save(scheduler, path or stream) does the same.
  void save(const std::string& path) const;
  /// The same, to a stream.
  void save(std::ostream& stream) const;
  /// The same, to an archive.
  void save(torch::serialize::OutputArchive& archive) const;

  /// Reads it back (a stream to its end) and writes the values of its step into the optimiser.
  /// torch::load(scheduler, path or stream) does the same. Throws std::runtime_error where there is
  /// no such state, where it is damaged, or where it is of other schedules: then it shows both and
  /// the first step at which they differ.
  void load(const std::string& path, ScheduleChange change = ScheduleChange::refuse);
  /// The same, from a stream.
  void load(std::istream& stream, ScheduleChange change = ScheduleChange::refuse);
  /// The same, from an archive.
  void load(torch::serialize::InputArchive& archive,
            ScheduleChange change = ScheduleChange::refuse);

 private:
  enum class Form { shared, per_group, relative };

  LRScheduler(torch::optim::Optimizer& optimizer, Form form, std::vector<Schedule> schedules);

  template <class... Extras>
  void start(Extras&... extras) {
    (add(std::move(extras)), ...);
    step_to(0);
  }
  void add(Drive drive);
  void add(const ReduceOnPlateau& plateau);

  void write(Step t, double scale);
  void see_groups();
  std::vector<Schedule> all_schedules() const;
  std::string state_text() const;
  void load_text(const std::string& text, ScheduleChange change);

  torch::optim::Optimizer* optimizer_;
  Form form_;
  std::vector<Schedule> schedules_;  // of the rate: one, or one a group
  std::vector<Drive> drives_;
  std::optional<ReduceOnPlateau> plateau_;
  PlateauState plateau_state_{};

  Step step_count_ = 0;
  std::vector<double> base_rates_;  // relative: of each group
  std::vector<double> rates_;       // room for write(), so that a step allocates nothing
  std::vector<double> values_;      // the same, one a drive
};

/// An LRScheduler for code that takes LibTorch's base class; its rates are the driver's.
class TorchLRScheduler : public torch::optim::LRScheduler {
 public:
  /// Takes a driver as it is.
  explicit TorchLRScheduler(libsched::LRScheduler scheduler)
      : torch::optim::LRScheduler(scheduler.optimizer()), driver(std::move(scheduler)) {}
  /// Takes what libsched::LRScheduler takes.
  template <class... Extras>
  TorchLRScheduler(torch::optim::Optimizer& optimizer, Schedule schedule, Extras... extras)
      : TorchLRScheduler(libsched::LRScheduler(optimizer, schedule, extras...)) {}
  /// The same, with a schedule a param group.
  template <class... Extras>
  TorchLRScheduler(torch::optim::Optimizer& optimizer, std::initializer_list<Schedule> schedules,
                   Extras... extras)
      : TorchLRScheduler(libsched::LRScheduler(optimizer, schedules, extras...)) {}

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
