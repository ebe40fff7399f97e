#include <gmock/gmock.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>
#include <torch/serialize.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"
#include "support.hpp"

namespace libsched {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::StrEq;
using testing::ThrowsMessage;
using torch::optim::AdamW;
using torch::optim::AdamWOptions;
using torch::optim::SGD;

std::string saved(const LRScheduler& scheduler) {
  std::ostringstream stream;
  scheduler.save(stream);
  return stream.str();
}
void load(LRScheduler& scheduler, const std::string& text,
          ScheduleChange change = ScheduleChange::refuse) {
  std::istringstream stream(text);
  scheduler.load(stream, change);
}

// The checksum, FNV-1a.
std::string with_checksum(const std::string& text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return text + "checksum " + std::to_string(hash) + "\n";
}

std::string fixture(const std::string& name) { return FIXTURES "/" + name; }

// libsched 0.1.0 wrote these files, with the schedules that the tests name.
TEST(FileOf010, OfASharedScheduleLoads) {
  SGD optimizer = groups_at({7, 7});
  LRScheduler scheduler(optimizer,
                        warmup(CosineDecay{.base_lr = 0.5, .steps = 40, .min_lr = 0.125}, 8));
  scheduler.step_to(13);
  const std::vector<double> rates = rates_in(optimizer);
  scheduler.step_to(0);
  scheduler.load(fixture("0.1.0_shared.txt"));
  EXPECT_EQ(scheduler.step_count(), 13);
  EXPECT_EQ(rates_in(optimizer), rates);
}

TEST(FileOf010, OfOneSchedulePerGroupLoads) {
  SGD optimizer = groups_at({7, 7});
  LRScheduler scheduler(optimizer, {StepDecay{.base_lr = 1, .step_size = 2},
                                    Linear{.start = 1, .end = 0.5, .steps = 10}});
  scheduler.load(fixture("0.1.0_per_group.txt"));
  EXPECT_EQ(scheduler.step_count(), 5);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25, 0.75));
}

// The saved driver had the rates 0.5 and 2, and its best metric was 1.5. Its plateau had neither
// min_lr nor from_step.
LRScheduler relative_with_plateau(SGD& optimizer) {
  return LRScheduler::relative(optimizer, Linear{.start = 1, .end = 0, .steps = 40},
                               ReduceOnPlateau{.factor = 0.5, .patience = 1});
}
TEST(FileOf010, OfRelativeWithAPlateauLoads) {
  SGD optimizer = groups_at({0.5, 2});
  LRScheduler scheduler = relative_with_plateau(optimizer);
  scheduler.load(fixture("0.1.0_relative_with_plateau.txt"));
  EXPECT_EQ(scheduler.step_count(), 5);
  EXPECT_EQ(scheduler.scale(), 0.25);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5 * 0.875 * 0.25, 2 * 0.875 * 0.25));
  EXPECT_FALSE(scheduler.report(1.4));
  EXPECT_FALSE(scheduler.report(1.4));
  EXPECT_TRUE(scheduler.report(1.4));
}
TEST(FileOf010, OfRelativeLoadsIntoAResumedOptimizer) {
  SGD optimizer = groups_at({0.5 * 0.875 * 0.25, 2 * 0.875 * 0.25});
  LRScheduler scheduler = relative_with_plateau(optimizer);
  scheduler.load(fixture("0.1.0_relative_with_plateau.txt"));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5 * 0.875 * 0.25, 2 * 0.875 * 0.25));
}

TEST(FileOf010, OfRelativeWithoutAPlateauLoadsIntoAResumedOptimizer) {
  const std::string text =
      "libsched scheduler, format 1\nstep 5\n"
      "drives factor of lr: linear(start=1, end=0, steps=40)\n"
      "base_rates 0.5 2\ncustoms \n";
  SGD optimizer = groups_at({0.5 * 0.875, 2 * 0.875});
  LRScheduler scheduler =
      LRScheduler::relative(optimizer, Linear{.start = 1, .end = 0, .steps = 40});
  load(scheduler, with_checksum(text));
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.5 * 0.875, 2 * 0.875));
}

