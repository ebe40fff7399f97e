#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libsched/field.hpp"

// The messages of parse() about a mistake, with a guess at what was intended. They are marked as
// cold, so that they are compiled for size.
namespace libsched::detail {

// An argument that was read: a field with its first word, or a schedule, whose `field` is empty.
struct Given {
  std::string_view field;
  std::string_view word;
  bool is_list;
};

// The part of a word that a message shows.
constexpr std::string_view start_of(std::string_view word) { return word.substr(0, 64); }

// Whether a whole-number field counts steps, so that it may be a share of the run.
constexpr bool counts_steps(const FieldInfo& field) {
  return field.timing != Timing::none && field.timing != Timing::rounds;
}

// Whether the word is the name of a schedule, here or in another library.
[[gnu::cold]] bool is_schedule_name(std::string_view word);

// `next` is the character after the name, 0 at the end of the text.
[[gnu::cold]] std::string unknown_schedule(std::string_view name, char next);
[[gnu::cold]] std::string unknown_plateau(std::string_view name);
[[gnu::cold]] std::string unknown_field(std::string_view kind, const Given& argument,
                                        const std::vector<std::string_view>& known);
[[gnu::cold]] std::string no_bracket(const Kind& kind, char next);

// What to write for a number without a name that follows these arguments, directly after a comma if
// `is_close`, as in warmup(s, 500), milestones=30, 60 and base_lr=0,1; or for a list, as in
// milestones.
[[gnu::cold]] std::string without_name(const Kind& kind, const std::vector<Given>& arguments,
                                       std::string_view word, bool is_close);

// Ends the message about a word that is not a whole number, in a notation that may have shares and
// epochs: what to write for "0.05" and "9epochs".
[[gnu::cold]] std::string in_steps(const FieldInfo& field, std::string_view word);

// Ends the message about text after an argument: what to write for "9 epochs" and "5 %".
[[gnu::cold]] std::string with_unit(const Given& argument, std::string_view rest);

}  // namespace libsched::detail
