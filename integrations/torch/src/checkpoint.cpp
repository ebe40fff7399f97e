#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/serialize/archive.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <istream>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "differing_lines.hpp"
#include "libsched/notation.hpp"
#include "libsched/torch.hpp"

namespace libsched {
namespace {

constexpr std::string_view header = "libsched scheduler, format ";
constexpr std::string_view format = "1\n";

// What a checkpoint holds: a line for each number list and notation.
struct State {
  Step step = 0;
  std::vector<std::string> notations;
  std::vector<double> base_rates;
  std::vector<double> plateau;  // best, bad_reports, cooldown_left, scale
  std::vector<double>
      customs;  // what custom callables, which have no notation, gave at three steps
};

// FNV-1a: says whether a damaged text is still what was saved.
std::uint64_t checksum(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

// Plain text and not values of a TorchScript archive: LibTorch's reader of those can crash on a
// damaged file before anybody can look at a checksum.
std::string to_text(const State& state) {
  std::string text = fmt::format("{}{}step {}\n", header, format, state.step);
  for (const std::string& notation : state.notations) text += fmt::format("drives {}\n", notation);
  text += fmt::format("base_rates {}\nplateau {}\ncustoms {}\n", fmt::join(state.base_rates, " "),
                      fmt::join(state.plateau, " "), fmt::join(state.customs, " "));
  return text + fmt::format("checksum {}\n", checksum(text));
}

std::vector<double> numbers(const std::string& text) {
  std::vector<double> values;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    detail::read(word, values.emplace_back());
  }
  return values;
}

State to_state(const std::string& text) {
  if (text.compare(0, header.size(), header) != 0) {
    throw std::runtime_error("LRScheduler: this is not a checkpoint of an LRScheduler");
  }
  if (text.compare(header.size(), format.size(), format) != 0) {
    throw std::runtime_error(
        "LRScheduler: the checkpoint is of another format, this libsched reads format 1");
  }
  const std::size_t end = text.rfind("checksum ");
  if (end == std::string::npos ||
      text.substr(end) != fmt::format("checksum {}\n", checksum(text.substr(0, end)))) {
    throw std::runtime_error("LRScheduler: the checkpoint is damaged, its checksum does not fit");
  }
  State state;
  std::istringstream lines(text.substr(0, end));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    const std::string key = line.substr(0, space);
    const std::string value = line.substr(space + 1);
    if (key == "step") state.step = std::stoll(value);
    if (key == "drives") state.notations.push_back(value);
    if (key == "base_rates") state.base_rates = numbers(value);
    if (key == "plateau") state.plateau = numbers(value);
    if (key == "customs") state.customs = numbers(value);
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
  const auto lines = first_differing_lines(saved, driven);
  if (!lines) return;
  throw std::runtime_error(fmt::format(
      "LRScheduler: the checkpoint is of another schedule\n  saved:  {}\n  driven: {}{}\n"
      "Load it with libsched::ScheduleChange::accept if the change is meant.",
      lines->first, lines->second, first_difference(lines->first, lines->second)));
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

void check_same_customs(const std::vector<double>& saved, const std::vector<double>& driven) {
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  if (std::equal(saved.begin(), saved.end(), driven.begin(), driven.end(), same)) return;
  throw std::runtime_error(
      "LRScheduler: the checkpoint is of another custom schedule, which had other values\n"
      "Load it with libsched::ScheduleChange::accept if the change is meant.");
}

}  // namespace

std::vector<Schedule> LRScheduler::all_schedules() const {
  std::vector<Schedule> all = schedules_;
  for (const Drive& drive : drives_) all.push_back(drive.schedule);
  return all;
}

std::string LRScheduler::state_text() const {
  State state{
      step_count_, notations(), base_rates_, {}, custom_values(all_schedules(), step_count_)};
  if (plateau_) {
    state.plateau = {plateau_state_.best, static_cast<double>(plateau_state_.bad_reports),
                     static_cast<double>(plateau_state_.cooldown_left), plateau_state_.scale};
  }
  return to_text(state);
}

void LRScheduler::load_text(const std::string& text, ScheduleChange change) {
  const State state = to_state(text);
  if (change == ScheduleChange::refuse) {
    check_same(state.notations, notations());
    check_same_customs(state.customs, custom_values(all_schedules(), state.step));
  }

  LRScheduler loaded = *this;
  if (form_ == Form::relative) {
    const std::size_t groups = optimizer_->param_groups().size();
    if (state.base_rates.size() > groups) {
      throw std::runtime_error(fmt::format(
          "LRScheduler: the checkpoint has the base rates of {} param groups, the optimizer has {}",
          state.base_rates.size(), groups));
    }
    loaded.see_groups();
    // A group that the checkpoint does not know keeps the base rate that it has here.
    std::copy(state.base_rates.begin(), state.base_rates.end(), loaded.base_rates_.begin());
  }
  if (plateau_ && state.plateau.size() == 4) {
    loaded.plateau_state_ = {state.plateau[0], static_cast<Step>(state.plateau[1]),
                             static_cast<Step>(state.plateau[2]), state.plateau[3]};
  }
  loaded.step_to(state.step);
  *this = std::move(loaded);
}

void LRScheduler::save(torch::serialize::OutputArchive& archive) const {
  archive.write("libsched_scheduler", c10::IValue(state_text()));
}

void LRScheduler::load(torch::serialize::InputArchive& archive, ScheduleChange change) {
  c10::IValue text;
  if (!archive.try_read("libsched_scheduler", text) || !text.isString()) {
    throw std::runtime_error("LRScheduler: this is not a checkpoint of an LRScheduler");
  }
  load_text(text.toStringRef(), change);
}

void LRScheduler::save(std::ostream& stream) const {
  stream << state_text() << std::flush;
  if (!stream) throw std::runtime_error("LRScheduler: cannot write the checkpoint");
}

void LRScheduler::load(std::istream& stream, ScheduleChange change) {
  std::string text;
  std::getline(stream, text, '\0');
  if (stream.bad()) throw std::runtime_error("LRScheduler: cannot read the checkpoint");
  load_text(text, change);
}

void LRScheduler::save(const std::string& path) const {
  std::ofstream file(path, std::ios::binary);
  if (file) file << state_text() << std::flush;
  if (!file) throw std::runtime_error(fmt::format("LRScheduler: cannot write '{}'", path));
}

void LRScheduler::load(const std::string& path, ScheduleChange change) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::getline(file, text, '\0');
  if (!file.is_open() || file.bad())
    throw std::runtime_error(fmt::format("LRScheduler: cannot read '{}'", path));
  try {
    load_text(text, change);
  } catch (const std::runtime_error& error) {
    constexpr std::string_view prefix = "LRScheduler: ";
    const std::string_view what = error.what();
    if (what.substr(0, prefix.size()) != prefix) throw;
    throw std::runtime_error(fmt::format("{}'{}': {}", prefix, path, what.substr(prefix.size())));
  }
}

}  // namespace libsched
