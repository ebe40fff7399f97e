#include "libsched/find_lr.hpp"

#include <gmock/gmock.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>
#include <torch/serialize/archive.h>
#include <torch/utils.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "support.hpp"

namespace libsched {
namespace {

using namespace torch::optim;
using testing::AllOf;
using testing::DoubleEq;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::SizeIs;
using testing::ThrowsMessage;

// What find_lr makes of these losses, whatever the rates.
FoundLR found_for(const std::vector<double>& losses, FindLROptions options) {
  SGD optimizer({parameter()}, SGDOptions(7));
  options.steps = static_cast<Step>(losses.size());
  std::size_t t = 0;
  return find_lr(
      optimizer, [&] { return losses.at(t++); }, options);
}

FindLROptions unsmoothed() {
  FindLROptions options;
  options.smoothing = 0;
  return options;
}

std::vector<double> losses_of(const FoundLR& found) {
  std::vector<double> losses;
  for (const LRPoint& point : found.curve) losses.push_back(point.loss);
  return losses;
}

TEST(FindLR, RaisesTheRateGeometrically) {
  SGD optimizer({parameter()}, SGDOptions(7));
  FindLROptions options;
  options.min_lr = 1e-4;
  options.steps = 5;
  std::vector<double> used;
  const FoundLR found = find_lr(
      optimizer,
      [&] {
        used.push_back(rates_in(optimizer)[0]);
        return 1.0;
      },
      options);
  EXPECT_THAT(used, ElementsAre(1e-4, DoubleEq(1e-3), DoubleEq(1e-2), DoubleEq(1e-1), 1));
  ASSERT_THAT(found.curve, SizeIs(5));
  for (std::size_t i = 0; i < used.size(); ++i) EXPECT_EQ(found.curve[i].lr, used[i]);
}

TEST(FindLR, MakesAHundredStepsFrom1eMinus8To1) {
  SGD optimizer({parameter()}, SGDOptions(7));
  const FoundLR found = find_lr(optimizer, [] { return 1.0; });
  ASSERT_THAT(found.curve, SizeIs(100));
  EXPECT_EQ(found.curve.front().lr, 1e-8);
  EXPECT_NEAR(found.curve[33].lr / found.curve[0].lr, std::pow(10, 8 * 33 / 99.0), 1e-10);
  EXPECT_EQ(found.curve.back().lr, 1);
}

TEST(FindLR, GivesGroupsOfTheSameRateTheSameRate) {
  SGD optimizer = groups_at({3, 3});
  find_lr(optimizer, [&] {
    EXPECT_EQ(rates_in(optimizer)[0], rates_in(optimizer)[1]);
    return 1.0;
  });
  EXPECT_THAT(rates_in(optimizer), ElementsAre(3, 3));
}

TEST(FindLR, KeepsTheRatiosOfTheGroupsRates) {
  SGD optimizer = groups_at({0.5, 2, 0, 1});
  FindLROptions options;
  options.min_lr = 1e-2;
  options.steps = 3;
  std::vector<std::vector<double>> used;
  const FoundLR found = find_lr(
      optimizer,
      [&] {
        used.push_back(rates_in(optimizer));
        return 1.0;
      },
      options);
  EXPECT_THAT(used, ElementsAre(ElementsAre(0.0025, 0.01, 0, 0.005),
                                ElementsAre(DoubleEq(0.025), DoubleEq(0.1), 0, DoubleEq(0.05)),
                                ElementsAre(0.25, 1, 0, 0.5)));
  EXPECT_THAT(found.curve, ElementsAre(Field(&LRPoint::lr, 0.01),
                                       Field(&LRPoint::lr, DoubleEq(0.1)), Field(&LRPoint::lr, 1)));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5, 2, 0, 1));
}

TEST(FindLR, SweepsGroupsThatAreAllAtZero) {
  SGD optimizer = groups_at({0, 0});
  find_lr(optimizer, [&] {
    EXPECT_GT(rates_in(optimizer)[0], 0);
    EXPECT_EQ(rates_in(optimizer)[0], rates_in(optimizer)[1]);
    return 1.0;
  });
}

TEST(FindLR, RefusesRatesWithoutARatio) {
  for (const double rate : {-1.0, nan, std::numeric_limits<double>::infinity()}) {
    for (const std::size_t group : {0U, 1U}) {
      SGD optimizer = groups_at({1, 1});
      optimizer.param_groups()[group].options().set_lr(rate);
      EXPECT_THAT(
          ([&] { find_lr(optimizer, []() -> double { throw std::logic_error("a step"); }); }),
          ThrowsMessage<std::invalid_argument>(HasSubstr("find_lr: the rate of param group " +
                                                         std::to_string(group) +
                                                         " must be finite and at least 0, got ")));
    }
  }
}

