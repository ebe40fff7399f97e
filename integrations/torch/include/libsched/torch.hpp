#pragma once

#include <torch/optim/optimizer.h>
#include <torch/optim/schedulers/lr_scheduler.h>
#include <torch/serialize/archive.h>

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsched/plateau.hpp"
#include "libsched/review.hpp"
#include "libsched/schedule.hpp"

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif
namespace libsched {

struct State;

/// A schedule for each param group; an empty entry leaves that group's value as it is.
using PerGroup = std::vector<std::optional<Schedule>>;
/// The empty entry, as in {schedule0, keep}.
inline constexpr std::nullopt_t keep = std::nullopt;

/// One schedule for every param group, also for groups that are added later, or one a group.
struct Schedules {
  /// One for every group: whatever a Schedule takes.
  template <class S, class = std::enable_if_t<std::is_convertible_v<S, Schedule>>>
  Schedules(S schedule) : list{Schedule(std::move(schedule))}, per_group(false) {}
  /// One a group.
  Schedules(PerGroup schedules) : list(std::move(schedules)), per_group(true) {}
  /// The same, as in {a, keep}.
  Schedules(std::initializer_list<std::optional<Schedule>> schedules)
      : Schedules(PerGroup(schedules)) {}
  /// The same, without an empty entry.
  Schedules(const std::vector<Schedule>& schedules)
      : Schedules(PerGroup(schedules.begin(), schedules.end())) {}

  PerGroup list;   ///< one, or one a group
  bool per_group;  ///< which

  /// That of a group.
  const std::optional<Schedule>& of(std::size_t group) const { return list[per_group ? group : 0]; }
};

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

/// Where the options of an optimiser hold a value; throws std::invalid_argument where they do not.
using Place = std::function<double&(torch::optim::OptimizerOptions&)>;

/// Drives one more value of the optimiser, which must stay finite and at least 0, and a beta below
/// 1. One schedule for all groups writes its value into each, over a 0 too: a group that shall have
/// no weight decay has `keep`, or take Drive::relative.
struct Drive {
  /// As in Drive{Hyperparameter::weight_decay, schedule} or {..., {schedule0, keep}}.
  Drive(Hyperparameter hyperparameter, Schedules schedules);
  /// An option of an optimiser of one's own, as in Drive{"beta1", [](OptimizerOptions& o) ->
  /// double& { return static_cast<LionOptions&>(o).beta1(); }, schedule}. `name` is for messages,
  /// logs and checkpoints: letters, digits, underscores, hyphens and points. Throws
  /// std::invalid_argument for a bad name or an empty function.
  Drive(std::string name, Place place, Schedules schedules);

  /// Each group's own value, as it is when the driver is built, times factor(t): 0 stays 0.
  static Drive relative(Hyperparameter hyperparameter, Schedules factors);
  /// The same, of an option of an optimiser of one's own.
  static Drive relative(std::string name, Place place, Schedules factors);

  std::string name;          ///< unique in a driver
  Place place;               ///< where the value is
  Schedules schedules;       ///< its values, or factors
  bool is_relative = false;  ///< which
  bool below_one = false;    ///< whether a value of 1 and more is out of range
};

/// What a checkpoint of another schedule is.
enum class ScheduleChange {
  refuse,         ///< an error
  accept,         ///< meant
  accept_future,  ///< meant, where it has the same values up to the step of the checkpoint
};

/// What drives what.
struct NamedNotation {
  std::string name;      ///< `lr`, `lr of group 1`, `factor of lr`, `weight_decay`, ..., `plateau`
  std::string notation;  ///< of its schedule; `keep` for a group that is left alone
};
/// Whether both are the same.
inline bool operator==(const NamedNotation& a, const NamedNotation& b) {
  return a.name == b.name && a.notation == b.notation;
}
/// The opposite.
inline bool operator!=(const NamedNotation& a, const NamedNotation& b) { return !(a == b); }

/// Drives the learning rates of a torch::optim optimiser, which it refers to and must not outlive.
/// Built, the optimiser has the values of step 0; call step() after each optimizer.step().
/// A value that is negative or not finite is never written: std::domain_error names schedule and
/// step, and the optimiser and the step count stay as they were. So do they at any other error.
class LRScheduler {
 public:
  /// One schedule for every param group, or one a group: LRScheduler(optimizer, schedule) or
  /// LRScheduler(optimizer, {schedule0, keep}). `extras` are Drive and ReduceOnPlateau values, a
  /// std::vector<Drive>, or a std::optional<ReduceOnPlateau>. Throws std::invalid_argument where
  /// the numbers of schedules and groups differ, and for a value that the optimiser lacks.
  template <class... Extras>
  LRScheduler(torch::optim::Optimizer& optimizer, Schedules schedules, Extras... extras)
      : LRScheduler(optimizer, std::move(schedules), Relative{false}) {
    start(extras...);
  }

