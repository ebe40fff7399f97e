#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libsched/field.hpp"

// What parse() says of a mistake, and what may have been meant by it. Cold: for size, not speed.
namespace libsched::detail {

// An argument that was read: a schedule, which has no field, or a field with its first word.
struct Given {
  std::string_view field;
  std::string_view word;
  bool is_list;
};

// As much of a word as a message shows.
constexpr std::string_view start_of(std::string_view word) { return word.substr(0, 64); }

// Whether a whole-number field counts steps: only then is a share of the run one of its values.
constexpr bool counts_steps(const FieldInfo& field) {
  return field.timing != Timing::none && field.timing != Timing::rounds;
}

// Whether parse() has more to say of this word than that it has no name.
[[gnu::cold]] bool is_schedule_name(std::string_view word);

// `next` is the character behind the name, 0 at the end.
[[gnu::cold]] std::string unknown_schedule(std::string_view name, char next);
[[gnu::cold]] std::string unknown_plateau(std::string_view name);
[[gnu::cold]] std::string unknown_field(std::string_view kind, const Given& argument,
                                        const std::vector<std::string_view>& known);
[[gnu::cold]] std::string no_bracket(const Kind& kind, char next);

// Of a number behind these arguments, and right behind a comma if `is_close`, as in
// warmup(s, 500), milestones=30, 60 and base_lr=0,1; or of a list, as in milestones.
[[gnu::cold]] std::string without_name(const Kind& kind, const std::vector<Given>& arguments,
                                       std::string_view word, bool is_close);

// Behind the message of a word that is no whole number, in a notation that may have shares and
// epochs: what to write for "0.05" and "9epochs".
[[gnu::cold]] std::string in_steps(const FieldInfo& field, std::string_view word);

// Behind the message of what follows an argument: what to write for "9 epochs" and "5 %".
[[gnu::cold]] std::string with_unit(const Given& argument, std::string_view rest);

}  // namespace libsched::detail