TEST(FindLR, MakesOneStepWhereOneIsAskedFor) {
  const FoundLR found = found_for({1}, unsmoothed());
  EXPECT_THAT(found.curve, ElementsAre(Field(&LRPoint::lr, 1e-8)));
  EXPECT_EQ(found.suggestion, std::nullopt);
}

TEST(FindLR, MakesTwoStepsAtTheBoundsWhereTwoAreAskedFor) {
  FindLROptions options = unsmoothed();
  options.steps = 2;
  EXPECT_THAT(found_for({2, 1}, options).curve,
              ElementsAre(Field(&LRPoint::lr, 1e-8), Field(&LRPoint::lr, 1)));
}

TEST(FindLR, SmoothsTheLosses) {
  FindLROptions options;
  options.smoothing = 0.5;
  // The averages are 2, 2 and 4; the weights in them add up to 0.5, 0.75 and 0.875.
  EXPECT_THAT(losses_of(found_for({4, 2, 6}, options)),
              ElementsAre(4, DoubleEq(2 / 0.75), DoubleEq(4 / 0.875)));
}

TEST(FindLR, StopsWhereTheLossIsMoreThanFourTimesItsBest) {
  EXPECT_THAT(losses_of(found_for({10, 1, 4, 4.1, 0.5}, unsmoothed())), ElementsAre(10, 1, 4, 4.1));
}

TEST(FindLR, StopsAtTheDivergenceOfTheOptions) {
  FindLROptions options = unsmoothed();
  options.divergence = 1.5;
  EXPECT_THAT(losses_of(found_for({2, 3, 3.1, 0}, options)), ElementsAre(2, 3, 3.1));
}

TEST(FindLR, GoesOnBelowZeroAsLongAsTheLossIsNoWorse) {
  // From -4 up by three times 4 is 8.
  EXPECT_THAT(losses_of(found_for({-1, -2, -4, 8, 8.1, 0}, unsmoothed())),
              ElementsAre(-1, -2, -4, 8, 8.1));
}

TEST(FindLR, StopsWithoutThePointWhereTheLossIsNotFinite) {
  EXPECT_THAT(losses_of(found_for({3, 2, nan, 1}, unsmoothed())), ElementsAre(3, 2));
  EXPECT_THAT(losses_of(found_for({3, std::numeric_limits<double>::infinity(), 1}, unsmoothed())),
              ElementsAre(3));
}

TEST(FindLR, FindsNothingWhereTheFirstLossIsNaN) {
  const FoundLR found = found_for({nan, 1, 1}, FindLROptions{});
  EXPECT_THAT(found.curve, SizeIs(0));
  EXPECT_EQ(found.suggestion, std::nullopt);
}

// The position of the suggestion in the curve, or -1.
std::ptrdiff_t suggested(const std::vector<double>& losses, std::size_t skip_begin,
                         std::size_t skip_end) {
  FindLROptions options = unsmoothed();
  options.skip_begin = skip_begin;
  options.skip_end = skip_end;
  const FoundLR found = found_for(losses, options);
  for (std::size_t i = 0; i < found.curve.size(); ++i) {
    if (found.curve[i].lr == found.suggestion) return static_cast<std::ptrdiff_t>(i);
  }
  EXPECT_EQ(found.suggestion, std::nullopt);
  return -1;
}

// numpy 1.24: numpy.gradient(losses[2:-1]) is [0, -0.2, -0.15, -0.75, -0.85, -0.025, -0.45,
// -0.525, 0.5, 1.1], the least of which is at 4.
TEST(FindLR, SuggestsTheLeastOfNumpysGradient) {
  EXPECT_EQ(suggested({5, 5, 4.9, 4.9, 4.5, 4.6, 3, 2.9, 2.95, 2.0, 1.9, 3, 9}, 2, 1), 2 + 4);
}

// numpy: gradient([9, 4, 4, 4]) = [-5, -2.5, 0, 0] and gradient([9, 9, 9, 4]) = [0, 0, -2.5, -5].
TEST(FindLR, TakesTheGradientToOneSideAtTheEnds) {
  EXPECT_EQ(suggested({9, 4, 4, 4}, 0, 0), 0);
  EXPECT_EQ(suggested({9, 9, 9, 4}, 0, 0), 3);
}

