// Tests of what each field accepts and refuses, and of the messages.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <limits>
#include <stdexcept>

#include "libsched/libsched.hpp"
#include "limits.hpp"

namespace libsched {
namespace {

using testing::StrEq;
using testing::ThrowsMessage;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double huge = std::numeric_limits<double>::max();

const Constant constant{.base_lr = 0.1};
const StepDecay step_decay{.base_lr = 0.1, .step_size = 30};
const ExponentialDecay exponential_decay{.base_lr = 0.1, .decay = 0.01};
const Cyclical cyclical{.base_lr = 0.1, .max_lr = 1, .step_size = 15};
const CosineDecay cosine_decay{.base_lr = 0.1, .steps = 100};
const MultiStepDecay multi_step_decay{.base_lr = 0.1, .milestones = {30, 60}};
const InverseTimeDecay inverse_time_decay{.base_lr = 0.1, .decay = 0.01};
const InverseSqrt inverse_sqrt{.base_lr = 0.1, .timescale = 100};
const Noam noam{.d_model = 512, .warmup_steps = 4000};
const SigmoidDecay sigmoid_decay{.base_lr = 0.1, .midpoint = 100, .rate = 0.1};
const Polynomial polynomial{.start = 0.1, .end = 0.01, .steps = 100};
const PiecewiseConstant piecewise_constant{.boundaries = {30}, .values = {0.1, 0.01}};
const PiecewiseLinear piecewise_linear{.steps = {0, 30}, .values = {0.1, 0.01}};
const CosineRestarts cosine_restarts{.base_lr = 0.1, .period = 10};
const OneCycle one_cycle{.max_lr = 0.1, .steps = 100};

template <class S, class Value>
auto making(S schedule, Value S::*member, std::common_type_t<Value> value) {
  schedule.*member = value;
  return [schedule] { return Schedule(schedule); };
}

template <class S, class Value>
void expect_refused(const S& schedule, Value S::*member, std::common_type_t<Value> value,
                    const std::string& message) {
  EXPECT_THAT(making(schedule, member, value),
              ThrowsMessage<std::invalid_argument>(StrEq(message)));
}

// Expects that the value is accepted and the schedule is finite at small and large steps.
template <class S, class Value>
void expect_accepted(const S& schedule, Value S::*member, std::common_type_t<Value> value) {
  const Schedule made = making(schedule, member, value)();
  for (const Step t : {Step{0}, Step{1}, Step{17}, Step{1'000'000'007}, last_step}) {
    EXPECT_TRUE(std::isfinite(made(t))) << to_string(made) << " at " << t;
  }
}

template <class S>
void expect_any_non_negative(const S& schedule, double S::*member, const std::string& field,
                             const std::string& hint) {
  expect_refused(schedule, member, nan, field + " must be finite, got nan; was it left out?");
  expect_refused(schedule, member, inf, field + " must be finite, got inf");
  expect_refused(schedule, member, -inf, field + " must be finite, got -inf");
  expect_refused(schedule, member, -1e-9, field + " must be at least 0, got -1e-09" + hint);
  expect_refused(schedule, member, -huge,
                 field + " must be at least 0, got -1.7976931348623157e+308" + hint);
  expect_accepted(schedule, member, 0.0);
  expect_accepted(schedule, member, huge);
}

template <class S>
void expect_any_non_negative(const S& schedule, double S::*member, const std::string& field) {
  expect_any_non_negative(schedule, member, field, "");
}

template <class S>
void expect_fraction(const S& schedule, double S::*member, const std::string& field,
                     const std::string& hint = "") {
  expect_refused(schedule, member, nan, field + " must be finite, got nan; was it left out?");
  expect_refused(schedule, member, inf, field + " must be finite, got inf");
  expect_refused(schedule, member, -inf, field + " must be finite, got -inf");
  expect_refused(schedule, member, -0.5, field + " must be between 0 and 1, got -0.5");
  expect_refused(schedule, member, 1.25, field + " must be between 0 and 1, got 1.25" + hint);
  expect_refused(schedule, member, huge,
                 field + " must be between 0 and 1, got 1.7976931348623157e+308" + hint);
  expect_accepted(schedule, member, 0.0);
  expect_accepted(schedule, member, 1.0);
}

template <class S>
void expect_at_least_one(const S& schedule, Step S::*member, const std::string& field) {
  const std::string hint =
      field.ends_with(": steps") ? "; is the warm-up before it longer than the run?" : "";
  expect_refused(schedule, member, Step{0}, field + " must be at least 1, got 0");
  expect_refused(schedule, member, Step{-1}, field + " must be at least 1, got -1" + hint);
  expect_refused(schedule, member, -last_step - 1,
                 field + " must be at least 1, got -9223372036854775808" + hint);
  expect_accepted(schedule, member, Step{1});
  expect_accepted(schedule, member, last_step);
}

// Expects the rule of the steps of a phase, which may be 0.
template <class S>
void expect_number_of_steps(const S& schedule, Step S::*member, const std::string& field) {
  const std::string hint = "; is the warm-up before it longer than the run?";
  expect_refused(schedule, member, Step{-1}, field + " must be at least 0, got -1" + hint);
  expect_refused(schedule, member, -last_step - 1,
                 field + " must be at least 0, got -9223372036854775808" + hint);
  expect_accepted(schedule, member, Step{0});
  expect_accepted(schedule, member, last_step);
}

template <class S>
void expect_positive(const S& schedule, double S::*member, const std::string& field) {
  expect_refused(schedule, member, nan, field + " must be finite, got nan; was it left out?");
  expect_refused(schedule, member, inf, field + " must be finite, got inf");
  expect_refused(schedule, member, -inf, field + " must be finite, got -inf");
  expect_refused(schedule, member, 0.0, field + " must be greater than 0, got 0");
  expect_refused(schedule, member, -1.0, field + " must be greater than 0, got -1");
  expect_accepted(schedule, member, 1e-9);
  expect_accepted(schedule, member, huge);
}

template <class S>
void expect_increasing(const S& schedule, std::vector<Step> S::*member, Step from,
                       const std::string& field, const std::string& hint = "") {
  using List = std::vector<Step>;
  expect_refused(schedule, member, List{}, field + " must not be empty");
  expect_refused(schedule, member, List{from - 1, 9},
                 fmt::format("{}[0] must be at least {}, got {}", field, from, from - 1));
  expect_refused(schedule, member, List{5, 5}, field + " must increase, got 5 after 5" + hint);
  expect_refused(schedule, member, List{7, 5}, field + " must increase, got 5 after 7");
}

template <class S>
void expect_values(const S& schedule, const std::string& field) {
  expect_refused(schedule, &S::values, {}, field + " must not be empty");
  expect_refused(schedule, &S::values, {0.1, nan}, field + "[1] must be finite, got nan");
  expect_refused(schedule, &S::values, {0.1, inf}, field + "[1] must be finite, got inf");
  expect_refused(schedule, &S::values, {-0.5, 0.1}, field + "[0] must be at least 0, got -0.5");
  expect_accepted(schedule, &S::values, {0, huge});
}

template <class S>
void expect_ramp(const S& ramp, void (*expect_end)(const S&, double S::*, const std::string&)) {
  const std::string name(S::name);
  expect_end(ramp, &S::start, name + ": start");
  expect_end(ramp, &S::end, name + ": end");
  expect_number_of_steps(ramp, &S::steps, name + ": steps");
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
TEST(Fields, StepDecayDrop) {
  expect_fraction(
      step_decay, &StepDecay::drop, "step_decay: drop",
      "; a rate that grows is piecewise_constant(boundaries=[30, 60], values=[0.1, 0.12, 0.144])");
}

TEST(Fields, ExponentialDecayBaseLr) {
  expect_any_non_negative(exponential_decay, &ExponentialDecay::base_lr,
                          "exponential_decay: base_lr");
}
TEST(Fields, ExponentialDecayDecay) {
  expect_any_non_negative(exponential_decay, &ExponentialDecay::decay, "exponential_decay: decay",
                          "; a rate that grows is exponential(start=0.01, end=0.1, steps=1000)");
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

TEST(Fields, MultiStepDecay) {
  expect_any_non_negative(multi_step_decay, &MultiStepDecay::base_lr, "multi_step_decay: base_lr");
  expect_increasing(
      multi_step_decay, &MultiStepDecay::milestones, 1, "multi_step_decay: milestones",
      "; two drops at once are piecewise_constant(boundaries=[30], values=[0.1, 0.001])");
  expect_fraction(
      multi_step_decay, &MultiStepDecay::drop, "multi_step_decay: drop",
      "; a rate that grows is piecewise_constant(boundaries=[30, 80], values=[0.1, 0.12, 0.144])");
}

TEST(Fields, InverseTimeDecay) {
  expect_any_non_negative(inverse_time_decay, &InverseTimeDecay::base_lr,
                          "inverse_time_decay: base_lr");
  expect_any_non_negative(inverse_time_decay, &InverseTimeDecay::decay,
                          "inverse_time_decay: decay");
  expect_any_non_negative(inverse_time_decay, &InverseTimeDecay::power,
                          "inverse_time_decay: power");
}

TEST(Fields, InverseSqrt) {
  expect_any_non_negative(inverse_sqrt, &InverseSqrt::base_lr, "inverse_sqrt: base_lr");
  expect_at_least_one(inverse_sqrt, &InverseSqrt::timescale, "inverse_sqrt: timescale");
}

TEST(Fields, Noam) {
  expect_at_least_one(noam, &Noam::d_model, "noam: d_model");
  expect_at_least_one(noam, &Noam::warmup_steps, "noam: warmup_steps");
  expect_any_non_negative(noam, &Noam::factor, "noam: factor");
}

TEST(Fields, SigmoidDecay) {
  expect_any_non_negative(sigmoid_decay, &SigmoidDecay::base_lr, "sigmoid_decay: base_lr");
  expect_refused(sigmoid_decay, &SigmoidDecay::rate, nan,
                 "sigmoid_decay: rate must be finite, got nan; was it left out?");
  expect_refused(sigmoid_decay, &SigmoidDecay::rate, -inf,
                 "sigmoid_decay: rate must be finite, got -inf");
  for (const double rate : {-huge, -1.0, 0.0, 1.0, huge}) {
    expect_accepted(sigmoid_decay, &SigmoidDecay::rate, rate);
  }
  expect_refused(sigmoid_decay, &SigmoidDecay::midpoint, Step{-1},
                 "sigmoid_decay: midpoint must be at least 0, got -1");
  expect_accepted(sigmoid_decay, &SigmoidDecay::midpoint, Step{0});
  expect_accepted(sigmoid_decay, &SigmoidDecay::midpoint, last_step);
}

TEST(Fields, Linear) { expect_ramp<Linear>({0.1, 0.01, 100}, expect_any_non_negative); }
TEST(Fields, Cosine) { expect_ramp<Cosine>({0.1, 0.01, 100}, expect_any_non_negative); }
TEST(Fields, Exponential) { expect_ramp<Exponential>({0.1, 0.01, 100}, expect_positive); }
TEST(Fields, SqrtCooldown) { expect_ramp<SqrtCooldown>({0.1, 0.01, 100}, expect_any_non_negative); }
TEST(Fields, Polynomial) {
  expect_ramp<Polynomial>(polynomial, expect_any_non_negative);
  expect_positive(polynomial, &Polynomial::power, "polynomial: power");
}

TEST(Fields, Rex) { expect_ramp<Rex>({0.1, 0.01, 100}, expect_any_non_negative); }
TEST(Fields, Logarithmic) { expect_ramp<Logarithmic>({0.1, 0.01, 100}, expect_any_non_negative); }
TEST(Fields, Tanh) {
  expect_ramp<Tanh>({0.1, 0.01, 100}, expect_any_non_negative);
  for (const auto bound : {&Tanh::lower, &Tanh::upper}) {
    for (const double value : {-huge, -1.0, 0.0, 1.0, huge}) {
      expect_accepted(Tanh{0.1, 0.01, 100}, bound, value);
    }
  }
  expect_refused(Tanh{0.1, 0.01, 100}, &Tanh::upper, inf, "tanh: upper must be finite, got inf");
}

TEST(Fields, CosinePower) {
  const CosinePower schedule{.base_lr = 0.1, .steps = 100};
  expect_any_non_negative(schedule, &CosinePower::base_lr, "cosine_power: base_lr");
  expect_at_least_one(schedule, &CosinePower::steps, "cosine_power: steps");
  expect_any_non_negative(schedule, &CosinePower::min_lr, "cosine_power: min_lr");
  expect_positive(schedule, &CosinePower::exponent, "cosine_power: exponent");
  expect_positive(schedule, &CosinePower::k_decay, "cosine_power: k_decay");
}

TEST(Fields, Cooldown) {
  const Cooldown schedule{.schedule = constant, .after = 100, .steps = 10};
  expect_refused(schedule, &Cooldown::after, Step{-1},
                 "cooldown: after must be at least 0, got -1; are the warm-up and the cooldown "
                 "longer than the run?");
  expect_accepted(schedule, &Cooldown::after, Step{0});
  expect_accepted(schedule, &Cooldown::after, last_step);
  expect_number_of_steps(schedule, &Cooldown::steps, "cooldown: steps");
  expect_any_non_negative(schedule, &Cooldown::end, "cooldown: end");
  expect_refused(schedule, &Cooldown::shape, static_cast<CooldownShape>(3),
                 "cooldown: shape must be linear, cosine or sqrt, got 3");
}

TEST(Fields, PiecewiseConstant) {
  expect_increasing(piecewise_constant, &PiecewiseConstant::boundaries, 1,
                    "piecewise_constant: boundaries");
  expect_values(piecewise_constant, "piecewise_constant: values");
  expect_refused(piecewise_constant, &PiecewiseConstant::values, {1, 2, 3},
                 "piecewise_constant: values must have one entry more than boundaries (1), got 3");
}

TEST(Fields, PiecewiseLinear) {
  expect_increasing(piecewise_linear, &PiecewiseLinear::steps, 0, "piecewise_linear: steps");
  expect_values(piecewise_linear, "piecewise_linear: values");
  expect_refused(piecewise_linear, &PiecewiseLinear::values, {1, 2, 3},
                 "piecewise_linear: values must have as many entries as steps (2), got 3");
}

TEST(Fields, CosineRestarts) {
  expect_any_non_negative(cosine_restarts, &CosineRestarts::base_lr, "cosine_restarts: base_lr");
  expect_at_least_one(cosine_restarts, &CosineRestarts::period, "cosine_restarts: period");
  expect_refused(cosine_restarts, &CosineRestarts::period_factor, 0.5,
                 "cosine_restarts: period_factor must be at least 1, got 0.5; cycles that get "
                 "shorter are sequence(cosine_decay(base_lr=0.1, steps=100), "
                 "cosine_decay(base_lr=0.1, steps=50))");
  expect_refused(cosine_restarts, &CosineRestarts::period_factor, nan,
                 "cosine_restarts: period_factor must be finite, got nan; was it left out?");
  for (const double factor : {1.0, 1 + 0x1p-52, 1.5, 2.0, huge}) {
    expect_accepted(cosine_restarts, &CosineRestarts::period_factor, factor);
  }
  expect_any_non_negative(cosine_restarts, &CosineRestarts::min_lr, "cosine_restarts: min_lr");
  expect_fraction(cosine_restarts, &CosineRestarts::peak_factor, "cosine_restarts: peak_factor",
                  "; peaks that grow are sequence(cosine_decay(base_lr=0.1, steps=100), "
                  "cosine_decay(base_lr=0.15, steps=100))");
}

TEST(Fields, OneCycle) {
  expect_any_non_negative(one_cycle, &OneCycle::max_lr, "one_cycle: max_lr");
  expect_at_least_one(one_cycle, &OneCycle::steps, "one_cycle: steps");
  expect_fraction(one_cycle, &OneCycle::warmup_fraction, "one_cycle: warmup_fraction");
  expect_positive(one_cycle, &OneCycle::div_factor, "one_cycle: div_factor");
  expect_positive(one_cycle, &OneCycle::final_div_factor, "one_cycle: final_div_factor");
  expect_refused(one_cycle, &OneCycle::div_factor, std::numeric_limits<double>::denorm_min(),
                 "one_cycle: max_lr / div_factor / final_div_factor must be finite, got inf");
}

TEST(Fields, OneCycleAnneal) {
  for (const int beyond : {2, 7}) {
    expect_refused(one_cycle, &OneCycle::anneal, static_cast<Anneal>(beyond),
                   fmt::format("one_cycle: anneal must be cosine or linear, got {}", beyond));
  }
}

// A user-defined schedule with rules that no built-in has.
struct Own {
  double share = 1;
  double level = 0;
  Step end = 1;

  double operator()(Step) const { return share; }
  Step length() const { return end; }

  static constexpr std::string_view name = "own";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("share", &Own::share, Rule{0, 1, true}),
                 field("level", &Own::level, Rule{-inf, 1}), field("end", &Own::end));
  }
};

TEST(Fields, OfAUserDefinedScheduleMayHaveAnyRule) {
  expect_refused(Own{}, &Own::share, 0.0, "own: share must be greater than 0 and at most 1, got 0");
  expect_refused(Own{}, &Own::level, 2.0, "own: level must be at most 1, got 2");
}

TEST(Fields, OfAUserDefinedScheduleThatMakeALengthBelowZeroAreRefused) {
  expect_refused(Own{}, &Own::end, -5, "own: length() must be at least 0, got -5");
}

enum class Level { low, middle, high };
constexpr std::array<std::string_view, 3> words(Level) { return {"low", "middle", "high"}; }

struct OfThreeWords {
  Level level = Level::middle;

  double operator()(Step) const { return 1; }

  static constexpr std::string_view name = "of_three_words";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("level", &OfThreeWords::level));
  }
};

TEST(Fields, OfAUserDefinedScheduleMayHaveAnyNumberOfWords) {
  EXPECT_EQ(to_string(OfThreeWords{Level::high}), "of_three_words(level=high)");
  EXPECT_NE(Schedule(OfThreeWords{Level::low}), Schedule(OfThreeWords{Level::high}));
  expect_refused(OfThreeWords{}, &OfThreeWords::level, static_cast<Level>(3),
                 "of_three_words: level must be low, middle or high, got 3");
}

TEST(Fields, ARequiredNumberThatIsNotSetIsRefused) {
  EXPECT_THAT([] { Schedule(CosineDecay{.steps = 10}); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("cosine_decay: base_lr must be finite, got nan; was it left out?")));
}

TEST(Fields, TheFirstBadFieldIsNamed) {
  EXPECT_THAT([] { Schedule(StepDecay{.base_lr = -1, .step_size = 0}); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("step_decay: base_lr must be at least 0, got -1")));
}

}  // namespace
}  // namespace libsched
