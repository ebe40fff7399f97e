// Prints the words of the notation, which are the dictionary of fuzz_parse.
#include <fmt/format.h>

#include <set>
#include <string>
#include <tuple>

#include "../property/fields.hpp"
#include "libsched/libsched.hpp"

namespace libsched {
namespace {

template <class S>
void add_words_of(std::set<std::string>& words) {
  words.insert(std::string(S::name) + "(");
  const S schedule{};
  for (const detail::FieldData& field : fields_as_data(schedule)) {
    if (holds_schedules(field)) continue;  // these have no name
    words.insert(std::string(field.info->name) + "=");
    if (const detail::Choice* choice = field.info->choice) {
      words.insert(choice->words, choice->words + choice->count);
    }
  }
}

template <class... S>
std::set<std::string> words_of(std::tuple<S...>*) {
  std::set<std::string> words{"constant(base_lr=1)",
                              "take(constant(base_lr=1), steps=3)",
                              "[0, 5]",
                              "[1, 2, 3]",
                              ", ",
                              "nan",
                              "inf",
                              "5e-324",
                              "1.7976931348623157e+308",
                              "9223372036854775807",
                              "-1",
                              "e-",
                              "custom"};
  (add_words_of<S>(words), ...);
  return words;
}

}  // namespace
}  // namespace libsched

int main() {
  for (const auto& word : libsched::words_of(static_cast<libsched::Catalogue*>(nullptr))) {
    fmt::print("\"{}\"\n", word);
  }
}