TEST(FindLR, SuggestsTheFirstOfEquals) { EXPECT_EQ(suggested({8, 7, 6, 5, 4, 3}, 1, 1), 1); }

TEST(FindLR, SuggestsNothingWhereFewerThanTwoPointsAreLeft) {
  EXPECT_EQ(suggested({4, 3, 2}, 1, 1), -1);
  EXPECT_EQ(suggested({4, 3, 2}, 10, 1), -1);
  EXPECT_EQ(suggested({4, 3, 2, 1}, 1, 1), 1);
  EXPECT_EQ(suggested({4, 3, 2, 1}, 3, 0), -1);
  EXPECT_EQ(suggested({4, 3, 2, 1}, 2, 0), 2);
  EXPECT_EQ(suggested({4, 3}, 0, 0), 0);
}

TEST(FindLR, SuggestsNothingIfTheLossDoesNotFall) {
  EXPECT_EQ(suggested({1, 2, 3, 5, 8, 13}, 1, 1), -1);
  // The default smoothing rounds: the averages of equal losses are not equal.
  torch::Tensor p = parameter(1);
  SGD optimizer({p}, SGDOptions(0.1));
  for (const double loss : {0.858333, -0.3, 1e9, 0.0}) {
    EXPECT_FALSE(find_lr(optimizer, [&] { return loss; }).suggestion) << loss;
  }
}

TEST(FindLR, SuggestsNoPointThatIsLeftOutHoweverSteep) {
  EXPECT_EQ(suggested({9, 4, 4, 3, 3, 3}, 1, 1), 2);
  EXPECT_EQ(suggested({5, 4, 4, 4, 1}, 0, 1), 0);
}

TEST(FindLR, SuggestsNothingHoweverManyPointsAreLeftOut) {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(suggested({4, 3, 2, 1}, most, 1), -1);
  EXPECT_EQ(suggested({4, 3, 2, 1}, most, most), -1);
}

TEST(FindLR, LeavesOutTenPointsAtTheStartAndOneAtTheEnd) {
  EXPECT_EQ(FindLROptions{}.skip_begin, 10);
  EXPECT_EQ(FindLROptions{}.skip_end, 1);
}

// A steep quadratic, p^2: below 1 a step of gradient descent makes it smaller, above 1 larger.
TEST(FindLR, FindsARateAtWhichTheLossFalls) {
  torch::Tensor p = parameter(10);
  SGD optimizer({p}, SGDOptions(7));
  FindLROptions options;
  options.max_lr = 100;
  options.smoothing = 0.5;
  const FoundLR found = find_lr(
      optimizer,
      [&] {
        optimizer.zero_grad();
        const torch::Tensor loss = p.pow(2).sum();
        loss.backward();
        optimizer.step();
        return loss.item<double>();
      },
      options);
  EXPECT_LT(found.curve.size(), 100);
  ASSERT_TRUE(found.suggestion);
  EXPECT_GT(*found.suggestion, 1e-3);
  EXPECT_LT(*found.suggestion, 1);
  EXPECT_EQ(p.item<double>(), 10);
}

void expect_refusal(const std::function<void(FindLROptions&)>& spoil, const char* message) {
  SGD optimizer({parameter()}, SGDOptions(7));
  FindLROptions options;
  spoil(options);
  int steps = 0;
  EXPECT_THAT(([&] {
                find_lr(
                    optimizer,
                    [&] {
                      ++steps;
                      return 1.0;
                    },
                    options);
              }),
              ThrowsMessage<std::invalid_argument>(HasSubstr(message)));
  EXPECT_EQ(steps, 0);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(7));
}

TEST(FindLR, RefusesBadOptions) {
  expect_refusal([](auto& o) { o.min_lr = 0; }, "find_lr: min_lr must be greater than 0, got 0");
  expect_refusal([](auto& o) { o.max_lr = nan; },
                 "find_lr: max_lr must be finite, got nan; was it left out?");
  expect_refusal([](auto& o) { o.min_lr = 2; }, "find_lr: min_lr must be below max_lr");
  expect_refusal([](auto& o) { o.min_lr = 1; }, "find_lr: min_lr must be below max_lr");
  expect_refusal([](auto& o) { o.steps = 0; }, "find_lr: steps must be at least 1, got 0");
  expect_refusal([](auto& o) { o.smoothing = 1; }, "find_lr: smoothing must be below 1, got 1");
  expect_refusal([](auto& o) { o.smoothing = -1; },
                 "find_lr: smoothing must be between 0 and 1, got -1");
  expect_refusal([](auto& o) { o.divergence = 0.5; },
                 "find_lr: divergence must be at least 1, got 0.5");
}

