// mlpack 4.8.0: its FFN is trained by an optimizer of ensmallen and passes callbacks on to it.
#include <gmock/gmock.h>

#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <mlpack.hpp>
#include <sstream>
#include <vector>

#include "trainer.hpp"

namespace libsched::trainers {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

struct StepAfterUpdate {
  libsched::Driver& driver;
  template <class Optimizer, class Function, class Weights>
  bool StepTaken(Optimizer&, Function&, Weights&) {
    driver.step();
    return false;
  }
};

using Network = mlpack::FFN<mlpack::MeanSquaredError>;
constexpr double no_tolerance = -1;

// There is no bias and the input is 1, so that the weight is the prediction. The target is 1 at
// each of four points, whose gradient is 2 (weight - 1).
Network network() {
  Network network;
  network.Add<mlpack::LinearNoBias>(1);
  network.Reset(1);
  network.Parameters().zeros();
  return network;
}
const arma::mat inputs = arma::ones(1, 4);
const arma::mat labels = arma::ones(1, 4);

// Each update shrinks the distance to 1 by twice the rate that it used.
struct UsedRates {
  std::vector<double> rates{};
  double former = 0;
  template <class Optimizer, class Function>
  bool StepTaken(Optimizer&, Function&, const arma::mat& weights) {
    rates.push_back((weights(0) - former) / (1 - former) / 2);
    former = weights(0);
    return false;
  }
};

std::vector<double> rates() {
  std::vector<double> rates;
  for (Step t = 0; t < updates; ++t) rates.push_back(rate(t));
  return rates;
}

TEST(Mlpack, UsesTheRateOfTheScheduleAtEveryUpdate) {
  Network trained = network();
  UsedRates used;
  ens::StandardSGD optimizer(0, 1, updates, no_tolerance);
  libsched::Driver driver(schedule(), [&](double lr) { optimizer.StepSize() = lr; });
  trained.Train(inputs, labels, optimizer, StepAfterUpdate{driver}, used);
  EXPECT_THAT(used.rates, Pointwise(DoubleNear(1e-12), rates()));
}

TEST(Mlpack, ResumedIsThatOfAnUninterruptedRun) {
  const auto run = [](Network& trained, Step more, std::stringstream& state, bool resumed) {
    ens::StandardSGD optimizer(0, 1, static_cast<std::size_t>(more), no_tolerance);
    libsched::Driver driver(schedule(), [&](double lr) { optimizer.StepSize() = lr; });
    if (resumed) driver.load(state);
    trained.Train(inputs, labels, optimizer, StepAfterUpdate{driver});
    driver.save(state);
  };
  std::stringstream whole, state;
  Network uninterrupted = network();
  run(uninterrupted, updates, whole, false);

  const File file;
  Network first = network();
  run(first, resumed_at, state, false);
  ASSERT_TRUE(first.Parameters().save(file.path()));
  Network second = network();
  ASSERT_TRUE(second.Parameters().load(file.path()));
  run(second, updates - resumed_at, state, true);
  EXPECT_EQ(second.Parameters()(0), uninterrupted.Parameters()(0));
}

TEST(Mlpack, MovesByTheRateWhateverTheBatch) {
  Network trained = network();
  UsedRates used;
  ens::StandardSGD optimizer(0.1, 4, 8, no_tolerance);
  trained.Train(inputs, labels, optimizer, used);
  EXPECT_THAT(used.rates, Pointwise(DoubleNear(1e-12), {0.1, 0.1}));
}

}  // namespace
}  // namespace libsched::trainers