TEST(FileOf010, OfACustomScheduleWithDrivesLoads) {
  AdamW optimizer({group_of(parameter()), group_of(parameter())}, AdamWOptions(7));
  LRScheduler scheduler(
      optimizer, [](Step t) { return 1.0 / static_cast<double>(t + 1); },
      Drive{Hyperparameter::beta1, Cosine{.start = 0.95, .end = 0.85, .steps = 20}},
      Drive{Hyperparameter::weight_decay, Linear{.start = 0, .end = 0.25, .steps = 8}});
  scheduler.load(fixture("0.1.0_custom_with_drives.txt"));
  EXPECT_EQ(scheduler.step_count(), 4);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.2, 0.2));
  EXPECT_EQ(options_of<AdamWOptions>(optimizer, 1).weight_decay(), 0.125);
}

TEST(FileOf010, OfAnotherPlateauIsRefused) {
  SGD optimizer = groups_at({0.5, 2});
  LRScheduler other =
      LRScheduler::relative(optimizer, Linear{.start = 1, .end = 0, .steps = 40},
                            ReduceOnPlateau{.factor = 0.5, .patience = 1, .min_lr = 0.1});
  EXPECT_THAT(
      [&] { other.load(fixture("0.1.0_relative_with_plateau.txt")); },
      ThrowsMessage<std::runtime_error>(HasSubstr("of another plateau, which differs in min_lr")));
}

// The text with one line replaced.
std::string with_line(std::string text, const std::string& before, const std::string& after) {
  text.resize(text.rfind("checksum "));
  return with_checksum(text.replace(text.find(before), before.size(), after));
}

TEST(SavedNotation, WithoutAFieldThatHasADefaultIsEqual) {
  SGD optimizer = groups_at({7});
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1, .steps = 10});
  scheduler.step_to(10);
  const std::string text = with_line(saved(scheduler), ", min_lr=0)", ")");
  ASSERT_THAT(text, HasSubstr("cosine_decay(base_lr=1, steps=10)\n"));
  scheduler.step_to(0);
  load(scheduler, text);
  EXPECT_EQ(scheduler.step_count(), 10);
}

TEST(ForgedNumber, IsTheSameErrorAsOtherDamage) {
  SGD optimizer = groups_at({0.5, 2});
  LRScheduler scheduler = relative_with_plateau(optimizer);
  scheduler.step_to(4);
  scheduler.report(1.5);
  const std::string text = saved(scheduler);
  const auto refuse = [&](const std::string& before, const std::string& after) {
    ASSERT_THAT(text, HasSubstr(before));
    EXPECT_THAT(
        [&] { load(scheduler, with_line(text, before, after)); },
        ThrowsMessage<std::runtime_error>(StartsWith("LRScheduler: the checkpoint is damaged, ")))
        << after;
    EXPECT_EQ(scheduler.step_count(), 4);
  };
  for (const char* step : {"step ", "step x", "step -1", "step 4.5", "step 4 4", "step 1e3",
                           "step 9223372036854775808", "step nan", "pets 4"}) {
    refuse("step 4", step);
  }
  for (const char* values : {"0.5 x", "0.5 -2", "nan 2", "inf 2", "0.5  2", "0.5 2,"}) {
    refuse("base_values lr 0.5 2", std::string("base_values lr ") + values);
  }
  for (const char* plateau : {"1.5 0 0", "1.5 0 0 1 1", "nan 0 0 1", "1.5 -1 0 1", "1.5 0 0.5 1",
                              "1.5 0 0 2", "1.5 0 0 -1", "1.5 0 0 nan", "x 0 0 1"}) {
    refuse("plateau 1.5 0 0 1", std::string("plateau ") + plateau);
  }
}

// Two drivers, at steps 3 and 5.
struct TwoDrivers {
  SGD first = groups_at({7});
  SGD second = groups_at({7});
  LRScheduler a = at_step(3, first, Constant{1});
  LRScheduler b = at_step(5, second, Linear{.start = 1, .end = 0, .steps = 10});

  static LRScheduler at_step(Step t, SGD& optimizer, const Schedule& schedule) {
    LRScheduler scheduler(optimizer, schedule);
    scheduler.step_to(t);
    return scheduler;
  }
};

TEST(Stream, MayHoldTwoStates) {
  TwoDrivers drivers;
  LRScheduler& a = drivers.a;
  LRScheduler& b = drivers.b;
  std::stringstream stream;
  a.save(stream);
  b.save(stream);
  stream << "and more";
  a.step_to(0);
  b.step_to(0);
  a.load(stream);
  b.load(stream);
  EXPECT_EQ(a.step_count(), 3);
  EXPECT_EQ(b.step_count(), 5);
  std::string rest;
  std::getline(stream, rest);
  EXPECT_EQ(rest, "and more");
}

