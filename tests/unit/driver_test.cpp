#include "libsched/driver.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "libsched/compose.hpp"
#include "libsched/cyclic.hpp"
#include "libsched/decay.hpp"
#include "libsched/notation.hpp"
#include "libsched/ramp.hpp"
#include "limits.hpp"

namespace libsched {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;
using testing::StrEq;
using testing::ThrowsMessage;

// A trainer that records every value that was set, in order.
struct Trainer {
  std::vector<double> rates;
  std::vector<double> momenta;
  bool is_broken = false;

  std::function<void(double)> set_lr() {
    return [this](double lr) { rates.push_back(lr); };
  }
  std::function<void(double)> set_momentum() {
    return [this](double momentum) {
      if (is_broken) throw std::string("no momentum");
      momenta.push_back(momentum);
    };
  }
  std::vector<Setting> both(const Schedule& lr, const Schedule& momentum) {
    return {{"lr", lr, set_lr()}, {"momentum", momentum, set_momentum()}};
  }
};

const Schedule falling = Linear{.start = 1, .end = 0, .steps = 4};

std::string saved(const Driver& driver) {
  std::ostringstream stream;
  driver.save(stream);
  return stream.str();
}
void load(Driver& driver, const std::string& text, ScheduleChange change = ScheduleChange::refuse) {
  std::istringstream stream(text);
  driver.load(stream, change);
}

TEST(Driver, SetsTheValueOfStepZeroAtOnceAndThenOfEachStep) {
  Trainer trainer;
  Driver driver(falling, trainer.set_lr());
  EXPECT_THAT(trainer.rates, ElementsAre(1));
  EXPECT_EQ(driver.step_count(), 0);
  driver.step();
  driver.step();
  EXPECT_THAT(trainer.rates, ElementsAre(1, 0.75, 0.5));
  EXPECT_EQ(driver.lr(), 0.5);
  EXPECT_EQ(driver.step_count(), 2);
}

TEST(Driver, SetsEachSettingInOrder) {
  std::vector<std::string> calls;
  const auto named = [&](const char* name) {
    return [&calls, name](double) { calls.emplace_back(name); };
  };
  Driver driver({{"b", Constant{1}, named("b")}, {"a", Constant{1}, named("a")}});
  driver.step();
  EXPECT_THAT(calls, ElementsAre("b", "a", "b", "a"));
}

TEST(Driver, AdvancesByManyStepsAndGoesToAny) {
  Trainer trainer;
  Driver driver(falling, trainer.set_lr());
  driver.advance(3);
  driver.advance(0);
  driver.step_to(1);
  EXPECT_THAT(trainer.rates, ElementsAre(1, 0.25, 0.25, 0.75));
  constexpr Step last = std::numeric_limits<Step>::max();
  driver.step_to(last - 1);
  driver.advance(5);
  driver.step();
  EXPECT_EQ(driver.step_count(), last);
  EXPECT_EQ(driver.lr(), 0);
}

TEST(Driver, RefusesToGoBackAndNegativeStepsAndSetsNothing) {
  Trainer trainer;
  Driver driver(falling, trainer.set_lr());
  driver.step();
  EXPECT_THAT([&] { driver.advance(-1); },
              ThrowsMessage<std::invalid_argument>(StrEq("Driver: cannot advance by -1 steps")));
  EXPECT_THAT([&] { driver.step_to(-5); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("step must be at least 0, got -5")));
  EXPECT_THAT(trainer.rates, ElementsAre(1, 0.75));
  EXPECT_EQ(driver.step_count(), 1);
}

TEST(Driver, KnowsItsValuesAndNotations) {
  Trainer trainer;
  Driver driver(trainer.both(falling, Constant{0.5}), ReduceOnPlateau{.patience = 3});
  driver.step();
  EXPECT_THAT(driver.values(), ElementsAre(Pair("lr", 0.75), Pair("momentum", 0.5)));
  EXPECT_THAT(driver.notations(),
              ElementsAre(NamedNotation{"lr", "linear(start=1, end=0, steps=4)"},
                          NamedNotation{"momentum", "constant(base_lr=0.5)"},
                          NamedNotation{"plateau", notation(ReduceOnPlateau{.patience = 3})}));
}

TEST(Driver, OfOneSettingInAListIsDrivenToo) {
  double lr = 0;
  const Driver driver({{"lr", Constant{0.25}, [&](double value) { lr = value; }}});
  EXPECT_EQ(lr, 0.25);
}

TEST(Driver, WithoutARateHasNoLR) {
  Trainer trainer;
  const Driver driver({{"momentum", Constant{0.5}, trainer.set_momentum()}});
  EXPECT_THAT([&] { return driver.lr(); },
              ThrowsMessage<std::logic_error>(StrEq("Driver: no setting is named lr")));
}

TEST(Driver, OfACopyServesTheSameTrainer) {
  Trainer trainer;
  Driver driver(falling, trainer.set_lr());
  Driver copy = driver;
  copy.step_to(2);
  EXPECT_EQ(driver.step_count(), 0);
  EXPECT_EQ(driver.lr(), 1);
  EXPECT_THAT(trainer.rates, ElementsAre(1, 0.5));
}

// Expects that a driver of these settings is refused when it is built.
void expect_refused(const std::vector<Setting>& settings, const std::string& message,
                    const std::optional<ReduceOnPlateau>& plateau = std::nullopt) {
  EXPECT_THAT(([&] { Driver(settings, plateau); }),
              ThrowsMessage<std::invalid_argument>(StrEq(message)));
}

TEST(DriverRefuses, SettingsThatCannotBeDriven) {
  Trainer trainer;
  const auto set = trainer.set_lr();
  expect_refused({}, "Driver: needs at least one setting");
  expect_refused({{"lr", falling, nullptr}}, "Driver: the function that sets lr must not be empty");
  expect_refused({{"lr", falling, set}, {"lr", falling, set}}, "Driver: lr is driven twice");
  for (const std::string name : {"", "beta 1", "a: b", "a,b", "a\nb", "ä"}) {
    expect_refused({{name, falling, set}},
                   "Driver: the name must be of letters, digits, _, - and ., got '" + name + "'");
  }
  expect_refused({{"rate", falling, set}},
                 "Driver: a ReduceOnPlateau needs a setting named lr, which it multiplies",
                 ReduceOnPlateau{});
  expect_refused(
      {{"lr", falling, set}, {"plateau", falling, set}},
      "Driver: beside a ReduceOnPlateau no setting may be named plateau: a checkpoint has "
      "the ReduceOnPlateau by that name",
      ReduceOnPlateau{});
  expect_refused({{"lr", falling, set}}, "reduce_on_plateau: patience must be at least 0, got -1",
                 ReduceOnPlateau{.patience = -1});
  expect_refused({{"lr", falling, set}},
                 "Driver: reduce_on_plateau: min_lr has 2 values for 1 param group; build a "
                 "driver with one number for each, or with one number for all",
                 ReduceOnPlateau{.min_lr = {0.1, 0.2}});
  EXPECT_THAT(trainer.rates, SizeIs(0));
}

TEST(DriverRefuses, AnEmptyFunctionWithASchedule) {
  EXPECT_THAT([&] { Driver(falling, nullptr); },
              ThrowsMessage<std::invalid_argument>(
                  StrEq("Driver: the function that sets lr must not be empty")));
}

TEST(DriverRefuses, AValueThatIsNotARateAndChangesNothing) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {-0.1, -infinity, infinity, nan}) {
    Trainer trainer;
    Driver driver(trainer.both(falling, [bad](Step t) { return t < 2 ? 0.5 : bad; }));
    driver.step();
    EXPECT_THAT([&] { driver.step(); },
                ThrowsMessage<std::domain_error>(
                    AllOf(StartsWith("Driver: momentum must be finite and at least 0, got "),
                          EndsWith(" at step 2 of custom"))));
    EXPECT_THAT(trainer.rates, ElementsAre(1, 0.75));
    EXPECT_EQ(driver.step_count(), 1);
    EXPECT_EQ(driver.lr(), 0.75);
  }
}

