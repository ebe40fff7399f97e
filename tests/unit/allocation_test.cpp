#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "libsched/libsched.hpp"

namespace {

int made = 0;
int freed = 0;

}  // namespace

// The other forms of new and delete call these.
void* operator new(std::size_t size) {
  ++made;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
  if (p != nullptr) ++freed;
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }

namespace libsched {
namespace {

// How many blocks of memory what `make` returns holds.
template <class Make>
int blocks_of(const Make& make) {
  const int before = made - freed;
  [[maybe_unused]] const auto result = make();
  return made - freed - before;
}

TEST(Allocation, IsOnePerSchedule) {
  EXPECT_EQ(blocks_of([] { return Schedule([](Step) { return 0.1; }); }), 1);
  EXPECT_EQ(blocks_of([] { return Schedule(CosineDecay{.base_lr = 0.1, .steps = 100}); }), 1);
  EXPECT_EQ(blocks_of([] { return take(Constant{0.1}, 100); }), 2);  // two schedules
}

TEST(Allocation, IsNotNeededForACopy) {
  const Schedule schedule = CosineDecay{.base_lr = 0.1, .steps = 100};
  const int before = made;
  Schedule copy = schedule;
  copy = schedule;
  EXPECT_EQ(made, before);
}

TEST(Allocation, OfARefusedScheduleIsFreed) {
  struct NegativeLength {
    double operator()(Step) const { return 0.1; }
    Step length() const { return -1; }
  };
  const int before = made - freed;
  EXPECT_THROW(Schedule{NegativeLength{}}, std::invalid_argument);
  EXPECT_EQ(made - freed, before);
}

TEST(Allocation, IsNotNeededForAStep) {
  double lr = 0;
  Driver driver(
      CosineDecay{.base_lr = 0.1, .steps = 100}, [&](double value) { lr = value; },
      ReduceOnPlateau{});
  const int before = made;
  for (int i = 0; i < 200; ++i) driver.step();
  EXPECT_EQ(made, before);
}

}  // namespace
}  // namespace libsched
