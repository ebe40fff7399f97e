// Tests of what holds for every kind of the catalogue, whatever its fields. A failure names the
// seed, from which alone the schedule can be made again.
#include "every_kind.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "random_schedule.hpp"

namespace libsched {
namespace {

constexpr std::uint64_t seeds = 60;

struct Bounds {
  double min;
  double max;
};

Bounds between(const std::vector<double>& values) {
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  return {*min, *max};
}

// The bounds of the parts of combinators.
constexpr double part_min = 0.25;
constexpr double part_max = 3;

// The bounds of a schedule's values: its rates and the bounds of its parts. If it has a single rate
// and other fields, the bounds are that rate and 0.
template <class S>
Bounds bounds(const S& schedule) {
  constexpr std::array<std::string_view, 6> rates{"base_lr", "min_lr", "max_lr",
                                                  "start",   "end",    "values"};
  const std::vector<detail::FieldData> fields = fields_as_data(schedule);
  std::vector<double> values;
  bool falls = fields.size() > 1;
  for (const detail::FieldData& field : fields) {
    const bool is_rate = std::find(rates.begin(), rates.end(), field.info->name) != rates.end();
    if (const auto* value = value_of<double>(field); value != nullptr && is_rate) {
      values.push_back(*value);
    } else if (const auto* list = value_of<std::vector<double>>(field);
               list != nullptr && is_rate) {
      values.insert(values.end(), list->begin(), list->end());
      falls = false;
    } else if (holds_schedules(field)) {
      values.insert(values.end(), {part_min, part_max});
    }
  }
  if (values.empty()) {
    ADD_FAILURE() << S::name << " has no field that is a rate: write bounds(const " << S::name
                  << "&) next to bounds(const Noam&) in tests/property/every_kind_test.cpp";
    return {0, 0};
  }
  if (values.size() == 1 && falls) values.push_back(0);
  return between(values);
}

// The bounds of kinds whose values can be outside their rates and their parts.
Bounds bounds(const Noam& s) {
  // The peak is at n = warmup_steps; no field says it to the last bit.
  const auto d_model = static_cast<double>(s.d_model);
  const auto warmup = static_cast<double>(s.warmup_steps);
  return {0, s.factor / std::sqrt(d_model) / std::sqrt(warmup) * (1 + 1e-15)};
}
Bounds bounds(const CosineRestarts& s) { return {s.min_lr, std::max(s.base_lr, s.min_lr)}; }
Bounds bounds(const OneCycle& s) {
  const double first = s.max_lr / s.div_factor;
  return between({first, s.max_lr, first / s.final_div_factor});
}
Bounds bounds(const Scaled& s) { return {s.factor * part_min, s.factor * part_max}; }
Bounds bounds(const Clamped& s) { return {s.min, s.max}; }
Bounds bounds(const Product& s) {
  const auto parts = static_cast<double>(s.parts.size());
  return {std::pow(part_min, parts), std::pow(part_max, parts)};
}
Bounds bounds(const Sum& s) {
  const auto parts = static_cast<double>(s.parts.size());
  return {part_min * parts, part_max * parts};
}
Bounds bounds(const Difference&) { return {0, part_max - part_min}; }
Bounds bounds(const Repeat& s) { return {s.factor < 1 ? 0 : part_min, part_max}; }

void bound(Schedule& part) { part = clamped(part, part_min, part_max); }
template <class S>
void bound_parts(S& schedule) {
  for (const detail::FieldData& field : fields_as_data(schedule)) {
    if (auto* part = value_of<Schedule>(field)) bound(*part);
    if (auto* parts = value_of<std::vector<Schedule>>(field)) {
      for (Schedule& part : *parts) bound(part);
    }
  }
}

template <class S>
class EveryKind : public testing::Test {};
TYPED_TEST_SUITE(EveryKind, EveryKindOfSchedule);

TYPED_TEST(EveryKind, IsFiniteAndNotNegativeAtEveryStep) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSchedules random(seed);
    const Schedule schedule = random.fields_of<TypeParam>();
    for (const Step t : random.steps_of(schedule, 300)) {
      const double value = schedule(t);
      ASSERT_TRUE(std::isfinite(value) && value >= 0)
          << "seed " << seed << ": " << to_string(schedule) << " at " << t << ": " << value;
    }
  }
}

