// FANN 2.2.0 has its rate as a float, and its default settings do not use it.
#include <fann.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "trainer.hpp"

namespace libsched::trainers {
namespace {

// The output is w x + b. With these settings a sample with x = 1 and the error e moves w by
// rate * e.
class Fann {
 public:
  Fann() {
    use(fann_create_standard(2, 1, 1));
    fann_set_training_algorithm(net_, FANN_TRAIN_INCREMENTAL);
    fann_set_train_error_function(net_, FANN_ERRORFUNC_LINEAR);
    fann_set_activation_function_output(net_, FANN_LINEAR);
    fann_set_activation_steepness_output(net_, 1);
    fann_set_weight(net_, 0, 2, 0);
    fann_set_weight(net_, 1, 2, 0);
  }
  Fann(const Fann&) = delete;
  Fann& operator=(const Fann&) = delete;
  ~Fann() { fann_destroy(net_); }

  void set_rate(double lr) { fann_set_learning_rate(net_, static_cast<float>(lr)); }
  double update(Step t) { return move(t % 2 == 0 ? 1.F : -1.F) / error_; }

  std::vector<float> weights() const {
    std::array<fann_connection, 2> connections{};
    fann_get_connection_array(net_, connections.data());
    return {connections[0].weight, connections[1].weight};
  }
  void save(const std::string& path) const { fann_save(net_, path.c_str()); }
  void load(const std::string& path) {
    fann_destroy(net_);
    use(fann_create_from_file(path.c_str()));
  }

  // The distance by which a sample with this output moves w.
  double move(float wanted) {
    float x = 1;
    error_ = wanted - *fann_run(net_, &x);
    const float before = weights()[0];
    fann_train(net_, &x, &wanted);
    return weights()[0] - before;
  }
  double move_by_error(float error) {
    float x = 1;
    return move(*fann_run(net_, &x) + error);
  }
  // The distance by which an epoch of samples with this error moves w.
  double epoch(unsigned samples, float error) {
    fann_train_data* data = fann_create_train(samples, 1, 1);
    for (unsigned i = 0; i < samples; ++i) {
      data->input[i][0] = 1;
      data->output[i][0] = *fann_run(net_, data->input[i]) + error;
    }
    const float before = weights()[0];
    fann_train_epoch(net_, data);
    fann_destroy_train(data);
    return weights()[0] - before;
  }
  fann* net() { return net_; }