// A regression with a batch norm, whose buffers training changes; batch and start are always the
// same.
template <class Optimizer, class Options>
struct Regression {
  torch::nn::Linear first = nullptr, last = nullptr;
  torch::nn::BatchNorm1d norm = nullptr;
  std::unique_ptr<Optimizer> optimizer;

  explicit Regression(const Options& options) {
    torch::manual_seed(3);
    first = torch::nn::Linear(3, 4);
    norm = torch::nn::BatchNorm1d(4);
    last = torch::nn::Linear(4, 2);
    std::vector<torch::Tensor> parameters;
    for (const auto* module : modules()) {
      for (const torch::Tensor& p : module->parameters()) parameters.push_back(p);
    }
    optimizer = std::make_unique<Optimizer>(std::move(parameters), options);
  }

  std::vector<const torch::nn::Module*> modules() const {
    return {first.get(), norm.get(), last.get()};
  }

  double step() {
    const torch::Tensor x = torch::sin(torch::arange(15, torch::kFloat32)).view({5, 3});
    const auto closure = [&] {
      optimizer->zero_grad();
      torch::Tensor loss = (last(norm(first(x))) - x.slice(1, 0, 2) * 2).pow(2).mean();
      loss.backward();
      return loss;
    };
    const auto loss = closure().template item<double>();
    optimizer->step(closure);
    return loss;
  }

  // Every parameter, its gradient, and every buffer; the same tensors are the same text.
  std::vector<std::string> state() const {
    std::vector<std::string> text;
    const auto add = [&](const torch::Tensor& tensor) {
      if (!tensor.defined()) return void(text.emplace_back("undefined"));
      const torch::Tensor flat = tensor.detach().contiguous();
      text.emplace_back(static_cast<const char*>(flat.data_ptr()), flat.nbytes());
    };
    for (const auto* module : modules()) {
      for (const torch::Tensor& p : module->parameters()) add(p), add(p.grad());
      for (const torch::Tensor& buffer : module->buffers()) add(buffer);
    }
    return text;
  }

  FindLROptions search() const {
    FindLROptions options;
    options.min_lr = 1e-4;
    options.steps = 20;
    options.smoothing = 0;
    options.divergence = 1e300;
    options.buffers = norm->buffers();
    return options;
  }
};

// After this many steps, find_lr leaves no trace: all is as it was at once, and the training goes
// on as one that never called it.
template <class Optimizer, class Options>
void expect_no_trace_after(int steps, const Options& options) {
  Regression<Optimizer, Options> searched(options);
  Regression<Optimizer, Options> plain(options);
  for (int i = 0; i < steps; ++i) {
    searched.step();
    plain.step();
  }
  ASSERT_EQ(searched.state(), plain.state());
  const std::size_t states = searched.optimizer->state().size();

  EXPECT_THAT(find_lr(
                  *searched.optimizer, [&] { return searched.step(); }, searched.search())
                  .curve,
              SizeIs(20));
  EXPECT_EQ(searched.state(), plain.state());
  EXPECT_EQ(rates_in(*searched.optimizer), rates_in(*plain.optimizer));
  EXPECT_EQ(searched.optimizer->state().size(), states);

  int calls = 0;
  EXPECT_THROW(find_lr(
                   *searched.optimizer,
                   [&] {
                     if (++calls == 4) throw std::runtime_error("no more batches");
                     return searched.step();
                   },
                   searched.search()),
               std::runtime_error);
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(searched.state(), plain.state());
  EXPECT_EQ(rates_in(*searched.optimizer), rates_in(*plain.optimizer));

  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(searched.step(), plain.step());
    ASSERT_EQ(searched.state(), plain.state()) << "step " << i << " afterwards";
  }
}

// The sweep itself is the one that the optimizer would make from the state that it is in.
template <class Optimizer, class Options>
void expect_true_sweep(const Options& options) {
  Regression<Optimizer, Options> searched(options);
  Regression<Optimizer, Options> plain(options);
  for (int i = 0; i < 5; ++i) {
    searched.step();
    plain.step();
  }
  const FoundLR found = find_lr(
      *searched.optimizer, [&] { return searched.step(); }, searched.search());
  for (const LRPoint& point : found.curve) {
    plain.optimizer->param_groups()[0].options().set_lr(point.lr);
    ASSERT_EQ(point.loss, plain.step()) << point.lr;
  }
}