TEST(Archive, HoldsOneDriverPerKey) {
  TwoDrivers drivers;
  LRScheduler& a = drivers.a;
  LRScheduler& b = drivers.b;
  torch::serialize::OutputArchive out;
  a.save(out, "a");
  b.save(out, "b");
  std::stringstream stream;
  out.save_to(stream);
  a.step_to(0);
  b.step_to(0);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  b.load(in, "b");
  a.load(in, "a");
  EXPECT_EQ(a.step_count(), 3);
  EXPECT_EQ(b.step_count(), 5);
  EXPECT_THAT([&] { a.load(in, "c"); },
              ThrowsMessage<std::runtime_error>(StrEq(
                  "LRScheduler: this is not a checkpoint of a libsched driver: it has no 'c'")));
}

TEST(Archive, RefusesASecondDriverUnderTheSameKey) {
  SGD optimizer = groups_at({7});
  LRScheduler a(optimizer, Constant{1});
  LRScheduler b(optimizer, Constant{2});
  torch::serialize::OutputArchive out;
  a.step_to(3);
  a.save(out);
  b.step_to(5);
  EXPECT_THAT([&] { b.save(out); },
              ThrowsMessage<std::invalid_argument>(StrEq(
                  "LRScheduler: the archive already has a 'libsched_scheduler': save each driver "
                  "with a different key, scheduler.save(archive, key)")));
  std::stringstream stream;
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  a.step_to(0);
  a.load(in);
  EXPECT_EQ(a.step_count(), 3);
}