TEST(DriverRefuses, ABadRateByTheNameOfTheValue) {
  Trainer trainer;
  EXPECT_THAT(([&] { Driver([](Step) { return -1.0; }, trainer.set_lr()); }),
              ThrowsMessage<std::domain_error>(
                  StrEq("Driver: a learning rate must be finite and at least 0, got -1 at step 0 "
                        "of custom")));
  EXPECT_THAT(trainer.rates, SizeIs(0));
}

TEST(DriverTakes, ZeroAndTheLargestNumber) {
  Trainer trainer;
  constexpr double most = std::numeric_limits<double>::max();
  Driver driver([](Step t) { return t == 0 ? 0.0 : most; }, trainer.set_lr());
  driver.step();
  EXPECT_THAT(trainer.rates, ElementsAre(0, most));
}

TEST(SetThatThrows, RestoresTheValuesSetBeforeIt) {
  Trainer trainer;
  Driver driver(trainer.both(falling, Constant{0.5}), ReduceOnPlateau{.patience = 0});
  driver.step();
  trainer.is_broken = true;
  EXPECT_THROW(driver.step(), std::string);
  EXPECT_EQ(trainer.rates.back(), 0.75);
  EXPECT_EQ(driver.step_count(), 1);
  EXPECT_EQ(driver.lr(), 0.75);
  trainer.is_broken = false;
  driver.step();
  EXPECT_THAT(trainer.rates, ElementsAre(1, 0.75, 0.5, 0.75, 0.5));
  EXPECT_EQ(driver.step_count(), 2);
}