template <class Optimizer, class Options>
void expect_no_trace(const Options& options) {
  expect_no_trace_after<Optimizer>(0, options);
  expect_no_trace_after<Optimizer>(5, options);
  expect_true_sweep<Optimizer>(options);
}

TEST(FindLR, LeavesNoTraceInSGD) { expect_no_trace<SGD>(SGDOptions(0.05)); }
TEST(FindLR, LeavesNoTraceInSGDWithMomentum) {
  expect_no_trace<SGD>(SGDOptions(0.05).momentum(0.9).nesterov(true).weight_decay(0.01));
}
TEST(FindLR, LeavesNoTraceInAdam) { expect_no_trace<Adam>(AdamOptions(0.05)); }
TEST(FindLR, LeavesNoTraceInAdamWithAmsgrad) {
  expect_no_trace<Adam>(AdamOptions(0.05).amsgrad(true));
}
TEST(FindLR, LeavesNoTraceInAdamW) { expect_no_trace<AdamW>(AdamWOptions(0.05)); }
TEST(FindLR, LeavesNoTraceInRMSprop) { expect_no_trace<RMSprop>(RMSpropOptions(0.01)); }
TEST(FindLR, LeavesNoTraceInRMSpropWithMomentum) {
  expect_no_trace<RMSprop>(RMSpropOptions(0.01).momentum(0.9).centered(true));
}
TEST(FindLR, LeavesNoTraceInAdagrad) { expect_no_trace<Adagrad>(AdagradOptions(0.05)); }
TEST(FindLR, LeavesNoTraceInLBFGS) { expect_no_trace<LBFGS>(LBFGSOptions(0.1).max_iter(3)); }
TEST(FindLR, LeavesNoTraceInLBFGSWithLineSearch) {
  expect_no_trace<LBFGS>(LBFGSOptions(0.1).max_iter(3).line_search_fn("strong_wolfe"));
}

TEST(FindLR, RestoresTheRateOfEachGroupWhereTheStepThrows) {
  SGD optimizer = groups_at({3, 4});
  EXPECT_THROW(find_lr(optimizer, []() -> double { throw std::logic_error("no"); }),
               std::logic_error);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(3, 4));
}

TEST(FindLR, LeavesGradientsUndefinedThatWere) {
  torch::Tensor p = parameter();
  SGD optimizer({p}, SGDOptions(7));
  find_lr(optimizer, [&] {
    update(optimizer);
    return 1.0;
  });
  EXPECT_FALSE(p.grad().defined());
}

TEST(FindLR, TakesAGroupAwayThatTheStepAdds) {
  SGD optimizer = groups_at({3, 4});
  find_lr(optimizer, [&] {
    optimizer.add_param_group(group_at(5));
    return 1.0;
  });
  EXPECT_THAT(rates_in(optimizer), ElementsAre(3, 4));
}

TEST(FindLR, GivesTheSameGradientTensorBack) {
  torch::Tensor p = parameter();
  const torch::Tensor grad = torch::full({1}, 5, torch::kFloat64);
  p.mutable_grad() = grad;
  SGD optimizer({p}, SGDOptions(7));
  find_lr(optimizer, [&] {
    update(optimizer);
    return 1.0;
  });
  EXPECT_TRUE(p.grad().is_same(grad));
  EXPECT_EQ(grad.item<double>(), 5);
}

TEST(FindLR, GivesSparseGradientsBack) {
  torch::Tensor p = torch::zeros({3}, torch::requires_grad());
  const torch::Tensor grad =
      torch::sparse_coo_tensor(torch::tensor({{1}}), torch::tensor({5.F}), {3});
  p.mutable_grad() = grad;
  SGD optimizer({p}, SGDOptions(7));
  find_lr(optimizer, [&] {
    p.mutable_grad().zero_();
    return 1.0;
  });
  ASSERT_TRUE(p.grad().is_sparse());
  EXPECT_TRUE(p.grad().to_dense().equal(torch::tensor({0.F, 5.F, 0.F})));
}

torch::Tensor two() { return torch::full({1}, 2, torch::kFloat64); }

