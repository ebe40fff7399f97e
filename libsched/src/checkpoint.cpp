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

// Of one name. Not by their text: that of an earlier version may lack a field that has a default.
bool is_same(const NamedNotation& saved, const NamedNotation& driven) {
  if (saved.notation == driven.notation) return true;
  try {
    if (saved.name == plateau_name) {
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

// Among the first `steps` steps: looks at each of the first million, at a million of those after
// them, and at the last.
std::optional<Step> first_difference(const Schedule& a, const Schedule& b, Step steps) {
  if (steps == 0) return std::nullopt;
  const Step last = steps - 1;
  const Step stride = 1 + last / most_steps;
  for (Step t = 0;; t = std::min(last, detail::add(t, t < most_steps ? 1 : stride))) {
    if (a(t) != b(t)) return t;
    if (t == last) return std::nullopt;
  }
}

// "\n  they first differ at step 30: 0.05 and 0.1" if both are known.
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

// At steps that a run up to `last` has seen: a callable need not be defined further.
std::vector<double> custom_values(const Schedule& schedule, Step last) {
  return {schedule(0), schedule(last / 2), schedule(last)};
}

bool have_same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

const std::vector<double>* find(
    const std::vector<std::pair<std::string, std::vector<double>>>& values,
    const std::string& name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

bool has_name(const std::vector<NamedNotation>& notations, const std::string& name) {
  return std::any_of(notations.begin(), notations.end(),
                     [&](const NamedNotation& n) { return n.name == name; });
}

std::string line(const NamedNotation& notation) {
  return fmt::format("{}: {}", notation.name, notation.notation);
}

std::vector<NamedNotation> notations_of(const State& state) {
  std::vector<NamedNotation> notations;
  for (const auto& [name, notation] : state.drives) notations.push_back({name, notation});
  return notations;
}

}  // namespace

// In the order of notations(); a group that is left as it is has none, nor has the plateau.
PerGroup Driver::all_schedules() const {
  PerGroup all;
  for (const Track& track : tracks_) {
    const PerGroup& list = track.setting.schedules.list;
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
  for (const Track& track : tracks_) {
    if (!track.setting.is_relative) continue;
    state.base_values.emplace_back(track.setting.name, track.base_values);
    state.held_values.emplace_back(track.setting.name, track.values);
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
  const auto refuse = [&](const std::string& why) {
    throw std::runtime_error(fmt::format("{}: {}", owner_, why));
  };

  for (const NamedNotation& one : saved) {
    if (has_name(driven, one.name)) continue;
    for (const Track& track : tracks_) {
      const std::size_t groups = track.setting.schedules.list.size();
      if (!track.setting.schedules.per_group || one.name != name_of(track.setting, groups))
        continue;
      refuse(
          fmt::format("the checkpoint has a param group {}, which the optimizer lacks: add it "
                      "first, by scheduler.add_param_group(group, schedule)\n  saved:  {}",
                      groups, line(one)));
    }
    for (const Track& track : tracks_) {
      GroupSetting other = track.setting;
      other.is_relative = !other.is_relative;
      for (std::size_t i = 0; i < other.schedules.list.size(); ++i) {
        if (one.name != name_of(other, i)) continue;
        const auto own = std::find_if(driven.begin(), driven.end(), [&](const NamedNotation& n) {
          return n.name == name_of(track.setting, i);
        });
        refuse(
            fmt::format("the checkpoint is of another schedule\n  saved:  {}\n  driven: {}\n  "
                        "one is of LRScheduler::relative, the other not\n{}",
                        line(one), line(*own), if_meant));
      }
    }
    refuse(
        fmt::format("the checkpoint also has {}, which this driver does not drive\n  saved:  "
                    "{}\n{}",
                    one.name, line(one), if_meant));
  }

  for (const NamedNotation& one : driven) {
    if (has_name(saved, one.name)) continue;
    refuse(fmt::format("this driver also drives {}, which the checkpoint lacks\n  driven: {}\n{}",
                       one.name, line(one), if_meant));
  }

  auto customs = state.customs.begin();
  for (const NamedNotation& one : saved) {
    const auto found = std::find_if(driven.begin(), driven.end(),
                                    [&](const NamedNotation& n) { return n.name == one.name; });
    const auto& schedule = schedules[static_cast<std::size_t>(found - driven.begin())];
    if (is_same(one, *found)) {
      if (!schedule || !detail::has_callable(*schedule)) continue;
      const auto count = std::min<std::ptrdiff_t>(3, state.customs.end() - customs);
      const std::vector<double> values(customs, customs + count);
      customs += count;
      if (have_same_bits(values, custom_values(*schedule, state.step))) continue;
      refuse(fmt::format("the checkpoint is of another custom schedule, {} had other values\n{}",
                         one.name, if_meant));
    }
    if (plateau_ && one.name == plateau_name) {
      refuse(fmt::format(
          "the checkpoint is of another plateau, which differs in {}\n  saved:  {}\n  driven: "
          "{}\n{}",
          differing_fields(one.notation, *plateau_), one.notation, found->notation, if_meant));
    }
    const std::optional<Schedule> before = schedule ? parsed(one.notation) : std::nullopt;
    const bool only_future = change == ScheduleChange::accept_future;
    // No update has used the value of the checkpoint's own step.
    if (only_future && before && !first_difference(*before, *schedule, state.step)) continue;
    refuse(fmt::format(
        "the checkpoint is of another schedule\n  saved:  {}\n  driven: {}{}\n{}", line(one),
        line(*found), describe_difference(before, schedule),
        only_future
            ? fmt::format("The {} updates so far must have the same values. To go on otherwise "
                          "from here, drive sequence(take(so_far, {}), then), where so_far is the "
                          "saved schedule: see \"Train longer than planned\" in "
                          "integrations/torch/README.md.",
                          state.step, state.step)
            : std::string(if_meant)));
  }
}

// If the driver was built after the optimizer itself was resumed, it took values that the saved
// driver had set for base values.
void Driver::load_base_values(const State& state, Track& track, ScheduleChange change) const {
  const GroupSetting& setting = track.setting;
  const std::string what = track.is_rate ? "base rate" : "base value of " + setting.name;
  const std::vector<double>* saved = libsched::find(state.base_values, setting.name);
  if (saved == nullptr) return;
  if (saved->size() > track.base_values.size()) {
    throw std::runtime_error(fmt::format(
        "{}: the checkpoint has the {}s of {} param groups, the optimizer has {}: add the others "
        "first, by scheduler.add_param_group(group)",
        owner_, what, saved->size(), track.base_values.size()));
  }
  const std::vector<double>* held = libsched::find(state.held_values, setting.name);
  // A group that the checkpoint does not know keeps the base value that it has here.
  for (std::size_t i = 0; i < saved->size(); ++i) {
    if (!setting.schedules.of(i)) continue;
    double& base = track.base_values[i];
    // 0.1.0 did not save it, and had only rates, by one factor.
    const auto held_by_010 = [&] {
      const auto factor = state.drives.empty() ? std::nullopt : parsed(state.drives[0].second);
      return (*saved)[i] * (factor ? *factor : *setting.schedules.of(i))(state.step) *
             (state.plateau ? state.plateau->scale : 1);
    };
    const double held_value = held != nullptr && i < held->size() ? (*held)[i] : held_by_010();
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
  for (Track& track : loaded.tracks_) {
    if (track.setting.is_relative) load_base_values(state, track, change);
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
