#include "hints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "field_text.hpp"
#include "foreign_names.hpp"
#include "libsched/notation.hpp"

namespace libsched::detail {
namespace {

using Names = std::vector<std::string_view>;

template <class... S>
Names names_of(std::tuple<S...>*) {
  return {S::name...};
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view word) {
  double number = 0;
  return read(word, number).empty() && std::isfinite(number) && number >= 0;
}

// The percentage of a word that is a share: "5" for "0.05". Empty for any other word.
std::string share_of(std::string_view word) {
  double number = 0;
  return read(word, number).empty() && number > 0 && number < 1 ? percent(number) : "";
}

bool is_list(const FieldInfo& field) {
  return field.type == Type::numbers || field.type == Type::steps;
}
bool holds_steps(const FieldInfo& field) {
  return field.type == Type::step || field.type == Type::optional_step || field.type == Type::steps;
}
bool holds_schedules(const FieldInfo& field) {
  return field.type == Type::schedule || field.type == Type::schedules;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row[b.size()];
}

// The known name that differs from `name` only in capitals and separators. Empty if there is none.
std::string_view same_word(std::string_view name, const Names& known) {
  const auto is_it = [&](std::string_view candidate) { return is_same_word(name, candidate); };
  const auto found = std::find_if(known.begin(), known.end(), is_it);
  return found == known.end() ? std::string_view() : *found;
}

std::string did_you_mean(std::string_view name) {
  return fmt::format(", did you mean '{}'?", name);
}

std::string here_it_is(std::string_view what) { return fmt::format("; here it is {}", what); }

// A question with the nearest known name. Empty if none is near.
std::string nearest(std::string_view name, const Names& known) {
  std::string lower(start_of(name));
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  std::size_t best = std::max<std::size_t>(2, lower.size() / 3) + 1;
  std::string_view found;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edit_distance(lower, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found.empty() ? "" : did_you_mean(found);
}

std::string suggestion(std::string_view name, const Names& known) {
  const std::string near = nearest(name, known);
  return near.empty() ? "; known: " + joined(known.begin(), known.end()) : near;
}

std::string constant_rate(std::string_view number) {
  return fmt::format("; a constant rate is constant(base_lr={})", number);
}

// The number with the name of the field that may be meant, as in "steps=500".
std::string named(const FieldInfo& field, std::string_view number) {
  const bool has_unit = !number.empty() && !is_digit(number.back()) && number.back() != '.';
  if (field.type == Type::choice || (has_unit && !holds_steps(field))) return {};
  const std::string share =
      holds_steps(field) && counts_steps(field) ? share_of(number) : std::string();
  const std::string value = share.empty() ? std::string(start_of(number)) : share + "%";
  return is_list(field) ? fmt::format("{}=[{}]", field.name, value)
                        : fmt::format("{}={}", field.name, value);
}

}  // namespace

bool is_schedule_name(std::string_view word) {
  return word == "custom" || !peer_schedule(word).empty() || !peer_plateau(word).empty() ||
         !same_word(word, names_of(static_cast<Catalogue*>(nullptr))).empty();
}

// Tries libsched's own names in other letters first, then the names of other libraries, then the
// nearest name.
std::string unknown_schedule(std::string_view name, char next) {
  if (name == "custom") {
    return "custom stands for a user-defined callable, which cannot be read back: build the "
           "schedule in C++";
  }
  if (is_same_word(name, ReduceOnPlateau::name)) {
    return fmt::format(
        "{} is not a schedule: parse_plateau() reads it, and a driver takes it in addition to one",
        ReduceOnPlateau::name);
  }
  const auto what = [&]() -> std::string {
    if (next == '\0' && is_number(name)) return constant_rate(name);
    if (next == '=') return "; a field is written in brackets, as in constant(base_lr=0.1)";
    const Names known = names_of(static_cast<Catalogue*>(nullptr));
    if (const auto same = same_word(without_module(name), known); !same.empty()) {
      const std::string_view theirs = namesake(name);
      return fmt::format("{}{}{}", did_you_mean(same), theirs.empty() ? "" : " ", theirs);
    }
    if (const std::string_view here = peer_plateau(name); !here.empty()) {
      return here_it_is(here) + ", which a driver takes in addition to a schedule";
    }
    const std::string_view here = peer_schedule(name);
    return here.empty() ? suggestion(name, known) : here_it_is(here);
  };
  return fmt::format("unknown schedule '{}'{}", start_of(name), what());
}

std::string unknown_plateau(std::string_view name) {
  const std::string_view here = peer_plateau(name);
  const Names known{ReduceOnPlateau::name};
  return fmt::format("expected reduce_on_plateau(...), got '{}'{}", start_of(name),
                     here.empty() ? nearest(name, known) : here_it_is(here));
}

std::string unknown_field(std::string_view kind, const Given& argument, const Names& known) {
  const std::string_view name = argument.field;
  if (known.empty()) return fmt::format("{} has no fields, only schedules", kind);
  const std::string_view same = same_word(name, known);
  const std::string here = peer_field(kind, name, argument.word, known);
  return fmt::format("unknown field '{}' of {}{}", name, kind,
                     !same.empty()   ? did_you_mean(same)
                     : !here.empty() ? here_it_is(here)
                                     : suggestion(name, known));
}

std::string no_bracket(const Kind& kind, char next) {
  const bool is_bracket = next == '{' || next == '[';
  std::string fields;
  for (std::size_t i = 0; i < kind.count; ++i) {
    const FieldInfo& field = kind.fields[i];
    if (!field.required) continue;
    if (!fields.empty()) fields += ", ";
    fields += holds_schedules(field) ? "schedule" : field.name;
    if (field.type != Type::schedule) fields += field.type == Type::schedules ? ", ..." : "=...";
  }
  const std::string_view theirs = is_bracket ? "" : scheduler_type(kind.name);
  return fmt::format("expected '(' after {}{}; write {}({}){}{}", kind.name,
                     next == '{'   ? ", got '{'"
                     : next == '[' ? ", got '['"
                                   : "",
                     kind.name, fields, theirs.empty() ? "" : "; ", theirs);
}

std::string without_name(const Kind& kind, const std::vector<Given>& arguments,
                         std::string_view word, bool is_close) {
  const FieldInfo* end = kind.fields + kind.count;
  const auto is_given = [&](const FieldInfo& field) {
    return std::any_of(arguments.begin(), arguments.end(), [&](const Given& given) {
      return given.field.empty() ? field.type == Type::schedule : given.field == field.name;
    });
  };
  if (word == "[") {
    const auto is_it = [&](const FieldInfo& field) { return is_list(field) && !is_given(field); };
    const FieldInfo* list = std::find_if(kind.fields, end, is_it);
    return list == end ? "" : fmt::format("; write {}=[...]", list->name);
  }
  if (!is_digit(word.front()) && word.front() != '.') return {};

  std::string next;  // the first field that is not given yet, required ones first
  for (const bool required : {true, false}) {
    for (const FieldInfo* field = kind.fields; field != end && next.empty(); ++field) {
      if (field->required != required || is_given(*field)) continue;
      if (holds_schedules(*field) && is_number(word)) return constant_rate(word);
      if (!holds_schedules(*field)) next = named(*field, word);
    }
  }
  const Given* last = arguments.empty() ? nullptr : &arguments.back();
  const FieldInfo* field = std::find_if(kind.fields, end, [&](const FieldInfo& info) {
    return last != nullptr && !last->is_list && info.name == last->field;
  });
  if (field != end && is_list(*field)) {
    return fmt::format("; a list is written {}=[{}, {}]", field->name, start_of(last->word),
                       start_of(word));
  }
  const auto is_whole = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
  };
  if (field != end && field->type == Type::number && is_whole(last->word) && is_whole(word) &&
      (is_close || next.empty())) {
    return fmt::format("; a decimal number is written {}={}.{}{}{}", field->name,
                       start_of(last->word), start_of(word), next.empty() ? "" : ", another field ",
                       next);
  }
  return next.empty() ? "" : "; write " + next;
}

std::string in_steps(const FieldInfo& field, std::string_view word) {
  if (!counts_steps(field)) return {};
  const std::string name = is_list(field) ? "" : fmt::format("{}=", field.name);
  if (const std::string share = share_of(word); !share.empty()) {
    return fmt::format("; for {} % of the run write {}{}%", share, name, share);
  }
  const std::size_t unit = word.find("ep");
  const std::string_view number = word.substr(0, unit);
  if (unit == word.npos || !is_number(number)) return {};
  return fmt::format("; write {}{}ep", name, start_of(number));
}

std::string with_unit(const Given& argument, std::string_view rest) {
  if (argument.is_list || !is_number(argument.word)) return {};
  const std::string_view unit = rest.substr(0, 1) == "%"    ? "%"
                                : rest.substr(0, 2) == "ep" ? "ep"
                                                            : "";
  if (unit.empty()) return {};
  return fmt::format("; write {}={}{}", argument.field, start_of(argument.word), unit);
}

}  // namespace libsched::detail
