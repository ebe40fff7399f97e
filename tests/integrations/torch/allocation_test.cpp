#include <gtest/gtest.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>

#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"
#include "support.hpp"

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> frees = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* p = nullptr;
  if (posix_memalign(&p, alignment, size) != 0) throw std::bad_alloc();
  return p;
}

void release(void* p) {
  if (p != nullptr) ++frees;
  std::free(p);
}

}  // namespace

// They count for all of this program. The other forms of new and delete call these.
void* operator new(std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }

namespace libsched {
namespace {

template <class Action>
std::size_t allocations_of(Action action) {
  const std::size_t before = allocations;
  action();
  return allocations - before;
}

TEST(Counter, CountsAnAllocation) {
  EXPECT_EQ(allocations_of([] { std::make_unique<int>(1); }), 1);
  EXPECT_EQ(allocations_of([] { std::vector<double>(100); }), 1);
  EXPECT_EQ(allocations_of([] {}), 0);
}

TEST(Counter, CountsAnAllocationOfLibTorch) {
  EXPECT_GT(allocations_of([] { torch::zeros({3}); }), 0);
}

// A schedule that has parts of many kinds.
Schedule nested() {
  return product({warmup(sequence({take(CosineDecay{.base_lr = 1, .steps = 30, .min_lr = 0.1}, 20),
                                   take(Cyclical{.base_lr = 0.1, .max_lr = 1, .step_size = 4}, 10),
                                   repeat(take(StepDecay{.base_lr = 1, .step_size = 3}, 9))}),
                         5),
                  clamped(held(OneCycle{.max_lr = 1, .steps = 50}, 3), 0.1, 0.9),
                  scaled(PiecewiseLinear{.steps = {0, 10, 60}, .values = {1, 0.5, 0.25}}, 2),
                  [](Step t) { return 1.0 / static_cast<double>(t + 1); }});
}

// Expects that the first step may allocate, and the next hundred do not.
void expect_no_allocation(LRScheduler scheduler) {
  scheduler.step();
  EXPECT_EQ(allocations_of([&] {
              for (int i = 0; i < 100; ++i) scheduler.step();
            }),
            0);
  EXPECT_EQ(scheduler.step_count(), 101);
}

TEST(Step, AllocatesNothing) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  expect_no_allocation(LRScheduler(optimizer, nested()));
}

TEST(Step, AllocatesNothingWithOneSchedulePerGroup) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  expect_no_allocation(LRScheduler(optimizer, {nested(), Constant{1}}));
}

TEST(Step, AllocatesNothingForRelative) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  expect_no_allocation(LRScheduler::relative(optimizer, nested()));
}

TEST(Step, AllocatesNothingWithHyperparameters) {
  torch::optim::AdamW adamw({parameter()}, torch::optim::AdamWOptions(1));
  expect_no_allocation(LRScheduler(adamw, nested(), Drive{Hyperparameter::beta1, Constant{0.5}},
                                   Drive{Hyperparameter::beta2, Constant{0.5}},
                                   Drive{Hyperparameter::weight_decay, nested()},
                                   Drive{Hyperparameter::eps, Constant{1e-8}}));
  torch::optim::RMSprop rmsprop({parameter()}, torch::optim::RMSpropOptions(1));
  expect_no_allocation(
      LRScheduler(rmsprop, nested(), Drive{Hyperparameter::momentum, Constant{0.5}}));
}

TEST(Step, AllocatesNothingWithValuesOfEachGroup) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  expect_no_allocation(LRScheduler::relative(
      optimizer, {nested(), keep}, Drive{Hyperparameter::momentum, {keep, nested()}},
      Drive::relative(
          "weight_decay",
          [](torch::optim::OptimizerOptions& o) -> double& {
            return static_cast<torch::optim::SGDOptions&>(o).weight_decay();
          },
          nested())));
}

TEST(Step, AllocatesNothingWithAPlateau) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  LRScheduler scheduler(optimizer, nested(), ReduceOnPlateau{.factor = 0.5, .patience = 0});
  scheduler.report(nan);
  expect_no_allocation(std::move(scheduler));
}

