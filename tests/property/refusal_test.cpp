// Every field of every kind refuses what its rule excludes, in C++ and in the notation.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <utility>

#include "every_kind.hpp"
#include "random_schedule.hpp"

namespace libsched {
namespace {

template <class S, class Visit>
void for_each_field(Visit visit) {
  S::fields([&](const auto&... fields) { (visit(fields), ...); });
}

constexpr Step first_step = std::numeric_limits<Step>::min();

template <class Value>
struct Bad {
  Value value;
  std::string complaint;  // the message after the field's name
};

std::string ruled(const Rule& rule) {
  if (rule.max == 1) return "must be between 0 and 1";
  if (rule.above_min) return "must be greater than 0";
  return rule.min == 1 ? "must be at least 1" : "must be at least 0";
}

template <class Value>
Bad<Value> out_of_range(const Rule& rule, Value value) {
  return {value, fmt::format(" {}, got {}", ruled(rule), value)};
}

std::vector<Bad<double>> bad_values(double, const Rule& rule, RandomSchedules& random) {
  using limits = std::numeric_limits<double>;
  std::vector<Bad<double>> bad{{limits::quiet_NaN(), " must be finite, got nan"},
                               {limits::infinity(), " must be finite, got inf"},
                               {-limits::infinity(), " must be finite, got -inf"}};
  if (std::isfinite(rule.min)) {
    for (const double below : {std::nextafter(rule.min, -limits::max()),
                               rule.min - 1 - random.positive(), -limits::max()}) {
      bad.push_back(out_of_range(rule, below));
    }
    if (rule.above_min) bad.push_back(out_of_range(rule, rule.min));
  }
  if (std::isfinite(rule.max)) {
    for (const double above :
         {std::nextafter(rule.max, limits::max()), rule.max + random.positive(), limits::max()}) {
      bad.push_back(out_of_range(rule, above));
    }
  }
  return bad;
}

std::vector<Bad<Step>> bad_values(Step, const Rule& rule, RandomSchedules& random) {
  std::vector<Bad<Step>> bad;
  for (const Step below : {static_cast<Step>(rule.min) - 1, -random.any_size(), first_step}) {
    bad.push_back(out_of_range(rule, below));
  }
  return bad;
}

std::vector<Bad<std::optional<Step>>> bad_values(std::optional<Step>, const Rule& rule,
                                                 RandomSchedules& random) {
  std::vector<Bad<std::optional<Step>>> bad;
  for (const auto& [value, complaint] : bad_values(Step{}, rule, random)) {
    bad.push_back({value, complaint});
  }
  return bad;
}

// Lists with one bad entry at a random place, and an empty list.
template <class Number>
std::vector<Bad<std::vector<Number>>> bad_values(const std::vector<Number>& good, const Rule& rule,
                                                 RandomSchedules& random) {
  std::vector<Bad<std::vector<Number>>> bad{{{}, " must not be empty"}};
  const auto place = [&](std::size_t from) {
    return static_cast<std::size_t>(
        random.step(static_cast<Step>(from), static_cast<Step>(good.size()) - 1));
  };
  for (const auto& [value, complaint] : bad_values(Number{}, rule, random)) {
    const std::size_t i = place(0);
    std::vector<Number> list = good;
    list[i] = value;
    bad.push_back({list, fmt::format("[{}]{}", i, complaint)});
  }
  if (rule.increasing && good.size() > 1) {
    const std::size_t i = place(1);
    std::vector<Number> list = good;
    list[i] = list[i - 1];
    bad.push_back({list, fmt::format(" must increase, got {} after {}", list[i], list[i])});
  }
  return bad;
}

std::vector<Bad<std::vector<Schedule>>> bad_values(const std::vector<Schedule>&, const Rule&,
                                                   RandomSchedules&) {
  return {{{}, " must not be empty"}};
}

// No value of these types is refused.
std::vector<Bad<bool>> bad_values(bool, const Rule&, RandomSchedules&) { return {}; }
std::vector<Bad<Anneal>> bad_values(Anneal, const Rule&, RandomSchedules&) { return {}; }
std::vector<Bad<CooldownShape>> bad_values(CooldownShape, const Rule&, RandomSchedules&) {
  return {};
}
std::vector<Bad<Schedule>> bad_values(const Schedule&, const Rule&, RandomSchedules&) { return {}; }

// The offset of the value of the outermost schedule's field. Nested schedules come before it.
std::size_t value_offset(const std::string& notation, std::string_view field) {
  for (const std::string before : {" ", "("}) {
    const std::string name = before + std::string(field) + "=";
    if (const std::size_t at = notation.rfind(name); at != std::string::npos) {
      return at + name.size();
    }
  }
  return 0;  // schedules have no name
}

std::string refusal_of_parse(const std::string& notation, std::size_t offset) {
  try {
    parse(notation);
  } catch (const ParseError& error) {
    const std::string text = error.what();
    const std::size_t caret = text.rfind('^') - (text.rfind('\n') + 1);
    const std::size_t second_line = text.find('\n') + 1;
    EXPECT_EQ(error.offset, offset) << text;
    EXPECT_EQ(text.substr(second_line + caret, 2), notation.substr(offset, 2)) << text;
    return text.substr(0, text.find('\n'));
  }
  return "accepted";
}

template <class S>
std::string refusal(const S& fields) {
  try {
    Schedule{fields};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

template <class S>
class EveryField : public testing::Test {};
TYPED_TEST_SUITE(EveryField, EveryKindOfSchedule);

TYPED_TEST(EveryField, RefusesWhatItsRuleExcludesAndNamesIt) {
  using S = TypeParam;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    RandomSchedules random(seed);
    const S good = random.fields_of<S>();
    for_each_field<S>([&](const auto& f) {
      for (const auto& [value, complaint] : bad_values(good.*f.member, f.rule, random)) {
        S fields = good;
        fields.*f.member = value;
        const std::string notation = libsched::notation(fields);
        const std::string due = fmt::format("{}: {}{}", S::name, f.name, complaint);
        // A hint may follow the expected text.
        EXPECT_EQ(refusal(fields).substr(0, due.size()), due) << "seed " << seed;
        EXPECT_EQ(refusal_of_parse(notation, value_offset(notation, f.name)).substr(0, due.size()),
                  due)
            << "seed " << seed << ": " << notation;
      }
    });
  }
}

// Expects that a field that was not set has a value that its rule refuses.
void expect_forgotten(double value, const Rule&) { EXPECT_TRUE(std::isnan(value)); }
void expect_forgotten(Step value, const Rule& rule) {
  EXPECT_EQ(value, static_cast<Step>(rule.min) - 1);
}
template <class Value>
void expect_forgotten(const std::vector<Value>& list, const Rule&) {
  EXPECT_TRUE(list.empty());
}
void expect_forgotten(const Schedule& schedule, const Rule&) { EXPECT_EQ(schedule, Constant{0}); }

TYPED_TEST(EveryField, IsRefusedIfItIsForgottenAndHasNoDefault) {
  using S = TypeParam;
  for_each_field<S>([](const auto& f) {
    SCOPED_TRACE(f.name);
    using Value = std::decay_t<decltype(std::declval<S>().*f.member)>;
    if constexpr (requires(Value value) { expect_forgotten(value, f.rule); }) {
      if (f.required) expect_forgotten(S{}.*f.member, f.rule);
    } else {
      EXPECT_FALSE(f.required);
    }
  });
}

}  // namespace
}  // namespace libsched
