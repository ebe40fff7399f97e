// Reads any lines, both as they are and with a header and the right checksum. They are either
// refused by a std::runtime_error of one line, or a state that can be saved and resumed.
#include <limits>
#include <sstream>
#include <vector>

#include "state.hpp"
#include "target.hpp"

namespace libsched {
namespace {

void require(bool fact, std::string_view what, std::string_view text) {
  if (fact) return;
  fmt::print(stderr, "not so: {}:\n{}\n", what, text);
  std::abort();
}

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return bits(x) == bits(y) || (std::isnan(x) && std::isnan(y));
  });
}

using Values = std::vector<std::pair<std::string, std::vector<double>>>;
bool same(const Values& a, const Values& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.first == y.first && same(x.second, y.second);
  });
}

bool same(const std::optional<PlateauState>& a, const std::optional<PlateauState>& b) {
  if (!a || !b) return !a && !b;
  return bits(a->best) == bits(b->best) && a->bad_reports == b->bad_reports &&
         a->cooldown_left == b->cooldown_left && bits(a->scale) == bits(b->scale);
}

bool same(const State& a, const State& b) {
  return a.step == b.step && a.drives == b.drives && same(a.base_values, b.base_values) &&
         same(a.held_values, b.held_values) && same(a.plateau, b.plateau) &&
         same(a.customs, b.customs);
}

void require_values(const Values& list, std::string_view text) {
  for (const auto& [name, values] : list) {
    for (const double value : values) {
      require(std::isfinite(value) && value >= 0, "values are finite and at least 0", text);
    }
  }
}

void require_valid(const State& state, std::string_view text) {
  require(state.step >= 0, "the step is at least 0", text);
  require_values(state.base_values, text);
  require_values(state.held_values, text);
  if (!state.plateau) return;
  for (const double metric : {0.0, std::numeric_limits<double>::quiet_NaN()}) {
    const PlateauState next = plateau_report(ReduceOnPlateau{}, *state.plateau, metric);
    require(next.bad_reports >= 0 && next.cooldown_left >= 0, "its counts stay counts", text);
    require(next.scale >= 0 && next.scale <= 1, "its scale stays between 0 and 1", text);
  }
}

void try_text(const std::string& text) {
  std::istringstream stream(text);
  State state;
  try {
    state = read_state(stream, "LRScheduler");
  } catch (const std::runtime_error& error) {
    const std::string_view what = error.what();
    require(what.substr(0, 13) == "LRScheduler: " && what.find('\n') == what.npos,
            "the error is a line of LRScheduler's", what);
    return;
  }
  require_valid(state, text);
  const std::string saved = to_text(state);
  std::istringstream again(saved);
  require(same(read_state(again, "LRScheduler"), state), "is read back the same", saved);
}

std::string with_checksum(std::string lines) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : lines) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return lines + "checksum " + std::to_string(hash) + "\n";
}

}  // namespace
}  // namespace libsched

// The input is the lines of a state, with or without its header and checksum.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  if (input.starts_with("lib")) libsched::try_text(input);  // anything else is refused
  const std::string head = "libsched scheduler, format 1\n";
  std::string lines = input.starts_with(head) ? input : head + input;
  if (const auto end = lines.rfind("\nchecksum "); end != lines.npos) lines.resize(end + 1);
  if (lines.back() != '\n') lines += '\n';
  libsched::try_text(libsched::with_checksum(lines));
  return 0;
}
