// The laws of composition, on random trees. A failure names the seed, from which alone the trees
// can be made again.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "every_kind.hpp"
#include "random_schedule.hpp"

namespace libsched {
namespace {

constexpr int places = 40;
// A type in which no sum or product of steps overflows. A long double is exact up to the last step,
// and a larger result stays larger.
#ifdef __SIZEOF_INT128__
__extension__ using Wide = __int128;
#else
using Wide = long double;
static_assert(std::numeric_limits<Wide>::digits >= 64);
#endif
using Length = std::optional<Step>;

Length reachable(Wide steps) { return static_cast<Step>(std::min<Wide>(steps, last_step)); }

Schedule tree(RandomSchedules& random) { return random.tree(3); }

Schedule tree_with_end(RandomSchedules& random) {
  for (;;) {
    const Schedule schedule = tree(random);
    if (schedule.length().value_or(0) > 0) return schedule;
  }
}

// A number of steps. Half of them are small, so that the values after them are tested too.
Step some(RandomSchedules& random) {
  return random.coin() ? random.step(1, 50) : random.any_size();
}

template <class Law>
void for_all_seeds(Law law) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    RandomSchedules random(seed);
    law(random);
    if (testing::Test::HasFailure()) return;
  }
}

// Describes the first difference in values, restarts or length. Empty if there is none.
std::string difference(const Schedule& a, const Schedule& b, const std::vector<Step>& steps) {
  if (a.length() != b.length()) {
    return fmt::format("the lengths of {} and {}", to_string(a), to_string(b));
  }
  for (const Step t : steps) {
    if (a.restarts_at(t) == b.restarts_at(t)) continue;
    return fmt::format("restarts_at({}) of {} and {}", t, to_string(a), to_string(b));
  }
  return difference(
      a, [&](Step t) { return b(t); }, steps);
}

TEST(Laws, ASequenceOfTwoIsTheFirstForItsStepsThenTheSecond) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule a = tree(random);
    const Schedule b = tree(random);
    const Step n = some(random);
    const Schedule both = sequence(take(a, n), b);
    const std::vector<Step> steps = random.steps_of(both, places);
    EXPECT_EQ(difference(
                  both, [&](Step t) { return t < n ? a(t) : b(t - n); }, steps),
              "");
    EXPECT_EQ(both.length(), b.length() ? reachable(Wide(n) + *b.length()) : std::nullopt);
    for (const Step t : steps) {
      EXPECT_EQ(both.restarts_at(t), t < n ? a.restarts_at(t) : b.restarts_at(t - n));
    }
  });
}

TEST(Laws, ASequenceOfManyIsThePartThatTheStepFallsIn) {
  for_all_seeds([](RandomSchedules& random) {
    std::vector<Schedule> parts;
    for (Step more = random.step(0, 5); more > 0; --more) {
      parts.push_back(random.coin() ? tree_with_end(random) : take(tree(random), some(random)));
      // A part without steps has no effect: the next part starts at once.
      if (random.coin()) parts.emplace_back(PiecewiseLinear{{0}, {random.rate()}});
    }
    parts.push_back(tree(random));
    const auto part_at = [&](Step t) {
      Wide start = 0;
      std::size_t i = 0;
      while (i + 1 < parts.size() && t >= start + *parts[i].length()) start += *parts[i++].length();
      return std::pair(parts[i], static_cast<Step>(t - start));
    };
    const Schedule whole = sequence(parts);
    const std::vector<Step> steps = random.steps_of(whole, places);
    const auto expected = [&](Step t) {
      const auto [part, local] = part_at(t);
      return part(local);
    };
    EXPECT_EQ(difference(whole, expected, steps), "");
    for (const Step t : steps) {
      const auto [part, local] = part_at(t);
      EXPECT_EQ(whole.restarts_at(t), part.restarts_at(local)) << to_string(whole) << " at " << t;
    }
    const Wide length = std::accumulate(
        parts.begin(), parts.end(), Wide(0),
        [](Wide sum, const Schedule& part) { return sum + part.length().value_or(0); });
    EXPECT_EQ(whole.length(), parts.back().length() ? reachable(length) : std::nullopt);
  });
}

