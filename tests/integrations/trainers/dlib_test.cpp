// dlib 19.24 trains a network in a thread, and its solver has the rate as a float.
#include <dlib/dnn.h>
#include <gmock/gmock.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <string>
#include <utility>
#include <vector>

#include "trainer.hpp"

namespace libsched::trainers {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::Pointwise;

using Sample = dlib::matrix<float>;
using Net = dlib::loss_mean_squared<dlib::fc<1, dlib::input<Sample>>>;
using Trainer = dlib::dnn_trainer<Net>;

// The output is w x + b. A sample with x = 1 and the error e moves w by rate * e.
class Dlib {
 public:
  explicit Dlib(const dlib::sgd& solver = dlib::sgd(0, 0)) : trainer_(net_, solver) {
    std::srand(1);  // the first weights come from it
    net_(sample(1));
  }

  void set_rate(double lr) { trainer_.set_learning_rate(lr); }
  double update(Step t) { return used_rate(t % 2 == 0 ? 1.F : -1.F); }
  std::vector<float> weights() {
    const auto& params = dlib::layer<1>(trained()).layer_details().get_layer_params();
    return {params.begin(), params.end()};
  }
  void save(const std::string& path) {
    trainer_.set_synchronization_file(path);
    trainer_.get_net();
  }
  void load(const std::string& path) { trainer_.set_synchronization_file(path); }

  double used_rate(float wanted) {
    const double error = wanted - trained()(sample(1));
    const double before = weights()[0];
    trainer_.train_one_step(std::vector{sample(1)}, std::vector{wanted});
    return (weights()[0] - before) / error;
  }
  std::vector<double> used_rates(int count) {
    std::vector<double> rates;
    for (int t = 0; t < count; ++t) rates.push_back(update(t));
    return rates;
  }
  Net& trained() { return trainer_.get_net(dlib::force_flush_to_disk::no); }
  Trainer& trainer() { return trainer_; }
  static Sample sample(float x) { return Sample(x * dlib::ones_matrix<float>(1, 1)); }

 private:
  Net net_;
  Trainer trainer_;
};

TEST(Trainers, DlibUsesTheRateOfTheScheduleAtEveryUpdate) {
  expect_the_rate_of_the_schedule_at_every_update<Dlib>();
}

class DlibWithMomentum : public Dlib {
 public:
  DlibWithMomentum() : Dlib(dlib::sgd(0, 0.9F)) {}
};
TEST(Trainers, DlibResumedIsDlibUninterrupted) {
  expect_a_resumed_run_to_be_that_of_an_uninterrupted_one<DlibWithMomentum>();
}

TEST(Trainers, DlibCountsItsUpdatesInItsFile) {
  const File file;
  Dlib before;
  before.used_rates(7);
  before.save(file.path());

  Dlib resumed;
  resumed.load(file.path());
  Driver driver = drive(resumed);
  driver.step_to(static_cast<Step>(resumed.trainer().get_train_one_step_calls()));
  EXPECT_EQ(driver.step_count(), 7);
}

TEST(Trainers, DlibThrowsAtARateOfZeroAndTheDriverIsUnchanged) {
  Dlib dlib;
  Driver driver(CosineDecay{.base_lr = 0.1, .steps = 2},
                [&](double lr) { dlib.trainer().set_learning_rate(lr); });
  driver.step();
  EXPECT_THROW(driver.step(), dlib::fatal_error);
  EXPECT_EQ(driver.step_count(), 1);
  EXPECT_NEAR(dlib.used_rate(1), 0.05, 1e-6);
}

// It aborts although the program catches both exceptions.
TEST(Trainers, DlibAbortsAtTheSecondRateOfZero) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto refused_twice = [] {
    Dlib dlib;
    for (int i = 0; i < 2; ++i) {
      try {
        dlib.set_rate(0);
      } catch (const dlib::fatal_error&) {
      }
    }
  };
  EXPECT_EXIT(refused_twice(), testing::KilledBySignal(SIGABRT), "FATAL ERROR DETECTED");
}

TEST(Trainers, DlibTakesARateOfNearlyZero) {
  Dlib dlib;
  Driver driver(maximum(CosineDecay{.base_lr = 0.1, .steps = 2}, Constant{.base_lr = 1e-12}),
                [&](double lr) { dlib.set_rate(lr); });
  driver.step_to(2);
  EXPECT_NEAR(dlib.used_rate(1), 0, 1e-9);
}

const std::vector<double> four_rates{0.04, 0.03, 0.02, 0.01};

TEST(Trainers, DlibsOwnScheduleUsesItsFirstRateTwiceAndEndsBelowItsLast) {
  Dlib dlib;
  dlib.trainer().set_learning_rate_schedule(dlib::mat(four_rates));
  EXPECT_THAT(dlib.used_rates(7),
              Pointwise(DoubleNear(1e-5), {0.04, 0.04, 0.03, 0.02, 0.01, 0.0099, 0.0099}));
}