TEST(SetThatThrows, LeavesTheSettingsAfterItAlone) {
  Trainer trainer;
  std::vector<double> third;
  std::vector<Setting> settings = trainer.both(falling, Constant{0.5});
  settings.push_back({"third", falling, [&](double value) { third.push_back(value); }});
  Driver driver(settings);
  trainer.is_broken = true;
  EXPECT_THROW(driver.step(), std::string);
  EXPECT_THAT(third, ElementsAre(1));
}

TEST(SetThatThrows, AfterItHasSetItsValueIsRestoredItself) {
  double lr = 0;
  bool is_broken = false;
  Driver driver(falling, [&](double value) {
    lr = value;
    if (is_broken) throw std::runtime_error("set, but not happy");
  });
  is_broken = true;
  EXPECT_THROW(driver.step(), std::runtime_error);
  EXPECT_EQ(lr, 1);
}

TEST(SetThatThrows, AtAReportLeavesThePlateauAsItWas) {
  Trainer trainer;
  bool is_broken = false;
  Driver driver(
      Constant{1},
      [&](double) {
        if (is_broken) throw std::runtime_error("no");
      },
      ReduceOnPlateau{.factor = 0.5, .patience = 0});
  is_broken = true;
  EXPECT_THROW(driver.report(nan), std::runtime_error);
  EXPECT_EQ(driver.scale(), 1);
  is_broken = false;
  EXPECT_TRUE(driver.report(nan));
  EXPECT_EQ(driver.scale(), 0.5);
}

TEST(SetThatThrows, AtTheConstructionPassesThroughAndRestoresNothing) {
  Trainer trainer;
  trainer.is_broken = true;
  EXPECT_THROW(Driver(trainer.both(falling, Constant{0.5})), std::string);
  EXPECT_THAT(trainer.rates, ElementsAre(1));
}

TEST(SetThatThrows, AmongThreeIsRestoredWithTheOneBeforeIt) {
  std::vector<double> held(3);
  bool is_broken = false;
  const auto setting = [&](const char* name, std::size_t i) {
    return Setting{name, falling, [&, i](double value) {
                     held[i] = value;
                     if (is_broken && i == 1) throw std::runtime_error("no");
                   }};
  };
  Driver driver({setting("lr", 0), setting("b", 1), setting("c", 2)});
  held[2] = 7;
  is_broken = true;
  EXPECT_THROW(driver.step(), std::runtime_error);
  EXPECT_THAT(held, ElementsAre(1, 1, 7));
}

TEST(DriverWithPlateau, MultipliesTheRateOnly) {
  Trainer trainer;
  Driver driver(trainer.both(Constant{1}, Constant{0.5}),
                ReduceOnPlateau{.factor = 0.5, .patience = 0});
  EXPECT_FALSE(driver.report(1));
  EXPECT_TRUE(driver.report(1));
  EXPECT_EQ(driver.scale(), 0.5);
  EXPECT_EQ(trainer.rates.back(), 0.5);
  EXPECT_EQ(trainer.momenta.back(), 0.5);
  EXPECT_TRUE(driver.can_reduce());
}

