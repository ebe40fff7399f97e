// A schedule may be shared between threads. The preset tsan runs this under the thread sanitizer.
#include <gtest/gtest.h>

#include <functional>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "libsched/libsched.hpp"

namespace libsched {
namespace {

constexpr int threads = 8;
constexpr int rounds = 200;
constexpr Step checked_steps = 50;

// They include every kind that prepares something, has a list or has other schedules in it.
const std::vector<std::string> notations = {
    "constant(base_lr=0.1)",
    "multi_step_decay(base_lr=0.1, milestones=[3, 20], drop=0.1)",
    "cosine_restarts(base_lr=0.1, period=3, period_factor=2, min_lr=0, peak_factor=0.5)",
    "piecewise_linear(steps=[0, 9, 20], values=[0, 1, 0.5])",
    "sequence(linear(start=0, end=1, steps=5), take(constant(base_lr=1), steps=9), "
    "sqrt_cooldown(start=1, end=0, steps=7))",
    "repeat(warmup(one_cycle(max_lr=1, steps=6, warmup_fraction=0.3, div_factor=25, "
    "final_div_factor=10000, anneal=cosine, three_phase=false), steps=2, start=0.5), times=3, "
    "factor=1)",
    "clamped(scaled(product(held(noam(d_model=64, warmup_steps=4, factor=1), every=2), "
    "constant(base_lr=2)), factor=3), min=0.01, max=0.5)"};

std::vector<Schedule> parse_all() {
  std::vector<Schedule> schedules;
  for (const std::string& notation : notations) schedules.push_back(parse(notation));
  return schedules;
}

std::vector<std::vector<double>> samples_of(const std::vector<Schedule>& schedules) {
  std::vector<std::vector<double>> samples;
  for (const Schedule& schedule : schedules) samples.push_back(sample(schedule, checked_steps));
  return samples;
}

// Each thread calls work(its number) `rounds` times, all at the same time.
void run_in_threads(const std::function<void(int)>& work) {
  std::latch start(threads);
  std::vector<std::thread> running;  // libc++ has no jthread before 18
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      start.arrive_and_wait();
      for (int round = 0; round < rounds; ++round) work(i);
    });
  }
  for (std::thread& thread : running) thread.join();
}

TEST(Concurrency, ThreadsEvaluateSharedSchedulesWhileOthersCopyAssignAndDestroyThem) {
  const std::vector<Schedule> shared = parse_all();
  const auto expected = samples_of(shared);
  run_in_threads([&](int thread) {
    Schedule own = shared[0];
    for (std::size_t i = 0; i < shared.size(); ++i) {
      const bool copies = thread % 2 == 0;
      if (copies) own = shared[i];
      const Schedule& schedule = copies ? own : shared[i];
      for (Step t = 0; t < checked_steps; ++t) {
        ASSERT_EQ(schedule(t), expected[i][static_cast<std::size_t>(t)]) << notations[i];
      }
      schedule.restarts_at(3);
      ASSERT_EQ(schedule.length(), shared[i].length());
      ASSERT_EQ(schedule, shared[i]);
    }
  });
}

TEST(Concurrency, CopiesOutliveTheOriginalsThatAnotherThreadDestroys) {
  std::vector<std::vector<Schedule>> copies(threads);
  std::vector<std::vector<double>> expected;
  {
    const std::vector<Schedule> originals = parse_all();
    expected = samples_of(originals);
    for (auto& own : copies) own = originals;
  }
  // The last thread that lets go of a schedule destroys it.
  run_in_threads([&](int thread) {
    auto& own = copies[static_cast<std::size_t>(thread)];
    if (own.empty()) return;
    ASSERT_EQ(sample(own.back(), checked_steps), expected[own.size() - 1]);
    own.pop_back();
  });
  for (const auto& own : copies) EXPECT_TRUE(own.empty());
}

TEST(Concurrency, ThreadsComposeSharedSchedules) {
  const std::vector<Schedule> shared = parse_all();
  run_in_threads([&](int) {
    for (const Schedule& part : shared) {
      const Schedule whole = sequence(take(part, 10), scaled(part, 2));
      ASSERT_EQ(whole(4), part(4));
      ASSERT_EQ(whole(14), 2 * part(4));
    }
  });
}

TEST(Concurrency, ThreadsPrintAndParseAtOnce) {
  const std::vector<Schedule> shared = parse_all();
  run_in_threads([&](int) {
    for (std::size_t i = 0; i < shared.size(); ++i) {
      ASSERT_EQ(to_string(shared[i]), notations[i]);
      ASSERT_EQ(parse(notations[i]), shared[i]);
    }
    ASSERT_THROW(parse("constant(base_lr=-1)"), ParseError);
  });
}

}  // namespace
}  // namespace libsched
