// Parses any bytes. They are either refused with a message that shows the place, or a schedule that
// keeps every promise.
#include "target.hpp"

namespace libsched {
namespace {

void require_shows_the_place(const ParseError& error, std::string_view text) {
  const std::string message = error.what();
  const bool three_lines = std::count(message.begin(), message.end(), '\n') == 2;
  if (error.offset <= text.size() && three_lines && message.back() == '^') return;
  fmt::print(stderr, "not so: the error shows its place, {}: {}\n", error.offset, message);
  std::abort();
}

void try_text(std::string_view text, const Units& units) {
  std::optional<Schedule> parsed;
  try {
    parsed = parse(text, units);
  } catch (const ParseError& error) {
    require_shows_the_place(error, text);
    return;
  }
  const std::initializer_list<Step> steps{0, 1, 7, 1000, Step{1} << 40, detail::last_step};
  require_reads_back(*parsed, steps);
  const std::string notation = to_string(*parsed);
  const auto has = [&](std::string_view name) { return notation.find(name) != std::string::npos; };
  // Only these can overflow.
  const bool is_finite = !has("scaled(") && !has("product(") && !has("sum(") && !has("difference(");
  for (const Step t : steps) {
    require_well_behaved_at(*parsed, t);
    require(!is_finite || std::isfinite((*parsed)(t)), "is finite", *parsed, t);
  }
  require_reviews(*parsed);
}

}  // namespace
}  // namespace libsched

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  libsched::try_text(text, {});
  libsched::try_text(text, {.total = 1000, .per_epoch = 7});
  return 0;
}