 private:
  void use(fann* net) {
    if (net == nullptr) throw std::runtime_error("FANN made no network");
    net_ = net;
  }
  fann* net_ = nullptr;
  double error_ = 0;
};

TEST(Trainers, FannUsesTheRateOfTheScheduleAtEveryUpdate) {
  expect_the_rate_of_the_schedule_at_every_update<Fann>();
}

TEST(Trainers, FannResumedIsFannUninterrupted) {
  expect_a_resumed_run_to_be_that_of_an_uninterrupted_one<Fann>();
}

// A batch is one update by the mean of its samples, which all have the same error here.
TEST(Trainers, FannUsesTheRateOfTheScheduleInEveryBatch) {
  Fann trainer;
  fann_set_training_algorithm(trainer.net(), FANN_TRAIN_BATCH);
  Driver driver = drive(trainer);
  for (Step t = 0; t < updates; ++t) {
    EXPECT_NEAR(trainer.epoch(4, 1) / rate(t), 1, 1e-4) << "update " << t;
    driver.step();
  }
}

// Each move is rate * error + momentum * the previous move.
TEST(Trainers, FannUsesTheMomentumOfASecondSettingAtEveryUpdate) {
  Fann trainer;
  Driver driver({{"lr", schedule(), [&](double lr) { trainer.set_rate(lr); }},
                 {"momentum", Linear{.start = 0.5, .end = 0.9, .steps = 10}, [&](double momentum) {
                    fann_set_learning_momentum(trainer.net(), static_cast<float>(momentum));
                  }}});
  double before = trainer.move_by_error(1);
  for (Step t = 1; t < updates; ++t) {
    driver.step();
    const double change = trainer.move_by_error(1);
    const double momentum = std::min(0.5 + 0.04 * static_cast<double>(t), 0.9);
    EXPECT_NEAR((change - rate(t)) / before, momentum, 1e-3) << "update " << t;
    before = change;
  }
}

TEST(Trainers, FannNewTakesNoRateForAnEpoch) {
  const auto moved = [](double lr) {
    Fann trainer;
    fann* fresh = fann_create_standard(2, 1, 1);
    fann_set_training_algorithm(trainer.net(), fann_get_training_algorithm(fresh));
    fann_destroy(fresh);
    trainer.set_rate(lr);
    return trainer.epoch(4, 0.1F);
  };
  EXPECT_NE(moved(0.1), 0);
  EXPECT_EQ(moved(0.1), moved(0.7));
}

TEST(Trainers, FannNewTakesTheRateForASingleSample) {
  Fann trainer;
  fann_set_training_algorithm(trainer.net(), FANN_TRAIN_RPROP);
  trainer.set_rate(0.1);
  EXPECT_NEAR(trainer.move_by_error(1), 0.1, 1e-6);
}

// For an error e it uses log((1 + e) / (1 - e)), which is nearly 2 e for a small e, and 17 for an
// error of 1.
TEST(Trainers, FannDoublesTheRateByItsDefaultErrorFunction) {
  Fann trainer;
  fann_set_train_error_function(trainer.net(), FANN_ERRORFUNC_TANH);
  trainer.set_rate(0.1);
  EXPECT_NEAR(trainer.move_by_error(0.001F) / 0.001, 2 * 0.1, 1e-4);
  EXPECT_NEAR(trainer.move_by_error(1), 17 * 0.1, 1e-4);
}

TEST(Trainers, FannMultipliesTheRateByTheSteepnessWhichIsAHalfByDefault) {
  Fann trainer;
  fann* fresh = fann_create_standard(2, 1, 1);
  fann_set_activation_steepness_output(trainer.net(), fann_get_activation_steepness(fresh, 1, 0));
  fann_destroy(fresh);
  trainer.set_rate(0.1);
  EXPECT_NEAR(trainer.move_by_error(1), 0.1 / 2, 1e-6);
}

TEST(Trainers, FannBeginsWithARateOfSevenTenths) {
  Fann trainer;
  EXPECT_NEAR(trainer.move_by_error(1), 0.7, 1e-6);
}

TEST(Trainers, FannIgnoresTheMomentumInBatches) {
  Fann trainer;
  fann_set_training_algorithm(trainer.net(), FANN_TRAIN_BATCH);
  fann_set_learning_momentum(trainer.net(), 0.9F);
  trainer.set_rate(0.1);
  EXPECT_NEAR(trainer.epoch(1, 1), 0.1, 1e-6);
  EXPECT_NEAR(trainer.epoch(1, 1), 0.1, 1e-6);
}

// A sample moves both w and b by 0.1 of the error, so that 0.8 of it is left for the next.
TEST(Trainers, FannMakesAnUpdateOfEachSampleInAnIncrementalEpoch) {
  Fann trainer;
  trainer.set_rate(0.1);
  EXPECT_NEAR(trainer.epoch(4, 1), 0.1 * (1 + 0.8 + 0.64 + 0.512), 1e-6);
}

TEST(Trainers, FannKeepsSixDecimalsOfTheRateInAFile) {
  const auto moved = [](double lr) {
    const File file;
    Fann trainer;
    trainer.set_rate(lr);
    trainer.save(file.path());
    trainer.load(file.path());
    return trainer.move_by_error(1);
  };
  EXPECT_NEAR(moved(0.0012346), 0.001235, 1e-9);
  EXPECT_EQ(moved(4e-7), 0);
}

TEST(Trainers, FannKeepsNoChangesForTheMomentumInAFile) {
  const File file;
  Fann trainer;
  fann_set_learning_momentum(trainer.net(), 0.9F);
  trainer.set_rate(0.1);
  EXPECT_NEAR(trainer.move_by_error(1), 0.1, 1e-6);
  trainer.save(file.path());
  EXPECT_NEAR(trainer.move_by_error(1), 0.1 + 0.9 * 0.1, 1e-6);
  trainer.load(file.path());
  EXPECT_NEAR(trainer.move_by_error(1), 0.1, 1e-6);
}

TEST(Trainers, FannRoundsTheRateToAFloat) {
  Fann trainer;
  trainer.set_rate(0.1);
  EXPECT_EQ(trainer.move_by_error(1), 0.1F);
}

TEST(Trainers, FannTakesARateOfZero) {
  Fann trainer;
  trainer.set_rate(0);
  EXPECT_EQ(trainer.move_by_error(1), 0);
}

// This is the code of integrations/README.md.
TEST(Trainers, FannIsDrivenByTheLinesOfTheReadme) {
  Fann fann;
  struct fann* const net = fann.net();
  const Schedule schedule = trainers::schedule();
  std::array<std::array<float, 2>, 3> samples{{{1, 1}, {1, -1}, {1, 1}}};

  fann_set_training_algorithm(net, FANN_TRAIN_INCREMENTAL);
  libsched::Driver driver(schedule,
                          [&](double lr) { fann_set_learning_rate(net, static_cast<float>(lr)); });
  for (auto& [input, output] : samples) {
    fann_train(net, &input, &output);
    driver.step();
  }

  EXPECT_EQ(driver.step_count(), 3);
  EXPECT_EQ(fann_get_learning_rate(net), static_cast<float>(rate(3)));
}

}  // namespace
}  // namespace libsched::trainers
