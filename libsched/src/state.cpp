#include "state.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <istream>
#include <random>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "field_text.hpp"
#include "libsched/math.hpp"
#include "libsched/notation.hpp"

namespace libsched {
namespace {

constexpr std::string_view header = "libsched scheduler, format ";
constexpr std::string_view format = "1";
constexpr std::string_view checksum_key = "checksum ";

// What 0.1.0 called the base values of lr; nothing else could be relative. May go with
// held_value_of_0_1_0().
constexpr std::string_view base_values_of_0_1_0 = "base_rates";

// FNV-1a: says whether a damaged text is still what was saved.
std::uint64_t checksum(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    words.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  return words;
}

std::string spaced(const std::vector<double>& values) {
  return detail::joined(values.begin(), values.end(), " ");
}

// Cuts off the text before the separator, and the separator.
std::string_view until(std::string_view& from, std::string_view separator) {
  const std::size_t end = from.find(separator);
  const std::string_view part = from.substr(0, end);
  from = end == std::string_view::npos ? "" : from.substr(end + separator.size());
  return part;
}

struct StateReader {
  std::string from;  // what its errors begin with

  [[noreturn]] void refuse(const std::string& why) const {
    throw std::runtime_error(fmt::format("{}: {}", from, why));
  }
  [[noreturn]] void refuse_damaged(const std::string& why) const {
    refuse(fmt::format("the checkpoint is damaged, {}", why));
  }

  Step count(std::string_view what, std::string_view text) const {
    Step count = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, count);
    if (error == std::errc() && stop == end && count >= 0) return count;
    refuse_damaged(
        fmt::format("its {} must be a whole number of at least 0, got '{}'", what, text));
  }

  double number(std::string_view what, std::string_view word) const {
    double value = 0;
    if (!detail::read(word, value).empty()) {
      refuse_damaged(fmt::format("its {} must be a number, got '{}'", what, word));
    }
    return value;
  }

  std::vector<double> numbers(std::string_view what, std::string_view text) const {
    std::vector<double> values;
    for (const std::string_view word : words_of(text)) values.push_back(number(what, word));
    return values;
  }

  std::vector<double> values(std::string_view what, std::string_view text) const {
    std::vector<double> values = numbers(what, text);
    for (const double value : values) {
      if (std::isfinite(value) && value >= 0) continue;
      refuse_damaged(fmt::format("its {} must be finite and at least 0, got {}", what, value));
    }
    return values;
  }

  std::optional<PlateauState> plateau(std::string_view text) const {
    const std::vector<std::string_view> words = words_of(text);
    if (words.empty()) return std::nullopt;
    if (words.size() != 4) {
      refuse_damaged(fmt::format("its plateau must be 4 numbers: '{}'", text));
    }
    const PlateauState state{number("plateau's best metric", words[0]),
                             count("plateau's count of bad reports", words[1]),
                             count("plateau's cooldown", words[2]),
                             number("plateau's scale", words[3])};
    if (state.bad_reports == detail::last_step) {
      refuse_damaged("its plateau's count of bad reports is too large");
    }
    if (std::isnan(state.best)) refuse_damaged("its plateau's best metric is not a number");
    if (!(state.scale >= 0 && state.scale <= 1)) {
      refuse_damaged(
          fmt::format("its plateau's scale must be between 0 and 1, got {}", state.scale));
    }
    return state;
  }

  // The lines up to the one with the checksum, which must match.
  std::string checked_lines(std::istream& stream) const {
    std::string text, line;
    const auto next = [&] { return static_cast<bool>(std::getline(stream, line)); };
    if (!next() || line.compare(0, header.size(), header) != 0) {
      refuse("this is not a checkpoint of a libsched driver");
    }
    if (line.substr(header.size()) != format) {
      refuse(fmt::format("the checkpoint is of another format, this libsched reads format {}",
                         format));
    }
    do {
      if (line.compare(0, checksum_key.size(), checksum_key) == 0) {
        // At the end of a file getline() is as content without a newline.
        if (stream.eof() || line.substr(checksum_key.size()) != fmt::to_string(checksum(text))) {
          break;
        }
        return text;
      }
      text += line;
      text += '\n';
    } while (next());
    refuse_damaged("its checksum does not fit");
  }

