#include "libsched/notation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <numeric>
#include <optional>
#include <utility>

#include "field.hpp"
#include "peers.hpp"

#ifdef LIBSCHED_FAST_FLOAT  // where the standard library cannot read a double
#include <fast_float/fast_float.h>
using fast_float::from_chars;
#else
using std::from_chars;
#endif

namespace libsched {
namespace {

using detail::Choice;
using detail::FieldData;
using detail::FieldInfo;
using detail::Type;

constexpr std::size_t max_length = 1'000'000;
constexpr int max_depth = 100;

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '+' || c == '-';
}

constexpr bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}
constexpr bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 1_000_000 is 1000000; an underscore that is not between digits stays, and is no number.
std::string without_underscores(std::string_view text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_between =
        i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
    if (text[i] != '_' || !is_between) kept += text[i];
  }
  return kept;
}

// Whole-number fields that count something else than steps: a share of the run says nothing there.
constexpr std::string_view counts[] = {"times", "d_model", "patience", "cooldown"};

bool counts_steps(std::string_view field) {
  return std::find(std::begin(counts), std::end(counts), field) == std::end(counts);
}

// As much of a word as a message shows.
constexpr std::string_view start_of(std::string_view word) { return word.substr(0, 64); }

// The message, and under it the text around `offset` with a caret at that place.
[[noreturn]] void fail(std::string_view text, std::size_t offset, std::string_view message) {
  constexpr std::size_t before = 60;
  constexpr std::size_t after = 60;
  const std::size_t from = offset - std::min(offset, before);
  std::string window(text.substr(from, offset - from + after));
  for (char& c : window) {
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
  }
  const std::string_view left = from > 0 ? "..." : "";
  const std::string_view right = from + window.size() < text.size() ? "..." : "";
  throw ParseError(fmt::format("{}\n  {}{}{}\n  {:>{}}", message, left, window, right, '^',
                               left.size() + offset - from + 1),
                   offset);
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

// The known name that differs in capitals and underscores at most. Empty where there is none.
std::string_view same_word(std::string_view name, const std::vector<std::string_view>& known) {
  const auto found = std::find_if(known.begin(), known.end(), [&](std::string_view candidate) {
    return detail::is_same_word(name, candidate);
  });
  return found == known.end() ? std::string_view() : *found;
}

// ", did you mean 'x'?" where a known name is near, else the names.
std::string suggestion(std::string_view name, const std::vector<std::string_view>& known) {
  std::string lower(start_of(name));
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  name = lower;
  std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
  std::string_view nearest;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  if (!nearest.empty()) return fmt::format(", did you mean '{}'?", nearest);
  return fmt::format("; known: {}", detail::joined(known.begin(), known.end()));
}

struct Word {
  std::string_view text;
  std::size_t offset;
};

// One argument of a call as it was written: a nested schedule, or a field with a word or a list of
// words.
struct Argument {
  std::size_t offset;  // of the argument
  std::string_view field;
  std::size_t value_offset;
  std::vector<Word> words;
  bool is_list;
  std::optional<Schedule> schedule;
};

struct Call {
  std::string_view text;
  Units units;
  Word name;
  const detail::Kind* kind;
  std::vector<Argument> arguments;
  std::size_t end;  // of the closing bracket
};

// Turns the arguments of one call into the field values of its kind.
class Reader {
 public:
  explicit Reader(const Call& call) : call_(call) {}

  void read(const detail::Kind& kind, const void* schedule) const {
    const std::vector<FieldData> fields = detail::fields_of(kind, schedule);
    check_names(fields);
    for (const FieldData& field : fields) {
      detail::visit(
          field, [&](auto* value, const auto&... choice) { read_field(field, value, choice...); });
    }
  }

 private:
  void check_names(const std::vector<FieldData>& fields) const {
    std::vector<std::string_view> known;
    std::size_t most_schedules = 0;
    for (const FieldData& field : fields) {
      if (field.info->type == Type::schedule) {
        most_schedules = 1;
      } else if (field.info->type == Type::schedules) {
        most_schedules = call_.arguments.size();
      } else {
        known.push_back(field.info->name);
      }
    }
    std::size_t schedules = 0;
    for (auto argument = call_.arguments.begin(); argument != call_.arguments.end(); ++argument) {
      if (argument->schedule) {
        if (++schedules <= most_schedules) continue;
        fail(call_.text, argument->offset,
             fmt::format("{} takes {}", call_.name.text,
                         most_schedules == 0 ? "no schedule" : "one schedule"));
      }
      if (std::find(known.begin(), known.end(), argument->field) == known.end()) {
        fail(call_.text, argument->offset, unknown_field(*argument, known));
      }
      const auto same = [&](const Argument& other) { return other.field == argument->field; };
      if (std::any_of(call_.arguments.begin(), argument, same)) {
        fail(call_.text, argument->offset,
             fmt::format("field '{}' of {} is given twice", argument->field, call_.name.text));
      }
    }
  }

  std::string unknown_field(const Argument& argument,
                            const std::vector<std::string_view>& known) const {
    const std::string_view kind = call_.name.text;
    const std::string_view name = argument.field;
    if (known.empty()) return fmt::format("{} has no fields, only schedules", kind);
    const auto unknown = [&](const std::string& what) {
      return fmt::format("unknown field '{}' of {}{}", name, kind, what);
    };
    if (const std::string_view same = same_word(name, known); !same.empty()) {
      return unknown(fmt::format(", did you mean '{}'?", same));
    }
    const std::string_view value = argument.words.empty() ? "" : argument.words.front().text;
    const std::string here = detail::peer_field(kind, name, value, known);
    return unknown(here.empty() ? suggestion(name, known) : fmt::format("; here it is {}", here));
  }

  void read_field(const FieldData&, Schedule* value) const {
    const auto found =
        std::find_if(call_.arguments.begin(), call_.arguments.end(),
                     [](const Argument& argument) { return argument.schedule.has_value(); });
    if (found == call_.arguments.end()) {
      fail(call_.text, call_.end,
           fmt::format("{} needs a schedule, such as {}(constant(base_lr=0.1), ...)",
                       call_.name.text, call_.name.text));
    }
    *value = *found->schedule;
  }

  void read_field(const FieldData&, std::vector<Schedule>* value) const {
    for (const Argument& argument : call_.arguments) value->push_back(*argument.schedule);
  }

  template <class Value, class... Words>
  void read_field(const FieldData& field, Value* value, const Words&... words) const {
    const std::string_view name = field.info->name;
    const auto found =
        std::find_if(call_.arguments.begin(), call_.arguments.end(),
                     [&](const Argument& argument) { return argument.field == name; });
    if (found != call_.arguments.end()) {
      convert(*field.info, *found, value, words...);
      try {
        detail::check(call_.name.text, field);
      } catch (const std::invalid_argument& error) {
        fail(call_.text, found->value_offset, error.what());
      }
    } else if (field.info->required) {
      fail(call_.text, call_.end, fmt::format("{} needs the field '{}'", call_.name.text, name));
    } else if constexpr (!std::is_void_v<Value>) {
      if (field.same_as != nullptr) *value = *static_cast<const Value*>(field.same_as);
    }
  }

  [[noreturn]] void mistyped(const FieldInfo& field, std::size_t offset, std::string_view expected,
                             std::string_view got, std::string_view instead = "") const {
    fail(call_.text, offset,
         fmt::format("{}: {} must be {}, got '{}'{}", call_.name.text, field.name, expected, got,
                     instead));
  }

  const Word& one_word(const FieldInfo& field, const Argument& argument,
                       std::string_view expected) const {
    if (argument.is_list) mistyped(field, argument.value_offset, expected, "[");
    return argument.words.front();
  }

  void number(const FieldInfo& field, const Word& word, double& value) const {
    const std::string_view expected = detail::read(word.text, value);
    if (!expected.empty()) mistyped(field, word.offset, expected, word.text);
  }
  void number(const FieldInfo& field, const Word& word, Step& value) const {
    if (ends_with(word.text, "%")) {
      value = share(field, word, 1, call_.units.total, 100, "the steps of the run, Units::total");
    } else if (ends_with(word.text, "ep")) {
      value = share(field, word, 2, call_.units.per_epoch, 1,
                    "the steps of an epoch, Units::per_epoch");
    } else {
      whole(field, word, without_underscores(word.text), value);
    }
  }
  // Digits, also as 1_000_000, or any number that is whole, such as 1e6.
  void whole(const FieldInfo& field, const Word& word, const std::string& digits,
             Step& value) const {
    const char* end = digits.data() + digits.size();
    if (const auto [stop, error] = std::from_chars(digits.data(), end, value);
        error == std::errc() && stop == end) {
      return;
    }
    double real = unset;
    if (!detail::read(digits, real).empty() || !std::isfinite(real) || std::trunc(real) != real) {
      mistyped(field, word.offset, "an integer", word.text, as_unit(field, word, real));
    }
    value = step_of(field, word, real);
  }

  // What to write for "0.05" and "9epochs" where steps are counted.
  std::string as_unit(const FieldInfo& field, const Word& word, double real) const {
    if (!counts_steps(field.name) || call_.kind->name == ReduceOnPlateau::name) return {};
    const std::string name =
        field.type == Type::steps ? std::string() : fmt::format("{}=", field.name);
    if (real > 0 && real < 1) {
      const std::string percent = detail::percent(real);
      return fmt::format("; for {} % of the run write {}{}%", percent, name, percent);
    }
    const std::size_t unit = word.text.find("ep");
    if (unit == 0 || unit == word.text.npos) return {};
    const std::string_view number = word.text.substr(0, unit);
    return detail::read(number, real).empty() ? fmt::format("; write {}{}ep", name, number) : "";
  }

  Step step_of(const FieldInfo& field, const Word& word, double whole) const {
    if (std::abs(whole) >= 0x1p63) mistyped(field, word.offset, "a 64-bit integer", word.text);
    return static_cast<Step>(whole);
  }

  // A number with a unit behind it, of which `parts` are `steps`: what it is in steps.
  Step share(const FieldInfo& field, const Word& word, std::size_t unit_size, Step steps,
             double parts, std::string_view needed) const {
    double number = unset;
    const std::string_view text = word.text.substr(0, word.text.size() - unit_size);
    if (!detail::read(text, number).empty() || !std::isfinite(number)) {
      mistyped(field, word.offset, "an integer", word.text);
    }
    if (!counts_steps(field.name)) {
      mistyped(field, word.offset, "an integer, as it does not count steps", word.text);
    }
    if (steps == 0) {
      fail(call_.text, word.offset,
           fmt::format("{}: {}={} needs {}", call_.name.text, field.name, word.text, needed));
    }
    const double share = std::round(number * static_cast<double>(steps) / parts);
    return step_of(field, word, number > 0 ? std::max(share, field.rule.min) : share);
  }

  void convert(const FieldInfo& field, const Argument& argument, double* value) const {
    number(field, one_word(field, argument, "a number"), *value);
  }
  void convert(const FieldInfo& field, const Argument& argument, Step* value) const {
    number(field, one_word(field, argument, "an integer"), *value);
  }
  void convert(const FieldInfo& field, const Argument& argument, std::optional<Step>* value) const {
    convert(field, argument, &value->emplace());
  }
  template <class Number>
  void convert(const FieldInfo& field, const Argument& argument,
               std::vector<Number>* values) const {
    if (!argument.is_list) {
      mistyped(field, argument.value_offset, "a list like [30, 60, 90]",
               argument.words.front().text);
    }
    for (const Word& word : argument.words) number(field, word, values->emplace_back());
  }
  void convert(const FieldInfo& field, const Argument& argument, void* value,
               const Choice& choice) const {
    const std::string expected = detail::alternatives(choice);
    const Word& word = one_word(field, argument, expected);
    const auto* last = choice.words + choice.count;
    const auto* found = std::find(choice.words, last, word.text);
    if (found == last) mistyped(field, word.offset, expected, word.text);
    choice.set(value, static_cast<std::size_t>(found - choice.words));
  }

  const Call& call_;
};

struct Kind {
  std::string_view name;
  const detail::Kind& (*info)();
  Schedule (*read)(const Call&);
};

template <class S>
Schedule read(const Call& call) {
  S schedule{};
  Reader(call).read(*call.kind, &schedule);
  return schedule;
}

template <class... S>
constexpr std::array<Kind, sizeof...(S)> kinds_of(std::tuple<S...>*) {
  return {Kind{S::name, detail::kind_of<S>, read<S>}...};
}

constexpr auto kinds = kinds_of(static_cast<Catalogue*>(nullptr));

class Parser {
 public:
  explicit Parser(std::string_view text, const Units& units = {}) : text_(text), units_(units) {
    if (text.size() <= max_length) return;
    fail(text, max_length,
         fmt::format("a notation may have {} characters at most, got {}", max_length, text.size()));
  }

  Schedule parse() {
    const Schedule schedule = call(word("a schedule"));
    expect_end();
    return schedule;
  }

  ReduceOnPlateau parse_plateau() {
    const Word name = word("reduce_on_plateau(...)");
    if (name.text != ReduceOnPlateau::name) fail(text_, name.offset, no_plateau(name.text));
    const detail::Kind& kind = detail::kind_of<ReduceOnPlateau>();
    ReduceOnPlateau plateau;
    Reader(arguments(name, kind)).read(kind, &plateau);
    expect_end();
    return plateau;
  }

 private:
  void expect_end() {
    skip_space();
    if (at_ != text_.size()) fail(text_, at_, "expected the end of the notation");
  }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void expect(char c, std::string_view what) {
    if (!take(c)) fail(text_, at_, fmt::format("expected {}", what));
  }

  Word word(std::string_view what) {
    skip_space();
    const std::size_t from = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    if (at_ == from) fail(text_, at_, fmt::format("expected {}", what));
    return {text_.substr(from, at_ - from), from};
  }

  // A word, or a number with a percent sign.
  Word value(std::string_view what) {
    Word value = word(what);
    if (at_ < text_.size() && text_[at_] == '%') {
      value.text = text_.substr(value.offset, ++at_ - value.offset);
    }
    return value;
  }

  static std::string no_plateau(std::string_view name) {
    const std::string_view here = detail::peer_plateau(name);
    const bool is_near = edit_distance(start_of(name), ReduceOnPlateau::name) <= 5 ||
                         detail::is_same_word(name, ReduceOnPlateau::name);
    return fmt::format("expected reduce_on_plateau(...), got '{}'{}", start_of(name),
                       !here.empty() ? fmt::format("; here it is {}", here)
                       : is_near     ? ", did you mean 'reduce_on_plateau'?"
                                     : "");
  }

  // What to say of libsched's own names in another form, then of others' names, then of the rest.
  std::string unknown_schedule(std::string_view name) {
    if (name == "custom") {
      return "custom stands for a user-defined callable, which cannot be read back: build the "
             "schedule in C++";
    }
    if (detail::is_same_word(name, ReduceOnPlateau::name)) {
      return fmt::format("{} is no schedule: parse_plateau reads it, a driver takes it beside one",
                         ReduceOnPlateau::name);
    }
    const auto unknown = [&](const std::string& what) {
      return fmt::format("unknown schedule '{}'{}", start_of(name), what);
    };
    if (is_rate(name) && next() == '\0') return unknown(constant_rate(name));
    if (next() == '=') return unknown("; a field stands in brackets, as in constant(base_lr=0.1)");
    std::vector<std::string_view> known;
    for (const Kind& kind : kinds) known.push_back(kind.name);
    const std::string_view without_module = name.substr(name.rfind('.') + 1);
    if (const std::string_view same = same_word(without_module, known); !same.empty()) {
      const std::string_view namesake = detail::namesake(name);
      return unknown(
          fmt::format(", did you mean '{}'?{}{}", same, namesake.empty() ? "" : " ", namesake));
    }
    if (const std::string_view here = detail::peer_plateau(name); !here.empty()) {
      return unknown(fmt::format("; here it is {}, which a driver takes beside a schedule", here));
    }
    const std::string_view here = detail::peer_schedule(name);
    return unknown(here.empty() ? suggestion(name, known) : fmt::format("; here it is {}", here));
  }

  static bool is_rate(std::string_view word) {
    double rate = unset;
    return detail::read(word, rate).empty() && std::isfinite(rate) && rate >= 0;
  }

  static std::string constant_rate(std::string_view number) {
    return fmt::format("; a constant rate is constant(base_lr={})", number);
  }

  // The next character that is no space, '\0' at the end.
  char next() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  Schedule call(const Word& name) {
    if (++depth_ > max_depth) {
      fail(text_, name.offset, fmt::format("schedules may be nested {} deep at most", max_depth));
    }
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const Kind& k) { return k.name == name.text; });
    if (kind == kinds.end()) {
      fail(text_, name.offset, unknown_schedule(name.text));
    }
    const Call call = arguments(name, kind->info());
    --depth_;
    try {
      return kind->read(call);
    } catch (const ParseError&) {
      throw;
    } catch (const std::invalid_argument& error) {  // of fields that do not fit together
      fail(text_, name.offset, error.what());
    }
  }

  Call arguments(const Word& name, const detail::Kind& kind) {
    if (!take('(')) fail(text_, at_, no_bracket(kind));
    Call call{text_, units_, name, &kind, {}, {}};
    if (!take(')')) {
      do {
        call.arguments.push_back(argument(call));
      } while (take(','));
      if (!take(')')) fail(text_, at_, fmt::format("expected ',' or ')'{}", split_unit(call)));
    }
    call.end = at_ - 1;
    return call;
  }

  // What to write for "constant", "constant{...}" and "constant[...]".
  std::string no_bracket(const detail::Kind& kind) {
    const char c = next();
    const bool is_bracket = c == '{' || c == '[';
    std::string fields;
    for (std::size_t i = 0; i < kind.count; ++i) {
      const FieldInfo& field = kind.fields[i];
      if (!field.required) continue;
      if (!fields.empty()) fields += ", ";
      if (field.type == Type::schedule || field.type == Type::schedules) {
        fields += field.type == Type::schedule ? "schedule" : "schedule, ...";
      } else {
        fields += fmt::format("{}=...", field.name);
      }
    }
    const std::string_view theirs = is_bracket ? "" : detail::scheduler_type(kind.name);
    return fmt::format("expected '(' after {}{}; write {}({}){}{}", kind.name,
                       is_bracket ? fmt::format(", got '{}'", c) : "", kind.name, fields,
                       theirs.empty() ? "" : "; ", theirs);
  }

  // What to write for "9 epochs" and "5 %", of which the number has been read.
  std::string split_unit(const Call& call) const {
    const Argument& last = call.arguments.back();
    double number = unset;
    if (last.is_list || last.schedule || !detail::read(last.words.front().text, number).empty()) {
      return {};
    }
    const std::string_view rest = text_.substr(at_, 2);
    const std::string_view unit = rest.substr(0, 1) == "%" ? "%" : rest == "ep" ? "ep" : "";
    if (unit.empty()) return {};
    return fmt::format("; write {}={}{}", last.field, start_of(last.words.front().text), unit);
  }

  static bool is_list(const FieldInfo& field) {
    return field.type == Type::numbers || field.type == Type::steps;
  }

  // What to write for a number that stands for the next field: "steps=500", or the schedule that it
  // may mean. Empty where no field is left.
  static std::string next_field(const Call& call, std::string_view number) {
    const bool is_steps = ends_with(number, "%") || ends_with(number, "ep");
    const auto is_given = [&](const FieldInfo& field) {
      return std::any_of(call.arguments.begin(), call.arguments.end(), [&](const Argument& given) {
        return given.schedule ? field.type == Type::schedule : given.field == field.name;
      });
    };
    const auto write = [&](const FieldInfo& field) -> std::string {
      if (field.type == Type::schedule || field.type == Type::schedules) {
        return is_rate(number) ? constant_rate(number) : "";
      }
      if (field.type == Type::choice || (is_steps && !holds_steps(field))) return {};
      double real = unset;
      const bool is_share = holds_steps(field) && counts_steps(field.name) &&
                            detail::read(number, real).empty() && real > 0 && real < 1;
      const std::string value =
          is_share ? detail::percent(real) + "%" : std::string(start_of(number));
      return fmt::format(is_list(field) ? "{}=[{}]" : "{}={}", field.name, value);
    };
    for (const bool required : {true, false}) {
      for (std::size_t i = 0; i < call.kind->count; ++i) {
        const FieldInfo& field = call.kind->fields[i];
        if (field.required != required || is_given(field)) continue;
        if (const std::string text = write(field); !text.empty()) return text;
      }
    }
    return {};
  }

  static bool holds_steps(const FieldInfo& field) {
    return field.type == Type::step || field.type == Type::optional_step ||
           field.type == Type::steps;
  }

  // What to write for a number without a name, as in warmup(s, 500), milestones=30, 60 and
  // base_lr=0,1.
  std::string without_name(const Call& call, const Word& number) const {
    const std::string next = next_field(call, number.text);
    const std::string_view text = start_of(number.text);
    if (!call.arguments.empty() && !call.arguments.back().schedule) {
      const Argument& last = call.arguments.back();
      const auto is_last = [&](const FieldInfo& field) { return field.name == last.field; };
      const FieldInfo* end = call.kind->fields + call.kind->count;
      const FieldInfo* field = std::find_if(call.kind->fields, end, is_last);
      if (!last.is_list && field != end) {
        const std::string_view first = start_of(last.words.front().text);
        if (is_list(*field)) {
          return fmt::format("; a list is written {}=[{}, {}]", field->name, first, text);
        }
        const bool is_close = text_[number.offset - 1] == ',';
        const auto digits = [](std::string_view word) {
          return std::all_of(word.begin(), word.end(), is_digit);
        };
        if (field->type == Type::number && digits(first) && digits(text) &&
            (is_close || next.empty())) {
          return fmt::format("; a decimal number is written {}={}.{}{}{}", field->name, first, text,
                             next.empty() ? "" : ", another field ", next);
        }
      }
    }
    if (next.empty()) return {};
    return next.front() == ';' ? next : "; write " + next;
  }

  // Whether parse() has something to say of this word alone.
  static bool is_schedule_name(std::string_view word) {
    const auto is_it = [&](const Kind& kind) { return detail::is_same_word(kind.name, word); };
    return word == "custom" || std::any_of(kinds.begin(), kinds.end(), is_it) ||
           !detail::peer_schedule(word).empty() || !detail::peer_plateau(word).empty();
  }

  // The next argument of a call.
  Argument argument(const Call& of) {
    constexpr std::string_view expected = "'field=value' or a schedule";
    if (next() == '[') {
      const std::string_view field = next_list(of);
      fail(text_, at_,
           fmt::format("expected {}, got a list without a name{}{}", expected,
                       field.empty() ? "" : "; write ",
                       field.empty() ? "" : fmt::format("{}=[...]", field)));
    }
    Word name = word(expected);
    if (!take('=')) {
      const char c = next();
      if (c != '(' && c != '{' && c != '[' && !is_schedule_name(name.text)) {
        const bool is_number = is_digit(name.text.front()) || name.text.front() == '.';
        if (c == '%') name.text = text_.substr(name.offset, name.text.size() + 1);
        fail(text_, name.offset,
             fmt::format("expected {}, got '{}' without a name{}", expected, start_of(name.text),
                         is_number ? without_name(of, name) : ""));
      }
      return {name.offset, {}, name.offset, {}, false, call(name)};
    }
    skip_space();
    Argument argument{name.offset, name.text, at_, {}, false, std::nullopt};
    if (take('[')) {
      argument.is_list = true;
      if (take(']')) return argument;
      do {
        argument.words.push_back(value("a number"));
      } while (take(','));
      expect(']', "',' or ']'");
    } else {
      argument.words.push_back(value(fmt::format("a value for '{}'", name.text)));
      if (take('(')) {
        fail(text_, name.offset,
             fmt::format("a nested schedule has no name: leave out '{}='", start_of(name.text)));
      }
    }
    return argument;
  }

  // The first field that holds a list and is not given.
  static std::string_view next_list(const Call& call) {
    for (std::size_t i = 0; i < call.kind->count; ++i) {
      const FieldInfo& field = call.kind->fields[i];
      const auto is_it = [&](const Argument& given) { return given.field == field.name; };
      if (is_list(field) && std::none_of(call.arguments.begin(), call.arguments.end(), is_it)) {
        return field.name;
      }
    }
    return {};
  }

  std::string_view text_;
  Units units_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Schedule parse(std::string_view notation, const Units& units) {
  const auto check = [](std::string_view name, Step steps) {
    if (steps < 0)
      detail::refuse("Units", fmt::format("{} must be at least 0, got {}", name, steps));
  };
  check("total", units.total);
  check("per_epoch", units.per_epoch);
  return Parser(notation, units).parse();
}

ReduceOnPlateau parse_plateau(std::string_view notation) {
  return Parser(notation).parse_plateau();
}

namespace detail {

std::string_view read(std::string_view text, double& value) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = from_chars(text.data(), end, value);
  if (stop != end || error == std::errc::invalid_argument) return "a number";
  // fast_float before 5 takes what is too large or too small for infinity or 0.
  const std::string_view digits = text.substr(0, text.find_first_of("eE"));
  const bool is_zero = digits.find_first_of("123456789") == std::string_view::npos;
  const bool is_word = digits.find_first_of("0123456789") == std::string_view::npos;
  const bool fits =
      error == std::errc() && (value != 0 || is_zero) && (std::isfinite(value) || is_word);
  return fits ? "" : "a number that a double can hold";
}

}  // namespace detail

}  // namespace libsched