TEST(Laws, ASequenceOfOneIsThatOne) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    EXPECT_EQ(difference(sequence(s), s, random.steps_of(s, places)), "");
  });
}

TEST(Laws, ASequenceOfSequencesIsOneSequence) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule a = take(tree(random), random.count());
    const Schedule b = take(tree(random), random.count());
    const Schedule c = tree(random);
    const Schedule flat = sequence(a, b, c);
    const std::vector<Step> steps = random.steps_of(flat, places);
    EXPECT_EQ(difference(sequence(sequence(a, b), c), flat, steps), "");
    EXPECT_EQ(difference(sequence(a, sequence(b, c)), flat, steps), "");
  });
}

TEST(Laws, TakeIsTheScheduleUpToItsStepsAndHoldsThatValue) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const Step n = some(random);
    const Schedule taken = take(s, n);
    const std::vector<Step> steps = random.steps_of(taken, places);
    EXPECT_EQ(difference(
                  taken, [&](Step t) { return s(t < n ? t : n); }, steps),
              "");
    EXPECT_EQ(taken.length(), n);
    for (const Step t : steps) EXPECT_EQ(taken.restarts_at(t), t <= n && s.restarts_at(t));
  });
}

TEST(Laws, TakeOfATakeIsTheTakeOfTheFewerSteps) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const Step n = some(random);
    const Step fewer = random.step(1, n);
    EXPECT_EQ(difference(take(take(s, n), fewer), take(s, fewer), random.steps_of(s, places)), "");
  });
}

TEST(Laws, TakeOfTheWholeLengthIsTheSchedule) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree_with_end(random);
    const auto expected = [&](Step t) { return s(t); };
    EXPECT_EQ(difference(take(s, *s.length()), expected, random.steps_of(s, places)), "");
  });
}

TEST(Laws, HeldIsTheScheduleAtTheWholeEpochs) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const Step every = some(random);
    const Schedule slow = held(s, every);
    const std::vector<Step> steps = random.steps_of(slow, places);
    EXPECT_EQ(difference(
                  slow, [&](Step t) { return s(t / every); }, steps),
              "");
    EXPECT_EQ(slow.length(), s.length() ? reachable(Wide(*s.length()) * every) : std::nullopt);
    for (const Step t : steps) {
      EXPECT_EQ(slow.restarts_at(t), t % every == 0 && s.restarts_at(t / every));
    }
  });
}

TEST(Laws, HeldTwiceIsHeldForTheProductOfBoth) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const Step a = random.step(1, 1000);
    const Step b = random.step(1, 1000);
    EXPECT_EQ(difference(held(held(s, a), b), held(s, a * b), random.steps_of(s, places)), "");
  });
}

TEST(Laws, RepeatForEverIsTheScheduleAtTheStepsSinceItsLastEnd) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree_with_end(random);
    const Step once = *s.length();
    const Schedule again = repeat(s);
    const std::vector<Step> steps = random.steps_of(s, places);
    EXPECT_EQ(difference(
                  again, [&](Step t) { return s(t % once); }, steps),
              "");
    EXPECT_EQ(again.length(), std::nullopt);
    for (const Step t : steps) {
      EXPECT_EQ(again.restarts_at(t), (t >= once && t % once == 0) || s.restarts_at(t % once))
          << to_string(again) << " at " << t;
    }
  });
}

TEST(Laws, RepeatEndsAfterItsTimesWithTheFinalValue) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree_with_end(random);
    const Step once = *s.length();
    const Step times = some(random);
    const Schedule again = repeat(s, times);
    const Wide end = Wide(once) * times;
    const auto expected = [&](Step t) { return s(t < end ? t % once : once); };
    EXPECT_EQ(difference(again, expected, random.steps_of(again, places)), "");
    EXPECT_EQ(again.length(), reachable(end));
  });
}

