#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <istream>
#include <ostream>
#include <stdexcept>
#include <string_view>

#include "field_text.hpp"
#include "libsched/driver.hpp"
#include "libsched/math.hpp"
#include "libsched/notation.hpp"
#include "model.hpp"
#include "state.hpp"

namespace libsched {
namespace {

constexpr Step most_steps = 1'000'000;
constexpr std::string_view if_meant =
    "Load it with libsched::ScheduleChange::accept if the change is meant.";

std::optional<Schedule> parsed(std::string_view notation) {
  try {
    return parse(notation);
  } catch (const std::invalid_argument&) {
    return std::nullopt;  // it holds a callable
  }
}

// Whether two notations of one name mean the same. Their texts may differ: that of an earlier
// version may lack a field that has a default.
bool is_same(const NamedNotation& saved, const NamedNotation& driven, bool is_plateau) {
  if (saved.notation == driven.notation) return true;
  try {
    if (is_plateau) {
      return parse_plateau(saved.notation) == parse_plateau(driven.notation);
    }
    return parse(saved.notation) == parse(driven.notation);
  } catch (const std::invalid_argument&) {
    return false;  // it holds a callable
  }
}

std::string differing_fields(std::string_view saved, const ReduceOnPlateau& driven) {
  try {
    const ReduceOnPlateau plateau = parse_plateau(saved);
    return detail::differing(detail::kind_of<ReduceOnPlateau>(), &plateau, &driven);
  } catch (const std::invalid_argument&) {
    return "a field that this version does not know";
  }
}

// The first of `steps` steps at which the values differ. Looks at each of the first million steps,
// at a million of those after them, and at the last.
std::optional<Step> first_difference(const Schedule& a, const Schedule& b, Step steps) {
  if (steps == 0) return std::nullopt;
  const Step last = steps - 1;
  const Step stride = 1 + last / most_steps;
  for (Step t = 0;; t = std::min(last, detail::add(t, t < most_steps ? 1 : stride))) {
    if (a(t) != b(t)) return t;
    if (t == last) return std::nullopt;
  }
}

// "\n  they first differ at step 30: 0.05 and 0.1"; empty if one of them is not known.
std::string describe_difference(const std::optional<Schedule>& a,
                                const std::optional<Schedule>& b) {
  if (!a || !b) return {};
  try {
    if (const auto t = first_difference(*a, *b, most_steps)) {
      return fmt::format("\n  they first differ at step {}: {} and {}", *t, (*a)(*t), (*b)(*t));
    }
  } catch (const std::exception&) {
    return {};
  }
  return fmt::format("\n  their values are the same in the first {} steps", most_steps);
}

// The values at three steps that a run up to `last` has seen: a callable need not be defined
// further.
std::vector<double> custom_values(const Schedule& schedule, Step last) {
  return {schedule(0), schedule(last / 2), schedule(last)};
}

// Another compiler, processor or math library may round the last bits of a callable differently.
bool are_close(const std::vector<double>& saved, const std::vector<double>& now) {
  double largest = 0;
  for (const double value : saved) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return std::equal(saved.begin(), saved.end(), now.begin(), now.end(), [&](double x, double y) {
    return x == y || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= 1e-12 * largest;
  });
}

const std::vector<double>* find(
    const std::vector<std::pair<std::string, std::vector<double>>>& values,
    const std::string& name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

const NamedNotation* find(const std::vector<NamedNotation>& notations, const std::string& name) {
  const auto found = std::find_if(notations.begin(), notations.end(),
                                  [&](const NamedNotation& n) { return n.name == name; });
  return found == notations.end() ? nullptr : &*found;
}

std::string line(const NamedNotation& notation) {
  return fmt::format("{}: {}", notation.name, notation.notation);
}

std::vector<NamedNotation> notations_of(const State& state) {
  std::vector<NamedNotation> notations;
  for (const auto& [name, notation] : state.drives) notations.push_back({name, notation});
  return notations;
}

// What `lr` is called if it is relative, and the other way round.
std::string other_form(const std::string& name) {
  const bool is_relative = name.compare(0, factor_of.size(), factor_of) == 0;
  return is_relative ? name.substr(factor_of.size()) : std::string(factor_of) + name;
}

// The problem of a saved notation whose name is not driven.
std::string undriven_problem(const NamedNotation& saved, const std::vector<NamedNotation>& driven,
                             const std::vector<const GroupSetting*>& settings) {
  for (const GroupSetting* setting : settings) {
    const std::size_t groups = setting->schedules.list.size();
    if (!setting->schedules.per_group || saved.name != name_of(*setting, groups)) continue;
    return fmt::format(
        "the checkpoint has a param group {}, which the optimizer lacks: add it first, by "
        "scheduler.add_param_group(group, schedule)\n  saved:  {}",
        groups, line(saved));
  }
  if (const NamedNotation* other = find(driven, other_form(saved.name))) {
    return fmt::format(
        "the checkpoint is of another schedule\n  saved:  {}\n  driven: {}\n  one is of "
        "LRScheduler::relative, the other not\n{}",
        line(saved), line(*other), if_meant);
  }
  return fmt::format(
      "the checkpoint also has {}, which this driver does not drive\n  saved:  {}\n{}", saved.name,
      line(saved), if_meant);
}

std::string plateau_problem(const NamedNotation& saved, const NamedNotation& driven,
                            const ReduceOnPlateau& plateau) {
  return fmt::format(
      "the checkpoint is of another plateau, which differs in {}\n  saved:  {}\n  driven: {}\n{}",
      differing_fields(saved.notation, plateau), saved.notation, driven.notation, if_meant);
}

// The problem of a schedule that is not the saved one; empty if the change is allowed.
std::string change_problem(const NamedNotation& saved, const NamedNotation& driven,
                           const std::optional<Schedule>& schedule, Step step,
                           ScheduleChange change) {
  const std::optional<Schedule> before = schedule ? parsed(saved.notation) : std::nullopt;
  std::string advice(if_meant);
  if (change == ScheduleChange::accept_future) {
    // No update has used the value of the checkpoint's own step.
    if (before && !first_difference(*before, *schedule, step)) return {};
    advice = fmt::format(
        "The {} updates so far must have the same values. To go on otherwise from here, drive "
        "sequence(take(so_far, {}), then), where so_far is the saved schedule: see \"Train longer "
        "than planned\" in integrations/torch/README.md.",
        step, step);
  }
  return fmt::format("the checkpoint is of another schedule\n  saved:  {}\n  driven: {}{}\n{}",
                     line(saved), line(driven), describe_difference(before, schedule), advice);
}

}  // namespace

// In the order of notations(); the entry is empty for a group that is left as it is and for the
// plateau.
PerGroup Driver::all_schedules() const {
  PerGroup all;
  for (const DrivenSetting& driven : settings_) {
    const PerGroup& list = driven.setting.schedules.list;
    all.insert(all.end(), list.begin(), list.end());
  }
  if (plateau_) all.push_back(std::nullopt);
  return all;
}

State Driver::state() const {
  check_groups();
  State state;
  state.step = step_count_;
  for (const auto& [name, notation] : notations()) state.drives.emplace_back(name, notation);
  for (const DrivenSetting& driven : settings_) {
    if (!driven.setting.is_relative) continue;
    state.base_values.emplace_back(driven.setting.name, driven.base_values);
    state.held_values.emplace_back(driven.setting.name, driven.values);
  }
  if (plateau_) state.plateau = plateau_state_;
  for (const std::optional<Schedule>& schedule : all_schedules()) {
    if (!schedule || !detail::has_callable(*schedule)) continue;
    const std::vector<double> values = custom_values(*schedule, step_count_);
    state.customs.insert(state.customs.end(), values.begin(), values.end());
  }
  return state;
}

void Driver::check_same(const State& state, ScheduleChange change) const {
  const std::vector<NamedNotation> saved = notations_of(state);
  const std::vector<NamedNotation> driven = notations();
  const PerGroup schedules = all_schedules();
  std::vector<const GroupSetting*> settings;
  for (const DrivenSetting& one : settings_) settings.push_back(&one.setting);
  const auto refuse = [&](const std::string& problem) {
    throw std::runtime_error(fmt::format("{}: {}", owner_, problem));
  };

  for (const NamedNotation& one : saved) {
    if (find(driven, one.name) == nullptr) refuse(undriven_problem(one, driven, settings));
  }
  for (const NamedNotation& one : driven) {
    if (find(saved, one.name) != nullptr) continue;
    refuse(fmt::format("this driver also drives {}, which the checkpoint lacks\n  driven: {}\n{}",
                       one.name, line(one), if_meant));
  }

  auto customs = state.customs.begin();  // three values of each schedule that holds a callable
  for (const NamedNotation& one : saved) {
    const NamedNotation& now = *find(driven, one.name);
    const auto& schedule = schedules[static_cast<std::size_t>(&now - driven.data())];
    const bool is_plateau = plateau_ && &now == &driven.back();
    if (!is_same(one, now, is_plateau)) {
      const std::string problem = is_plateau
                                      ? plateau_problem(one, now, *plateau_)
                                      : change_problem(one, now, schedule, state.step, change);
      if (!problem.empty()) refuse(problem);
    } else if (schedule && detail::has_callable(*schedule)) {
      const auto count = std::min<std::ptrdiff_t>(3, state.customs.end() - customs);
      const std::vector<double> values(customs, customs + count);
      customs += count;
      if (are_close(values, custom_values(*schedule, state.step))) continue;
      refuse(fmt::format("the checkpoint is of another custom schedule, {} had other values\n{}",
                         one.name, if_meant));
    }
  }
}

// If the driver was built after the optimizer itself was resumed, it took values that the saved
// driver had set for base values.
void Driver::load_base_values(const State& state, DrivenSetting& driven,
                              ScheduleChange change) const {
  const GroupSetting& setting = driven.setting;
  const std::string what = driven.is_rate ? "base rate" : "base value of " + setting.name;
  const std::vector<double>* saved = find(state.base_values, setting.name);
  if (saved == nullptr) return;
  if (saved->size() > driven.base_values.size()) {
    throw std::runtime_error(fmt::format(
        "{}: the checkpoint has the {}s of {} param groups, the optimizer has {}: add the others "
        "first, by scheduler.add_param_group(group)",
        owner_, what, saved->size(), driven.base_values.size()));
  }
  const std::vector<double>* held = find(state.held_values, setting.name);
  // A group that the checkpoint does not know keeps the base value that it has here.
  for (std::size_t i = 0; i < saved->size(); ++i) {
    const std::optional<Schedule>& factor = setting.schedules.of(i);
    if (!factor) continue;
    double& base = driven.base_values[i];
    const double held_value = held != nullptr && i < held->size()
                                  ? (*held)[i]
                                  : held_value_of_0_1_0(state, (*saved)[i], *factor);
    const bool is_held = std::abs(base - held_value) <= 1e-12 * held_value;
    if (base == (*saved)[i] || is_held) {
      base = (*saved)[i];
    } else if (change != ScheduleChange::accept) {
      throw std::runtime_error(
          fmt::format("{}: the checkpoint is of another {}, of group {}\n  saved:  {}\n  driven: "
                      "{}\n{}",
                      owner_, what, i, (*saved)[i], base, if_meant));
    }
  }
}

void Driver::load_state(const State& state, ScheduleChange change) {
  if (change != ScheduleChange::accept) check_same(state, change);
  Driver loaded = *this;
  loaded.sync_with_groups(groups_());
  for (DrivenSetting& driven : loaded.settings_) {
    if (driven.setting.is_relative) load_base_values(state, driven, change);
  }
  if (plateau_ && state.plateau) loaded.plateau_state_ = *state.plateau;
  loaded.step_to(state.step);
  *this = std::move(loaded);
}

void Driver::save(std::ostream& stream) const {
  stream << to_text(state()) << std::flush;
  if (!stream) throw std::runtime_error(fmt::format("{}: cannot write the checkpoint", owner_));
}

void Driver::load(std::istream& stream, ScheduleChange change) {
  if (stream.bad()) {
    throw std::runtime_error(fmt::format("{}: cannot read the checkpoint", owner_));
  }
  load_state(read_state(stream, owner_), change);
}

void Driver::save(const std::string& path) const { write_file(path, to_text(state()), owner_); }

void Driver::load(const std::string& path, ScheduleChange change) {
  const State state = read_file(path, owner_);
  load_state(state, change);
}

std::vector<NamedNotation> saved_notations(const std::string& path) {
  return notations_of(read_file(path, "libsched"));
}

Step saved_step(const std::string& path) { return read_file(path, "libsched").step; }

}  // namespace libsched