  /// Each param group's own rate, as it is now, times factor(t); one factor for every group or one
  /// a group. A group that is added later has its rate taken when it is first seen.
  template <class... Extras>
  static LRScheduler relative(torch::optim::Optimizer& optimizer, Schedules factors,
                              Extras... extras) {
    LRScheduler scheduler(optimizer, std::move(factors), Relative{true});
    scheduler.start(extras...);
    return scheduler;
  }

  /// One more update is done: sets the values for the next. A value of 1 that a beta's schedule has
  /// at its very end is written as the largest number below 1, as no update is meant to use it.
  void step() { advance(1); }
  /// `n` more are done, e.g. where steps are samples or tokens. Throws std::invalid_argument for n
  /// < 0.
  void advance(Step n);
  template <class Real, class = detail::if_real<Real>>
  void advance(Real n) = delete;  ///< steps are whole
  /// As if `t` updates were done, e.g. to resume. Throws std::invalid_argument for t < 0.
  void step_to(Step t);
  template <class Real, class = detail::if_real<Real>>
  void step_to(Real t) = delete;  ///< steps are whole
  /// Updates done so far.
  Step step_count() const { return step_count_; }

  /// The rate that the next optimizer.step() uses for this param group; log it before that call.
  double lr(std::size_t group = 0) const;
  /// The same for every param group.
  std::vector<double> last_lr() const;
  /// The schedule of this group's rate, or its factor's. Throws std::out_of_range for a group that
  /// is not there and std::logic_error for one whose rate is left as it is.
  const Schedule& schedule(std::size_t group = 0) const;

  /// What it drives, as the optimiser has it for its next update: `lr` where one schedule sets the
  /// rate of all groups, else `lr of group 0`, ...; then the drives likewise, by their names. For
  /// the header and a row of a CSV file: the names hold no comma, and stay while the driver lives,
  /// but for groups that are added.
  std::vector<std::pair<std::string, double>> values() const;

  /// Tells the ReduceOnPlateau a metric; where that lowers its scale, the rates change at once and
  /// it gives true. At a step before from_step nothing is counted. Throws std::logic_error where no
  /// ReduceOnPlateau was given.
  bool report(double metric);
  /// What the ReduceOnPlateau multiplies the rates by; 1 without one.
  double scale() const { return plateau_ ? plateau_state_.scale : 1; }
  /// False once no report can lower any rate, so that a run may stop: looks at the present step and
  /// at 1, 2, 4, 8, ... steps from it, to the schedule's end.
  bool can_reduce() const;

  /// Adds the group to the optimiser and writes its values at once, so that its first update has
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
  std::vector<NamedNotation> notations() const;

  /// Writes the state, a few lines of text with a checksum, to a file, to a stream, or into an
  /// archive. torch::save(scheduler, path or stream) does the same.
  void save(const std::string& path) const;
  /// The same, to a stream.
  void save(std::ostream& stream) const;
  /// The same, to an archive. Throws std::invalid_argument where it has something of that key: give
  /// each driver its own.
  void save(torch::serialize::OutputArchive& archive, const std::string& key = default_key) const;