// A user-defined state in LibTorch's ordinary form, and with members that it does not write.
struct Momentum : OptimizerParamState {
  torch::Tensor momentum = two();
  std::int64_t updates = 3;
  std::vector<double> history = {1, 2};

  virtual void update(const torch::Tensor& grad) {
    momentum.mul_(0.5).sub_(grad);
    ++updates;
    history.push_back(4);
  }
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::make_unique<Momentum>(*this);
  }
  void serialize(torch::serialize::InputArchive& archive) override {
    archive.read("momentum", momentum);
  }
  void serialize(torch::serialize::OutputArchive& archive) const override {
    archive.write("momentum", momentum);
  }
};

template <class Derived>
struct MomentumOf : Momentum {
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::make_unique<Derived>(static_cast<const Derived&>(*this));
  }
};

// User-defined too: its only parameter has such a state, and its options change with each update.
struct HeavyBallOptions : OptimizerCloneableOptions<HeavyBallOptions> {
  double lr = 0.25;
  int updates = 7;
  double get_lr() const override { return lr; }
  void set_lr(double value) override { lr = value; }
};

template <class State>
struct HeavyBall : Optimizer {
  State* own;

  explicit HeavyBall(torch::Tensor p = parameter())
      : Optimizer({p}, std::make_unique<HeavyBallOptions>()) {
    auto state = std::make_unique<State>();
    own = state.get();
    state_[key(p)] = std::move(state);
  }
  torch::Tensor step(LossClosure = nullptr) override {
    torch::NoGradGuard no_grad;
    for (auto& group : param_groups_) {
      for (torch::Tensor& p : group.params()) {
        auto& state = static_cast<State&>(*state_.at(key(p)));
        state.update(p.grad());
        p.add_(state.momentum, group.options().get_lr());
      }
      ++static_cast<HeavyBallOptions&>(group.options()).updates;
    }
    return {};
  }
  auto key(const torch::Tensor& p) const {
    using Key = typename std::decay_t<decltype(state())>::key_type;
    if constexpr (std::is_same_v<Key, std::string>) {
      return std::to_string(reinterpret_cast<std::uintptr_t>(p.unsafeGetTensorImpl()));
    } else {
      return static_cast<Key>(p.unsafeGetTensorImpl());
    }
  }
};

// The losses are those of the parameter, which each update changes.
FoundLR search(Optimizer& optimizer) {
  FindLROptions options = unsmoothed();
  options.steps = 4;
  options.min_lr = 0.1;
  options.divergence = 1e300;
  return find_lr(
      optimizer,
      [&] {
        update(optimizer);
        return optimizer.param_groups()[0].params()[0].sum().item<double>();
      },
      options);
}

template <class State>
void expect_state_back() {
  HeavyBall<State> optimizer;
  const std::vector<double> history = optimizer.own->history;
  EXPECT_THAT(search(optimizer).curve, SizeIs(4));
  ASSERT_EQ(optimizer.state().size(), 1);
  ASSERT_EQ(optimizer.state().begin()->second.get(), optimizer.own);
  EXPECT_TRUE(optimizer.own->momentum.equal(two())) << optimizer.own->momentum;
  EXPECT_EQ(optimizer.own->updates, 3);
  EXPECT_EQ(optimizer.own->history, history);
  EXPECT_EQ(optimizer.param_groups()[0].params()[0].template item<double>(), 1);
}

TEST(FindLRWithAnOwnOptimizer, GivesTheStateBack) { expect_state_back<Momentum>(); }

TEST(FindLRWithAnOwnOptimizer, GivesTheStateBackWhereTheStepThrows) {
  HeavyBall<Momentum> optimizer;
  EXPECT_THROW(find_lr(optimizer,
                       [&]() -> double {
                         update(optimizer);
                         throw std::logic_error("no");
                       }),
               std::logic_error);
  EXPECT_TRUE(optimizer.own->momentum.equal(two()));
  EXPECT_EQ(optimizer.own->updates, 3);
}

// By hand: momentum 2 / 2 - 1 = 0 leaves p at 1, then 0 / 2 - 1 = -1 and -1 / 2 - 1 = -1.5.
TEST(FindLRWithAnOwnOptimizer, SweepsFromTheStateThatItIsIn) {
  HeavyBall<Momentum> optimizer;
  const FoundLR found = search(optimizer);
  EXPECT_EQ(found.curve[0].loss, 1);
  EXPECT_NEAR(found.curve[1].loss, 1 - found.curve[1].lr, 1e-12);
  EXPECT_NEAR(found.curve[2].loss, 1 - found.curve[1].lr - 1.5 * found.curve[2].lr, 1e-12);
}