TEST(Archive, OfVersion010Loads) {
  SGD optimizer = groups_at({7, 7});
  LRScheduler scheduler(optimizer, {StepDecay{.base_lr = 1, .step_size = 2},
                                    Linear{.start = 1, .end = 0.5, .steps = 10}});
  std::ifstream file(fixture("0.1.0_per_group.txt"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  torch::serialize::OutputArchive out;
  out.write("libsched_scheduler", c10::IValue(text));  // as 0.1.0 did
  std::stringstream stream;
  out.save_to(stream);
  torch::serialize::InputArchive in;
  in.load_from(stream);
  scheduler.load(in);
  EXPECT_EQ(scheduler.step_count(), 5);
}

TEST(SavedNotations, SayWhatACheckpointDrivesSoThatItResumesAlone) {
  const auto notations = saved_notations(fixture("0.1.0_per_group.txt"));
  EXPECT_THAT(
      notations,
      ElementsAre(NamedNotation{"lr of group 0", "step_decay(base_lr=1, step_size=2, drop=0.5)"},
                  NamedNotation{"lr of group 1", "linear(start=1, end=0.5, steps=10)"}));
  SGD optimizer = groups_at({7, 7});
  LRScheduler scheduler(optimizer, {parse(notations[0].notation), parse(notations[1].notation)});
  scheduler.load(fixture("0.1.0_per_group.txt"));
  EXPECT_EQ(scheduler.step_count(), 5);
}

TEST(SavedStep, IsKnownWithoutADriver) { EXPECT_EQ(saved_step(fixture("0.1.0_shared.txt")), 13); }

TEST(SavedStep, OfAFileThatIsNotACheckpointIsRefused) {
  const std::string path = fixture("0.1.0_shared.txt") + ".missing";
  EXPECT_THAT([&] { saved_step(path); },
              ThrowsMessage<std::runtime_error>(StrEq("libsched: cannot read '" + path + "'")));
  EXPECT_THAT([&] { saved_notations(FIXTURES "/../CMakeLists.txt"); },
              ThrowsMessage<std::runtime_error>(
                  StrEq("libsched: '" FIXTURES
                        "/../CMakeLists.txt': this is not a checkpoint of a libsched driver")));
}

TEST(AcceptFuture, TakesAScheduleThatDiffersOnlyLater) {
  SGD optimizer = groups_at({7});
  LRScheduler source(optimizer, Constant{1});
  source.step_to(10);
  const std::string text = saved(source);
  LRScheduler branch(optimizer, sequence(take(Constant{1}, 10), Linear{1, 0, 10}));
  load(branch, text, ScheduleChange::accept_future);
  EXPECT_EQ(branch.step_count(), 10);
  branch.step_to(15);
  EXPECT_EQ(branch.lr(), 0.5);
}

TEST(AcceptFuture, RefusesAScheduleWithAnotherPast) {
  SGD optimizer = groups_at({7});
  LRScheduler source(optimizer, Constant{1});
  source.step_to(10);
  LRScheduler branch(optimizer,
                     sequence(take(Constant{1}, 9), Linear{.start = 0.5, .end = 0, .steps = 10}));
  EXPECT_THAT(
      [&] { load(branch, saved(source), ScheduleChange::accept_future); },
      ThrowsMessage<std::runtime_error>(HasSubstr("they first differ at step 9: 1 and 0.5")));
  EXPECT_EQ(branch.step_count(), 0);
}

// No update has used the value of the checkpoint's own step.
TEST(AcceptFuture, ExtendsARunThatIsFinished) {
  SGD optimizer = groups_at({7});
  const Schedule three = repeat(Linear{.start = 0.1, .end = 0, .steps = 100}, 3);
  const Schedule six = repeat(Linear{.start = 0.1, .end = 0, .steps = 100}, 6);
  LRScheduler source(optimizer, three);
  source.step_to(300);
  LRScheduler longer(optimizer, six);
  load(longer, saved(source), ScheduleChange::accept_future);
  EXPECT_EQ(longer.step_count(), 300);
  EXPECT_EQ(longer.lr(), 0.1);
}

TEST(AcceptFuture, TakesAnyScheduleBeforeTheFirstUpdate) {
  SGD optimizer = groups_at({7});
  const std::string text = saved(LRScheduler(optimizer, Constant{1}));
  LRScheduler other(optimizer, Constant{2});
  load(other, text, ScheduleChange::accept_future);
  EXPECT_EQ(other.lr(), 2);
}

TEST(AcceptFuture, SaysHowToTrainOnIfThePastDiffers) {
  SGD optimizer = groups_at({7});
  LRScheduler source(optimizer, Linear{.start = 1, .end = 0, .steps = 100});
  source.step_to(100);
  LRScheduler longer(optimizer, Linear{.start = 1, .end = 0, .steps = 200});
  EXPECT_THAT([&] { load(longer, saved(source), ScheduleChange::accept_future); },
              ThrowsMessage<std::runtime_error>(AllOf(
                  HasSubstr("they first differ at step 1: 0.99 and 0.995"),
                  testing::EndsWith(
                      "The 100 updates so far must have the same values. To go on otherwise from "
                      "here, drive sequence(take(so_far, 100), then), where so_far is the saved "
                      "schedule: see \"Train longer than planned\" in "
                      "integrations/torch/README.md."))));
}

TEST(AcceptFuture, ComparesTheLastStepOfALongRunToo) {
  constexpr Step last = 5'000'000'000;
  SGD optimizer = groups_at({7});
  LRScheduler source(optimizer, Constant{1});
  source.step_to(last);
  LRScheduler same(optimizer, [](Step t) { return t < last ? 1.0 : 0.5; });
  load(same, saved(source), ScheduleChange::accept_future);
  LRScheduler other(optimizer, [](Step t) { return t < last - 1 ? 1.0 : 0.5; });
  EXPECT_THROW(load(other, saved(source), ScheduleChange::accept_future), std::runtime_error);
}

TEST(AcceptFuture, FindsADifferenceAfterTheFirstMillionSteps) {
  constexpr Step last = 3'000'000;
  SGD optimizer = groups_at({7});
  LRScheduler source(optimizer, Constant{1});
  source.step_to(last);
  // The difference is as wide as the gaps between the compared steps there.
  LRScheduler other(optimizer, [](Step t) { return t > 2'000'000 && t < 2'000'005 ? 0.5 : 1.0; });
  EXPECT_THROW(load(other, saved(source), ScheduleChange::accept_future), std::runtime_error);
}

TEST(AcceptFuture, RefusesAnotherPlateauAndAnotherNumberOfSchedules) {
  SGD optimizer = groups_at({7});
  LRScheduler source(optimizer, Constant{1}, ReduceOnPlateau{.patience = 1});
  LRScheduler plateau(optimizer, Constant{1}, ReduceOnPlateau{.patience = 2});
  EXPECT_THROW(load(plateau, saved(source), ScheduleChange::accept_future), std::runtime_error);
  LRScheduler none(optimizer, Constant{1});
  EXPECT_THROW(load(none, saved(source), ScheduleChange::accept_future), std::runtime_error);
  LRScheduler one(optimizer, Constant{1}, ReduceOnPlateau{.patience = 1});
  EXPECT_THROW(load(one, saved(none), ScheduleChange::accept_future), std::runtime_error);
}

TEST(Accept, LoadsWithAPlateauAddedOrRemoved) {
  SGD optimizer = groups_at({7});
  LRScheduler without(optimizer, Constant{1});
  without.step_to(3);
  LRScheduler with(optimizer, Constant{1}, ReduceOnPlateau{.factor = 0.5, .patience = 0});
  with.report(nan);
  load(with, saved(without), ScheduleChange::accept);
  EXPECT_EQ(with.step_count(), 3);
  EXPECT_EQ(with.scale(), 0.5);
  with.step_to(5);
  load(without, saved(with), ScheduleChange::accept);
  EXPECT_EQ(without.step_count(), 5);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1));
}