TYPED_TEST(EveryKind, StaysWithinTheBoundsOfItsFieldsUpToTheExtremes) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSchedules random(seed);
    if (seed % 2 == 1) random.with_extremes();
    auto fields = random.fields_of<TypeParam>();
    bound_parts(fields);
    const auto [min, max] = bounds(fields);
    if (!std::isfinite(max)) continue;  // a product with this factor would overflow
    const Schedule schedule = fields;
    for (const Step t : random.steps_of(schedule, 300)) {
      const double value = schedule(t);
      ASSERT_TRUE(value >= min && value <= max)
          << fmt::format("seed {}: {} at {}: {} is not between {} and {}", seed,
                         to_string(schedule), t, value, min, max);
    }
  }
}

TYPED_TEST(EveryKind, HoldsItsValueAfterItsEnd) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSchedules random(seed);
    const Schedule schedule = random.fields_of<TypeParam>();
    const auto length = schedule.length();
    if (!length) continue;
    ASSERT_GE(*length, 0) << "seed " << seed << ": " << to_string(schedule);
    std::vector<Step> steps = random.steps_of(schedule, 100);
    std::erase_if(steps, [&](Step t) { return t < *length; });
    const double last = schedule(*length);
    ASSERT_EQ(difference(
                  schedule, [&](Step) { return last; }, steps),
              "")
        << "seed " << seed;
  }
}

TYPED_TEST(EveryKind, ReadsBackBitForBit) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSchedules random(seed);
    if (seed % 2 == 1) random.with_extremes();
    const Schedule schedule = random.fields_of<TypeParam>();
    const std::string notation = to_string(schedule);
    ASSERT_THAT(notation, testing::StartsWith(std::string(TypeParam::name) + "("));
    const Schedule back = parse(notation);
    ASSERT_EQ(back, schedule) << "seed " << seed << ": " << notation;
    ASSERT_EQ(to_string(back), notation) << "seed " << seed;
    ASSERT_EQ(back.length(), schedule.length()) << "seed " << seed << ": " << notation;
    ASSERT_EQ(difference(back, schedule, random.steps_of(schedule, 1000)), "") << "seed " << seed;
  }
}

TYPED_TEST(EveryKind, HasItsSampleAtEachStep) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSchedules random(seed);
    const Schedule schedule = random.fields_of<TypeParam>();
    ASSERT_EQ(difference_of_sample(schedule, random.step(0, 300)), "") << "seed " << seed;
  }
}

TYPED_TEST(EveryKind, HasItsSampleFromAnyStepOn) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSchedules random(seed);
    const Schedule schedule = random.fields_of<TypeParam>();
    const Step first = random.coin() ? random.step(1, 300) : random.any_size();
    ASSERT_EQ(difference_of_sample(skip(schedule, first), random.step(0, 300)), "")
        << "seed " << seed;
  }
}

// Combinators are left out: their samples are made of the samples of their parts, whose values may
// be much larger.
TYPED_TEST(EveryKind, HasALongSampleWithinTheBoundThatItsCommentGives) {
  if (RandomSchedules::nests_schedules<TypeParam>()) return;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSchedules random(seed);
    const auto fields = random.fields_of<TypeParam>();
    const Schedule schedule = skip(fields, random.step(0, 10'000));
    const std::vector<double> values = sample(schedule, 5000);
    const double bound = 1e-14 * bounds(fields).max;
    for (std::size_t t = 0; t < values.size(); ++t) {
      ASSERT_NEAR(values[t], schedule(static_cast<Step>(t)), bound)
          << "seed " << seed << ": " << to_string(schedule) << " at " << t;
    }
  }
}

// The notation without the sign of zeros, because 0 and -0 are equal.
std::string without_signs_of_zeros(const Schedule& schedule) {
  std::string text = to_string(schedule);
  for (const char* zero : {"-0,", "-0)", "-0]"}) {
    for (std::size_t at = 0; (at = text.find(zero, at)) != std::string::npos;) text.erase(at, 1);
  }
  return text;
}

TYPED_TEST(EveryKind, EqualsItsCopiesAndNoScheduleThatPrintsDifferently) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSchedules random(seed);
    const auto fields = random.fields_of<TypeParam>();
    const Schedule schedule = fields;
    const Schedule other = random.fields_of<TypeParam>();
    ASSERT_EQ(schedule, Schedule(TypeParam(fields))) << "seed " << seed;
    ASSERT_EQ(schedule == other, without_signs_of_zeros(schedule) == without_signs_of_zeros(other))
        << "seed " << seed << ": " << to_string(schedule) << " and " << to_string(other);
  }
}

}  // namespace
}  // namespace libsched
