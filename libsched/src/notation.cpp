#include "libsched/notation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
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

constexpr std::string_view percent = "%";
constexpr std::string_view epochs = "ep";

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

// ", did you mean 'x'?" where a known name is near, else the names.
std::string suggestion(std::string_view name, const std::vector<std::string_view>& known) {
  name = start_of(name);
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

struct Call;

bool is_share(const Word& word) {
  return ends_with(word.text, percent) || ends_with(word.text, epochs);
}

// One argument of a call as it was written: a nested schedule, or a field with a word or a list of
// words.
struct Argument {
  std::size_t offset;  // of the argument
  std::string_view field;
  std::size_t value_offset;
  std::vector<Word> words;
  bool is_list;
  std::vector<Call> schedule;  // one or none
};

// Where a schedule begins or ends in the run.
struct Place {
  double ahead = 0;  // how many steps after it the place lies that the shares before it add up to
  double unit = 1;   // steps of the run that count as one here
};

struct Kind {
  std::string_view name;
  void (*check)(const Call& call);
  Schedule (*read)(const Call& call, Place& place);
};

struct Call {
  std::string_view text;
  Units units;
  Word name;
  const Kind* kind;  // null of a plateau
  std::vector<Argument> arguments;
  std::size_t end;  // of the closing bracket
};

// Whole steps up to the place that is so many after one between steps. A half that a sum of shares
// misses by rounding alone is a half. None if what precedes has taken the place of all of them.
double nearest(double ahead, double steps) {
  if (steps == 0) return 0;
  const double whole = std::floor(ahead + steps + 0.5 + 1e-9);
  return steps > 0 ? std::max(whole, 0.0) : whole;
}

// Where a schedule, what it holds, and its end lie, as far as its fields have been read.
struct Layout {
  explicit Layout(const Place& place, bool known = true)
      : is_known(known), begin(place), inside(place), end(place) {}

  // So many steps, rounded to whole ones in the way of a field.
  double round(Timing timing, double steps) {
    switch (timing) {
      case Timing::place:
        return nearest(begin.ahead, steps);
      case Timing::turn:
      case Timing::end:
        return move(end, steps);
      case Timing::before:
        return move(inside, steps);
      case Timing::skipped: {  // what it holds begins so much before it
        Place backwards{-begin.ahead};
        const double rounded = move(backwards, steps);
        inside.ahead = -backwards.ahead;
        return rounded;
      }
      default:
        return nearest(0, steps);
    }
  }

  const bool is_known;  // else what shares of the run are in steps is not checked yet
  const Place begin;
  Place inside;  // where nested schedules begin
  Place end;

 private:
  static double move(Place& place, double steps) {
    const double rounded = nearest(place.ahead, steps);
    place.ahead += steps - rounded;
    return rounded;
  }
};

Schedule read(const Call& call, Place& place);

// Turns the arguments of one call into the field values of its kind.
class Reader {
 public:
  explicit Reader(const Call& call) : call_(call) {}

  // Checks what can be checked before the calls around this one have been read: all but shares.
  void check(const detail::Kind& kind, const void* schedule) const {
    check_arguments(kind);
    Layout layout(Place{}, false);
    read_own(detail::fields_of(kind, schedule), layout);
  }

  // Reads the fields of a schedule that begins at a place, which then is where it ends: its own
  // first, since they say where the nested schedules begin.
  void read_fields(const detail::Kind& kind, const void* schedule, Place& place) const {
    const std::vector<FieldData> fields = detail::fields_of(kind, schedule);
    Layout layout(place);
    read_own(fields, layout);
    const double scale = scale_of(fields);
    layout.inside.ahead /= scale;
    layout.inside.unit *= unit_of(fields);
    const Place end = read_schedules(fields, layout.inside);
    const auto is_end = [](const FieldData& field) { return field.info->timing == Timing::end; };
    if (std::any_of(fields.begin(), fields.end(), is_end)) {
      place.ahead = layout.end.ahead;
    } else if (std::isfinite(scale)) {
      place.ahead = end.ahead * scale;
    }
  }

 private:
  // Which arguments there are.
  void check_arguments(const detail::Kind& kind) const {
    std::vector<std::string_view> known;
    std::size_t due = 0;
    std::size_t most = 0;
    for (const FieldInfo* field = kind.fields; field != kind.fields + kind.count; ++field) {
      if (field->type == Type::schedule) {
        most = ++due;
      } else if (field->type == Type::schedules) {
        most = call_.arguments.size();
      } else {
        known.push_back(field->name);
      }
    }
    check_names(known, most);
    std::size_t schedules = 0;
    for (const Argument& argument : call_.arguments) schedules += argument.schedule.size();
    if (schedules < due) {
      const std::string_view example =
          due == 1 ? "(constant(base_lr=0.1), ...)"
                   : "(constant(base_lr=1), inverse_time_decay(base_lr=1, decay=1))";
      fail(call_.text, call_.end,
           fmt::format("{} needs {}, such as {}{}", call_.name.text,
                       due == 1 ? "a schedule" : "two schedules", call_.name.text, example));
    }
    for (const FieldInfo* field = kind.fields; field != kind.fields + kind.count; ++field) {
      if (!field->required || !has_name(*field) || argument_of(*field) != nullptr) continue;
      fail(call_.text, call_.end,
           fmt::format("{} needs the field '{}'", call_.name.text, field->name));
    }
  }

  void read_own(const std::vector<FieldData>& fields, Layout& layout) const {
    for (const FieldData& field : fields) {
      detail::visit(field, [&](auto* value, const auto&... choice) {
        read_field(field, layout, value, choice...);
      });
    }
  }

  static bool has_name(const FieldInfo& field) {
    return field.type != Type::schedule && field.type != Type::schedules;
  }

  const Argument* argument_of(const FieldInfo& field) const {
    for (const Argument& argument : call_.arguments) {
      if (argument.field == field.name) return &argument;
    }
    return nullptr;
  }

  // Steps that the nested schedule counts as one.
  static double unit_of(const std::vector<FieldData>& fields) {
    for (const FieldData& field : fields) {
      if (field.info->timing == Timing::unit) {
        return static_cast<double>(*static_cast<const Step*>(field.value));
      }
    }
    return 1;
  }

  // How many times its own length the nested schedule takes; infinity for ever.
  static double scale_of(const std::vector<FieldData>& fields) {
    for (const FieldData& field : fields) {
      if (field.info->timing == Timing::rounds) {
        const auto& rounds = *static_cast<const std::optional<Step>*>(field.value);
        return rounds ? static_cast<double>(*rounds) : std::numeric_limits<double>::infinity();
      }
    }
    return unit_of(fields);
  }

  // Where the last of them ends.
  Place read_schedules(const std::vector<FieldData>& fields, const Place& begin) const {
    Place last = begin;
    Step length = 0;
    auto argument = call_.arguments.begin();
    const auto next = [&](bool in_turn) {
      while (argument->schedule.empty()) ++argument;
      Place place = in_turn ? last : begin;
      const Schedule schedule = libsched::read(argument++->schedule.front(), place);
      const Step its_length = schedule.length().value_or(0);
      const auto reached = std::pair(its_length, place.ahead);
      if (in_turn || reached >= std::pair(length, last.ahead)) last = place;
      length = std::max(length, its_length);
      return schedule;
    };
    for (const FieldData& field : fields) {
      if (field.info->type == Type::schedule) {
        *static_cast<Schedule*>(field.value) = next(false);
      } else if (field.info->type == Type::schedules) {
        auto& parts = *static_cast<std::vector<Schedule>*>(field.value);
        while (parts.size() < call_.arguments.size()) {
          parts.push_back(next(field.info->timing == Timing::in_turn));
        }
      }
    }
    return last;
  }

  void check_names(const std::vector<std::string_view>& known, std::size_t most_schedules) const {
    std::size_t schedules = 0;
    for (auto argument = call_.arguments.begin(); argument != call_.arguments.end(); ++argument) {
      if (!argument->schedule.empty()) {
        if (++schedules <= most_schedules) continue;
        constexpr std::string_view most[] = {"no schedule", "one schedule", "two schedules"};
        fail(call_.text, argument->offset,
             fmt::format("{} takes {}", call_.name.text, most[most_schedules]));
      }
      if (std::find(known.begin(), known.end(), argument->field) == known.end()) {
        fail(call_.text, argument->offset, unknown_field(argument->field, known));
      }
      const auto same = [&](const Argument& other) { return other.field == argument->field; };
      if (std::any_of(call_.arguments.begin(), argument, same)) {
        fail(call_.text, argument->offset,
             fmt::format("field '{}' of {} is given twice", argument->field, call_.name.text));
      }
    }
  }

  std::string unknown_field(std::string_view name,
                            const std::vector<std::string_view>& known) const {
    const std::string_view kind = call_.name.text;
    if (known.empty()) return fmt::format("{} has no fields, only schedules", kind);
    const std::string_view here = detail::peer_field(kind, name, known);
    return fmt::format(
        "unknown field '{}' of {}{}", name, kind,
        here.empty() ? suggestion(name, known) : fmt::format("; here it is {}", here));
  }

  void read_field(const FieldData&, Layout&, Schedule*) const {}
  void read_field(const FieldData&, Layout&, std::vector<Schedule>*) const {}

  template <class Value, class... Words>
  void read_field(const FieldData& field, Layout& layout, Value* value,
                  const Words&... words) const {
    if (const Argument* argument = argument_of(*field.info)) {
      convert(*field.info, layout, *argument, value, words...);
      const auto& given = argument->words;
      if (!layout.is_known && std::any_of(given.begin(), given.end(), is_share)) return;
      try {
        detail::check(call_.name.text, field);
      } catch (const std::invalid_argument& error) {
        fail(call_.text, argument->value_offset, error.what());
      }
    } else if constexpr (!std::is_void_v<Value>) {
      if (field.same_as != nullptr) *value = *static_cast<const Value*>(field.same_as);
    }
  }

  [[noreturn]] void mistyped(const FieldInfo& field, std::size_t offset, std::string_view expected,
                             std::string_view got) const {
    fail(call_.text, offset,
         fmt::format("{}: {} must be {}, got '{}'", call_.name.text, field.name, expected, got));
  }

  const Word& one_word(const FieldInfo& field, const Argument& argument,
                       std::string_view expected) const {
    if (argument.is_list) mistyped(field, argument.value_offset, expected, "[");
    return argument.words.front();
  }

  void number(const FieldInfo& field, Layout&, const Word& word, double& value) const {
    const std::string_view expected = detail::read(word.text, value);
    if (!expected.empty()) mistyped(field, word.offset, expected, word.text);
  }
  void number(const FieldInfo& field, Layout& layout, const Word& word, Step& value) const {
    if (ends_with(word.text, percent)) {
      value = share(field, layout, word, percent, call_.units.total, 100, "the run's",
                    "the steps of the run, Units::total");
    } else if (ends_with(word.text, epochs)) {
      value = share(field, layout, word, epochs, call_.units.per_epoch, 1, "an epoch's",
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
      mistyped(field, word.offset, "an integer", word.text);
    }
    value = step_of(field, word, real);
  }

  Step step_of(const FieldInfo& field, const Word& word, double whole) const {
    if (std::abs(whole) >= 0x1p63) mistyped(field, word.offset, "a 64-bit integer", word.text);
    return static_cast<Step>(whole);
  }

  // A number with a unit behind it, of which `parts` are the `steps` of `what`: what it is in
  // steps.
  Step share(const FieldInfo& field, Layout& layout, const Word& word, std::string_view unit_name,
             Step steps, double parts, std::string_view what, std::string_view needed) const {
    double number = unset;
    const std::string_view text = word.text.substr(0, word.text.size() - unit_name.size());
    if (!detail::read(text, number).empty() || !std::isfinite(number)) {
      mistyped(field, word.offset, "an integer", word.text);
    }
    if (field.timing == Timing::none || field.timing == Timing::rounds) {
      mistyped(field, word.offset, "an integer, as it does not count steps", word.text);
    }
    if (steps == 0) {
      fail(call_.text, word.offset,
           fmt::format("{}: {}={} needs {}", call_.name.text, field.name, word.text, needed));
    }
    const double unit = layout.begin.unit;
    const double exact = number * static_cast<double>(steps) / parts / unit;
    const double rounded = layout.round(field.timing, exact);
    if (number < 0) return step_of(field, word, std::min(rounded, -1.0));
    if (layout.is_known && number > 0 && rounded < field.rule.min) {
      const std::string held =
          unit == 1 ? "" : fmt::format(", {:.6g} where {:.6g} are held for one,", exact, unit);
      fail(call_.text, word.offset,
           fmt::format("{}: {} must be at least {}, got {}, which is {:.6g} of {} {} steps{} and "
                       "rounds to {}; write a number of steps",
                       call_.name.text, field.name, field.rule.min, word.text, exact * unit, what,
                       steps, held, rounded));
    }
    return step_of(field, word, rounded);
  }

  void convert(const FieldInfo& field, Layout& layout, const Argument& argument,
               double* value) const {
    number(field, layout, one_word(field, argument, "a number"), *value);
  }
  void convert(const FieldInfo& field, Layout& layout, const Argument& argument,
               Step* value) const {
    number(field, layout, one_word(field, argument, "an integer"), *value);
  }
  void convert(const FieldInfo& field, Layout& layout, const Argument& argument,
               std::optional<Step>* value) const {
    convert(field, layout, argument, &value->emplace());
  }
  template <class Number>
  void convert(const FieldInfo& field, Layout& layout, const Argument& argument,
               std::vector<Number>* values) const {
    if (!argument.is_list) {
      mistyped(field, argument.value_offset, "a list like [30, 60, 90]",
               argument.words.front().text);
    }
    for (const Word& word : argument.words) {
      if (field.timing == Timing::end) layout.end = layout.begin;  // what each is counted from
      number(field, layout, word, values->emplace_back());
    }
  }
  void convert(const FieldInfo& field, Layout&, const Argument& argument, void* value,
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

template <class S>
void check_kind(const Call& call) {
  S schedule{};
  Reader(call).check(detail::kind_of<S>(), &schedule);
}

template <class S>
Schedule read_kind(const Call& call, Place& place) {
  S schedule{};
  Reader(call).read_fields(detail::kind_of<S>(), &schedule, place);
  return schedule;
}

template <class... S>
constexpr std::array<Kind, sizeof...(S)> kinds_of(std::tuple<S...>*) {
  return {Kind{S::name, check_kind<S>, read_kind<S>}...};
}

constexpr auto kinds = kinds_of(static_cast<Catalogue*>(nullptr));

// The schedule of a call that begins at a place, which then is where it ends.
Schedule read(const Call& call, Place& place) {
  try {
    return call.kind->read(call, place);
  } catch (const ParseError&) {
    throw;
  } catch (const std::invalid_argument& error) {  // of fields that do not fit together
    fail(call.text, call.name.offset, error.what());
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text, const Units& units = {}) : text_(text), units_(units) {
    if (text.size() <= max_length) return;
    fail(text, max_length,
         fmt::format("a notation may have {} characters at most, got {}", max_length, text.size()));
  }

  Schedule parse() {
    const Call whole = call(word("a schedule"));
    expect_end();
    Place start;
    return read(whole, start);
  }

  ReduceOnPlateau parse_plateau() {
    const Word name = word("reduce_on_plateau(...)");
    if (name.text != ReduceOnPlateau::name) {
      fail(text_, name.offset,
           fmt::format("expected reduce_on_plateau(...), got '{}'", start_of(name.text)));
    }
    ReduceOnPlateau plateau;
    Reader(arguments(name, nullptr)).check(detail::kind_of<ReduceOnPlateau>(), &plateau);
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

  static std::string unknown_schedule(std::string_view name) {
    if (name == "custom") return "a custom callable cannot be parsed";
    if (name == ReduceOnPlateau::name) {
      return fmt::format("{} is no schedule: parse_plateau reads it, a driver takes it beside one",
                         name);
    }
    const std::string_view here = detail::peer_schedule(name);
    std::vector<std::string_view> known;
    for (const Kind& kind : kinds) known.push_back(kind.name);
    return fmt::format(
        "unknown schedule '{}'{}", start_of(name),
        here.empty() ? suggestion(name, known) : fmt::format("; here it is {}", here));
  }

  Call call(const Word& name) {
    if (++depth_ > max_depth) {
      fail(text_, name.offset, fmt::format("schedules may be nested {} deep at most", max_depth));
    }
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const Kind& k) { return k.name == name.text; });
    if (kind == kinds.end()) {
      fail(text_, name.offset, unknown_schedule(name.text));
    }
    Call call = arguments(name, kind);
    --depth_;
    kind->check(call);
    return call;
  }

  Call arguments(const Word& name, const Kind* kind) {
    expect('(', fmt::format("'(' after {}", name.text));
    Call call{text_, units_, name, kind, {}, {}};
    if (!take(')')) {
      do {
        call.arguments.push_back(argument(call));
      } while (take(','));
      expect(')', "',' or ')'");
    }
    call.end = at_ - 1;
    return call;
  }

  // What to write where a number follows a field's, as in milestones=30, 60 and base_lr=0,1.
  static std::string after_comma(const Call& call, std::string_view number) {
    if (call.arguments.empty() || !is_digit(number.front())) return {};
    const Argument& last = call.arguments.back();
    if (last.is_list || !last.schedule.empty() || !is_digit(last.words.front().text.front()))
      return {};
    const std::string_view first = last.words.front().text;
    return fmt::format("; a list is written {0}=[{1}, {2}], a decimal number {0}={1}.{2}",
                       start_of(last.field), start_of(first), start_of(number));
  }

  // The next argument of a call.
  Argument argument(const Call& of) {
    const Word name = word("'field=value' or a schedule");
    if (!take('=')) {
      skip_space();
      if (at_ == text_.size() || text_[at_] != '(') {
        fail(text_, name.offset,
             fmt::format("expected 'field=value' or a schedule, got '{}' without a name{}",
                         start_of(name.text), after_comma(of, name.text)));
      }
      return {name.offset, {}, name.offset, {}, false, {call(name)}};
    }
    skip_space();
    Argument argument{name.offset, name.text, at_, {}, false, {}};
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