TEST(FindLRWithAnOwnOptimizer, GivesTheOptionsBack) {
  HeavyBall<Momentum> optimizer;
  auto& options = options_of<HeavyBallOptions>(optimizer);
  search(optimizer);
  EXPECT_EQ(&options_of<HeavyBallOptions>(optimizer), &options);
  EXPECT_EQ(options.updates, 7);
  EXPECT_EQ(options.lr, 0.25);
}

struct CannotRead : MomentumOf<CannotRead> {
  void serialize(torch::serialize::InputArchive&) override { throw std::logic_error("no"); }
  using Momentum::serialize;
};
TEST(FindLRWithAnOwnOptimizer, NeedsNoReading) { expect_state_back<CannotRead>(); }

struct GrowsByReading : MomentumOf<GrowsByReading> {
  void serialize(torch::serialize::InputArchive& archive) override {
    archive.read("momentum", momentum);
    history.push_back(5);
  }
  using Momentum::serialize;
};
TEST(FindLRWithAnOwnOptimizer, GivesAStateBackThatGrowsByReading) {
  expect_state_back<GrowsByReading>();
}

struct WithUndefined : MomentumOf<WithUndefined> {
  torch::Tensor later;
  void update(const torch::Tensor& grad) override {
    Momentum::update(grad);
    later = grad;
  }
  using Momentum::serialize;
  void serialize(torch::serialize::OutputArchive& archive) const override {
    Momentum::serialize(archive);
    archive.write("later", later);
  }
};
TEST(FindLRWithAnOwnOptimizer, LeavesTensorsUndefinedThatWere) {
  expect_state_back<WithUndefined>();
  HeavyBall<WithUndefined> optimizer;
  search(optimizer);
  EXPECT_FALSE(optimizer.own->later.defined());
}

struct Nested : MomentumOf<Nested> {
  torch::Tensor inner = two(), listed = two();
  void update(const torch::Tensor& grad) override {
    Momentum::update(grad);
    inner.sub_(grad);
    listed.sub_(grad);
  }
  using Momentum::serialize;
  void serialize(torch::serialize::OutputArchive& archive) const override {
    torch::serialize::OutputArchive nested;
    nested.write("inner", inner);
    Momentum::serialize(archive);
    archive.write("nested", nested);
    archive.write("list", torch::IValue(std::vector<torch::Tensor>{listed}));
  }
};
TEST(FindLRWithAnOwnOptimizer, GivesTensorsInArchivesAndListsBack) {
  expect_state_back<Nested>();
  HeavyBall<Nested> optimizer;
  search(optimizer);
  EXPECT_TRUE(optimizer.own->inner.equal(two()));
  EXPECT_TRUE(optimizer.own->listed.equal(two()));
}

// Both written and unwritten tensors that look at the same numbers.
struct Views : MomentumOf<Views> {
  torch::Tensor all = torch::full({3}, 2, torch::kFloat64);
  torch::Tensor same = momentum.expand({4});
  Views() { momentum = all.slice(0, 1, 2), same = momentum.expand({4}); }
  void update(const torch::Tensor& grad) override {
    Momentum::update(grad);
    all.sub_(1);
  }
  using Momentum::serialize;
  void serialize(torch::serialize::OutputArchive& archive) const override {
    archive.write("same", same);
    archive.write("momentum", momentum.detach());
  }
};
TEST(FindLRWithAnOwnOptimizer, KeepsViewsOfOneStorage) {
  expect_state_back<Views>();
  HeavyBall<Views> optimizer;
  search(optimizer);
  EXPECT_TRUE(optimizer.own->all.equal(torch::full({3}, 2, torch::kFloat64)));
  optimizer.own->all.fill_(9);
  EXPECT_EQ(optimizer.own->momentum.item<double>(), 9);
}

struct Resizes : MomentumOf<Resizes> {
  void update(const torch::Tensor& grad) override {
    momentum.resize_({1000}).fill_(5).resize_({1});
    Momentum::update(grad);
    momentum.set_data(torch::ones({1}));
  }
  using Momentum::serialize;
};
TEST(FindLRWithAnOwnOptimizer, GivesATensorBackThatGotAnotherStorage) {
  expect_state_back<Resizes>();
  HeavyBall<Resizes> optimizer;
  search(optimizer);
  EXPECT_EQ(optimizer.own->momentum.scalar_type(), torch::kFloat64);
}