TEST(Step, AllocatesNothingThroughTheReport) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  LRScheduler scheduler(optimizer, nested(), ReduceOnPlateau{.factor = 0.5, .patience = 0});
  EXPECT_EQ(allocations_of([&] { scheduler.report(nan); }), 0);
  EXPECT_EQ(scheduler.scale(), 0.5);
}

TEST(Step, AllocatesNothingThroughTheReportWithAMinLR) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  LRScheduler scheduler = LRScheduler::relative(
      optimizer, nested(), ReduceOnPlateau{.factor = 0.5, .patience = 0, .min_lr = 0.01});
  EXPECT_EQ(allocations_of([&] { scheduler.report(nan); }), 0);
  EXPECT_EQ(scheduler.scale(), 0.5);
}

// A scheduler with a plateau, a relative rate per group, and drives: everything that can make a
// state grow.
LRScheduler everything(torch::optim::SGD& optimizer) {
  const Schedule schedule = warmup(CosineDecay{.base_lr = 0.9, .steps = 10'000'000}, 500);
  return LRScheduler::relative(optimizer, schedule,
                               Drive{Hyperparameter::momentum, {keep, schedule}},
                               Drive::relative(Hyperparameter::weight_decay, schedule),
                               ReduceOnPlateau{.factor = 0.9, .patience = 3, .min_scale = 1e-3});
}

#ifdef __SANITIZE_ADDRESS__  // under it the test takes ten times as long
constexpr Step long_run = 1'000'000;
#else
constexpr Step long_run = 10'000'000;
#endif

TEST(LongRun, OfTenMillionStepsAndReportsAllocatesNothing) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  LRScheduler scheduler = everything(optimizer);
  EXPECT_EQ(allocations_of([&] {
              for (Step i = 0; i < long_run; ++i) {
                scheduler.step();
                scheduler.report(static_cast<double>(i % 7));
              }
            }),
            0);
  EXPECT_EQ(scheduler.step_count(), long_run);
  EXPECT_EQ(scheduler.scale(), 1e-3);
}

TEST(LongRun, OfTenMillionValuesDoesNotGrow) {
  torch::optim::SGD optimizer = groups_at({1, 2});
  LRScheduler scheduler(optimizer, Constant{0.5}, Drive{Hyperparameter::momentum, Constant{0.5}});
  const std::size_t held = allocations - frees;
  double sum = 0;
  for (Step i = 0; i < long_run; ++i) sum += scheduler.values().back().second;
  EXPECT_EQ(allocations - frees, held);
  EXPECT_EQ(sum, 0.5 * static_cast<double>(long_run));
}

// One update per nanosecond; the rate is halved every day, so that 2^-365 of it is left after the
// year.
TEST(LongRun, OfAYearOfStepsHasTheValuesOfItsDays) {
  constexpr Step day = Step{24} * 3600 * 1'000'000'000;
  torch::optim::SGD optimizer = groups_at({1});
  LRScheduler scheduler(optimizer, StepDecay{.base_lr = 1, .step_size = day, .drop = 0.5});
  EXPECT_EQ(allocations_of([&] {
              for (Step d = 1; d <= 365; ++d) {
                scheduler.step_to(d * day - 1);
                EXPECT_EQ(scheduler.lr(), std::ldexp(1, 1 - static_cast<int>(d)));
                scheduler.step();
                EXPECT_EQ(scheduler.lr(), std::ldexp(1, -static_cast<int>(d)));
              }
            }),
            0);
  EXPECT_EQ(scheduler.step_count(), 31'536'000'000'000'000);
}

TEST(LongRun, StaysAtTheLastStep) {
  constexpr Step last = std::numeric_limits<Step>::max();
  torch::optim::SGD optimizer = groups_at({1, 2});
  LRScheduler scheduler = everything(optimizer);
  scheduler.step_to(last - 1);
  scheduler.step();
  EXPECT_EQ(scheduler.step_count(), last);
  const double rate = scheduler.lr();
  scheduler.advance(last);
  EXPECT_EQ(scheduler.step_count(), last);
  EXPECT_EQ(scheduler.lr(), rate);
}

}  // namespace
}  // namespace libsched
