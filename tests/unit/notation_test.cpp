#include "libsched/notation.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "libsched/libsched.hpp"

namespace libsched {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

TEST(Parse, ReadsFieldsInAnyOrderAndLeavesOutOptionalOnes) {
  EXPECT_EQ(parse("step_decay(step_size=30, base_lr=0.1)"),
            Schedule(StepDecay{.base_lr = 0.1, .step_size = 30}));
  EXPECT_EQ(parse("step_decay(drop=0.25, base_lr=0.1, step_size=30)"),
            Schedule(StepDecay{.base_lr = 0.1, .step_size = 30, .drop = 0.25}));
}

TEST(Parse, GivesFieldsThatAreLeftOutTheDefaultsOfTheCatalogue) {
  const auto in_full = [](std::string_view notation) { return to_string(parse(notation)); };
  EXPECT_EQ(in_full("step_decay(base_lr=1, step_size=2)"),
            "step_decay(base_lr=1, step_size=2, drop=0.5)");
  EXPECT_EQ(in_full("multi_step_decay(base_lr=1, milestones=[2])"),
            "multi_step_decay(base_lr=1, milestones=[2], drop=0.1)");
  EXPECT_EQ(in_full("cosine_decay(base_lr=1, steps=2)"),
            "cosine_decay(base_lr=1, steps=2, min_lr=0)");
  EXPECT_EQ(in_full("inverse_time_decay(base_lr=1, decay=2)"),
            "inverse_time_decay(base_lr=1, decay=2, power=1)");
  EXPECT_EQ(in_full("noam(d_model=1, warmup_steps=2)"),
            "noam(d_model=1, warmup_steps=2, factor=1)");
  EXPECT_EQ(in_full("polynomial(start=1, end=0, steps=2)"),
            "polynomial(start=1, end=0, steps=2, power=1)");
  EXPECT_EQ(in_full("cosine_power(base_lr=1, steps=2)"),
            "cosine_power(base_lr=1, steps=2, min_lr=0, exponent=1, k_decay=1)");
  EXPECT_EQ(in_full("tanh(start=1, end=0, steps=2)"),
            "tanh(start=1, end=0, steps=2, lower=-7, upper=3)");
  EXPECT_EQ(in_full("cyclical(base_lr=0, max_lr=1, step_size=2)"),
            "cyclical(base_lr=0, max_lr=1, step_size=2, step_size_down=2, cycle_scale=1, gamma=1)");
  EXPECT_EQ(in_full("cosine_restarts(base_lr=1, period=2)"),
            "cosine_restarts(base_lr=1, period=2, period_factor=1, min_lr=0, peak_factor=1)");
  EXPECT_EQ(in_full("one_cycle(max_lr=1, steps=2)"),
            "one_cycle(max_lr=1, steps=2, warmup_fraction=0.3, div_factor=25, "
            "final_div_factor=10000, anneal=cosine, three_phase=false)");
  EXPECT_EQ(in_full("warmup(constant(base_lr=1), steps=2)"),
            "warmup(constant(base_lr=1), steps=2, start=0)");
  EXPECT_EQ(in_full("repeat(linear(start=0, end=1, steps=2))"),
            "repeat(linear(start=0, end=1, steps=2), factor=1)");
  EXPECT_EQ(in_full("cooldown(constant(base_lr=1), after=2, steps=3)"),
            "cooldown(constant(base_lr=1), after=2, steps=3, end=0, shape=linear)");
}

TEST(Parse, RefusesWhatADoubleCannotHoldForAFieldWithADefaultToo) {
  EXPECT_THAT([] { parse("step_decay(base_lr=1, step_size=2, drop=1e-999)"); },
              ThrowsMessage<ParseError>(
                  StartsWith("step_decay: drop must be a number that a double can hold")));
}

TEST(Parse, GivesStepSizeDownTheValueOfStepSizeIfItIsLeftOut) {
  EXPECT_EQ(parse("cyclical(base_lr=0, max_lr=1, step_size=21)"),
            Schedule(Cyclical{.base_lr = 0, .max_lr = 1, .step_size = 21, .step_size_down = 21}));
}

TEST(Parse, ReadsListsChoicesAndTruthValues) {
  EXPECT_EQ(parse("multi_step_decay(base_lr=1, milestones=[30, 60,90])"),
            Schedule(MultiStepDecay{.base_lr = 1, .milestones = {30, 60, 90}}));
  EXPECT_EQ(
      parse("one_cycle(max_lr=1, steps=10, anneal=linear, three_phase=true)"),
      Schedule(OneCycle{.max_lr = 1, .steps = 10, .anneal = Anneal::linear, .three_phase = true}));
}

TEST(Parse, ReadsNestedSchedules) {
  EXPECT_EQ(parse("sequence(linear(start=0, end=0.0003, steps=500), "
                  "cosine_decay(base_lr=0.0003, steps=9500, min_lr=3e-05))"),
            sequence(Linear{0, 0.0003, 500}, CosineDecay{0.0003, 9500, 3e-5}));
  EXPECT_EQ(parse("warmup(repeat(take(constant(base_lr=1), steps=5)), steps=3, start=0.5)"),
            warmup(repeat(take(Constant{1}, 5)), 3, 0.5));
}

TEST(Parse, TakesWhiteSpaceBetweenAnyTwoWords) {
  EXPECT_EQ(parse(" \n take (\tconstant( base_lr = 1 ) ,\r\n steps = 5 ) "), take(Constant{1}, 5));
}

TEST(Parse, ReadsNumbersAsTheyAreWritten) {
  for (const char* number : {"1", "1.0", "1e0", "1.", "100e-2", "01"}) {
    EXPECT_EQ(parse("constant(base_lr=" + std::string(number) + ")")(0), 1) << number;
  }
  EXPECT_EQ(parse("constant(base_lr=.5)")(0), 0.5);
  EXPECT_EQ(parse("constant(base_lr=1.7976931348623157e+308)")(0),
            std::numeric_limits<double>::max());
  EXPECT_EQ(parse("constant(base_lr=5e-324)")(0), std::numeric_limits<double>::denorm_min());
}

constexpr Units run{.total = 10'000, .per_epoch = 391};

TEST(Parse, ReadsSharesOfTheRunAndEpochsAsSteps) {
  EXPECT_EQ(parse("warmup(cosine_decay(base_lr=0.1, steps=95%), steps=5%)", run),
            warmup(CosineDecay{0.1, 9500}, 500));
  EXPECT_EQ(parse("step_decay(base_lr=0.1, step_size=30ep)", run),
            Schedule(StepDecay{.base_lr = 0.1, .step_size = 11'730}));
  EXPECT_EQ(parse("take(constant(base_lr=0.1), steps=2.5%)", run), take(Constant{0.1}, 250));
}

TEST(Parse, ReadsSharesAndEpochsInAListOfSteps) {
  EXPECT_EQ(parse("multi_step_decay(base_lr=1, milestones=[100, 50%, 20ep])", run),
            Schedule(MultiStepDecay{.base_lr = 1, .milestones = {100, 5000, 7820}}));
}

TEST(Parse, RoundsSharesToTheNearestStep) {
  // 0.5 * 391 = 195.5, 0.4 * 391 = 156.4, 0.006% of 10000 = 0.6
  EXPECT_EQ(parse("take(constant(base_lr=1), steps=0.5ep)", run).length(), 196);
  EXPECT_EQ(parse("take(constant(base_lr=1), steps=.4ep)", run).length(), 156);
  EXPECT_EQ(parse("warmup(constant(base_lr=1), steps=0.006%)", run), warmup(Constant{1}, 1));
}

TEST(Parse, RoundsAShareToZeroIfItsFieldMayBeZero) {
  EXPECT_EQ(parse("take(constant(base_lr=1), steps=1e-6%)", run).length(), 0);
  EXPECT_EQ(parse("warmup(constant(base_lr=1), steps=1e-6%)", run), warmup(Constant{1}, 0));
}

TEST(Parse, PrintsSharesAndEpochsAsPlainSteps) {
  EXPECT_EQ(to_string(parse("linear(start=0, end=1, steps=50%)", run)),
            "linear(start=0, end=1, steps=5000)");
}

TEST(Parse, SaysWhichUnitIsMissing) {
  const auto expect = [](std::string_view notation, const Units& units, const char* message) {
    EXPECT_THAT([&] { parse(notation, units); }, ThrowsMessage<ParseError>(StartsWith(message)));
  };
  expect("linear(start=0, end=1, steps=5%)", {.per_epoch = 391},
         "linear: steps=5% needs the steps of the run, Units::total\n");
  expect("linear(start=0, end=1, steps=3ep)", {.total = 10'000},
         "linear: steps=3ep needs the steps of an epoch, Units::per_epoch\n");
  expect("linear(start=0, end=1, steps=5%)", {},
         "linear: steps=5% needs the steps of the run, Units::total\n");
}

TEST(Parse, RefusesUnitsBelowZeroByName) {
  EXPECT_THAT([] { parse("constant(base_lr=1)", {.total = -1}); },
              ThrowsMessage<std::invalid_argument>("Units: total must be at least 0, got -1"));
  EXPECT_THAT(
      [] { parse("constant(base_lr=1)", {.per_epoch = -391}); },
      ThrowsMessage<std::invalid_argument>("Units: per_epoch must be at least 0, got -391"));
}

TEST(Parse, RefusesAShareInAFieldThatIsNotSteps) {
  const auto expect = [](std::string_view notation, const char* message) {
    EXPECT_THAT([&] { parse(notation, run); }, ThrowsMessage<ParseError>(StartsWith(message)));
  };
  expect("repeat(linear(start=0, end=1, steps=5), times=5%)",
         "repeat: times must be an integer, as it does not count steps, got '5%'\n");
  expect("noam(d_model=5ep, warmup_steps=1ep)",
         "noam: d_model must be an integer, as it does not count steps, got '5ep'\n");
  expect("constant(base_lr=5%)", "constant: base_lr must be a number, got '5%'\n");
  expect("linear(start=0, end=1, steps=ep)", "linear: steps must be an integer, got 'ep'\n");
  expect("linear(start=0, end=1, steps=nan%)", "linear: steps must be an integer, got 'nan%'\n");
  expect("linear(start=0, end=1, steps=5%%)", "expected ',' or ')'\n");
  expect("linear(start=0, end=1, steps=1e300ep)",
         "linear: steps must be a 64-bit integer, got '1e300ep'\n");
  expect("cosine_decay(base_lr=1, steps=0%)", "cosine_decay: steps must be at least 1, got 0\n");
}

TEST(Parse, DoesNotTakeAPercentSignForPartOfAName) {
  EXPECT_THROW(parse("constant%(base_lr=1)", run), ParseError);
  EXPECT_THROW(parse("constant(base_lr%=1)", run), ParseError);
}

template <class... S>
std::vector<std::string_view> names_of(std::tuple<S...>*) {
  return {S::name...};
}

// These are the least and the greatest double, a half-way case that a reader with two roundings
// gets wrong
// (https://www.exploringbinary.com/double-rounding-errors-in-floating-point-conversions/), and more
// digits than a double tells apart.
TEST(Parse, ReadsEveryNumberToTheNearestDouble) {
  const auto read = [](const std::string& number) {
    return parse("constant(base_lr=" + number + ")")(0);
  };
  EXPECT_EQ(read("4.9406564584124654e-324"), 0x1p-1074);
  EXPECT_EQ(read("2.2250738585072011e-308"), 0x0.fffffffffffffp-1022);
  EXPECT_EQ(read("1.7976931348623157e308"), 0x1.fffffffffffffp+1023);
  EXPECT_EQ(read("0.500000000000000166533453693773481063544750213623046875"), 0x1.0000000000002p-1);
  EXPECT_EQ(read("0.1000000000000000055511151231257827021181583404541015625"), 0.1);
  EXPECT_EQ(read("0e-999"), 0);
}

TEST(Parse, ReadsWholeNumbersInEveryForm) {
  for (const char* steps : {"1000000", "1e6", "1E6", "1e+6", "1.0e6", "1_000_000", "1000000.0",
                            "100000_0", "10_000e2", "1000000000e-3"}) {
    EXPECT_EQ(parse(std::string("linear(start=0, end=1, steps=") + steps + ")").length(), 1'000'000)
        << steps;
  }
  EXPECT_EQ(parse("take(constant(base_lr=1), steps=9_223_372_036_854_775_807)").length(),
            std::numeric_limits<Step>::max());
  EXPECT_EQ(parse("multi_step_decay(base_lr=1, milestones=[1_000, 1e4])"),
            Schedule(MultiStepDecay{.base_lr = 1, .milestones = {1000, 10'000}}));
}

TEST(Parse, RefusesNumbersOfStepsThatAreNotWhole) {
  for (const std::string steps : {"1.5", "1_", "_1", "1__0", "1_e6", "1e_6", "1e", "inf", "nan",
                                  "1e999", "e6", "+1", "1.5e-400", "5e-400"}) {
    EXPECT_THAT([&] { parse("linear(start=0, end=1, steps=" + steps + ")"); },
                ThrowsMessage<ParseError>(
                    StartsWith("linear: steps must be an integer, got '" + steps + "'\n")));
  }
  EXPECT_THAT([] { parse("linear(start=0, end=1, steps=1e19)"); },
              ThrowsMessage<ParseError>(
                  StartsWith("linear: steps must be a 64-bit integer, got '1e19'\n")));
}

TEST(Parse, AsksForTheWarmUpIfNothingIsLeftOfTheRun) {
  EXPECT_THAT([] { parse("warmup(cosine_decay(base_lr=0.1, steps=-5%), steps=105%)", run); },
              ThrowsMessage<ParseError>(
                  StartsWith("cosine_decay: steps must be at least 1, got -500; is the warm-up "
                             "before it longer than the run?\n")));
}

// The message about a fraction offers a notation that parses, and is that share of the run.
TEST(Parse, OffersTheShareForAPartOfOne) {
  for (const auto& [part, steps] : std::vector<std::pair<std::string, Step>>{
           {"0.05", 500}, {"1e-3", 10}, {"0.07", 700}, {"0.999", 9990}, {".3333", 3333}}) {
    std::string message;
    try {
      parse("linear(start=0, end=1, steps=" + part + ")", run);
    } catch (const ParseError& error) {
      message = error.what();
    }
    const std::string write = "write ";
    const std::size_t at = message.find(write) + write.size();
    const std::string field = message.substr(at, message.find('\n') - at);
    EXPECT_EQ(parse("linear(start=0, end=1, " + field + ")", run).length(), steps) << message;
  }
}

// Other libraries accept these values. The message offers a notation that does the same, which must
// parse.
TEST(Parse, OffersOnlyWhatParses) {
  for (const char* notation : {"exponential_decay(base_lr=0.1, decay=-0.01)",
                               "step_decay(base_lr=0.1, step_size=30, drop=1.2)",
                               "multi_step_decay(base_lr=0.1, milestones=[30, 80], drop=1.2)",
                               "multi_step_decay(base_lr=0.1, milestones=[30, 30])",
                               "cosine_restarts(base_lr=0.1, period=100, period_factor=0.5)",
                               "cosine_restarts(base_lr=0.1, period=100, peak_factor=1.5)"}) {
    std::string message;
    try {
      parse(notation);
    } catch (const ParseError& error) {
      message = error.what();
    }
    const std::size_t at = message.find("; ");
    ASSERT_NE(at, message.npos) << notation;
    const std::string hint = message.substr(at, message.find('\n') - at);
    const std::size_t verb =
        hint.find(" are ") == hint.npos ? hint.find(" is ") + 4 : hint.find(" are ") + 5;
    EXPECT_NO_THROW(parse(hint.substr(verb))) << hint;
  }
}

TEST(Parse, OffersNothingForAValueThatNoLibraryTakes) {
  EXPECT_THAT([] { parse("step_decay(base_lr=0.1, step_size=30, drop=-0.5)"); },
              ThrowsMessage<ParseError>(
                  StartsWith("step_decay: drop must be between 0 and 1, got -0.5\n")));
}

// Users' notations rely on these names, so they must not change. A new kind needs no line here.
TEST(Notation, NamesEveryKindOfTheCatalogueTable) {
  // clang-format off
  const std::vector<std::string_view> contract{
      "constant", "step_decay", "exponential_decay", "cyclical", "cosine_decay", "multi_step_decay",
      "piecewise_constant", "piecewise_linear", "linear", "polynomial", "cosine", "exponential",
      "sqrt_cooldown", "inverse_time_decay", "inverse_sqrt", "noam", "sigmoid_decay",
      "cosine_restarts", "one_cycle", "sequence", "warmup", "take", "scaled", "clamped", "product",
      "repeat", "held"};
  // clang-format on
  EXPECT_THAT(names_of(static_cast<Catalogue*>(nullptr)), testing::IsSupersetOf(contract));
}

TEST(Notation, GivesEachKindItsOwnName) {
  const auto names = names_of(static_cast<Catalogue*>(nullptr));
  EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size());
}

struct Mistake {
  std::string notation;
  std::string message;
  std::size_t offset;
};

class ParseRefuses : public testing::TestWithParam<Mistake> {};

TEST_P(ParseRefuses, WithMessageAndPlace) {
  const auto& [notation, message, offset] = GetParam();
  try {
    parse(notation);
    FAIL() << "parsed";
  } catch (const ParseError& error) {
    const bool is_whole = !message.ends_with(", ");
    EXPECT_THAT(error.what(), StartsWith(is_whole ? message + "\n" : message));
    EXPECT_EQ(error.offset, offset);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, ParseRefuses,
    testing::Values(
        Mistake{"", "expected a schedule", 0}, Mistake{"  ", "expected a schedule", 2},
        Mistake{"(", "expected a schedule", 0},
        Mistake{"constant", "expected '(' after constant; write constant(base_lr=...)", 8},
        Mistake{"constant[base_lr=1]",
                "expected '(' after constant, got '['; write constant(base_lr=...)", 8},
        Mistake{"cosine_decay{base_lr=0.1, steps=100}",
                "expected '(' after cosine_decay, got '{'; write cosine_decay(base_lr=..., "
                "steps=...)",
                12},
        Mistake{"warmup(cosine_decay, steps=5)",
                "expected '(' after cosine_decay; write cosine_decay(base_lr=..., steps=...)", 19},
        Mistake{"warmup{", "expected '(' after warmup, got '{'; write warmup(schedule, steps=...)",
                6},
        Mistake{"sequence", "expected '(' after sequence; write sequence(schedule, ...)", 8},
        Mistake{"constant(base_lr=1", "expected ',' or ')'", 18},
        Mistake{"constant(base_lr=1))", "expected the end of the notation", 19},
        Mistake{"constant(base_lr=1) x", "expected the end of the notation", 20},
        Mistake{"constant(base_lr=1,)", "expected 'field=value' or a schedule", 19},
        Mistake{"constant(base_lr=)", "expected a value for 'base_lr'", 17},
        Mistake{"constant(base_lr=1 2)", "expected ',' or ')'", 19},
        Mistake{"constant(0.1)",
                "expected 'field=value' or a schedule, got '0.1' without a name; write base_lr=0.1",
                9},
        Mistake{"cosine_decay(base_lr=0.1, 1000)",
                "expected 'field=value' or a schedule, got '1000' without a name; write steps=1000",
                26},
        Mistake{"warmup(constant(base_lr=1), 5%)",
                "expected 'field=value' or a schedule, got '5%' without a name; write steps=5%",
                28},
        Mistake{"warmup(constant(base_lr=1), 3ep)",
                "expected 'field=value' or a schedule, got '3ep' without a name; write steps=3ep",
                28},
        Mistake{"warmup(constant(base_lr=1), 0.05)",
                "expected 'field=value' or a schedule, got '0.05' without a name; write steps=5%",
                28},
        Mistake{"warmup(constant(base_lr=1), steps=5, 0.05)",
                "expected 'field=value' or a schedule, got '0.05' without a name; write start=0.05",
                37},
        Mistake{"step_decay(5%)",
                "expected 'field=value' or a schedule, got '5%' without a name; write step_size=5%",
                11},
        Mistake{"constant(5%)", "expected 'field=value' or a schedule, got '5%' without a name", 9},
        Mistake{"constant(5\n%)",
                "expected 'field=value' or a schedule, got '5' without a name; write base_lr=5", 9},
        Mistake{"repeat(linear(start=0, end=1, steps=5), 3)",
                "expected 'field=value' or a schedule, got '3' without a name; write times=3", 40},
        Mistake{"warmup(0.1, steps=5)",
                "expected 'field=value' or a schedule, got '0.1' without a name; a constant rate "
                "is constant(base_lr=0.1)",
                7},
        Mistake{"sequence(0.1, 0.2)",
                "expected 'field=value' or a schedule, got '0.1' without a name; a constant rate "
                "is constant(base_lr=0.1)",
                9},
        Mistake{"multi_step_decay(base_lr=1, 30, 60)",
                "expected 'field=value' or a schedule, got '30' without a name; write "
                "milestones=[30]",
                28},
        Mistake{"multi_step_decay(base_lr=1, [30, 60])",
                "expected 'field=value' or a schedule, got '[' without a name; write "
                "milestones=[...]",
                28},
        Mistake{"constant([1])", "expected 'field=value' or a schedule, got '[' without a name", 9},
        Mistake{"take(schedule=constant(base_lr=1), steps=5)",
                "a nested schedule has no name: leave out 'schedule='", 5},
        Mistake{"constant()", "constant needs the field 'base_lr'", 9},
        Mistake{"constant(base_lr=1, base_lr=1)", "field 'base_lr' of constant is given twice", 20},
        Mistake{"constant(base_lr=one)", "constant: base_lr must be a number, got 'one'", 17},
        Mistake{"constant(base_lr=1x)", "constant: base_lr must be a number, got '1x'", 17},
        Mistake{"constant(base_lr=[1])", "constant: base_lr must be a number, got '['", 17},
        Mistake{"constant(base_lr=nan)",
                "constant: base_lr must be finite, got nan; was it left out?", 17},
        Mistake{"constant(base_lr=inf)", "constant: base_lr must be finite, got inf", 17},
        Mistake{"constant(base_lr=-1)", "constant: base_lr must be at least 0, got -1", 17},
        Mistake{"constant(base_lr=1e999)",
                "constant: base_lr must be a number that a double can hold, got '1e999'", 17},
        Mistake{"constant(base_lr=1e-999)",
                "constant: base_lr must be a number that a double can hold, got '1e-999'", 17},
        Mistake{"constant(base_lr=+1)", "constant: base_lr must be a number, got '+1'", 17},
        Mistake{"constant(base_lr=0x1p3)", "constant: base_lr must be a number, got '0x1p3'", 17},
        Mistake{"constant(lr=1)", "unknown field 'lr' of constant; here it is base_lr", 9},
        Mistake{"constant(momentum=1)", "unknown field 'momentum' of constant; known: base_lr", 9},
        Mistake{"constant(constant(base_lr=1))", "constant takes no schedule", 9},
        Mistake{"step_decay(base_lr=1, step_sise=3)",
                "unknown field 'step_sise' of step_decay, did you mean 'step_size'?", 22},
        Mistake{"step_decay(base_lr=1, step_size=1.5)",
                "step_decay: step_size must be an integer, got '1.5'", 32},
        Mistake{"step_decay(base_lr=1, step_size=9223372036854775808)",
                "step_decay: step_size must be a 64-bit integer, got '9223372036854775808'", 32},
        Mistake{"step_decay(base_lr=1, step_size=0)",
                "step_decay: step_size must be at least 1, got 0", 32},
        Mistake{"step_deacy(base_lr=1)",
                "unknown schedule 'step_deacy', did you mean 'step_decay'?", 0},
        Mistake{"StepDecay(base_lr=1)", "unknown schedule 'StepDecay', did you mean 'step_decay'?",
                0},
        Mistake{"step-decay(base_lr=1)",
                "unknown schedule 'step-decay', did you mean 'step_decay'?", 0},
        Mistake{"STEP_DECAY(base_lr=1)",
                "unknown schedule 'STEP_DECAY', did you mean 'step_decay'?", 0},
        Mistake{"stepdecay(base_lr=1)", "unknown schedule 'stepdecay', did you mean 'step_decay'?",
                0},
        Mistake{"MultiStepDecay(base_lr=1)",
                "unknown schedule 'MultiStepDecay', did you mean 'multi_step_decay'?", 0},
        Mistake{"StpDecay(base_lr=1)", "unknown schedule 'StpDecay', did you mean 'step_decay'?",
                0},
        Mistake{"constant(BaseLR=1)", "unknown field 'BaseLR' of constant, did you mean 'base_lr'?",
                9},
        Mistake{"constant(.base_lr=1)",
                "unknown field '.base_lr' of constant, did you mean 'base_lr'?", 9},
        Mistake{"0.1", "unknown schedule '0.1'; a constant rate is constant(base_lr=0.1)", 0},
        Mistake{" 1e-3 ", "unknown schedule '1e-3'; a constant rate is constant(base_lr=1e-3)", 1},
        Mistake{"-0.1", "unknown schedule '-0.1'; known: constant, ", 0},
        Mistake{"0,1", "unknown schedule '0'; known: constant, ", 0},
        Mistake{
            "lr=0.1",
            "unknown schedule 'lr'; a field is written in brackets, as in constant(base_lr=0.1)",
            0},
        Mistake{"multi_step_decay(base_lr=1, milestones=30)",
                "multi_step_decay: milestones must be a list like [30, 60, 90], got '30'", 39},
        Mistake{"multi_step_decay(base_lr=1, milestones=[])",
                "multi_step_decay: milestones must not be empty", 39},
        Mistake{"multi_step_decay(base_lr=1, milestones=[60, 30])",
                "multi_step_decay: milestones must increase, got 30 after 60", 39},
        Mistake{
            "multi_step_decay(base_lr=1, milestones=[30, 30])",
            "multi_step_decay: milestones must increase, got 30 after 30; two drops at once are "
            "piecewise_constant(boundaries=[30], values=[0.1, 0.001])",
            39},
        Mistake{"multi_step_decay(base_lr=1, milestones=500, 800)",
                "expected 'field=value' or a schedule, got '800' without a name; a list is written "
                "milestones=[500, 800]",
                44},
        Mistake{"constant(base_lr=0,1)",
                "expected 'field=value' or a schedule, got '1' without a name; a decimal number is "
                "written base_lr=0.1",
                19},
        Mistake{"cosine_decay(base_lr=0,1, steps=10)",
                "expected 'field=value' or a schedule, got '1' without a name; a decimal number is "
                "written base_lr=0.1, another field steps=1",
                23},
        Mistake{"constant(base_lr=1, x)",
                "expected 'field=value' or a schedule, got 'x' without a name", 20},
        Mistake{"multi_step_decay(milestones=[500], 800)",
                "expected 'field=value' or a schedule, got '800' without a name; write base_lr=800",
                35},
        Mistake{"take(constant(base_lr=1), 800)",
                "expected 'field=value' or a schedule, got '800' without a name; write steps=800",
                26},
        Mistake{"linear(start=0, end=1, steps=0.05)",
                "linear: steps must be an integer, got '0.05'; for 5 % of the run write steps=5%",
                29},
        Mistake{"multi_step_decay(base_lr=1, milestones=[0.5, 0.8])",
                "multi_step_decay: milestones must be an integer, got '0.5'; for 50 % of the run "
                "write 50%",
                40},
        Mistake{"repeat(linear(start=0, end=1, steps=5), times=0.5)",
                "repeat: times must be an integer, got '0.5'", 46},
        Mistake{"linear(start=0, end=1, steps=9epochs)",
                "linear: steps must be an integer, got '9epochs'; write steps=9ep", 29},
        Mistake{"linear(start=0, end=1, steps=9 epochs)", "expected ',' or ')'; write steps=9ep",
                31},
        Mistake{"linear(start=0, end=1, steps=5 %)", "expected ',' or ')'; write steps=5%", 31},
        Mistake{"multi_step_decay(base_lr=1, milestones=[30, 1.5])",
                "multi_step_decay: milestones must be an integer, got '1.5'", 44},
        Mistake{"multi_step_decay(base_lr=1, milestones=[30", "expected ',' or ']'", 42},
        Mistake{"piecewise_constant(boundaries=[5], values=[1])",
                "piecewise_constant: values must have one entry more than boundaries (1), got 1",
                0},
        Mistake{"piecewise_linear(steps=[0, 5], values=[1])",
                "piecewise_linear: values must have as many entries as steps (2), got 1", 0},
        Mistake{"one_cycle(max_lr=1, steps=9, anneal=cos)",
                "one_cycle: anneal must be cosine or linear, got 'cos'", 36},
        Mistake{"one_cycle(max_lr=1, steps=9, three_phase=1)",
                "one_cycle: three_phase must be false or true, got '1'", 41},
        Mistake{"sequence()", "sequence: parts must not be empty", 0},
        Mistake{"sequence(steps=3)", "sequence has no fields, only schedules", 9},
        Mistake{"warmup(steps=3)",
                "warmup needs a schedule, such as warmup(constant(base_lr=0.1), ...)", 14},
        Mistake{"take(constant(base_lr=1), constant(base_lr=2), steps=3)",
                "take takes one schedule", 26},
        Mistake{"difference(constant(base_lr=1))",
                "difference needs two schedules, such as difference(constant(base_lr=1), "
                "inverse_time_decay(base_lr=1, decay=1))",
                30},
        Mistake{"difference(constant(base_lr=1), constant(base_lr=2), constant(base_lr=3))",
                "difference takes two schedules", 53},
        Mistake{"warmup(constant(base_lr=1, steps=3)",
                "unknown field 'steps' of constant; known: base_lr", 27},
        Mistake{"azAZ09_.+-(base_lr=1)", "unknown schedule 'azAZ09_.+-'; known: constant, ", 0},
        Mistake{"cnstnt(base_lr=1)", "unknown schedule 'cnstnt', did you mean 'constant'?", 0},
        Mistake{"tkae(base_lr=1)", "unknown schedule 'tkae', did you mean 'take'?", 0},
        Mistake{"coinxe(base_lr=1)", "unknown schedule 'coinxe', did you mean 'cosine'?", 0},
        Mistake{"cnstn(base_lr=1)", "unknown schedule 'cnstn'; known: constant, ", 0},
        Mistake{"xtakexy(base_lr=1)", "unknown schedule 'xtakexy'; known: constant, ", 0},
        Mistake{"multi_step_decay_decade(base_lr=1)",
                "unknown schedule 'multi_step_decay_decade', did you mean 'multi_step_decay'?", 0},
        Mistake{"multi_step_decay_decadent(base_lr=1)",
                "unknown schedule 'multi_step_decay_decadent'; known: constant, ", 0},
        Mistake{"clamped(constant(base_lr=1), mix=1)",
                "unknown field 'mix' of clamped, did you mean 'min'?", 29},
        Mistake{"custom",
                "custom stands for a user-defined callable, which cannot be read back: build the "
                "schedule in C++",
                0},
        Mistake{"warmup(custom, steps=5)",
                "custom stands for a user-defined callable, which cannot be read back: build the "
                "schedule in C++",
                7}));

TEST(ParsePlateau, ReadsFieldsAndLeavesOutThoseWithADefault) {
  EXPECT_EQ(parse_plateau(" reduce_on_plateau(mode=max, patience=3, threshold_mode=absolute) "),
            (ReduceOnPlateau{
                .patience = 3, .threshold_mode = ThresholdMode::absolute, .mode = Mode::max}));
  EXPECT_EQ(parse_plateau("reduce_on_plateau()"), ReduceOnPlateau{});
}

TEST(ParsePlateau, ReadsBackWhatNotationPrints) {
  const ReduceOnPlateau plateau{.factor = 0.3, .threshold = 0.1, .cooldown = 7};
  EXPECT_EQ(parse_plateau(notation(plateau)), plateau);
}

TEST(ParsePlateau, RefusesAScheduleAndABadField) {
  EXPECT_THAT(
      [] { parse_plateau("constant(base_lr=1)"); },
      ThrowsMessage<ParseError>(StartsWith("expected reduce_on_plateau(...), got 'constant'\n")));
  EXPECT_THAT([] { parse_plateau("reduce_on_plateau"); },
              ThrowsMessage<ParseError>(
                  StartsWith("expected '(' after reduce_on_plateau; write reduce_on_plateau()\n")));
  EXPECT_THAT([] { parse_plateau("reduce_on_platau()"); },
              ThrowsMessage<ParseError>(
                  StartsWith("expected reduce_on_plateau(...), got 'reduce_on_platau', did you "
                             "mean 'reduce_on_plateau'?\n")));
  EXPECT_THAT([] { parse_plateau("reduce_on_plateau(from_step=0.1)"); },
              ThrowsMessage<ParseError>(
                  StartsWith("reduce_on_plateau: from_step must be an integer, got '0.1'\n")));
  EXPECT_THAT([] { parse_plateau("reduce_on_plateau(factor=2)"); },
              ThrowsMessage<ParseError>(
                  StartsWith("reduce_on_plateau: factor must be between 0 and 1, got 2\n")));
  EXPECT_THAT([] { parse_plateau("reduce_on_plateau() x"); },
              ThrowsMessage<ParseError>(StartsWith("expected the end of the notation\n")));
}

TEST(ParseError, ShowsThePlaceWithACaret) {
  try {
    parse("warmup(constant(base_lr=x), steps=3)");
    FAIL() << "parsed";
  } catch (const ParseError& error) {
    EXPECT_STREQ(error.what(),
                 "constant: base_lr must be a number, got 'x'\n"
                 "  warmup(constant(base_lr=x), steps=3)\n"
                 "                          ^");
  }
}

TEST(ParseError, ShowsOnlyThePlaceOfALongNotation) {
  try {
    parse("warmup(" + std::string(5000, ' ') + "constant(base_lr=x)" + std::string(5000, ' '));
    FAIL() << "parsed";
  } catch (const ParseError& error) {
    EXPECT_LT(std::string(error.what()).size(), 400u);
    EXPECT_THAT(error.what(), HasSubstr("constant(base_lr=x)"));
    EXPECT_EQ(error.offset, 5024u);
  }
}

std::string message_of(std::string_view notation) {
  try {
    parse(notation);
  } catch (const ParseError& error) {
    return error.what();
  }
  return "parsed";
}

TEST(ParseError, ShowsSixtyCharactersBeforeThePlaceAndAfterIt) {
  const auto spaces = [](std::size_t count) { return std::string(count, ' '); };
  EXPECT_EQ(message_of(spaces(60) + "?" + spaces(59)),
            "expected a schedule\n  " + spaces(60) + "?" + spaces(59) + "\n  " + spaces(60) + "^");
  EXPECT_EQ(
      message_of(spaces(61) + "?" + spaces(60)),
      "expected a schedule\n  ..." + spaces(60) + "?" + spaces(59) + "...\n  " + spaces(63) + "^");
}

TEST(ParseError, ShowsAControlCharacterAsASpace) {
  EXPECT_EQ(message_of("\t?\x1f\x7f~"), "expected a schedule\n   ?  ~\n   ^");
}

TEST(ParseError, QuotesAtMostSixtyFourCharactersOfAName) {
  const std::string name(64, 'x');
  EXPECT_THAT(message_of(name), StartsWith("unknown schedule '" + name + "'; known"));
  EXPECT_THAT(message_of(name + "y"), StartsWith("unknown schedule '" + name + "'; known"));
  EXPECT_THAT(message_of("constant(" + name + ")"), HasSubstr("got '" + name + "' without"));
  EXPECT_THAT(message_of("constant(" + name + "y)"), HasSubstr("got '" + name + "' without"));
  EXPECT_THAT(message_of("take(" + name + "=take("), HasSubstr("leave out '" + name + "='"));
  EXPECT_THAT(message_of("take(" + name + "y=take("), HasSubstr("leave out '" + name + "='"));
}

TEST(Parse, DoesNotTakeAnyOtherCharacterForPartOfAWord) {
  for (const char c : {'@', '[', '`', '{', '/', ':', '*', ',', '^', '!'}) {
    EXPECT_THAT(message_of(std::string("constant") + c + "(base_lr=1)"),
                StartsWith("expected '(' after constant"));
  }
}

TEST(Parse, ReadsNothingAfterItsEnd) {
  EXPECT_EQ(parse(std::string_view("constant(base_lr=1) x").substr(0, 19))(0), 1);
  EXPECT_THAT(message_of(std::string_view("constantly").substr(0, 8)),
              StartsWith("expected '(' after constant;"));
}

TEST(Parse, TakesAMillionCharactersAtMost) {
  const std::string spaces(1'000'000 - std::string("constant(base_lr=1)").size(), ' ');
  EXPECT_EQ(parse(spaces + "constant(base_lr=1)")(0), 1);
  EXPECT_THAT(message_of(spaces + "constant(base_lr=1) "),
              StartsWith("a notation may have 1000000 characters at most, got 1000001\n"));
}

TEST(Parse, RefusesTenMegabytesOfBrackets) {
  std::string brackets;
  brackets.resize(10'000'000, '(');
  EXPECT_THROW(parse(brackets), ParseError);
}

TEST(Parse, ReadsAHundredLevelsAndRefusesOneMore) {
  const auto nested = [](int levels) {
    std::string text;
    for (int i = 1; i < levels; ++i) text += "scaled(factor=1, ";
    text += "constant(base_lr=1)";
    for (int i = 1; i < levels; ++i) text += ")";
    return text;
  };
  EXPECT_EQ(parse(nested(100))(0), 1);
  EXPECT_THROW(parse(nested(101)), ParseError);
}

TEST(Parse, ReadsSiblingsPastTheDepthLimit) {
  std::string text = "product(constant(base_lr=1)";
  for (int i = 0; i < 200; ++i) text += ", constant(base_lr=1)";
  EXPECT_EQ(parse(text + ")")(0), 1);
}

TEST(Parse, SurvivesEveryPrefixAndEveryOneCharacterChange) {
  const std::string whole = to_string(
      warmup(sequence(take(OneCycle{.max_lr = 1, .steps = 5}, 3), MultiStepDecay{1, {3, 4}}), 2));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_THROW(parse(whole.substr(0, i)), ParseError);
    for (const char c : {'(', ')', ',', '=', '[', ']', 'x', '0', '-', '\0', '\xff'}) {
      std::string changed = whole;
      changed[i] = c;
      try {
        parse(to_string(parse(changed)));
      } catch (const ParseError&) {
      }
    }
  }
}

}  // namespace
}  // namespace libsched