struct CountAsTensor : MomentumOf<CountAsTensor> {
  using Momentum::serialize;
  void serialize(torch::serialize::OutputArchive& archive) const override {
    Momentum::serialize(archive);
    archive.write("updates", torch::tensor(updates));
    archive.write("history", torch::IValue(history));
  }
};
TEST(FindLRWithAnOwnOptimizer, TakesACountThatIsWrittenAsATensor) {
  expect_state_back<CountAsTensor>();
}

struct LeavesOneOut : MomentumOf<LeavesOneOut> {
  torch::Tensor unwritten = two();
  void update(const torch::Tensor& grad) override { unwritten.add_(grad); }
  using Momentum::serialize;
};
TEST(FindLRWithAnOwnOptimizer, GivesATensorBackThatStandsInTheBuffers) {
  HeavyBall<LeavesOneOut> optimizer;
  FindLROptions options;
  options.buffers = {optimizer.own->unwritten};
  find_lr(
      optimizer,
      [&] {
        update(optimizer);
        return 1.0;
      },
      options);
  EXPECT_TRUE(optimizer.own->unwritten.equal(two()));
}

TEST(FindLRWithAnOwnOptimizer, LeavesAStateNullThatWas) {
  HeavyBall<Momentum> optimizer;
  optimizer.state().begin()->second.reset();
  find_lr(optimizer, [] { return 1.0; });
  ASSERT_EQ(optimizer.state().size(), 1);
  EXPECT_EQ(optimizer.state().begin()->second, nullptr);
}

// Refused before the first step, and nothing is changed.
template <class State>
void expect_no_copy(const char* type, const char* why) {
  HeavyBall<State> optimizer;
  EXPECT_THAT(([&] { find_lr(optimizer, []() -> double { throw std::logic_error("a step"); }); }),
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr("find_lr: the optimizer's state "), HasSubstr(type),
                        HasSubstr(std::string(" cannot be copied: ") + why))));
  EXPECT_EQ(optimizer.state().begin()->second.get(), optimizer.own);
  EXPECT_TRUE(optimizer.own->momentum.equal(two()));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25));
}

struct CannotClone : Momentum {
  std::unique_ptr<OptimizerParamState> clone() const override {
    return OptimizerParamState::clone();  // NOLINT(bugprone-parent-virtual-call): which throws
  }
};
struct ClonesToNothing : Momentum {
  std::unique_ptr<OptimizerParamState> clone() const override { return nullptr; }
};
struct ClonesToItsBase : Momentum {};
struct CannotWrite : MomentumOf<CannotWrite> {
  using Momentum::serialize;
  void serialize(torch::serialize::OutputArchive& archive) const override {
    OptimizerParamState::serialize(archive);  // NOLINT(bugprone-parent-virtual-call): which throws
  }
};
struct WritesNothing : MomentumOf<WritesNothing> {
  using Momentum::serialize;
  void serialize(torch::serialize::OutputArchive&) const override {}
};
struct WritesCopies : MomentumOf<WritesCopies> {
  using Momentum::serialize;
  void serialize(torch::serialize::OutputArchive& archive) const override {
    archive.write("momentum", momentum.clone());
  }
};
struct WritesCopiesOfBytes : MomentumOf<WritesCopiesOfBytes> {
  torch::Tensor bytes = torch::ones({2}, torch::kByte);
  using Momentum::serialize;
  void serialize(torch::serialize::OutputArchive& archive) const override {
    archive.write("bytes", bytes.clone());
  }
};
TEST(FindLRWithAnOwnOptimizer, RefusesAStateThatCannotBeCopied) {
  expect_no_copy<CannotClone>("CannotClone", "clone() has not been implemented");
  expect_no_copy<ClonesToNothing>("ClonesToNothing", "its clone() gives another type");
  expect_no_copy<ClonesToItsBase>("ClonesToItsBase", "its clone() gives another type");
  expect_no_copy<CannotWrite>(
      "CannotWrite",
      "void serialize(torch::serialize::OutputArchive& archive) has not been implemented");
  expect_no_copy<WritesNothing>("WritesNothing", "its serialize() writes nothing");
  expect_no_copy<WritesCopies>("WritesCopies", "its serialize() writes copies of its tensors");
  expect_no_copy<WritesCopiesOfBytes>("Bytes", "its serialize() writes copies of its tensors");
}

}  // namespace
}  // namespace libsched
