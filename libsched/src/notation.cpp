#include "libsched/notation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "catalogue.hpp"
#include "field_text.hpp"
#include "hints.hpp"

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

// 1_000_000 becomes 1000000. An underscore that is not between digits stays, so the text is not a
// number.
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

detail::Given given(const Argument& argument) {
  return {argument.field, argument.words.empty() ? "" : argument.words.front().text,
          argument.is_list};
}

struct Call {
  std::string_view text;
  Units units;
  Word name;
  const detail::Kind* kind;
  const detail::Entry* entry;  // of the catalogue; null of a plateau
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
        fail(call_.text, argument->offset,
             detail::unknown_field(call_.name.text, given(*argument), known));
      }
      const auto same = [&](const Argument& other) { return other.field == argument->field; };
      if (std::any_of(call_.arguments.begin(), argument, same)) {
        fail(call_.text, argument->offset,
             fmt::format("field '{}' of {} is given twice", argument->field, call_.name.text));
      }
    }
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
      mistyped(field, word.offset, "an integer", word.text,
               has_units() ? detail::in_steps(field, word.text) : "");
    }
    value = step_of(field, word, real);
  }

  // A plateau's notation has none.
  bool has_units() const { return call_.entry != nullptr; }

  Step step_of(const FieldInfo& field, const Word& word, double whole) const {
    if (std::abs(whole) >= 0x1p63) mistyped(field, word.offset, "a 64-bit integer", word.text);
    return static_cast<Step>(whole);
  }

  // Converts a number with a unit to steps: `parts` of the unit are the `steps` of `what`.
  Step share(const FieldInfo& field, Layout& layout, const Word& word, std::string_view unit_name,
             Step steps, double parts, std::string_view what, std::string_view needed) const {
    double number = unset;
    const std::string_view text = word.text.substr(0, word.text.size() - unit_name.size());
    if (!detail::read(text, number).empty() || !std::isfinite(number)) {
      mistyped(field, word.offset, "an integer", word.text);
    }
    if (!detail::counts_steps(field)) {
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
               NumberPerGroup* value) const {
    if (argument.is_list) {
      std::vector<double> values;
      convert(field, layout, argument, &values);
      *value = std::move(values);
    } else {
      convert(field, layout, argument, value->list.data());
    }
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

struct Reading {
  const Call& call;
  Place* place;  // without one, only what can be checked before the calls around it are read
};

bool read_call(void* schedule, void* context) {
  const auto& [call, place] = *static_cast<Reading*>(context);
  const Reader reader(call);
  if (place == nullptr) {
    reader.check(*call.kind, schedule);
    return false;
  }
  reader.read_fields(*call.kind, schedule, *place);
  return true;
}

// The schedule of a call that begins at a place, which then is where it ends.
Schedule read(const Call& call, Place& place) {
  try {
    Reading reading{call, &place};
    return *call.entry->make(read_call, &reading);
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
    if (name.text != ReduceOnPlateau::name)
      fail(text_, name.offset, detail::unknown_plateau(name.text));
    const detail::Kind& kind = detail::kind_of<ReduceOnPlateau>();
    ReduceOnPlateau plateau;
    Reader(arguments(name, kind, nullptr)).check(kind, &plateau);
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

  // The next character that is not a space, or '\0' at the end.
  char next() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  Call call(const Word& name) {
    if (++depth_ > max_depth) {
      fail(text_, name.offset, fmt::format("schedules may be nested {} deep at most", max_depth));
    }
    const auto [first, last] = detail::catalogue();
    const auto* entry =
        std::find_if(first, last, [&](const detail::Entry& one) { return one.name == name.text; });
    if (entry == last) {
      fail(text_, name.offset, detail::unknown_schedule(name.text, next()));
    }
    Call call = arguments(name, entry->info(), entry);
    --depth_;
    Reading reading{call, nullptr};
    entry->make(read_call, &reading);
    return call;
  }

  Call arguments(const Word& name, const detail::Kind& kind, const detail::Entry* entry) {
    if (!take('(')) fail(text_, at_, detail::no_bracket(kind, next()));
    Call call{text_, units_, name, &kind, entry, {}, {}};
    if (!take(')')) {
      do {
        call.arguments.push_back(argument(call));
      } while (take(','));
      if (!take(')')) {
        fail(text_, at_,
             fmt::format("expected ',' or ')'{}",
                         detail::with_unit(given(call.arguments.back()), text_.substr(at_))));
      }
    }
    call.end = at_ - 1;
    return call;
  }

  // The next argument of a call.
  Argument argument(const Call& of) {
    if (next() == '[') fail_without_name(of, {"[", at_});
    Word name = word("'field=value' or a schedule");
    if (!take('=')) {
      const char c = next();
      if (c != '(' && c != '{' && c != '[' && !detail::is_schedule_name(name.text)) {
        const std::string_view with_next = text_.substr(name.offset, name.text.size() + 1);
        if (with_next.back() == '%') name.text = with_next;
        fail_without_name(of, name);
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
             fmt::format("a nested schedule has no name: leave out '{}='",
                         detail::start_of(name.text)));
      }
    }
    return argument;
  }

  [[noreturn]] void fail_without_name(const Call& of, const Word& word) const {
    std::vector<detail::Given> arguments;
    for (const Argument& argument : of.arguments) arguments.push_back(given(argument));
    const bool is_close = word.offset > 0 && text_[word.offset - 1] == ',';
    fail(text_, word.offset,
         fmt::format("expected 'field=value' or a schedule, got '{}' without a name{}",
                     detail::start_of(word.text),
                     detail::without_name(*of.kind, arguments, word.text, is_close)));
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