TEST(DriverWithPlateau, StopsAtItsFloor) {
  Trainer trainer;
  Driver driver(Constant{1}, trainer.set_lr(),
                ReduceOnPlateau{.factor = 0.5, .patience = 0, .min_lr = 0.5});
  EXPECT_TRUE(driver.report(nan));
  EXPECT_FALSE(driver.can_reduce());
  EXPECT_FALSE(driver.report(nan));
  EXPECT_EQ(driver.scale(), 0.5);
}

TEST(DriverWithPlateau, CannotReduceARateBelowItsFloorWhateverElseIsDriven) {
  Trainer trainer;
  const Driver driver(trainer.both(Constant{0.1}, Constant{0.5}), ReduceOnPlateau{.min_lr = 0.15});
  EXPECT_FALSE(driver.can_reduce());
}

// A schedule that says it ends at step 4, but has another value after that.
struct EndsAtFour {
  double operator()(Step t) const { return t <= 4 ? 1 : 10; }
  Step length() const { return 4; }
};

TEST(DriverWithPlateau, DoesNotLookPastTheEndOfItsSchedule) {
  Trainer trainer;
  Driver driver(EndsAtFour{}, trainer.set_lr(), ReduceOnPlateau{.min_lr = 1});
  driver.step_to(2);
  EXPECT_FALSE(driver.can_reduce());
}

TEST(DriverWithoutPlateau, HasScaleOneAndRefusesReports) {
  Trainer trainer;
  Driver driver(falling, trainer.set_lr());
  EXPECT_EQ(driver.scale(), 1);
  EXPECT_FALSE(driver.can_reduce());
  EXPECT_THAT([&] { driver.report(1); },
              ThrowsMessage<std::logic_error>(StrEq("Driver: report() needs a ReduceOnPlateau")));
}

TEST(DriverCheckpoint, ResumesStepPlateauAndValues) {
  Trainer first;
  const ReduceOnPlateau plateau{.factor = 0.5, .patience = 1};
  Driver whole(first.both(falling, Constant{0.5}), plateau);
  whole.step();
  whole.report(nan);
  Trainer second;
  Driver resumed(second.both(falling, Constant{0.5}), plateau);
  load(resumed, saved(whole));
  EXPECT_EQ(second.rates.back(), 0.75);
  EXPECT_EQ(resumed.step_count(), 1);
  EXPECT_TRUE(resumed.report(nan));  // the second bad report
  resumed.step();
  EXPECT_EQ(second.rates.back(), 0.25);
}

TEST(DriverCheckpoint, GoesToAFileWhoseStepAndNotationsAreKnownWithoutADriver) {
  Trainer trainer;
  Driver driver(falling, trainer.set_lr());
  driver.step_to(2);
  const std::string path = testing::TempDir() + "libsched_driver_checkpoint.txt";
  driver.save(path);
  EXPECT_EQ(saved_step(path), 2);
  EXPECT_EQ(parse(saved_notations(path)[0].notation), falling);
  driver.step_to(0);
  driver.load(path);
  EXPECT_EQ(driver.step_count(), 2);
  std::ofstream(path, std::ios::app) << "x";
  EXPECT_THAT([&] { driver.load(path); },
              ThrowsMessage<std::runtime_error>(StrEq(
                  "Driver: '" + path + "': the checkpoint is damaged, the file goes on after it")));
  std::remove(path.c_str());
  EXPECT_THAT([&] { driver.load(path); },
              ThrowsMessage<std::runtime_error>(StrEq("Driver: cannot read '" + path + "'")));
  EXPECT_THAT([&] { saved_step(path); },
              ThrowsMessage<std::runtime_error>(StrEq("libsched: cannot read '" + path + "'")));
}

TEST(DriverCheckpoint, OfLRSchedulerHasTheSameText) {
  Trainer trainer;
  Driver driver(warmup(CosineDecay{.base_lr = 0.5, .steps = 40, .min_lr = 0.125}, 8),
                trainer.set_lr());
  // LRScheduler of 0.1.0 wrote this text.
  load(driver,
       "libsched scheduler, format 1\n"
       "step 13\n"
       "drives lr: warmup(cosine_decay(base_lr=0.5, steps=40, min_lr=0.125), steps=8, start=0)\n"
       "base_rates \n"
       "plateau \n"
       "customs \n"
       "checksum 3420790284170175591\n");
  EXPECT_EQ(driver.step_count(), 13);
}

