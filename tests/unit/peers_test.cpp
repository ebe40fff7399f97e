// What parse() says of the names of PyTorch, optax, Keras and Hugging Face.
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

// What a message says that it is here, with numbers in place of the peers' parameters.
std::string with_numbers(const std::string& message) {
  std::string text = message.substr(message.find(here_it_is) + here_it_is.size());
  const std::vector<std::pair<std::string, std::string>> numbers{
      {"-ln(decay_rate)/transition_steps", "0.01"},
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
      {"initial_learning_rate", "0.1"},
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

class PeersSchedule : public testing::TestWithParam<const char*> {};

TEST_P(PeersSchedule, IsToldAsANotationThatParses) {
  const std::string name = GetParam();
  const std::string message = refusal(name + "(T_max=10)");
  ASSERT_THAT(message, testing::StartsWith("unknown schedule '" + name + "'; here it is "));
  EXPECT_NO_THROW(parse(with_numbers(message))) << message;
}

INSTANTIATE_TEST_SUITE_P(PyTorch, PeersSchedule,
                         testing::Values("StepLR", "MultiStepLR", "ConstantLR", "ExponentialLR",
                                         "LinearLR", "PolynomialLR", "CosineAnnealingLR",
                                         "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR",
                                         "SWALR", "SequentialLR", "ChainedScheduler",
                                         "torch.optim.lr_scheduler.StepLR"));
INSTANTIATE_TEST_SUITE_P(Optax, PeersSchedule,
                         testing::Values("constant_schedule", "linear_schedule",
                                         "polynomial_schedule", "cosine_decay_schedule",
                                         "warmup_constant_schedule", "warmup_cosine_decay_schedule",
                                         "warmup_exponential_decay_schedule",
                                         "piecewise_constant_schedule",
                                         "piecewise_interpolate_schedule", "join_schedules",
                                         "optax.linear_schedule"));
INSTANTIATE_TEST_SUITE_P(Keras, PeersSchedule,
                         testing::Values("ExponentialDecay", "InverseTimeDecay", "PolynomialDecay",
                                         "PiecewiseConstantDecay", "CosineDecay",
                                         "CosineDecayRestarts"));
INSTANTIATE_TEST_SUITE_P(HuggingFace, PeersSchedule,
                         testing::Values("get_constant_schedule",
                                         "get_constant_schedule_with_warmup",
                                         "get_linear_schedule_with_warmup",
                                         "get_cosine_schedule_with_warmup",
                                         "get_cosine_with_min_lr_schedule_with_warmup",
                                         "get_cosine_with_hard_restarts_schedule_with_warmup",
                                         "get_polynomial_decay_schedule_with_warmup",
                                         "get_inverse_sqrt_schedule", "get_wsd_schedule"));

TEST(PeersNames, TellTheFieldsToo) {
  EXPECT_EQ(refusal("CosineAnnealingLR(T_max=10)"),
            "unknown schedule 'CosineAnnealingLR'; here it is cosine_decay(base_lr=lr, "
            "steps=T_max, min_lr=eta_min)");
}

TEST(PeersNames, OfWhatHasNoNotation) {
  EXPECT_EQ(refusal("LambdaLR()"),
            "unknown schedule 'LambdaLR'; here it is a callable of one's own, which has no "
            "notation");
}

TEST(PeersNames, OfAPlateauPointToWhatReadsIt) {
  EXPECT_EQ(refusal("reduce_on_plateau(factor=0.5)"),
            "reduce_on_plateau is no schedule: parse_plateau reads it, a driver takes it beside "
            "one");
  const std::string peer = refusal("ReduceLROnPlateau(factor=0.5)");
  EXPECT_EQ(peer,
            "unknown schedule 'ReduceLROnPlateau'; here it is reduce_on_plateau(factor=factor, "
            "patience=patience), which a driver takes beside a schedule");
  EXPECT_NO_THROW(parse_plateau("reduce_on_plateau(factor=0.5, patience=10)"));
}

// What a field is here, for a call of a kind with one field.
std::string field(const std::string& kind, const std::string& name) {
  const std::string message = refusal(kind + "(" + name + "=1)");
  const auto at = message.find(here_it_is);
  return at == message.npos ? message : message.substr(at + here_it_is.size());
}

TEST(PeersFields, AreToldInTheKindAtHand) {
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
  EXPECT_EQ(field("cosine_decay", "num_warmup_steps"), "warmup(..., steps=num_warmup_steps)");
}

TEST(PeersFields, AreUnknownInAKindThatHasNothingLikeThem) {
  EXPECT_EQ(refusal("constant(T_max=1)"), "unknown field 'T_max' of constant; known: base_lr");
}

}  // namespace
}  // namespace libsched
