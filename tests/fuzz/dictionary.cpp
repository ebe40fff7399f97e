// Prints the words of the notation, as the dictionary of fuzz_parse.
#include <fmt/format.h>

#include <set>
#include <string>
#include <tuple>

#include "libsched/libsched.hpp"

namespace libsched {
namespace {

template <class S>
void add_words_of(std::set<std::string>& words) {
  words.insert(std::string(S::name) + "(");
  for (const detail::FieldData& field : detail::fields_of(S{})) {
    if (std::holds_alternative<Schedule*>(field.value)) continue;  // these have no name
    if (std::holds_alternative<std::vector<Schedule>*>(field.value)) continue;
    words.insert(std::string(field.name) + "=");
    if (const auto* choice = std::get_if<detail::Choice>(&field.value)) {
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