TEST(Accept, TakesACheckpointOfRelativeIntoASharedSchedule) {
  SGD optimizer = groups_at({0.5, 2});
  LRScheduler relative = LRScheduler::relative(optimizer, Constant{0.5});
  relative.step_to(3);
  LRScheduler shared(optimizer, Constant{1});
  load(shared, saved(relative), ScheduleChange::accept);
  EXPECT_EQ(shared.step_count(), 3);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(1, 1));
}

TEST(Saved, HasBaseValuesOfARelativeDriveOnly) {
  SGD optimizer = groups_at({0.5, 2});
  EXPECT_THAT(saved(LRScheduler(optimizer, Constant{1})), testing::Not(HasSubstr("_values ")));
}

TEST(CustomSchedules, OfTwoGroupsAreComparedGroupByGroup) {
  SGD optimizer = groups_at({7, 7});
  const auto custom = [](double value) { return [value](Step) { return value; }; };
  LRScheduler source(optimizer, {custom(1), custom(2)});
  source.step_to(4);
  const std::string text = saved(source);
  source.step_to(0);
  load(source, text);
  EXPECT_EQ(source.step_count(), 4);
  LRScheduler other(optimizer, {custom(1), custom(3)});
  EXPECT_THAT([&] { load(other, text); },
              ThrowsMessage<std::runtime_error>(
                  HasSubstr("another custom schedule, lr of group 1 had other values")));
}

TEST(CustomSchedules, ThatAreUndefinedInOnlyOneDiffer) {
  SGD optimizer = groups_at({7});
  LRScheduler source(optimizer, [](Step t) { return t == 2 ? nan : 0.5; });
  source.step_to(4);
  LRScheduler other(optimizer, [](Step) { return 0.5; });
  EXPECT_THROW(load(other, saved(source)), std::runtime_error);
}

TEST(Load, PassesThroughWhatAScheduleThrows) {
  SGD optimizer = groups_at({7});
  LRScheduler throwing(optimizer, [](Step t) {
    if (t > 0) throw std::runtime_error("LRate: no table");
    return 0.5;
  });
  EXPECT_THAT([&] { throwing.load(fixture("0.1.0_shared.txt"), ScheduleChange::accept); },
              ThrowsMessage<std::runtime_error>(StrEq("LRate: no table")));
}

TEST(SaveAndLoad, WithAStreamThatFailedAreErrors) {
  SGD optimizer = groups_at({7});
  LRScheduler scheduler(optimizer, Constant{1});
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_THAT([&] { scheduler.save(out); },
              ThrowsMessage<std::runtime_error>(StrEq("LRScheduler: cannot write the checkpoint")));
  std::istringstream in(saved(scheduler));
  in.setstate(std::ios::badbit);
  EXPECT_THAT([&] { scheduler.load(in); },
              ThrowsMessage<std::runtime_error>(StrEq("LRScheduler: cannot read the checkpoint")));
}

const Schedule falling_in_four = Linear{.start = 1, .end = 0, .steps = 4};

TEST(AnotherBaseRate, IsRefusedWithBoth) {
  SGD optimizer = groups_at({0.1});
  LRScheduler source = LRScheduler::relative(optimizer, falling_in_four);
  source.step_to(2);
  SGD other = groups_at({0.4});
  LRScheduler driven = LRScheduler::relative(other, falling_in_four);
  for (const auto change : {ScheduleChange::refuse, ScheduleChange::accept_future}) {
    EXPECT_THAT([&] { load(driven, saved(source), change); },
                ThrowsMessage<std::runtime_error>(StrEq(
                    "LRScheduler: the checkpoint is of another base rate, of group 0\n"
                    "  saved:  0.1\n  driven: 0.4\n"
                    "Load it with libsched::ScheduleChange::accept if the change is meant.")));
  }
  EXPECT_THAT(rates_in(other), ElementsAre(0.4));
}