  // Lines with other keys are ignored, so that a later version may add some.
  State state(std::istream& stream) const {
    const std::string text = checked_lines(stream);
    State state;
    std::string_view rest = text;
    std::optional<Step> step;
    while (!rest.empty()) {
      std::string_view value = until(rest, "\n");
      const std::string_view key = until(value, " ");
      if (key == "step") step = count(key, value);
      if (key == "drives") {
        const std::string_view name = until(value, ": ");
        state.drives.emplace_back(name, value);
      }
      if (key == base_values_of_0_1_0 && !value.empty()) {
        state.base_values.emplace_back("lr", values("base rate", value));
      }
      if (key == "base_values" || key == "held_values") {
        const std::string_view name = until(value, " ");
        auto& list = key == "base_values" ? state.base_values : state.held_values;
        list.emplace_back(name, values(fmt::format("values of {}", name), value));
      }
      if (key == "plateau") state.plateau = plateau(value);
      if (key == "customs") state.customs = numbers("values of custom schedules", value);
    }
    if (!step) refuse_damaged("it has no step");
    state.step = *step;
    return state;
  }
};

namespace fs = std::filesystem;

bool write_in_place(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return static_cast<bool>(file);
}

bool write_beside_and_move(const fs::path& path, const std::string& text) {
  std::error_code error;
  const fs::file_status old = fs::status(path, error);
  const bool is_protected = fs::exists(old) && !std::ofstream(path, std::ios::app);
  if (is_protected) return false;
  // The name is random, because several processes may write the same file.
  const fs::path beside =
      path.parent_path() / fmt::format("libsched-{:08x}.tmp", std::random_device()());
  bool done = write_in_place(beside, text);
  if (done && fs::exists(old)) fs::permissions(beside, old.permissions(), error);
  if (done) {
    fs::rename(beside, path, error);
    done = !error;
  }
  if (!done) fs::remove(beside, error);
  return done;
}

}  // namespace

// Plain text and not values of a TorchScript archive: LibTorch's reader of those can crash on a
// damaged file before anybody can look at a checksum.
std::string to_text(const State& state) {
  std::string text = fmt::format("{}{}\nstep {}\n", header, format, state.step);
  for (const auto& [name, notation] : state.drives) {
    text += fmt::format("drives {}: {}\n", name, notation);
  }
  for (const auto& [name, values] : state.base_values) {
    text += fmt::format("base_values {} {}\n", name, spaced(values));
  }
  for (const auto& [name, values] : state.held_values) {
    text += fmt::format("held_values {} {}\n", name, spaced(values));
  }
  if (const auto& plateau = state.plateau) {
    text += fmt::format("plateau {} {} {} {}\n", plateau->best, plateau->bad_reports,
                        plateau->cooldown_left, plateau->scale);
  }
  text += fmt::format("customs {}\n", spaced(state.customs));
  return text + fmt::format("{}{}\n", checksum_key, checksum(text));
}

State read_state(std::istream& stream, std::string_view owner) {
  return StateReader{std::string(owner)}.state(stream);
}

double held_value_of_0_1_0(const State& state, double base, const Schedule& factor) {
  const auto saved_factor = [&]() -> Schedule {
    try {
      return state.drives.empty() ? factor : parse(state.drives[0].second);
    } catch (const std::invalid_argument&) {
      return factor;  // it holds a callable
    }
  };
  return base * saved_factor()(state.step) * (state.plateau ? state.plateau->scale : 1);
}

State read_file(const std::string& path, std::string_view owner) {
  std::ifstream file(path, std::ios::binary);
  file.peek();  // opening a folder succeeds, reading it does not
  if (!file.is_open() || file.bad()) {
    throw std::runtime_error(fmt::format("{}: cannot read '{}'", owner, path));
  }
  file.clear();
  const StateReader reader{fmt::format("{}: '{}'", owner, path)};
  State state = reader.state(file);
  if (file.peek() != std::ifstream::traits_type::eof()) {
    reader.refuse_damaged("the file goes on after it");
  }
  return state;
}

void write_file(const std::string& path, const std::string& text, std::string_view owner) {
  std::error_code error;
  const bool is_file = fs::is_regular_file(path, error);
  const bool is_new = !fs::exists(fs::symlink_status(path, error));
  bool done = false;
  if (is_file) done = write_beside_and_move(fs::canonical(path, error), text);  // through a link
  if (is_new) done = write_beside_and_move(path, text);
  if (!is_file && !is_new) done = write_in_place(path, text);
  if (!done) throw std::runtime_error(fmt::format("{}: cannot write '{}'", owner, path));
}

}  // namespace libsched
