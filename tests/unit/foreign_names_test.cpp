// The messages of parse() about names of PyTorch, optax, Keras, Hugging Face and fifty other
// libraries.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsched/libsched.hpp"

namespace libsched {
namespace {

std::string refusal(const std::string& notation) {
  try {
    parse(notation);
  } catch (const ParseError& error) {
    const std::string message = error.what();
    return message.substr(0, message.find('\n'));
  }
  return "parsed";
}

constexpr std::string_view here_it_is = "; here it is ";

// The notation that a message offers, with numbers in place of the other library's parameters.
std::string with_numbers(const std::string& message) {
  std::string text = message.substr(message.find(here_it_is) + here_it_is.size());
  const std::vector<std::pair<std::string, std::string>> numbers{
      {"-ln(decay_factor)/(total_steps-n_warmup_steps)", "0.01"},
      {"max_steps-warmup_steps-hold_steps", "700"},
      {"max_steps-warmup_steps", "800"},
      {"max_duration-t_warmup", "900"},
      {"max_update-warmup_steps", "900"},
      {"total_steps-warmup_steps", "900"},
      {"train_steps-warmup+1", "901"},
      {"first_cycle_steps-warmup_steps", "90"},
      {"milestone-t_warmup", "30"},
      {"lr/sqrt(warmup_steps)", "0.01"},
      {"lr/(warmup_steps+1)", "0.01"},
      {"lr_initial/n_warmup_steps", "0.01"},
      {"1/n_warmup_steps", "0.01"},
      {"warmup_steps+1", "101"},
      {"n_warmup_steps-1", "99"},
      {"warmup_steps-1", "99"},
      {"warmup_duration-1", "99"},
      {"step_size*steps_per_epoch", "100"},
      {"n_epoch*batches+1", "101"},
      {"n_epoch*batches*pct_start", "75"},
      {"n_epoch*batches*(1-pct_start)", "25"},
      {"lr/div_final", "1e-06"},
      {"lr*alpha", "0.01"},
      {"cycle_len*batches", "100"},
      {"num_steps*cut_frac", "10"},
      {"cycle_size/2", "10"},
      {"lr/ratio", "0.01"},
      {"lr*alpha_f", "0.01"},
      {"lr*warmup_factor", "0.01"},
      {"lr*init_lr_scale", "0.01"},
      {"lr*final_lr_scale", "0.01"},
      {"start*compound^N", "0.5"},
      {"div_final/div", "4000"},
      {"-ln(rate)", "0.01"},
      {"-gamma", "0.01"},
      {"-ln(decay_rate)/transition_steps", "0.01"},
      {"transition_steps*(1-pct_start)", "70"},
      {"transition_steps*pct_start", "30"},
      {"transition_steps*pct_final", "85"},
      {"peak_value/div_factor/final_div_factor", "1e-05"},
      {"peak_value/div_factor", "0.01"},
      {"total_num_steps-warmup_num_steps", "900"},
      {"warmup_num_steps-1", "99"},
      {"num_warmup_steps-1", "99"},
      {"lr/num_warmup_steps", "0.001"},
      {"lr*cos_min_ratio", "0.01"},
      {"2*cycle_first_step_size", "200"},
      {"-ln(decay_rate)/decay_steps", "0.01"},
      {"-ln(gamma)", "0.01"},
      {"decay_rate/decay_steps", "0.01"},
      {"(num_training_steps-num_warmup_steps)/num_cycles", "450"},
      {"num_training_steps-num_warmup_steps", "900"},
      {"decay_steps-warmup_steps", "900"},
      {"initial_learning_rate*alpha", "0.01"},
      {"init_value*alpha", "0.01"},
      {"lr*start_factor", "0.01"},
      {"lr*end_factor", "0.1"},
      {"lr*factor", "0.05"},
      {"learning_rate_decay", "0.5"},
      {"initial_learning_rate", "0.1"},
      {"learning_rate", "0.1"},
      {"start_value", "0.1"},
      {"warmup_start_value", "0.01"},
      {"warmup_begin_lr", "0.01"},
      {"warmup_start", "0.01"},
      {"start_lr", "0.01"},
      {"end_lr", "0.01"},
      {"final_lr", "0.01"},
      {"lr_initial", "0.1"},
      {"initial_lr", "0.1"},
      {"initial_rate", "0.1"},
      {"base_rate", "0.1"},
      {"lr_init", "0.1"},
      {"lr_final", "0.01"},
      {"lr_max", "0.1"},
      {"eta0", "0.1"},
      {"init", "0.1"},
      {"start", "0.1"},
      {"stop", "0.5"},
      {"lr_delay_mult", "0.1"},
      {"decay_rate", "0.5"},
      {"decay", "0.5"},
      {"factor", "0.5"},
      {"rate", "0.5"},
      {"pwr", "2"},
      {"power_t", "0.5"},
      {"div", "25"},
      {"boundaries", "[30, 80]"},
      {"values", "[0.1, 0.05, 0.01]"},
      {"step[0]", "30"},
      {"step[1]", "80"},
      {"step_value[0]", "30"},
      {"step_value[1]", "80"},
      {"end_learning_rate", "0.01"},
      {"init_value", "0.01"},
      {"peak_value", "0.1"},
      {"end_value", "0.01"},
      {"value", "0.1"},
      {"start_factor", "0.1"},
      {"milestones", "[30, 80]"},
      {"milestone", "30"},
      {"boundary", "30"},
      {"base_lr", "0.01"},
      {"max_lr", "0.1"},
      {"min_lr", "0.01"},
      {"eta_min", "0.01"},
      {"lr_min", "0.01"},
      {"warmup_min_lr", "0.01"},
      {"warmup_max_lr", "0.1"},
      {"cycle_min_lr", "0.01"},
      {"cycle_max_lr", "0.1"},
      {"swa_lr", "0.05"},
      {"lr_end", "0.01"},
      {"lr", "0.1"},
      {"gamma", "0.9"},
      {"power", "2"},
      {"div_factor", "25"},
      {"final_div_factor", "10000"},
      {"pct_start", "0.3"},
      {"T_mult", "2"},
      {"t_mul", "2"},
      {"m_mul", "0.5"},
      {"num_cycles", "2"},
      {"T_max", "100"},
      {"T_0", "100"},
      {"step_size_up", "100"},
      {"step_size_down", "100"},
      {"step_size", "100"},
      {"total_iters", "100"},
      {"total_steps", "100"},
      {"anneal_epochs", "100"},
      {"transition_steps", "100"},
      {"decay_steps", "100"},
      {"first_decay_steps", "100"},
      {"timescale", "100"},
      {"num_warmup_steps", "100"},
      {"num_stable_steps", "100"},
      {"num_decay_steps", "100"},
      {"warmup_steps", "100"},
      {"warmup_num_steps", "100"},
      {"cycle_first_step_size", "100"},
      {"t_initial", "100"},
      {"t_warmup", "100"},
      {"t_max", "100"},
      {"warmup", "100"},
      {"warmup_iter", "100"},
      {"warmup_iters", "100"},
      {"warmup_duration", "100"},
      {"n_warmup_steps", "100"},
      {"hold_steps", "100"},
      {"n_keep_steps", "100"},
      {"lr_delay_steps", "100"},
      {"d_model", "512"},
      {"hidden_size", "512"},
      {"cycle_mult", "2"},
      {"cycle_size", "20"},
      {"num_steps", "100"},
      {"max_steps", "1000"},
      {"max_count", "100"},
      {"period", "100"},
      {"stepsize", "100"},
      {"step", "100"},
      {"N", "100"},
  };
  for (const auto& [parameter, number] : numbers) {
    for (const std::string before : {"=", "=[", ", "}) {
      for (const std::string after : {",", ")", "]"}) {
        const std::string old = fmt::format("{}{}{}", before, parameter, after);
        for (auto at = text.find(old); at != text.npos; at = text.find(old)) {
          text.replace(at, old.size(), fmt::format("{}{}{}", before, number, after));
        }
      }
    }
  }
  return text;
}

class ForeignSchedule : public testing::TestWithParam<const char*> {};

TEST_P(ForeignSchedule, IsToldAsANotationThatParses) {
  const std::string name = GetParam();
  const std::string message = refusal(name + "(T_max=10)");
  ASSERT_THAT(message, testing::StartsWith("unknown schedule '" + name + "'; here it is "));
  EXPECT_NO_THROW(parse(with_numbers(message))) << message;
}

TEST_P(ForeignSchedule, IsToldWithoutBracketsToo) {
  const std::string name = GetParam();
  EXPECT_EQ(refusal(name), refusal(name + "(T_max=10)"));
}

INSTANTIATE_TEST_SUITE_P(PyTorch, ForeignSchedule,
                         testing::Values("StepLR", "MultiStepLR", "ConstantLR", "ExponentialLR",
                                         "LinearLR", "PolynomialLR", "CosineAnnealingLR",
                                         "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR",
                                         "SWALR", "SequentialLR", "ChainedScheduler",
                                         "torch.optim.lr_scheduler.StepLR"));
INSTANTIATE_TEST_SUITE_P(Optax, ForeignSchedule,
                         testing::Values("constant_schedule", "linear_schedule",
                                         "polynomial_schedule", "cosine_decay_schedule",
                                         "warmup_constant_schedule", "warmup_cosine_decay_schedule",
                                         "warmup_exponential_decay_schedule",
                                         "piecewise_constant_schedule",
                                         "piecewise_interpolate_schedule", "join_schedules",
                                         "sgdr_schedule", "linear_onecycle_schedule",
                                         "cosine_onecycle_schedule", "optax.linear_schedule"));
INSTANTIATE_TEST_SUITE_P(Keras, ForeignSchedule,
                         testing::Values("PolynomialDecay", "PiecewiseConstantDecay",
                                         "CosineDecayRestarts"));
INSTANTIATE_TEST_SUITE_P(HuggingFace, ForeignSchedule,
                         testing::Values("get_constant_schedule",
                                         "get_constant_schedule_with_warmup",
                                         "get_linear_schedule_with_warmup",
                                         "get_cosine_schedule_with_warmup",
                                         "get_cosine_with_min_lr_schedule_with_warmup",
                                         "get_cosine_with_hard_restarts_schedule_with_warmup",
                                         "get_polynomial_decay_schedule_with_warmup",
                                         "get_inverse_sqrt_schedule", "get_wsd_schedule"));
INSTANTIATE_TEST_SUITE_P(HuggingFaceType, ForeignSchedule,
                         testing::Values("constant_with_warmup", "cosine_with_restarts",
                                         "cosine_with_min_lr", "cosine_warmup_with_min_lr",
                                         "warmup_stable_decay", "linear_with_warmup"));
INSTANTIATE_TEST_SUITE_P(Timm, ForeignSchedule,
                         testing::Values("CosineLRScheduler", "TanhLRScheduler", "PolyLRScheduler",
                                         "StepLRScheduler", "MultiStepLRScheduler", "poly", "step",
                                         "multistep"));
INSTANTIATE_TEST_SUITE_P(DeepSpeed, ForeignSchedule,
                         testing::Values("WarmupLR", "WarmupDecayLR", "WarmupCosineLR"));
INSTANTIATE_TEST_SUITE_P(
    Trainers, ForeignSchedule,
    testing::Values("LinearCyclicalScheduler", "create_lr_scheduler_with_warmup",
                    "CosineAnnealingWithWarmupScheduler", "LinearWithWarmupScheduler",
                    "PolynomialWithWarmupScheduler", "ConstantWithWarmupScheduler",
                    "MultiStepWithWarmupScheduler", "MultiStepScheduler",
                    "CosineAnnealingWarmRestartsScheduler", "WarmupMultiStepLR", "REXScheduler",
                    "CosineAnnealingWarmupRestarts", "SlantedTriangular", "slanted_triangular",
                    "fit_one_cycle", "fit_sgdr", "fit_flat_cos", "ConstantScheduler",
                    "get_expon_lr_func", "learning_rate_decay", "WarmupCosineSchedule",
                    "WarmupLinearSchedule", "WarmupConstantSchedule", "WSDLRScheduler",
                    "PolynomialScheduler", "CyclicLRScheduler"));
INSTANTIATE_TEST_SUITE_P(
    Speech, ForeignSchedule,
    testing::Values("ExponentialDecayWarmup", "TristageLR", "TriStageLRSchedule", "tri_stage",
                    "PiecewiseLinearWarmupLR", "WarmupStepLR", "NoamLR", "NoamAnnealing", "noamwd",
                    "NoamScheduler", "LinearNoamScheduler", "NoamHoldAnnealing",
                    "InverseSquareRootAnnealing", "InverseSquareRootScheduler", "rsqrt",
                    "CyclicCosineScheduler", "WarmAndExpDecayLRSchedule", "WarmupAnnealing",
                    "SquareAnnealing", "SquareRootAnnealing", "PolynomialDecayAnnealing",
                    "PolynomialHoldDecayAnnealing", "WarmupHoldAnnealLinear",
                    "WarmupHoldAnnealOneMinusSquareRoot"));
INSTANTIATE_TEST_SUITE_P(OtherFrameworks, ForeignSchedule,
                         testing::Values("NoamDecay", "PiecewiseDecay", "NaturalExpDecay",
                                         "LinearWarmup", "CosineAnnealingDecay", "CosineDecayLR",
                                         "ExponentialDecayLR", "NaturalExpDecayLR",
                                         "InverseDecayLR", "PolynomialDecayLR", "CosineScheduler",
                                         "PolyScheduler", "FactorScheduler", "MultiFactorScheduler",
                                         "StepShift", "MultistepShift", "ExponentialShift",
                                         "InverseShift", "PolynomialShift", "LinearShift",
                                         "WarmupShift", "CosineAnnealingLRWithWarmup",
                                         "PolynomialDecayWithWarmup"));
INSTANTIATE_TEST_SUITE_P(Classical, ForeignSchedule,
                         testing::Values("compounding", "warmup_linear", "decaying",
                                         "cyclic_triangular", "invscaling", "inv", "sigmoid",
                                         "LinearLRScheduler"));
INSTANTIATE_TEST_SUITE_P(InOtherLetters, ForeignSchedule,
                         testing::Values("steplr", "step_lr", "STEP_LR", "cosine_annealing_lr",
                                         "one_cycle_lr", "Cosine_With_Restarts"));

class Namesake : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Namesake, IsOursFirstAndThenTheirsAsANotationThatParses) {
  const auto& [name, ours] = GetParam();
  const std::string message = refusal(name + std::string("(T_max=10)"));
  ASSERT_THAT(message, testing::StartsWith(
                           fmt::format("unknown schedule '{}', did you mean '{}'? ", name, ours)));
  const auto theirs = message.find("'s is ");
  ASSERT_NE(theirs, message.npos) << message;
  EXPECT_NO_THROW(parse(with_numbers(fmt::format("{}{}", here_it_is, message.substr(theirs + 6)))))
      << message;
}

INSTANTIATE_TEST_SUITE_P(
    All, Namesake,
    testing::Values(std::pair("CosineDecay", "cosine_decay"),
                    std::pair("ExponentialDecay", "exponential_decay"),
                    std::pair("InverseTimeDecay", "inverse_time_decay"),
                    std::pair("keras.optimizers.schedules.CosineDecay", "cosine_decay"),
                    std::pair("optax.exponential_decay", "exponential_decay"),
                    std::pair("COSINE_DECAY", "cosine_decay"), std::pair("OneCycle", "one_cycle"),
                    std::pair("COSINE", "cosine"), std::pair("Linear", "linear"),
                    std::pair("Polynomial", "polynomial"),
                    std::pair("InverseSqrt", "inverse_sqrt")));

TEST(ForeignNames, OfATypeOfHuggingFacesThatIsAKindHereToo) {
  EXPECT_EQ(refusal("cosine"),
            "expected '(' after cosine; write cosine(start=..., end=..., steps=...); Hugging "
            "Face's is warmup(cosine_decay(base_lr=lr, steps=num_training_steps-num_warmup_steps), "
            "steps=num_warmup_steps)");
  for (const std::string name : {"linear", "cosine", "polynomial", "inverse_sqrt"}) {
    const std::string message = refusal(name);
    const auto theirs = message.find("Hugging Face's is ");
    ASSERT_NE(theirs, message.npos) << message;
    EXPECT_NO_THROW(
        parse(with_numbers(fmt::format("{}{}", here_it_is, message.substr(theirs + 18)))))
        << message;
  }
}

TEST(ForeignNames, OfASequenceShowTheUsualWarmUp) {
  EXPECT_EQ(refusal("SequentialLR()"),
            "unknown schedule 'SequentialLR'; here it is warmup(cosine_decay(base_lr=lr, "
            "steps=T_max), steps=milestone, start=lr*start_factor)");
}

// The message of parse_plateau().
std::string plateau_refusal(const std::string& notation) {
  try {
    parse_plateau(notation);
  } catch (const ParseError& error) {
    const std::string message = error.what();
    return message.substr(0, message.find('\n'));
  }
  return "parsed";
}

TEST(ForeignNames, OfAPlateauAreToldByParsePlateauToo) {
  for (const std::string name :
       {"ReduceLROnPlateau", "reduce_lr_on_plateau", "torch.optim.lr_scheduler.ReduceLROnPlateau",
        "PlateauLRScheduler", "plateau"}) {
    EXPECT_EQ(plateau_refusal(name + "(factor=0.5)"),
              "expected reduce_on_plateau(...), got '" + name +
                  "'; here it is reduce_on_plateau(factor=factor, patience=patience)");
    EXPECT_THAT(refusal(name), testing::EndsWith("which a driver takes in addition to a schedule"));
  }
  EXPECT_EQ(plateau_refusal("ReduceOnPlateau()"),
            "expected reduce_on_plateau(...), got 'ReduceOnPlateau', did you mean "
            "'reduce_on_plateau'?");
}

TEST(ForeignFields, OfAPlateauAreTold) {
  const auto field = [](const std::string& name) {
    const std::string message = plateau_refusal("reduce_on_plateau(" + name + "=1)");
    const auto at = message.find(here_it_is);
    return at == message.npos ? message : message.substr(at + here_it_is.size());
  };
  EXPECT_EQ(field("eps"), "min_scale, the last scale that eps lets through");
  EXPECT_EQ(field("min_delta"), "threshold=min_delta, threshold_mode=absolute");
  EXPECT_EQ(field("atol"), "threshold=atol, threshold_mode=absolute");
  EXPECT_EQ(field("rtol"), "threshold");
  EXPECT_EQ(field("decay_rate"), "factor");
  EXPECT_EQ(field("verbose"), "left out: nothing is printed");
  EXPECT_EQ(field("monitor"), "left out: pass the metric to the driver's report(metric)");
  EXPECT_EQ(field("lr"), "left out: the schedule has the rate");
  EXPECT_EQ(field("lr_min"), "min_lr");
}

TEST(ForeignNames, TellTheFieldsToo) {
  EXPECT_EQ(refusal("CosineAnnealingLR(T_max=10)"),
            "unknown schedule 'CosineAnnealingLR'; here it is cosine_decay(base_lr=lr, "
            "steps=T_max, min_lr=eta_min)");
}

TEST(ForeignNames, SayWhatHasNoNotation) {
  EXPECT_EQ(
      refusal("LambdaLR()"),
      "unknown schedule 'LambdaLR'; here it is a user-defined callable, which has no notation: "
      "build the schedule in C++");
}

TEST(ForeignNames, OfAPlateauPointToWhatReadsIt) {
  EXPECT_EQ(refusal("reduce_on_plateau(factor=0.5)"),
            "reduce_on_plateau is not a schedule: parse_plateau() reads it, and a driver takes it "
            "in addition to "
            "one");
  const std::string peer = refusal("ReduceLROnPlateau(factor=0.5)");
  EXPECT_EQ(peer,
            "unknown schedule 'ReduceLROnPlateau'; here it is reduce_on_plateau(factor=factor, "
            "patience=patience), which a driver takes in addition to a schedule");
  EXPECT_NO_THROW(parse_plateau("reduce_on_plateau(factor=0.5, patience=10)"));
}

// What a field of another library is here, in a call of a kind with that one field.
std::string field(const std::string& kind, const std::string& name) {
  const std::string message = refusal(kind + "(" + name + "=1)");
  const auto at = message.find(here_it_is);
  return at == message.npos ? message : message.substr(at + here_it_is.size());
}

TEST(ForeignFields, AreToldInTheKindAtHand) {
  EXPECT_EQ(field("cosine_decay", "lr"), "base_lr");
  EXPECT_EQ(field("one_cycle", "lr"), "max_lr");
  EXPECT_EQ(field("linear", "lr"), "start");
  EXPECT_EQ(field("cosine_decay", "T_max"), "steps");
  EXPECT_EQ(field("one_cycle", "total_steps"), "steps");
  EXPECT_EQ(field("step_decay", "gamma"), "drop");
  EXPECT_EQ(field("exponential_decay", "gamma"), "decay=-ln(gamma)");
  EXPECT_EQ(field("cosine_restarts", "T_0"), "period");
  EXPECT_EQ(field("polynomial", "end_learning_rate"), "end");
  EXPECT_EQ(field("inverse_time_decay", "decay_rate"), "decay=decay_rate/decay_steps");
  EXPECT_EQ(field("exponential_decay", "decay_rate"), "decay=-ln(decay_rate)/decay_steps");
  EXPECT_EQ(field("noam", "num_warmup_steps"), "warmup_steps");
  EXPECT_EQ(field("one_cycle", "num_warmup_steps"), "warmup_fraction=num_warmup_steps/steps");
  EXPECT_EQ(field("cosine_decay", "num_warmup_steps"), "warmup(..., steps=num_warmup_steps)");
}

TEST(ForeignFields, OfAWarmUpAreToldInItAndAroundAnother) {
  const auto both = [](const std::string& name, const std::string& in, const std::string& around) {
    const std::string message = refusal("warmup(constant(base_lr=1), " + name + ")");
    EXPECT_EQ(message.substr(message.find(here_it_is) + here_it_is.size()), in);
    const std::string other = refusal("cosine_decay(base_lr=1, steps=9, " + name + ")");
    EXPECT_EQ(other.substr(other.find(here_it_is) + here_it_is.size()), around);
  };
  both("warmup_ratio=0.03", "steps=3%", "warmup(..., steps=3%)");
  both("warmup_ratio=3%", "steps=3%", "warmup(..., steps=3%)");
  both("warmup_epochs=5", "steps=5ep", "warmup(..., steps=5ep)");
  both("warmup_steps=5", "steps", "warmup(..., steps=warmup_steps)");
  both("warmup_start_lr=0.1", "start", "warmup(..., steps=warmup_steps, start=warmup_start_lr)");
  both("warmup_factor=0.1", "start=lr*warmup_factor",
       "warmup(..., steps=warmup_steps, start=lr*warmup_factor)");
}

TEST(ForeignFields, OfAFloorAreToldIfTheKindHasNoneToo) {
  EXPECT_EQ(field("cosine_decay", "min_lr_ratio"), "min_lr=base_lr*min_lr_ratio");
  EXPECT_EQ(field("cosine_decay", "min_lr_rate"), "min_lr=base_lr*min_lr_rate");
  EXPECT_EQ(field("linear", "min_lr_ratio"), "end=lr*min_lr_ratio");
  EXPECT_EQ(field("exponential_decay", "min_lr"), "maximum(..., constant(base_lr=min_lr))");
  EXPECT_EQ(field("step_decay", "min_lr_ratio"), "maximum(..., constant(base_lr=lr*min_lr_ratio))");
}

TEST(ForeignFields, OfADecayAreTold) {
  EXPECT_EQ(field("cooldown", "num_decay_steps"), "steps");
  EXPECT_EQ(field("cooldown", "num_stable_steps"), "after");
  EXPECT_EQ(field("constant", "num_decay_steps"),
            "cooldown(..., after=num_stable_steps, steps=num_decay_steps)");
  EXPECT_EQ(field("repeat", "num_cycles"), "times");
  EXPECT_EQ(field("cosine_restarts", "num_cycles"),
            "repeat(cosine_decay(base_lr=base_lr, steps=period), times=num_cycles)");
  EXPECT_EQ(field("step_decay", "steps"), "step_size");
  EXPECT_EQ(field("cosine_decay", "max_lr"), "base_lr");
  EXPECT_EQ(field("cosine_decay", "epochs"), "steps=1ep");
  EXPECT_EQ(field("cosine_decay", "last_epoch"),
            "left out: the driver counts the steps, and load() restores the count");
}

TEST(ForeignFields, OfSpeechAndOtherFrameworksAreTold) {
  EXPECT_EQ(field("noam", "model_size"), "d_model");
  EXPECT_EQ(field("polynomial", "pwr"), "power");
  EXPECT_EQ(field("inverse_time_decay", "eta0"), "base_lr");
  EXPECT_EQ(field("cosine_decay", "alpha_f"), "min_lr=base_lr*alpha_f");
  EXPECT_EQ(field("cosine_decay", "t_warmup"), "warmup(..., steps=t_warmup)");
  EXPECT_EQ(field("polynomial", "max_count"), "steps");
  EXPECT_EQ(field("cosine_decay", "warmup_begin_lr"),
            "warmup(..., steps=warmup_steps, start=warmup_begin_lr)");
}

TEST(ForeignFields, AreToldInOtherLettersToo) {
  EXPECT_EQ(field("cosine_decay", "t_max"), "steps");
  EXPECT_EQ(field("cosine_decay", "numWarmupSteps"), "warmup(..., steps=numWarmupSteps)");
}

TEST(ForeignFields, AreUnknownInAKindWithoutSuchAField) {
  EXPECT_EQ(refusal("constant(T_max=1)"), "unknown field 'T_max' of constant; known: base_lr");
}

}  // namespace
}  // namespace libsched
