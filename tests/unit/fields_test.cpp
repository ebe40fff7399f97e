// What each field accepts and refuses, and the sentence that says so.
#include <gmock/gmock.h>

#include <limits>
#include <stdexcept>

#include "libsched/libsched.hpp"

namespace libsched {
namespace {

using testing::StrEq;
using testing::ThrowsMessage;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double huge = std::numeric_limits<double>::max();
constexpr Step last_step = std::numeric_limits<Step>::max();

const Constant constant{.base_lr = 0.1};
const StepDecay step_decay{.base_lr = 0.1, .step_size = 30};
const ExponentialDecay exponential_decay{.base_lr = 0.1, .decay = 0.01};
const Cyclical cyclical{.base_lr = 0.1, .max_lr = 1, .step_size = 15};
const CosineDecay cosine_decay{.base_lr = 0.1, .steps = 100};

template <class S, class Value>
auto making(S schedule, Value S::*member, Value value) {
  schedule.*member = value;
  return [schedule] { return Schedule(schedule); };
}

template <class S, class Value>
void expect_refused(const S& schedule, Value S::*member, Value value, const std::string& message) {
  EXPECT_THAT(making(schedule, member, value),
              ThrowsMessage<std::invalid_argument>(StrEq(message)));
}

// Accepted, and finite at steps near and far.
template <class S, class Value>
void expect_accepted(const S& schedule, Value S::*member, Value value) {
  const Schedule made = making(schedule, member, value)();
  for (const Step t : {Step{0}, Step{1}, Step{17}, Step{1'000'000'007}, last_step}) {
    EXPECT_TRUE(std::isfinite(made(t))) << to_string(made) << " at " << t;
  }
}

template <class S>
void expect_any_non_negative(const S& schedule, double S::*member, const std::string& field) {
  expect_refused(schedule, member, nan, field + " must be finite, got nan");
  expect_refused(schedule, member, inf, field + " must be finite, got inf");
  expect_refused(schedule, member, -inf, field + " must be finite, got -inf");
  expect_refused(schedule, member, -1e-9, field + " must be at least 0, got -1e-09");
  expect_refused(schedule, member, -huge,
                 field + " must be at least 0, got -1.7976931348623157e+308");
  expect_accepted(schedule, member, 0.0);
  expect_accepted(schedule, member, huge);
}

template <class S>
void expect_fraction(const S& schedule, double S::*member, const std::string& field) {
  expect_refused(schedule, member, nan, field + " must be finite, got nan");
  expect_refused(schedule, member, inf, field + " must be finite, got inf");
  expect_refused(schedule, member, -inf, field + " must be finite, got -inf");
  expect_refused(schedule, member, -0.5, field + " must be between 0 and 1, got -0.5");
  expect_refused(schedule, member, 1.25, field + " must be between 0 and 1, got 1.25");
  expect_refused(schedule, member, huge,
                 field + " must be between 0 and 1, got 1.7976931348623157e+308");
  expect_accepted(schedule, member, 0.0);
  expect_accepted(schedule, member, 1.0);
}

template <class S>
void expect_at_least_one(const S& schedule, Step S::*member, const std::string& field) {
  expect_refused(schedule, member, Step{0}, field + " must be at least 1, got 0");
  expect_refused(schedule, member, Step{-1}, field + " must be at least 1, got -1");
  expect_refused(schedule, member, -last_step - 1,
                 field + " must be at least 1, got -9223372036854775808");
  expect_accepted(schedule, member, Step{1});
  expect_accepted(schedule, member, last_step);
}

TEST(Fields, ConstantBaseLr) {
  expect_any_non_negative(constant, &Constant::base_lr, "constant: base_lr");
}

TEST(Fields, StepDecayBaseLr) {
  expect_any_non_negative(step_decay, &StepDecay::base_lr, "step_decay: base_lr");
}
TEST(Fields, StepDecayStepSize) {
  expect_at_least_one(step_decay, &StepDecay::step_size, "step_decay: step_size");
}
TEST(Fields, StepDecayDrop) { expect_fraction(step_decay, &StepDecay::drop, "step_decay: drop"); }

TEST(Fields, ExponentialDecayBaseLr) {
  expect_any_non_negative(exponential_decay, &ExponentialDecay::base_lr,
                          "exponential_decay: base_lr");
}
TEST(Fields, ExponentialDecayDecay) {
  expect_any_non_negative(exponential_decay, &ExponentialDecay::decay, "exponential_decay: decay");
}

TEST(Fields, CyclicalBaseLr) {
  expect_any_non_negative(cyclical, &Cyclical::base_lr, "cyclical: base_lr");
}
TEST(Fields, CyclicalMaxLr) {
  expect_any_non_negative(cyclical, &Cyclical::max_lr, "cyclical: max_lr");
}
TEST(Fields, CyclicalStepSize) {
  expect_at_least_one(cyclical, &Cyclical::step_size, "cyclical: step_size");
}
TEST(Fields, CyclicalStepSizeDown) {
  expect_at_least_one(cyclical, &Cyclical::step_size_down, "cyclical: step_size_down");
}
TEST(Fields, CyclicalCycleScale) {
  expect_fraction(cyclical, &Cyclical::cycle_scale, "cyclical: cycle_scale");
}
TEST(Fields, CyclicalGamma) { expect_fraction(cyclical, &Cyclical::gamma, "cyclical: gamma"); }

TEST(Fields, CosineDecayBaseLr) {
  expect_any_non_negative(cosine_decay, &CosineDecay::base_lr, "cosine_decay: base_lr");
}
TEST(Fields, CosineDecaySteps) {
  expect_at_least_one(cosine_decay, &CosineDecay::steps, "cosine_decay: steps");
}
TEST(Fields, CosineDecayMinLr) {
  expect_any_non_negative(cosine_decay, &CosineDecay::min_lr, "cosine_decay: min_lr");
}

TEST(Fields, TheFirstBadFieldIsNamed) {
  EXPECT_THAT([] { Schedule(StepDecay{.base_lr = -1, .step_size = 0}); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("step_decay: base_lr must be at least 0, got -1")));
}

}  // namespace
}  // namespace libsched