TEST(Laws, RepeatIsTheSequenceOfAsMany) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree_with_end(random);
    const Step times = random.step(1, 5);
    const std::vector<Schedule> parts(static_cast<std::size_t>(times), s);
    const Schedule again = repeat(s, times);
    const auto expected = [&](Step t) { return sequence(parts)(t); };
    EXPECT_EQ(difference(again, expected, random.steps_of(again, places)), "");
    EXPECT_EQ(again.length(), sequence(parts).length());
  });
}

TEST(Laws, WarmupIsALineToTheFirstValueThenTheScheduleFromItsStart) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const Step n = random.step(0, 4) == 0 ? 0 : some(random);
    const double start = random.rate();
    const Schedule warm = warmup(s, n, start);
    std::vector<Step> steps = random.steps_of(warm, places);
    if (n > 0) steps.push_back(random.step(0, n - 1));
    for (const Step t : steps) {
      if (t >= n) {
        EXPECT_EQ(bits(warm(t)), bits(s(t - n))) << to_string(warm) << " at " << t;
        EXPECT_EQ(warm.restarts_at(t), s.restarts_at(t - n)) << to_string(warm) << " at " << t;
      } else {
        const long double done = static_cast<long double>(t) / static_cast<long double>(n);
        const auto line = static_cast<double>(start * (1 - done) + s(0) * done);
        EXPECT_NEAR(warm(t), line, 1e-15 * std::max(start, s(0))) << to_string(warm) << " at " << t;
        EXPECT_FALSE(warm.restarts_at(t)) << to_string(warm) << " at " << t;
      }
    }
    if (n > 0) {
      EXPECT_EQ(warm(0), start) << to_string(warm);
    }
    EXPECT_EQ(warm.length(), s.length() ? reachable(Wide(n) + *s.length()) : std::nullopt);
  });
}

TEST(Laws, ScaledMultipliesEveryValue) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const double factor = random.rate();
    const std::vector<Step> steps = random.steps_of(s, places);
    EXPECT_EQ(difference(
                  scaled(s, factor), [&](Step t) { return factor * s(t); }, steps),
              "");
    EXPECT_EQ(scaled(s, factor).length(), s.length());
    EXPECT_EQ(difference(scaled(s, 1), s, steps), "");
    // Powers of two lose no bits.
    EXPECT_EQ(difference(scaled(scaled(s, 4), 8), scaled(s, 32), steps), "");
  });
}

TEST(Laws, ClampedIsTheScheduleWithinTheBoundsAndElseTheNearerBound) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const double min = random.rate();
    const double max = min + random.rate();
    const Schedule within = clamped(s, min, max);
    const std::vector<Step> steps = random.steps_of(s, places);
    const auto expected = [&](Step t) { return s(t) < min ? min : s(t) > max ? max : s(t); };
    EXPECT_EQ(difference(within, expected, steps), "");
    EXPECT_EQ(difference(clamped(within, min, max), within, steps), "");
    EXPECT_EQ(within.length(), s.length());
    for (const Step t : steps) EXPECT_EQ(within.restarts_at(t), s.restarts_at(t));
  });
}

TEST(Laws, ProductMultipliesTheValuesOfItsParts) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule a = tree(random);
    const Schedule b = tree(random);
    const Schedule c = tree(random);
    const std::vector<Step> steps = random.steps_of(product(a, b), places);
    EXPECT_EQ(difference(
                  product(a, b, c), [&](Step t) { return a(t) * b(t) * c(t); }, steps),
              "");
    EXPECT_EQ(difference(product(a, b), product(b, a), steps), "");
    EXPECT_EQ(difference(product(a), a, steps), "");
    EXPECT_EQ(difference(
                  product(a, Constant{1}), [&](Step t) { return a(t); }, steps),
              "");
    for (const Step t : steps) {
      EXPECT_EQ(product(a, b).restarts_at(t), a.restarts_at(t) || b.restarts_at(t));
    }
  });
}

TEST(Laws, AProductEndsWhenTheLastOfItsPartsEnds) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule a = tree(random);
    const Schedule b = tree(random);
    const Length last =
        a.length() && b.length() ? std::optional(std::max(*a.length(), *b.length())) : std::nullopt;
    EXPECT_EQ(product(a, b).length(), last);
  });
}