TEST(Trainers, DlibDropsItsOwnScheduleAtAnyLaterSetting) {
  const std::vector<std::function<void(Trainer&)>> settings = {
      [](Trainer& trainer) { trainer.set_iterations_without_progress_threshold(100'000); },
      [](Trainer& trainer) { trainer.set_min_learning_rate(1e-6); },
      [](Trainer& trainer) { trainer.set_learning_rate_shrink_factor(0.5); }};
  for (const auto& set : settings) {
    Dlib dlib;
    dlib.trainer().set_learning_rate_schedule(dlib::mat(four_rates));
    set(dlib.trainer());
    EXPECT_THAT(dlib.used_rates(5), Each(DoubleNear(0.04, 1e-5)));
  }
}

// The loss does not fall here, which dlib checks after about 2,000 updates.
TEST(Trainers, DlibShrinksARateThatIsSetOnce) {
  Dlib dlib;
  dlib.set_rate(0.1);
  const std::vector<double> rates = dlib.used_rates(2'500);
  EXPECT_NEAR(rates.front(), 0.1, 1e-5);
  EXPECT_NEAR(rates.back(), 0.01, 1e-5);
}

TEST(Trainers, DlibDoesNotShrinkTheRateIfToldNotTo) {
  Dlib dlib;
  dlib.set_rate(0.1);
  dlib.trainer().set_learning_rate_shrink_factor(1);
  EXPECT_THAT(dlib.used_rates(2'500), Each(DoubleNear(0.1, 1e-5)));
}

TEST(Trainers, DlibUsesAConstantRateThatIsDrivenAtEveryUpdate) {
  Dlib dlib;
  Driver driver(Constant{.base_lr = 0.1}, [&](double lr) { dlib.set_rate(lr); });
  bool shrunk = false;
  for (Step t = 0; t < 2'500; ++t) {
    EXPECT_NEAR(dlib.update(t), 0.1, 1e-5) << "update " << t;
    shrunk = shrunk || dlib.trainer().get_learning_rate() != 0.1;
    driver.step();
  }
  EXPECT_TRUE(shrunk) << "there was nothing to undo";
}

// The gradient of w is 0 where x is 0.
TEST(Trainers, DlibDecaysTheWeightsByDefault) {
  Dlib dlib{dlib::sgd()};
  dlib.set_rate(0.1);
  const float before = dlib.weights()[0];
  const float fits = dlib.trained()(Dlib::sample(0));
  dlib.trainer().train_one_step(std::vector{Dlib::sample(0)}, std::vector{fits});
  EXPECT_NEAR((dlib.weights()[0] - before) / before, -0.1 * 0.0005, 1e-6);
}

// Weights, counter and rate are those of the file, which was written after 9 updates.
TEST(Trainers, DlibGoesBackToItsFileIfTheLossRisesAndTheDriverFollowsItsCounter) {
  const File file;
  Dlib dlib;
  Driver driver(MultiStepDecay{.base_lr = 0.1, .milestones = {10}},
                [&](double lr) { dlib.set_rate(lr); });
  for (Step t = 0; t < 9; ++t) {
    dlib.update(t);
    driver.step();
  }
  dlib.save(file.path());
  for (Step t = 9; t < 300; ++t) {
    dlib.used_rate(static_cast<float>(t * t));
    driver.step();
  }
  EXPECT_EQ(dlib.trainer().get_train_one_step_calls(), 300);
  dlib.trainer().get_net();
  EXPECT_EQ(dlib.trainer().get_train_one_step_calls(), 9);
  EXPECT_EQ(dlib.trainer().get_learning_rate(), 0.1);

  driver.step_to(static_cast<Step>(dlib.trainer().get_train_one_step_calls()));
  for (Step t = 9; t < 12; ++t) {
    EXPECT_NEAR(dlib.update(t), t < 10 ? 0.1 : 0.01, 1e-5) << "update " << t;
    driver.step();
  }
}

// This is the code of integrations/README.md.
TEST(Trainers, DlibIsDrivenByTheLinesOfTheReadme) {
  const File file;
  const std::string path = file.path();
  const Schedule schedule = trainers::schedule();
  const std::vector<std::pair<std::vector<Sample>, std::vector<float>>> batches(
      3, {{Dlib::sample(1)}, {1.F}});
  for (const Step start : {0, 3}) {
    Dlib dlib;
    Trainer& trainer = dlib.trainer();

    trainer.set_synchronization_file(path, std::chrono::minutes(10));
    libsched::Driver driver(schedule, [&](double lr) { trainer.set_learning_rate(lr); });
    driver.step_to(static_cast<libsched::Step>(trainer.get_train_one_step_calls()));
    for (const auto& [samples, labels] : batches) {
      trainer.train_one_step(samples, labels);
      driver.step();
    }

    trainer.get_net();
    EXPECT_EQ(driver.step_count(), start + 3);
    EXPECT_EQ(trainer.get_learning_rate(), schedule(start + 3));
  }
}

}  // namespace
}  // namespace libsched::trainers
