// ensmallen 2.22.1 and 3.11.1, whose loop is inside Optimize(): a callback steps the driver.
#include <gmock/gmock.h>

#include <cmath>
#include <ensmallen.hpp>
#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <numbers>
#include <sstream>
#include <vector>

#include "trainer.hpp"

namespace libsched::trainers {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsNan;
using testing::Pointwise;

struct StepAfterUpdate {
  libsched::Driver& driver;
  template <class Optimizer, class Function, class Weights>
  bool StepTaken(Optimizer&, Function&, Weights&) {
    driver.step();
    return false;
  }
};

// The loss at each point is half the square of the distance to 1, so that the gradient is x - 1.
class Parabola {
 public:
  explicit Parabola(std::size_t points) : points_(points) {}
  std::size_t NumFunctions() const { return points_; }
  void Shuffle() {}
  double Evaluate(const arma::mat& x, std::size_t /*begin*/, std::size_t batch) const {
    return static_cast<double>(batch) * (x(0) - 1) * (x(0) - 1) / 2;
  }
  void Gradient(const arma::mat& x, std::size_t /*begin*/, arma::mat& gradient,
                std::size_t batch) const {
    gradient = static_cast<double>(batch) * (x - 1);
  }

 private:
  std::size_t points_;
};

// Each update shrinks the distance to 1 by the rate that it used.
class UsedRates {
 public:
  explicit UsedRates(const arma::mat& x) : former_(x(0)) {}
  template <class Optimizer, class Function>
  bool StepTaken(Optimizer&, Function&, const arma::mat& x) {
    rates.push_back((x(0) - former_) / (1 - former_));
    former_ = x(0);
    return false;
  }
  std::vector<double> rates;

 private:
  double former_;
};

template <class Optimizer>
std::vector<double> used_rates(Optimizer& optimizer, std::size_t points) {
  Parabola parabola(points);
  arma::mat x{0};
  UsedRates used(x);
  optimizer.Optimize(parabola, x, used);
  return used.rates;
}

constexpr double no_tolerance = -1;

std::vector<double> rates() {
  std::vector<double> rates;
  for (Step t = 0; t < updates; ++t) rates.push_back(rate(t));
  return rates;
}

TEST(Ensmallen, UsesTheRateOfTheScheduleAtEveryUpdate) {
  Parabola parabola(4);
  arma::mat x{0};
  UsedRates used(x);
  ens::StandardSGD optimizer(0, 1, updates, no_tolerance);
  libsched::Driver driver(schedule(), [&](double lr) { optimizer.StepSize() = lr; });
  optimizer.Optimize(parabola, x, StepAfterUpdate{driver}, used);
  EXPECT_THAT(used.rates, Pointwise(DoubleNear(1e-12), rates()));
}

// While the gradient has one sign and one size, a step of Adam is as long as the rate.
class Slope {
 public:
  std::size_t NumFunctions() const { return 4; }
  void Shuffle() {}
  double Evaluate(const arma::mat& x, std::size_t /*begin*/, std::size_t batch) const {
    return static_cast<double>(batch) * x(0);
  }
  void Gradient(const arma::mat& /*x*/, std::size_t /*begin*/, arma::mat& gradient,
                std::size_t batch) const {
    gradient = arma::mat{static_cast<double>(batch)};
  }
};
class Moves {
 public:
  template <class Optimizer, class Function>
  bool StepTaken(Optimizer&, Function&, const arma::mat& x) {
    moves.push_back(former_ - x(0));
    former_ = x(0);
    return false;
  }
  std::vector<double> moves;

