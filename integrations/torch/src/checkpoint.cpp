#include <fmt/format.h>
#include <torch/serialize/archive.h>

#include <algorithm>
#include <istream>
#include <stdexcept>
#include <string_view>

#include "libsched/notation.hpp"
#include "libsched/torch.hpp"

namespace libsched {
namespace {

constexpr std::int64_t format_version = 1;

// What a checkpoint holds; its names in the archive are those of the members.
struct State {
  Step step;
  std::vector<std::string> notations;
  std::vector<double> base_rates;
  std::vector<double> plateau;  // best, bad_reports, cooldown_left, scale
  std::vector<double>
      customs;  // what custom callables, which have no notation, gave at three steps

  // Says whether a damaged file still holds what was saved: LibTorch's reader does not. FNV-1a.
  std::int64_t checksum() const {
    const std::string text =
        fmt::format("{}|{}|{}|{}|{}", step, fmt::join(notations, "\n"), fmt::join(base_rates, ","),
                    fmt::join(plateau, ","), fmt::join(customs, ","));
    std::uint64_t hash = 14695981039346656037u;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return static_cast<std::int64_t>(hash);
  }
};

c10::IValue read(torch::serialize::InputArchive& archive, const std::string& key) {
  c10::IValue value;
  if (!archive.try_read(key, value)) {
    throw std::runtime_error("LRScheduler: this is not a checkpoint of an LRScheduler");
  }
  return value;
}

State read_state(torch::serialize::InputArchive& archive) {
  if (const auto version = read(archive, "libsched_format"); version != format_version) {
    throw std::runtime_error(
        fmt::format("LRScheduler: the checkpoint has format {}, this libsched reads format {}",
                    version.isInt() ? std::to_string(version.toInt()) : "unknown", format_version));
  }
  State state{read(archive, "step").toInt(), {}, {}, {}, {}};
  const c10::IValue notations = read(archive, "notations");
  for (const c10::IValue& line : notations.toListRef()) {
    state.notations.push_back(line.toStringRef());
  }
  state.base_rates = read(archive, "base_rates").toDoubleVector();
  state.plateau = read(archive, "plateau").toDoubleVector();
  state.customs = read(archive, "customs").toDoubleVector();
  if (read(archive, "checksum").toInt() != state.checksum() || state.step < 0 ||
      (!state.plateau.empty() && state.plateau.size() != 4)) {
    throw std::runtime_error("LRScheduler: the checkpoint is damaged, its checksum does not fit");
  }
  return state;
}

// ", first at step 30: 0.05 and 0.1" where both can be parsed.
std::string first_difference(std::string_view saved, std::string_view driven) {
  constexpr Step most_steps = 1'000'000;
  try {
    const Schedule a = parse(saved.substr(saved.find(": ") + 2));
    const Schedule b = parse(driven.substr(driven.find(": ") + 2));
    for (Step t = 0; t < most_steps; ++t) {
      if (a(t) != b(t))
        return fmt::format("\n  they first differ at step {}: {} and {}", t, a(t), b(t));
    }
    return fmt::format("\n  their values are the same in the first {} steps", most_steps);
  } catch (const std::exception&) {
    return {};
  }
}

void check_same(const std::vector<std::string>& saved, const std::vector<std::string>& driven) {
  for (std::size_t i = 0; i < std::max(saved.size(), driven.size()); ++i) {
    const std::string a = i < saved.size() ? saved[i] : "(nothing)";
    const std::string b = i < driven.size() ? driven[i] : "(nothing)";
    if (a == b) continue;
    throw std::runtime_error(fmt::format(
        "LRScheduler: the checkpoint is of another schedule\n  saved:  {}\n  driven: {}{}\n"
        "Load it with libsched::ScheduleChange::accept if the change is meant.",
        a, b, first_difference(a, b)));
  }
}

// At steps that a run up to `last` has seen: a callable need not be defined further.
std::vector<double> custom_values(const std::vector<Schedule>& schedules, Step last) {
  std::vector<double> values;
  for (const Schedule& schedule : schedules) {
    if (to_string(schedule).find("custom") == std::string::npos) continue;
    for (const Step t : {Step{0}, last / 2, last}) values.push_back(schedule(t));
  }
  return values;
}

// LibTorch's errors carry a backtrace behind the first line.
template <class Source>
void load_from(LRScheduler& scheduler, Source& source, const std::string& name,
               ScheduleChange change) {
  torch::serialize::InputArchive archive;
  try {
    archive.load_from(source);
  } catch (const std::exception& error) {
    const std::string_view what = error.what();
    throw std::runtime_error(
        fmt::format("LRScheduler: cannot read {}: {}", name, what.substr(0, what.find('\n'))));
  }
  try {
    scheduler.load(archive, change);
  } catch (const std::runtime_error& error) {
    constexpr std::string_view prefix = "LRScheduler: ";
    throw std::runtime_error(fmt::format("{}{}: {}", prefix, name,
                                         std::string_view(error.what()).substr(prefix.size())));
  }
}

}  // namespace

std::vector<Schedule> LRScheduler::all_schedules() const {
  std::vector<Schedule> all = schedules_;
  for (const Drive& drive : drives_) all.push_back(drive.schedule);
  return all;
}

void LRScheduler::save(torch::serialize::OutputArchive& archive) const {
  State state{
      step_count_, notations(), base_rates_, {}, custom_values(all_schedules(), step_count_)};
  if (plateau_) {
    state.plateau = {plateau_state_.best, static_cast<double>(plateau_state_.bad_reports),
                     static_cast<double>(plateau_state_.cooldown_left), plateau_state_.scale};
  }
  archive.write("libsched_format", c10::IValue(format_version));
  archive.write("step", c10::IValue(state.step));
  archive.write("notations", c10::IValue(state.notations));
  archive.write("base_rates", c10::IValue(state.base_rates));
  archive.write("plateau", c10::IValue(state.plateau));
  archive.write("customs", c10::IValue(state.customs));
  archive.write("checksum", c10::IValue(state.checksum()));
}

void LRScheduler::load(torch::serialize::InputArchive& archive, ScheduleChange change) {
  State state;
  try {
    state = read_state(archive);
  } catch (const c10::Error&) {
    throw std::runtime_error(
        "LRScheduler: the checkpoint is damaged, a value is of the wrong type");
  }
  if (change == ScheduleChange::refuse) {
    check_same(state.notations, notations());
    if (custom_values(all_schedules(), state.step) != state.customs) {
      throw std::runtime_error(
          "LRScheduler: the checkpoint is of another custom schedule, which had other values\n"
          "Load it with libsched::ScheduleChange::accept if the change is meant.");
    }
  }

  LRScheduler loaded = *this;
  if (form_ == Form::relative && !state.base_rates.empty()) {
    if (state.base_rates.size() > optimizer_->param_groups().size()) {
      throw std::runtime_error(
          fmt::format("LRScheduler: the checkpoint has the base rates of {} param groups, the "
                      "optimizer has {}",
                      state.base_rates.size(), optimizer_->param_groups().size()));
    }
    loaded.base_rates_ = state.base_rates;
  }
  if (plateau_ && !state.plateau.empty()) {
    loaded.plateau_state_ = {state.plateau[0], static_cast<Step>(state.plateau[1]),
                             static_cast<Step>(state.plateau[2]), state.plateau[3]};
  }
  loaded.step_to(state.step);
  *this = std::move(loaded);
}

torch::serialize::OutputArchive& operator<<(torch::serialize::OutputArchive& archive,
                                            const LRScheduler& scheduler) {
  scheduler.save(archive);
  return archive;
}

torch::serialize::InputArchive& operator>>(torch::serialize::InputArchive& archive,
                                           LRScheduler& scheduler) {
  scheduler.load(archive);
  return archive;
}

void detail::load(LRScheduler& scheduler, const std::string& path, ScheduleChange change) {
  load_from(scheduler, path, fmt::format("'{}'", path), change);
}

void detail::load(LRScheduler& scheduler, std::istream& stream, ScheduleChange change) {
  load_from(scheduler, stream, "the stream", change);
}

}  // namespace libsched