TEST(DriverCheckpoint, OfAnotherScheduleIsRefusedAndChangesNothing) {
  Trainer trainer;
  Driver source(falling, trainer.set_lr());
  source.step();
  Trainer other;
  Driver driver(Constant{0.5}, other.set_lr());
  EXPECT_THAT([&] { load(driver, saved(source)); },
              ThrowsMessage<std::runtime_error>(
                  StrEq("Driver: the checkpoint is of another schedule\n"
                        "  saved:  lr: linear(start=1, end=0, steps=4)\n"
                        "  driven: lr: constant(base_lr=0.5)\n"
                        "  they first differ at step 0: 1 and 0.5\n"
                        "Load it with libsched::ScheduleChange::accept if the change is meant.")));
  EXPECT_EQ(driver.step_count(), 0);
  EXPECT_THAT(other.rates, ElementsAre(0.5));
  load(driver, saved(source), ScheduleChange::accept);
  EXPECT_EQ(driver.step_count(), 1);
}

TEST(DriverCheckpoint, OfTheSameSettingsInAnotherOrderIsTaken) {
  Trainer trainer;
  const auto set = trainer.set_lr();
  const Schedule one = [](Step) { return 1.0; };
  const Schedule two = [](Step) { return 2.0; };
  Driver source({{"lr", one, set}, {"momentum", two, set}});
  source.step();
  Driver driver({{"momentum", two, set}, {"lr", one, set}});
  load(driver, saved(source));
  EXPECT_EQ(driver.step_count(), 1);
  Driver exchanged({{"momentum", one, set}, {"lr", two, set}});
  EXPECT_THAT([&] { load(exchanged, saved(source)); },
              ThrowsMessage<std::runtime_error>(
                  HasSubstr("of another custom schedule, lr had other values")));
}

// For Arm, g++ -O2 makes one operation of a product and a sum, and rounds once. With -O1 it rounds
// twice.
TEST(DriverCheckpoint, OfACallableThatRoundsDifferentlyIsTaken) {
  Trainer trainer;
  const auto set = trainer.set_lr();
  const Schedule schedule = [](Step t) { return 0.1 - 0.01 * static_cast<double>(t); };
  Driver source({{"lr", schedule, set}});
  source.step_to(7);
  Driver driver({{"lr", [=](Step t) { return std::nextafter(schedule(t), 1.0); }, set}});
  load(driver, saved(source));
  EXPECT_EQ(driver.step_count(), 7);
}

TEST(DriverCheckpoint, OfACallableThatDiffersByABillionthIsRefused) {
  Trainer trainer;
  const auto set = trainer.set_lr();
  Driver source({{"lr", [](Step) { return 0.1; }, set}});
  source.step();
  Driver driver({{"lr", [](Step) { return 0.1 + 1e-10; }, set}});
  EXPECT_THAT([&] { load(driver, saved(source)); },
              ThrowsMessage<std::runtime_error>(HasSubstr("of another custom schedule")));
}

TEST(DriverCheckpoint, WithASettingMoreOrLessNamesIt) {
  Trainer trainer;
  Driver both(trainer.both(falling, Constant{0.5}));
  Driver one(falling, trainer.set_lr());
  EXPECT_THAT([&] { load(one, saved(both)); },
              ThrowsMessage<std::runtime_error>(HasSubstr(
                  "Driver: the checkpoint also has momentum, which this driver does not drive\n"
                  "  saved:  momentum: constant(base_lr=0.5)\n")));
  EXPECT_THAT([&] { load(both, saved(one)); },
              ThrowsMessage<std::runtime_error>(
                  HasSubstr("Driver: this driver also drives momentum, which the checkpoint lacks\n"
                            "  driven: momentum: constant(base_lr=0.5)\n")));
}

TEST(DriverCheckpoint, WhoseValueTheTrainerRefusesChangesNothing) {
  Trainer first;
  Driver source(first.both(falling, Constant{0.5}));
  source.step_to(3);
  Trainer second;
  Driver driver(second.both(falling, Constant{0.5}));
  second.is_broken = true;
  EXPECT_THROW(load(driver, saved(source)), std::string);
  EXPECT_EQ(second.rates.back(), 1);
  EXPECT_EQ(driver.step_count(), 0);
}