TEST(Laws, ATreeReadsBackBitForBit) {
  for_all_seeds([](RandomSchedules& random) {
    for (int i = 0; i < 5; ++i) {
      const Schedule schedule = random.tree(4);
      const Schedule back = parse(to_string(schedule));
      EXPECT_EQ(back, schedule) << to_string(schedule);
      EXPECT_EQ(difference(back, schedule, random.steps_of(schedule, places)), "");
    }
  });
}

TEST(Laws, ATreeIsFiniteAndNotNegativeAndHoldsItsValueAfterItsEnd) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule schedule = random.tree(4);
    const Length length = schedule.length();
    for (const Step t : random.steps_of(schedule, places)) {
      const double value = schedule(t);
      EXPECT_TRUE(std::isfinite(value) && value >= 0) << to_string(schedule) << " at " << t;
      if (length && t > *length) {
        EXPECT_EQ(bits(value), bits(schedule(*length))) << to_string(schedule) << " at " << t;
      }
    }
  });
}

TEST(Laws, ATreeHasItsSampleAtEachStep) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule schedule = random.tree(4);
    EXPECT_EQ(difference_of_sample(schedule, 200), "");
  });
}

TEST(Laws, SkipIsTheScheduleSoManyStepsLater) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const Step n = random.coin() ? random.step(0, 50) : random.any_size();
    const Schedule later = skip(s, n);
    const auto at = [&](Step t) { return reachable(Wide(t) + n); };
    const std::vector<Step> steps = random.steps_of(later, places);
    EXPECT_EQ(difference(
                  later, [&](Step t) { return s(*at(t)); }, steps),
              "");
    EXPECT_EQ(later.length(),
              s.length() ? std::optional(std::max<Step>(*s.length() - n, 0)) : std::nullopt);
    for (const Step t : steps) {
      if (t > last_step - n) continue;
      EXPECT_EQ(later.restarts_at(t), s.restarts_at(t + n)) << to_string(later) << " at " << t;
    }
    EXPECT_EQ(difference(skip(s, 0), s, steps), "");
  });
}

TEST(Laws, SkipAfterAWarmupIsTheSchedule) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const Step n = some(random);
    std::vector<Step> steps = random.steps_of(s, places);
    std::erase_if(steps, [&](Step t) { return t > last_step - n; });
    EXPECT_EQ(difference(
                  skip(warmup(s, n), n), [&](Step t) { return s(t); }, steps),
              "");
  });
}

TEST(Laws, ReversedTwiceIsTheScheduleUpToItsEnd) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree_with_end(random);
    EXPECT_EQ(difference(
                  reversed(reversed(s)), [&](Step t) { return s(std::min(t, *s.length())); },
                  random.steps_of(s, places)),
              "");
    EXPECT_EQ(reversed(s).length(), s.length());
  });
}

TEST(Laws, ACooldownIsTheScheduleThenFallsToItsEnd) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    const Step after = random.coin() ? random.step(0, 50) : random.any_size();
    const Step n = some(random);
    const double end = random.rate();
    const auto shape = static_cast<CooldownShape>(random.step(0, 2));
    const Schedule whole = cooldown(s, after, n, end, shape);
    EXPECT_EQ(whole.length(), reachable(Wide(after) + n));
    for (const Step t : random.steps_of(whole, places)) {
      const double value = whole(t);
      if (t <= after) {
        EXPECT_EQ(value, s(t)) << to_string(whole) << " at " << t;
        EXPECT_EQ(whole.restarts_at(t), s.restarts_at(t)) << to_string(whole) << " at " << t;
      } else {
        EXPECT_TRUE(value >= std::min(end, s(after)) && value <= std::max(end, s(after)))
            << to_string(whole) << " at " << t;
        EXPECT_FALSE(whole.restarts_at(t)) << to_string(whole) << " at " << t;
        EXPECT_TRUE(t - after < n || value == end) << to_string(whole) << " at " << t;
      }
    }
  });
}