  /// Reads it back (a stream to the end of the state) and writes the values of its step into the
  /// optimiser. torch::load(scheduler, path or stream) does the same. Throws std::runtime_error
  /// where there is no such state, where it is damaged, or where it is of other schedules: then it
  /// shows both and the first step at which they differ. `accept_future` compares every step up to
  /// a million, and a million places between there and the step of the checkpoint. Base values of
  /// what is relative come from the state, also on an optimiser that was built with a value that
  /// the driver had written. Where a group has neither that nor its saved base value but another,
  /// `accept` takes the new one, and the others throw std::runtime_error.
  void load(const std::string& path, ScheduleChange change = ScheduleChange::refuse);
  /// The same, from a stream.
  void load(std::istream& stream, ScheduleChange change = ScheduleChange::refuse);
  /// The same, from an archive.
  void load(torch::serialize::InputArchive& archive,
            ScheduleChange change = ScheduleChange::refuse);
  /// The same, from an archive in which it has a key of its own.
  void load(torch::serialize::InputArchive& archive, const std::string& key,
            ScheduleChange change = ScheduleChange::refuse);

  /// Of save() without a key.
  static constexpr const char* default_key = "libsched_scheduler";

 private:
  struct Relative {
    bool value;
  };

  // The rate, which has no place because set_lr() sets it, or what a Drive drives.
  struct Target {
    Drive drive;
    std::vector<double> base_values;  // where it is relative: of each group, 0 where it is left
    std::vector<double> values;       // room for write(), so that a step allocates nothing
    std::vector<double*> places;      // the same, one a group
  };

  LRScheduler(torch::optim::Optimizer& optimizer, Schedules schedules, Relative relative);

  template <class... Extras>
  void start(Extras&... extras) {
    (add(std::move(extras)), ...);
    step_to(0);
  }
  void add(Drive drive);
  void add(std::vector<Drive> drives);
  void add(const ReduceOnPlateau& plateau);
  void add(const std::optional<ReduceOnPlateau>& plateau);

  void write(Step t, double scale);
  // The rate first.
  template <class Scheduler, class Use>
  static void for_each_target(Scheduler& scheduler, const Use& use) {
    use(scheduler.rate_);
    for (auto& drive : scheduler.drives_) use(drive);
  }
  void meet_groups(Target& target);
  void see_groups(Target& target);
  void add_group(const torch::optim::OptimizerParamGroup& group, PerGroup schedules);

  State state() const;
  void load_state(const State& state, ScheduleChange change);
  void load_base_values(const State& state, Target& target, ScheduleChange change) const;
  void check_same(const State& state, ScheduleChange change) const;
  PerGroup all_schedules() const;

  friend std::vector<Finding> review(const LRScheduler& scheduler, Step planned_steps);

  torch::optim::Optimizer* optimizer_;
  Target rate_;
  std::vector<Target> drives_;
  std::optional<ReduceOnPlateau> plateau_;
  PlateauState plateau_state_{};
  Step step_count_ = 0;
};

/// What a checkpoint drives, without a driver, e.g. to parse() its schedules. Throws
/// std::runtime_error where the file cannot be read or is none.
std::vector<NamedNotation> saved_notations(const std::string& path);
/// The step of a checkpoint. The same errors.
Step saved_step(const std::string& path);

/// review() of every schedule of the driver, each finding with the name of what it drives, and
/// where a value leaves its range, so that step() would throw. Of what is no rate, no finding says
/// that updates do nothing. Throws std::invalid_argument for planned_steps < 1.
std::vector<Finding> review(const LRScheduler& scheduler, Step planned_steps);

/// An LRScheduler for code that takes LibTorch's base class; its rates are the driver's.
class TorchLRScheduler : public torch::optim::LRScheduler {
 public:
  /// Takes a driver as it is.
  explicit TorchLRScheduler(libsched::LRScheduler scheduler)
      : torch::optim::LRScheduler(scheduler.optimizer()), driver(std::move(scheduler)) {}
  /// Takes what libsched::LRScheduler takes.
  template <class... Extras>
  TorchLRScheduler(torch::optim::Optimizer& optimizer, Schedules schedules, Extras... extras)
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
