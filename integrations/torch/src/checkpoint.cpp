#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <torch/serialize/archive.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <istream>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "libsched/notation.hpp"
#include "libsched/shape.hpp"
#include "libsched/torch.hpp"
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
    return std::nullopt;  // of a custom callable
  }
}

bool is_custom(std::string_view notation) {
  return notation.find("custom") != std::string_view::npos;
}

// Not by their text: a field with a default may be missing in that of an earlier version.
bool is_same(const NamedNotation& saved, const NamedNotation& driven) {
  if (saved.name != driven.name) return false;
  if (saved.notation == driven.notation) return true;
  try {
    if (saved.name == "plateau") {
      return parse_plateau(saved.notation) == parse_plateau(driven.notation);
    }
    return parse(saved.notation) == parse(driven.notation);
  } catch (const std::invalid_argument&) {
    return false;  // of a custom callable
  }
}

// Of each step of the first million; of those behind, of a million, and of the last.
std::optional<Step> first_difference(const Schedule& a, const Schedule& b, Step last) {
  const Step stride = 1 + last / most_steps;
  for (Step t = 0;; t = std::min(last, detail::add(t, t < most_steps ? 1 : stride))) {
    if (a(t) != b(t)) return t;
    if (t == last) return std::nullopt;
  }
}

// ", first at step 30: 0.05 and 0.1" where both can be parsed.
std::string describe_difference(const std::optional<Schedule>& a,
                                const std::optional<Schedule>& b) {
  if (!a || !b) return {};
  try {
    if (const auto t = first_difference(*a, *b, most_steps - 1)) {
      return fmt::format("\n  they first differ at step {}: {} and {}", *t, (*a)(*t), (*b)(*t));
    }
  } catch (const std::exception&) {
    return {};
  }
  return fmt::format("\n  their values are the same in the first {} steps", most_steps);
}

bool is_relative(const NamedNotation& drive) { return drive.name.rfind(factor_of, 0) == 0; }

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

// Its errors name the file.
template <class Use>
auto with_file(const std::string& path, Use use) {
  std::ifstream file(path, std::ios::binary);
  file.peek();  // opening a folder succeeds, reading it does not
  if (!file.is_open() || file.bad()) {
    throw std::runtime_error(fmt::format("LRScheduler: cannot read '{}'", path));
  }
  file.clear();
  try {
    const State state = read_state(file);
    if (file.peek() != std::ifstream::traits_type::eof()) {
      throw std::runtime_error(
          "LRScheduler: the checkpoint is damaged, the file goes on behind it");
    }
    return use(state);
  } catch (const std::runtime_error& error) {
    constexpr std::string_view prefix = "LRScheduler: ";
    const std::string_view what = error.what();
    if (what.substr(0, prefix.size()) != prefix) throw;
    throw std::runtime_error(fmt::format("{}'{}': {}", prefix, path, what.substr(prefix.size())));
  }
}

std::vector<NamedNotation> notations_of(const State& state) {
  std::vector<NamedNotation> notations;
  for (const auto& [name, notation] : state.drives) notations.push_back({name, notation});
  return notations;
}

}  // namespace

// In the order of notations(); a group that is left alone has none.
PerGroup LRScheduler::all_schedules() const {
  PerGroup all;
  for_each_target(*this, [&](const Target& target) {
    const PerGroup& list = target.drive.schedules.list;
    all.insert(all.end(), list.begin(), list.end());
  });
  if (plateau_) all.push_back(std::nullopt);
  return all;
}

State LRScheduler::state() const {
  State state;
  state.step = step_count_;
  for (const auto& [name, notation] : notations()) state.drives.emplace_back(name, notation);
  for_each_target(*this, [&](const Target& target) {
    if (!target.drive.is_relative) return;
    state.base_values.emplace_back(target.drive.name, target.base_values);
    state.held_values.emplace_back(target.drive.name, target.values);
  });
  if (plateau_) state.plateau = plateau_state_;
  for (const std::optional<Schedule>& schedule : all_schedules()) {
    if (!schedule || !is_custom(to_string(*schedule))) continue;
    const std::vector<double> values = custom_values(*schedule, step_count_);
    state.customs.insert(state.customs.end(), values.begin(), values.end());
  }
  return state;
}

void LRScheduler::check_same(const State& state, ScheduleChange change) const {
  const std::vector<NamedNotation> saved = notations_of(state);
  const std::vector<NamedNotation> driven = notations();
  const PerGroup schedules = all_schedules();
  auto customs = state.customs.begin();
  for (std::size_t i = 0; i < std::max(saved.size(), driven.size()); ++i) {
    const auto line = [&](const std::vector<NamedNotation>& notations) {
      return i < notations.size() ? fmt::format("{}: {}", notations[i].name, notations[i].notation)
                                  : "(nothing)";
    };
    const bool both = i < saved.size() && i < driven.size();
    if (both && is_same(saved[i], driven[i])) {
      if (!schedules[i] || !is_custom(saved[i].notation)) continue;
      const auto count = std::min<std::ptrdiff_t>(3, state.customs.end() - customs);
      const std::vector<double> values(customs, customs + count);
      customs += count;
      if (have_same_bits(values, custom_values(*schedules[i], state.step))) continue;
      throw std::runtime_error(fmt::format(
          "LRScheduler: the checkpoint is of another custom schedule, {} had other values\n{}",
          driven[i].name, if_meant));
    }
    std::optional<Schedule> a, b;
    if (both && saved[i].name == driven[i].name) {
      a = parsed(saved[i].notation);
      b = schedules[i];
    }
    if (change == ScheduleChange::accept_future && a && b &&
        !first_difference(*a, *b, state.step)) {
      continue;
    }
    throw std::runtime_error(fmt::format(
        "LRScheduler: the checkpoint is of another schedule\n  saved:  {}\n  driven: {}{}\n{}",
        line(saved), line(driven),
        both && is_relative(saved[i]) != is_relative(driven[i])
            ? "\n  one is of LRScheduler::relative, the other not"
            : describe_difference(a, b),
        if_meant));
  }
}