TEST(AnotherBaseRate, IsARateCloseToTheHeldRateButNotEqual) {
  SGD optimizer = groups_at({0.1});
  LRScheduler source = LRScheduler::relative(optimizer, falling_in_four);
  source.step_to(2);
  SGD other = groups_at({0.05 * (1 + 1e-10)});
  LRScheduler driven = LRScheduler::relative(other, falling_in_four);
  EXPECT_THROW(load(driven, saved(source)), std::runtime_error);
}

TEST(AnotherBaseRate, IsNotAHeldRateOfZero) {
  SGD optimizer = groups_at({0.1});
  LRScheduler source = LRScheduler::relative(optimizer, falling_in_four);
  source.step_to(4);
  const std::string text = saved(source);
  LRScheduler driven = LRScheduler::relative(optimizer, falling_in_four);  // it reads the rate of 0
  load(driven, text);
  driven.step_to(2);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.05));
}

TEST(AnotherBaseRate, IsAcceptedIfIntended) {
  SGD optimizer = groups_at({0.1});
  LRScheduler source = LRScheduler::relative(optimizer, falling_in_four);
  source.step_to(2);
  SGD other = groups_at({0.4});
  LRScheduler driven = LRScheduler::relative(other, falling_in_four);
  load(driven, saved(source), ScheduleChange::accept);
  EXPECT_THAT(rates_in(other), ElementsAre(0.2));
}

TEST(AnotherBaseRate, IsNotWhatTheSavedDriverHadLeftInAResumedOptimizer) {
  SGD optimizer = groups_at({0.1, 0.3});
  LRScheduler source = LRScheduler::relative(optimizer, falling_in_four,
                                             ReduceOnPlateau{.factor = 0.3, .patience = 0});
  source.step_to(3);
  source.report(nan);
  const std::vector<double> left = rates_in(optimizer);
  for (const auto change :
       {ScheduleChange::refuse, ScheduleChange::accept_future, ScheduleChange::accept}) {
    SGD resumed = groups_at({left[0], left[1]});
    LRScheduler driven = LRScheduler::relative(resumed, falling_in_four,
                                               ReduceOnPlateau{.factor = 0.3, .patience = 0});
    load(driven, saved(source), change);
    EXPECT_EQ(rates_in(resumed), left);
  }
}

TEST(RelativeDrive, GoesOnFromAResumedOptimizer) {
  const auto decays_at = [](double first, double second) {
    std::vector<torch::optim::OptimizerParamGroup> groups;
    for (const double decay : {first, second}) {
      groups.emplace_back(std::vector<torch::Tensor>{parameter()},
                          std::make_unique<AdamWOptions>(AdamWOptions(7).weight_decay(decay)));
    }
    return AdamW(std::move(groups), AdamWOptions(7));
  };
  const auto drive = [](AdamW& optimizer) {
    return LRScheduler(optimizer, Constant{1},
                       Drive::relative(Hyperparameter::weight_decay, falling_in_four));
  };
  const auto decay = [](AdamW& optimizer, std::size_t group) {
    return options_of<AdamWOptions>(optimizer, group).weight_decay();
  };
  AdamW first = decays_at(0.5, 0);
  LRScheduler source = drive(first);
  source.step();
  AdamW resumed = decays_at(decay(first, 0), decay(first, 1));
  LRScheduler driven = drive(resumed);
  load(driven, saved(source));
  EXPECT_EQ(decay(resumed, 0), 0.375);
  driven.step();
  EXPECT_EQ(decay(resumed, 0), 0.25);
  EXPECT_EQ(decay(resumed, 1), 0);

  AdamW other = decays_at(0.25, 0);
  LRScheduler changed = drive(other);
  EXPECT_THAT([&] { load(changed, saved(source)); },
              ThrowsMessage<std::runtime_error>(
                  AllOf(HasSubstr("another base value of weight_decay, of group 0"),
                        HasSubstr("saved:  0.5"), HasSubstr("driven: 0.25"))));
}

TEST(KeptGroup, KeepsItsValueThroughALoad) {
  SGD optimizer = groups_at({7, 3});
  LRScheduler source(optimizer, {falling_in_four, keep});
  source.step_to(2);
  SGD other = groups_at({7, 5});
  LRScheduler driven(other, {falling_in_four, keep});
  load(driven, saved(source));
  EXPECT_THAT(rates_in(other), ElementsAre(0.5, 5));
  LRScheduler none(other, {falling_in_four, falling_in_four});
  EXPECT_THAT([&] { load(none, saved(source)); },
              ThrowsMessage<std::runtime_error>(HasSubstr("saved:  lr of group 1: keep")));
}

}  // namespace
}  // namespace libsched