TEST(DriverCheckpoint, WithAnyByteChangedIsRefused) {
  Trainer trainer;
  Driver driver(trainer.both(falling, Constant{0.5}), ReduceOnPlateau{});
  driver.step();
  const std::string text = saved(driver);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_THROW(load(driver, damaged), std::runtime_error) << "byte " << i;
    EXPECT_THROW(load(driver, text.substr(0, i)), std::runtime_error) << "cut to " << i;
  }
  EXPECT_EQ(driver.step_count(), 1);
}

// Stands for an optimizer with param groups, for which an integration makes a driver.
struct Groups {
  std::vector<double> rates;

  GroupSetting setting(GroupSchedules schedules, bool is_relative = false) {
    GroupSetting lr{"lr", std::move(schedules), is_relative};
    lr.set = [this](const GroupValues& values) {
      if (values.groups != rates.size()) return false;
      for (std::size_t i = 0; i < rates.size(); ++i) {
        if (values.has(i)) rates[i] = values[i];
      }
      return true;
    };
    lr.get = [this](std::size_t group) { return rates[group]; };
    return lr;
  }
  Driver drive(const GroupSetting& setting) {
    return Driver(
        "Groups", [this] { return rates.size(); }, {setting}, std::nullopt);
  }
};

TEST(DriverOfGroups, SetsOneScheduleInAllOfThem) {
  Groups groups{{7, 7}};
  Driver driver = groups.drive(groups.setting(falling));
  driver.step();
  EXPECT_THAT(groups.rates, ElementsAre(0.75, 0.75));
  EXPECT_EQ(driver.lr(), 0.75);
}

TEST(DriverOfGroups, SetsAScheduleInEachAndLeavesAKeptOneAlone) {
  Groups groups{{7, 7, 7}};
  Driver driver = groups.drive(groups.setting({falling, keep, Constant{0.5}}));
  driver.step();
  EXPECT_THAT(groups.rates, ElementsAre(0.75, 7, 0.5));
  EXPECT_EQ(driver.lr(), 0.75);
  EXPECT_THAT(driver.values(),
              ElementsAre(Pair("lr of group 0", 0.75), Pair("lr of group 2", 0.5)));
}

TEST(DriverOfGroups, MultipliesEachGroupsOwnValueAndThatOfALaterGroup) {
  Groups groups{{8, 4}};
  Driver driver = groups.drive(groups.setting(falling, true));
  groups.rates.push_back(2);
  driver.step();
  EXPECT_THAT(groups.rates, ElementsAre(6, 3, 1.5));
  driver.step();
  EXPECT_THAT(groups.rates, ElementsAre(4, 2, 1));
}

TEST(DriverOfGroups, WithoutAGroupHasNoLR) {
  Groups groups;
  Driver driver = groups.drive(groups.setting(falling, true));
  driver.step();
  EXPECT_THROW(driver.lr(), std::logic_error);
  Groups kept{{7}};
  EXPECT_THROW(kept.drive(kept.setting({keep})).lr(), std::logic_error);
}

TEST(ReviewOfDriver, NamesTheSetting) {
  Trainer trainer;
  const Driver driver(trainer.both(falling, Constant{0.5}));
  const std::vector<Finding> findings = review(driver, 2);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].text, StartsWith("lr: The run ends 2 steps before the schedule"));
  EXPECT_EQ(findings[0].kind, FindingKind::unfinished);
  EXPECT_THROW(review(driver, 0), std::invalid_argument);
}

TEST(ReviewOfDriver, DoesNotSayThatUpdatesDoNothingIfAMomentumIsZero) {
  Trainer trainer;
  const Driver driver(trainer.both(Constant{1}, Linear{.start = 0, .end = 0.5, .steps = 10}));
  EXPECT_THAT(review(driver, 10), SizeIs(0));
}

TEST(ReviewOfDriver, FindsAValueThatStepWouldRefuse) {
  Trainer trainer;
  const Driver driver([](Step t) { return t < 5 ? 1.0 : -1.0; }, trainer.set_lr());
  const std::vector<Finding> findings = review(driver, 10);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].text,
            "lr: a learning rate must be finite and at least 0, got -1 at step 5 of custom.");
  EXPECT_EQ(findings[0].kind, FindingKind::out_of_range);
  EXPECT_EQ(findings[0].step, 5);
}

}  // namespace
}  // namespace libsched