TEST(Laws, SumMinimumAndMaximumAreThoseOfTheValues) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule a = tree(random);
    const Schedule b = tree(random);
    const std::vector<Step> steps = random.steps_of(sum(a, b), places);
    const auto is = [&](const Schedule& whole, auto operation) {
      EXPECT_EQ(difference(
                    whole, [&](Step t) { return operation(a(t), b(t)); }, steps),
                "");
      EXPECT_EQ(whole.length(), product(a, b).length());
      for (const Step t : steps) {
        EXPECT_EQ(whole.restarts_at(t), a.restarts_at(t) || b.restarts_at(t));
      }
    };
    is(sum(a, b), [](double x, double y) { return x + y; });
    is(minimum(a, b), [](double x, double y) { return std::min(x, y); });
    is(maximum(a, b), [](double x, double y) { return std::max(x, y); });
  });
}

TEST(Laws, DifferenceSubtractsTheSecondValueFromTheFirst) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule a = tree(random);
    const Schedule b = tree(random);
    const Schedule whole = difference(a, b);
    const std::vector<Step> steps = random.steps_of(whole, places);
    EXPECT_EQ(difference(
                  whole, [&](Step t) { return a(t) - b(t); }, steps),
              "");
    EXPECT_EQ(difference_of_sample(whole, 200), "");
    EXPECT_EQ(whole.length(), sum(a, b).length());
    for (const Step t : steps) EXPECT_EQ(whole.restarts_at(t), a.restarts_at(t));
  });
}

TEST(Laws, APhaseOfNoStepsInASequenceHasNoEffect) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule a = take(tree(random), some(random));
    const Schedule b = tree(random);
    const double end = random.positive();
    const Schedule none[] = {take(tree(random), 0),   cooldown(tree(random), 0, 0, end),
                             Linear{end, 1, 0},       Cosine{end, 1, 0},
                             Exponential{end, 1, 0},  Polynomial{end, 1, 0},
                             SqrtCooldown{end, 1, 0}, Logarithmic{end, 1, 0},
                             Rex{end, 1, 0},          Tanh{end, 1, 0}};
    const Schedule& phase = none[random.step(0, std::ssize(none) - 1)];
    const std::vector<Step> steps = random.steps_of(sequence(a, b), places);
    EXPECT_EQ(difference(sequence(a, phase, b), sequence(a, b), steps), "");
    EXPECT_EQ(difference(sequence(phase, b), b, steps), "");
    EXPECT_EQ(difference_of_sample(sequence(phase, a, phase, b), 200), "");
  });
}

TEST(Laws, RepeatWithAFactorIsScaledRoundByRound) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree_with_end(random);
    const Step once = *s.length();
    const double factor = random.fraction();
    const Schedule again = repeat(s, std::nullopt, factor);
    for (const Step t : random.steps_of(again, places)) {
      const Step round = t / once;
      const double due = std::pow(factor, static_cast<double>(round)) * s(t % once);
      EXPECT_EQ(again(t), due) << to_string(again) << " at " << t;
    }
  });
}

// Checks every small step, and random large ones.
TEST(Laws, TheNextRestartIsTheFirstAfterAStep) {
  for_all_seeds([](RandomSchedules& random) {
    const Schedule s = tree(random);
    Length next = s.next_restart(-1);
    for (Step t = -1; t < 300; ++t) {
      ASSERT_EQ(s.next_restart(t), next) << to_string(s) << " after " << t;
      if (next == t + 1) next = s.next_restart(t + 1);
      ASSERT_TRUE(!next || *next > t + 1 || t == 299) << to_string(s) << " after " << t;
    }
    for (const Step t : random.steps_of(s, places)) {
      const Length later = s.next_restart(t);
      if (!later) continue;
      EXPECT_GT(*later, t) << to_string(s);
      EXPECT_TRUE(s.restarts_at(*later)) << to_string(s) << " at " << *later;
      EXPECT_EQ(s.next_restart(*later - 1), later) << to_string(s);
    }
  });
}

}  // namespace
}  // namespace libsched
