// The tests that every trainer here must pass, with one schedule and its values calculated by hand.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <numbers>
#include <string>
#include <vector>

namespace libsched::trainers {

constexpr Step updates = 12;
constexpr Step resumed_at = 5;

// The schedule rises from 0.01 to 0.1 in 4 updates, then falls by half a cosine to 0.001 in 8.
// Values of adjacent steps differ by 3 % at least.
inline Schedule schedule() {
  return warmup(CosineDecay{.base_lr = 0.1, .steps = 8, .min_lr = 0.001}, 4, 0.01);
}
inline double rate(Step t) {
  const auto x = static_cast<double>(t);
  return t < 4 ? 0.01 + (0.1 - 0.01) * x / 4
               : 0.001 + (0.1 - 0.001) * (1 + std::cos(std::numbers::pi * (x - 4) / 8)) / 2;
}

// A path in a folder that is removed at the end.
class File {
 public:
  File() { mkdtemp(folder_.data()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ + "/trainer"; }

 private:
  std::string folder_ = testing::TempDir() + "trainer_XXXXXX";
};

// A Trainer has set_rate(lr), save(path), load(path), weights() and update(t). update(t) trains
// once, on the sample of update t, and returns the rate, calculated from the change of the weights.
template <class Trainer>
Driver drive(Trainer& trainer) {
  return Driver(schedule(), [&trainer](double lr) { trainer.set_rate(lr); });
}

// Most trainers have their weights as floats, so that a change of them is known to about 1e-5.
template <class Trainer>
void expect_the_rate_of_the_schedule_at_every_update() {
  Trainer trainer;
  Driver driver = drive(trainer);
  for (Step t = 0; t < updates; ++t) {
    EXPECT_NEAR(trainer.update(t) / rate(t), 1, 1e-4) << "update " << t;
    driver.step();
  }
}

template <class Trainer>
void expect_a_resumed_run_to_be_that_of_an_uninterrupted_one() {
  std::vector<decltype(Trainer().weights())> uninterrupted;
  {
    Trainer trainer;
    Driver driver = drive(trainer);
    for (Step t = 0; t < updates; ++t) {
      trainer.update(t);
      driver.step();
      uninterrupted.push_back(trainer.weights());
    }
  }

  const File file;
  {
    Trainer trainer;
    Driver driver = drive(trainer);
    for (Step t = 0; t < resumed_at; ++t) {
      trainer.update(t);
      driver.step();
    }
    trainer.save(file.path());
    driver.save(file.path() + "_driver");
  }

  Trainer trainer;
  trainer.load(file.path());
  Driver driver = drive(trainer);
  driver.load(file.path() + "_driver");
  EXPECT_EQ(driver.step_count(), resumed_at);
  for (Step t = resumed_at; t < updates; ++t) {
    trainer.update(t);
    driver.step();
    EXPECT_EQ(trainer.weights(), uninterrupted[static_cast<std::size_t>(t)]) << "update " << t;
  }
}

}  // namespace libsched::trainers