 private:
  double former_ = 0;
};

TEST(Ensmallen, UsesTheRateOfTheScheduleAtEveryUpdateOfAdam) {
  Slope slope;
  arma::mat x{0};
  Moves used;
  ens::Adam optimizer(0, 1, 0.9, 0.999, 1e-12, updates, no_tolerance);
  libsched::Driver driver(schedule(), [&](double lr) { optimizer.StepSize() = lr; });
  optimizer.Optimize(slope, x, StepAfterUpdate{driver}, used);
  EXPECT_THAT(used.moves, Pointwise(DoubleNear(1e-9), rates()));
}

TEST(Ensmallen, ResumedIsThatOfAnUninterruptedRun) {
  Parabola parabola(4);
  const auto run = [&](arma::mat& x, Step more, std::stringstream& state, bool resumed) {
    ens::StandardSGD optimizer(0, 1, static_cast<std::size_t>(more), no_tolerance);
    libsched::Driver driver(schedule(), [&](double lr) { optimizer.StepSize() = lr; });
    if (resumed) driver.load(state);
    optimizer.Optimize(parabola, x, StepAfterUpdate{driver});
    driver.save(state);
  };
  std::stringstream whole, first, second;
  arma::mat uninterrupted{0}, x{0};
  run(uninterrupted, updates, whole, false);
  run(x, resumed_at, first, false);
  run(x, updates - resumed_at, first, true);
  EXPECT_EQ(x(0), uninterrupted(0));
}

// This is the code of integrations/README.md.
TEST(Ensmallen, IsDrivenByTheLinesOfTheReadme) {
  Parabola function(4);
  arma::mat weights{0};
  const Schedule schedule = trainers::schedule();
  const std::size_t batch = 2;
  const std::size_t update_count = 6;

  ens::StandardSGD optimizer(0, batch, update_count * batch, -1);
  libsched::Driver driver(schedule, [&](double lr) { optimizer.StepSize() = lr; });
  optimizer.Optimize(function, weights, StepAfterUpdate{driver});

  EXPECT_EQ(driver.step_count(), 6);
  EXPECT_EQ(optimizer.StepSize(), schedule(6));
}

TEST(Ensmallen, TakesARateOfZero) {
  ens::StandardSGD optimizer(0, 1, 2, no_tolerance);
  EXPECT_THAT(used_rates(optimizer, 4), ElementsAre(0, 0));
}

TEST(Ensmallen, CountsPointsAsIterations) {
  ens::StandardSGD optimizer(0.1, 2, 3, no_tolerance);
  EXPECT_EQ(used_rates(optimizer, 4).size(), 2);  // one update of two points and one of one point
}

// There are 80 updates in epochs of 4. The rate is 0 from the eighth update on, so that the fourth
// epoch is no better than the third.
TEST(Ensmallen, EndsByItsToleranceWhenTheRateHasBecomeZero) {
  const auto updates_done = [](double tolerance) {
    Parabola parabola(4);
    arma::mat x{0};
    ens::StandardSGD optimizer(0, 1, 80, tolerance);
    libsched::Driver driver(Linear{.start = 0.1, .end = 0, .steps = 8},
                            [&](double lr) { optimizer.StepSize() = lr; });
    optimizer.Optimize(parabola, x, StepAfterUpdate{driver});
    return driver.step_count();
  };
  EXPECT_EQ(updates_done(1e-5), 16);
  EXPECT_EQ(updates_done(no_tolerance), 80);
}

// CyclicalDecay(epochRestart, multFactor, stepSize): the length of an epoch stays 0.
TEST(Ensmallen, CyclicalDecayWithoutSgdrMakesTheRateNan) {
  ens::SGD<ens::VanillaUpdate, ens::CyclicalDecay> optimizer(
      0.1, 1, 4, no_tolerance, true, ens::VanillaUpdate(), ens::CyclicalDecay(2, 2, 0.1));
  EXPECT_THAT(used_rates(optimizer, 4), ElementsAre(DoubleNear(0.1, 1e-12), DoubleNear(0.1, 1e-12),
                                                    DoubleNear(0.1, 1e-12), IsNan()));
}

double cosine(double x) { return 0.1 * (1 + std::cos(std::numbers::pi * x)) / 2; }

// epochRestart 2, in epochs of 4 updates: the rate should stay for 8 updates and first restart
// after them.
TEST(Ensmallen, SgdrCountsUpdatesAsEpochs) {
  ens::SGDR<ens::VanillaUpdate> optimizer(2, 2, 1, 0.1, 17, no_tolerance);
  EXPECT_THAT(used_rates(optimizer, 4),
              Pointwise(DoubleNear(1e-12),
                        {0.1, 0.1, 0.1, cosine(0), cosine(0.25), cosine(0), cosine(0.25),
                         cosine(0.5), cosine(0.75), cosine(0), cosine(0.25), cosine(0.5),
                         cosine(0.75), cosine(1), cosine(1.25), cosine(1.5), cosine(1.75)}));
}

TEST(Ensmallen, SgdrBeginsASecondRunAtTheLastRateOfTheFirst) {
  ens::SGDR<ens::VanillaUpdate> optimizer(2, 2, 1, 0.1, 4, no_tolerance);
  EXPECT_NEAR(used_rates(optimizer, 4).front(), 0.1, 1e-12);
  EXPECT_NEAR(used_rates(optimizer, 4).front(), cosine(0.25), 1e-12);
}

#if ENS_VERSION_MAJOR >= 3
TEST(Ensmallen, MovesByTheRateWhateverTheBatch) {
  ens::StandardSGD optimizer(0.1, 2, 4, no_tolerance);
  EXPECT_THAT(used_rates(optimizer, 4), Pointwise(DoubleNear(1e-12), {0.1, 0.1}));
}

TEST(Ensmallen, DividesTheRateOfAdamByTheBatch) {
  Slope slope;
  arma::mat x{0};
  Moves used;
  ens::Adam optimizer(0.1, 2, 0.9, 0.999, 1e-12, 4, no_tolerance);
  optimizer.Optimize(slope, x, used);
  EXPECT_THAT(used.moves, Pointwise(DoubleNear(1e-9), {0.05, 0.05}));
}
#else
TEST(Ensmallen, MovesByTheRateTimesTheBatch) {
  ens::StandardSGD optimizer(0.1, 3, 8, no_tolerance);
  EXPECT_THAT(used_rates(optimizer, 8), Pointwise(DoubleNear(1e-12), {0.3, 0.3, 0.2}));
}

TEST(Ensmallen, MovesAdamByTheRateWhateverTheBatch) {
  Slope slope;
  arma::mat x{0};
  Moves used;
  ens::Adam optimizer(0.1, 2, 0.9, 0.999, 1e-12, 4, no_tolerance);
  optimizer.Optimize(slope, x, used);
  EXPECT_THAT(used.moves, Pointwise(DoubleNear(1e-9), {0.1, 0.1}));
}
#endif

}  // namespace
}  // namespace libsched::trainers