// A driver that is built on an optimiser which was resumed too has taken what the options held for
// the base values.
void LRScheduler::load_base_values(const State& state, Target& target,
                                   ScheduleChange change) const {
  const Drive& drive = target.drive;
  const bool is_rate = drive.name == "lr";
  const std::string what = is_rate ? "base rate" : "base value of " + drive.name;
  const std::vector<double>* saved = find(state.base_values, drive.name);
  if (saved == nullptr) return;
  const std::size_t groups = optimizer_->param_groups().size();
  if (saved->size() > groups) {
    throw std::runtime_error(fmt::format(
        "LRScheduler: the checkpoint has the {}s of {} param groups, the optimizer has {}", what,
        saved->size(), groups));
  }
  const std::vector<double>* held = find(state.held_values, drive.name);
  // A group that the checkpoint does not know keeps the base value that it has here.
  for (std::size_t i = 0; i < saved->size(); ++i) {
    if (!drive.schedules.of(i)) continue;
    double& base = target.base_values[i];
    // 0.1.0 did not save it, and had only rates, by one factor.
    const auto held_by_010 = [&] {
      const auto factor = state.drives.empty() ? std::nullopt : parsed(state.drives[0].second);
      return (*saved)[i] * (factor ? *factor : *drive.schedules.of(i))(state.step) *
             (state.plateau ? state.plateau->scale : 1);
    };
    const double held_value = held != nullptr && i < held->size() ? (*held)[i] : held_by_010();
    const bool is_held = std::abs(base - held_value) <= 1e-12 * held_value;
    if (base == (*saved)[i] || is_held) {
      base = (*saved)[i];
    } else if (change != ScheduleChange::accept) {
      throw std::runtime_error(
          fmt::format("LRScheduler: the checkpoint is of another {}, of group {}\n  saved:  "
                      "{}\n  driven: {}\n{}",
                      what, i, (*saved)[i], base, if_meant));
    }
  }
}

void LRScheduler::load_state(const State& state, ScheduleChange change) {
  if (change != ScheduleChange::accept) check_same(state, change);
  LRScheduler loaded = *this;
  for_each_target(loaded, [&](Target& target) {
    if (!target.drive.is_relative) return;
    loaded.meet_groups(target);
    load_base_values(state, target, change);
  });
  if (plateau_ && state.plateau) loaded.plateau_state_ = *state.plateau;
  loaded.step_to(state.step);
  *this = std::move(loaded);
}

// An archive in the archive, since LibTorch lets a value overwrite another, but no archive.
void LRScheduler::save(torch::serialize::OutputArchive& archive, const std::string& key) const {
  torch::serialize::OutputArchive own;
  own.write("state", c10::IValue(to_text(state())));
  try {
    archive.write(key, own);
  } catch (const c10::Error&) {
    throw std::invalid_argument(
        fmt::format("LRScheduler: the archive has a '{}' already: save each driver with a key of "
                    "its own, scheduler.save(archive, key)",
                    key));
  }
}

void LRScheduler::load(torch::serialize::InputArchive& archive, ScheduleChange change) {
  load(archive, default_key, change);
}

void LRScheduler::load(torch::serialize::InputArchive& archive, const std::string& key,
                       ScheduleChange change) {
  c10::IValue text;
  torch::serialize::InputArchive own;
  // 0.1.0 wrote the text itself.
  if (!archive.try_read(key, text) || !text.isString()) {
    if (!archive.try_read(key, own) || !own.try_read("state", text) || !text.isString()) {
      throw std::runtime_error(
          fmt::format("LRScheduler: this is not a checkpoint of an LRScheduler{}",
                      key == default_key ? "" : fmt::format(", it has no '{}'", key)));
    }
  }
  std::istringstream stream(text.toStringRef());
  load_state(read_state(stream), change);
}

void LRScheduler::save(std::ostream& stream) const {
  stream << to_text(state()) << std::flush;
  if (!stream) throw std::runtime_error("LRScheduler: cannot write the checkpoint");
}

void LRScheduler::load(std::istream& stream, ScheduleChange change) {
  if (stream.bad()) throw std::runtime_error("LRScheduler: cannot read the checkpoint");
  load_state(read_state(stream), change);
}

void LRScheduler::save(const std::string& path) const { write_file(path, to_text(state())); }

void LRScheduler::load(const std::string& path, ScheduleChange change) {
  with_file(path, [&](const State& state) { load_state(state, change); });
}

std::vector<NamedNotation> saved_notations(const std::string& path) {
  return with_file(path, notations_of);
}

Step saved_step(const std::string& path) {
  return with_file(path, [](const State& state) { return state.step; });
}

}  // namespace libsched
