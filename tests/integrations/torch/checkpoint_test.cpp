#include <gmock/gmock.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adamw.h>
#include <torch/optim/sgd.h>
#include <torch/serialize.h>
#include <torch/version.h>

#include <cstdio>
#include <fstream>
#include <limits>
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
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;
using torch::optim::SGD;
using torch::optim::SGDOptions;

template <class Value>
std::string saved(const Value& value) {
  std::ostringstream stream;
  torch::save(value, stream);
  return stream.str();
}

template <class Value, class... Extras>
void load(Value& value, const std::string& bytes, Extras... extras) {
  std::istringstream stream(bytes);
  torch::load(value, stream, extras...);
}

// A path that only this test uses. The file is removed at the end.
class File {
 public:
  File() : path_(testing::TempDir() + "libsched_" + name()) { std::remove(path_.c_str()); }
  explicit File(const std::string& bytes) : File() { std::ofstream(path_) << bytes; }
  ~File() { std::remove(path_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return path_; }

 private:
  static std::string name() {
    return testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  std::string path_;
};

// Everything that a load may change.
struct Seen {
  Step step_count;
  double scale;
  std::vector<double> rates;
  std::vector<NamedNotation> notations;
  std::vector<double> momenta;
  bool operator==(const Seen&) const = default;
};
Seen seen(const LRScheduler& scheduler) {
  std::vector<double> momenta;
  for (auto& group : scheduler.optimizer().param_groups()) {
    momenta.push_back(static_cast<SGDOptions&>(group.options()).momentum());
  }
  return {scheduler.step_count(), scheduler.scale(), rates_in(scheduler.optimizer()),
          scheduler.notations(), momenta};
}

// A scheduler with every part that a checkpoint can hold.
struct Everything {
  SGD optimizer = groups_at({0.5, 2});
  LRScheduler scheduler = LRScheduler::relative(
      optimizer, warmup(CosineDecay{.base_lr = 1, .steps = 40}, 8),
      Drive{Hyperparameter::momentum, Linear{.start = 0.5, .end = 0.75, .steps = 40}},
      ReduceOnPlateau{.factor = 0.5, .patience = 1});
};

void go_on(LRScheduler& scheduler) {
  scheduler.step();
  scheduler.report(nan);
}

TEST(Checkpoint, RestoresTheStepTheRatesTheHyperparametersAndThePlateau) {
  Everything first;
  for (int i = 0; i < 13; ++i) go_on(first.scheduler);
  Everything second;
  load(second.scheduler, saved(first.scheduler));
  EXPECT_EQ(seen(second.scheduler), seen(first.scheduler));
  EXPECT_EQ(second.scheduler.step_count(), 13);
  EXPECT_LT(second.scheduler.scale(), 0.1);
  for (int i = 0; i < 13; ++i) {
    go_on(first.scheduler);
    go_on(second.scheduler);
    EXPECT_EQ(seen(second.scheduler), seen(first.scheduler));
  }
}

TEST(Checkpoint, GoesToAFileAndBack) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  scheduler.step_to(2);
  const File file;
  torch::save(scheduler, file.path());
  scheduler.step_to(9);
  torch::load(scheduler, file.path());
  EXPECT_EQ(scheduler.step_count(), 2);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.1));
  scheduler.step_to(9);
  torch::load(scheduler, file.path().c_str());
  EXPECT_EQ(scheduler.step_count(), 2);
}

TEST(Checkpoint, GoesIntoALargerArchive) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  scheduler.step_to(2);
  torch::serialize::OutputArchive out, part;
  scheduler.save(part);
  out.write("scheduler", part);
  std::stringstream stream;
  out.save_to(stream);
  scheduler.step_to(9);
  torch::serialize::InputArchive in, read_part;
  in.load_from(stream);
  in.read("scheduler", read_part);
  scheduler.load(read_part);
  EXPECT_EQ(scheduler.step_count(), 2);
}

TEST(Checkpoint, HoldsTheLargestStep) {
  constexpr Step last = std::numeric_limits<Step>::max();
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, step_decay);
  scheduler.step_to(last);
  const std::string bytes = saved(scheduler);
  scheduler.step_to(0);
  load(scheduler, bytes);
  EXPECT_EQ(scheduler.step_count(), last);
}

TEST(Checkpoint, HoldsADriverOfACustomSchedule) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, [](Step t) { return 1.0 / static_cast<double>(t + 1); });
  scheduler.step_to(3);
  const std::string bytes = saved(scheduler);
  scheduler.step_to(9);
  load(scheduler, bytes);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25));
}

TEST(Checkpoint, OfRelativeBringsTheBaseRatesBackToADecayedOptimizer) {
  const Schedule factor = Linear{.start = 1, .end = 0, .steps = 4};
  SGD first = groups_at({0.5, 2});
  LRScheduler scheduler = LRScheduler::relative(first, factor);
  scheduler.step_to(2);
  SGD restored = groups_at({0.25, 1});
  LRScheduler again = LRScheduler::relative(restored, factor);
  load(again, saved(scheduler));
  EXPECT_THAT(rates_in(restored), ElementsAre(0.25, 1));
  again.step();
  EXPECT_THAT(rates_in(restored), ElementsAre(0.125, 0.5));
}

TEST(Checkpoint, OfRelativeDoesNotChangeTheBaseRateOfAGroupThatItDoesNotHave) {
  const Schedule factor = Linear{.start = 0.5, .end = 1, .steps = 2};
  SGD one = groups_at({1});
  LRScheduler scheduler = LRScheduler::relative(one, factor);
  scheduler.step_to(2);
  SGD two = groups_at({1, 4});
  LRScheduler later = LRScheduler::relative(two, factor);
  load(later, saved(scheduler));
  EXPECT_THAT(rates_in(two), ElementsAre(1, 4));
}

TEST(Checkpoint, OfRelativeGivesAGroupAddedBeforeTheLoadItsSavedBaseRate) {
  const Schedule factor = Constant{0.5};
  SGD two = groups_at({3, 4});
  LRScheduler scheduler = LRScheduler::relative(two, factor);
  SGD one = groups_at({3});
  LRScheduler later = LRScheduler::relative(one, factor);
  one.add_param_group(group_at(2));  // with the rate that the saved driver had written
  load(later, saved(scheduler));
  EXPECT_THAT(rates_in(one), ElementsAre(1.5, 2));
}

TEST(Checkpoint, OfMoreGroupsThanTheOptimizerHasIsRefused) {
  SGD two = groups_at({3, 4});
  SGD one = groups_at({1});
  const LRScheduler scheduler = LRScheduler::relative(two, Constant{0.5});
  LRScheduler other = LRScheduler::relative(one, Constant{0.5});
  EXPECT_THAT([&] { load(other, saved(scheduler)); },
              ThrowsMessage<std::runtime_error>(
                  HasSubstr("the base rates of 2 param groups, the optimizer has 1: add the others "
                            "first, by scheduler.add_param_group(group)")));
  other.step();
  EXPECT_THAT(rates_in(one), ElementsAre(0.5));
}

TEST(Checkpoint, ThatLeadsToABadRateIsRefusedAndChangesNothing) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, [](Step) { return 1.0; });
  scheduler.step_to(5);
  LRScheduler bad(other, [](Step t) { return t < 5 ? 0.5 : nan; });
  bad.step_to(2);
  EXPECT_THROW(load(bad, saved(scheduler), ScheduleChange::accept), std::domain_error);
  EXPECT_EQ(bad.step_count(), 2);
  EXPECT_THAT(rates_in(other), ElementsAre(0.5));
}

TEST(Checkpoint, PassesThroughWhatAScheduleThrowsAndChangesNothing) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, Constant{1});
  scheduler.step_to(5);
  LRScheduler throwing(other, [](Step t) {
    if (t == 5) throw std::runtime_error("no table");
    return 0.5;
  });
  EXPECT_THAT([&] { load(throwing, saved(scheduler), ScheduleChange::accept); },
              ThrowsMessage<std::runtime_error>(HasSubstr("no table")));
  EXPECT_EQ(throwing.step_count(), 0);
  EXPECT_THAT(rates_in(other), ElementsAre(0.5));
}

TEST(Checkpoint, OfACustomScheduleThatIsUndefinedInBetweenLoads) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler scheduler(optimizer, [](Step t) { return t == 2 ? nan : 0.5; });
  scheduler.step_to(4);
  const std::string bytes = saved(scheduler);
  scheduler.step_to(0);
  load(scheduler, bytes);
  EXPECT_EQ(scheduler.step_count(), 4);
}

// The message of loading the state of a driver of step_decay with these extras into `driven`, which
// must not change.
void expect_other_schedule(const LRScheduler& source, LRScheduler driven,
                           const testing::Matcher<std::string>& message) {
  driven.step_to(3);
  const Seen before = seen(driven);
  EXPECT_THAT([&] { load(driven, saved(source)); }, ThrowsMessage<std::runtime_error>(message));
  EXPECT_EQ(seen(driven), before);
}

TEST(ScheduleChange, IsRefusedWithBothSchedulesAndTheirFirstDifference) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  expect_other_schedule(
      LRScheduler(optimizer, step_decay),
      LRScheduler(other, StepDecay{.base_lr = 1, .step_size = 3, .drop = 0.1}),
      AllOf(testing::StartsWith("LRScheduler: "),
            EndsWith("the checkpoint is of another schedule\n"
                     "  saved:  lr: step_decay(base_lr=1, step_size=2, drop=0.1)\n"
                     "  driven: lr: step_decay(base_lr=1, step_size=3, drop=0.1)\n"
                     "  they first differ at step 2: 0.1 and 1\n"
                     "Load it with libsched::ScheduleChange::accept if the change is meant.")));
}

TEST(ScheduleChange, OfTheDistantFutureIsRefusedToo) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  expect_other_schedule(LRScheduler(optimizer, StepDecay{.base_lr = 1, .step_size = 1'000'000}),
                        LRScheduler(other, Constant{1}),
                        HasSubstr("their values are the same in the first 1000000 steps"));
  expect_other_schedule(LRScheduler(optimizer, StepDecay{.base_lr = 1, .step_size = 999'999}),
                        LRScheduler(other, Constant{1}),
                        HasSubstr("they first differ at step 999999: 0.5 and 1"));
}

TEST(ScheduleChange, ToACustomScheduleIsRefused) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  expect_other_schedule(LRScheduler(optimizer, step_decay),
                        LRScheduler(other, [](Step) { return 1.0; }),
                        HasSubstr("driven: lr: custom\n"));
}

TEST(ScheduleChange, ToAnotherCustomScheduleIsRefused) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  LRScheduler source(optimizer, [](Step) { return 1.0; });
  source.step();
  expect_other_schedule(source, LRScheduler(other, [](Step) { return 2.0; }),
                        HasSubstr("another custom schedule"));
}

TEST(ScheduleChange, FromSharedToRelativeIsRefused) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  expect_other_schedule(
      LRScheduler(optimizer, step_decay), LRScheduler::relative(other, step_decay),
      AllOf(HasSubstr("saved:  lr: step_decay"), HasSubstr("driven: factor of lr: step_decay"),
            HasSubstr("\n  one is of LRScheduler::relative, the other not\n")));
}

TEST(ScheduleChange, OfOneGroupIsRefused) {
  SGD optimizer = groups_at({7, 7});
  SGD other = groups_at({7, 7});
  expect_other_schedule(LRScheduler(optimizer, {Constant{1}, Constant{2}}),
                        LRScheduler(other, {Constant{1}, Constant{3}}),
                        AllOf(HasSubstr("saved:  lr of group 1: constant(base_lr=2)"),
                              HasSubstr("they first differ at step 0: 2 and 3")));
}

TEST(ScheduleChange, OfAHyperparameterIsRefused) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  expect_other_schedule(
      LRScheduler(optimizer, step_decay, Drive{Hyperparameter::momentum, Constant{0.5}}),
      LRScheduler(other, step_decay),
      EndsWith("the checkpoint also has momentum, which this driver does not drive\n"
               "  saved:  momentum: constant(base_lr=0.5)\n"
               "Load it with libsched::ScheduleChange::accept if the change is meant."));
  expect_other_schedule(
      LRScheduler(other, step_decay),
      LRScheduler(optimizer, step_decay, Drive{Hyperparameter::momentum, Constant{0.5}}),
      EndsWith("this driver also drives momentum, which the checkpoint lacks\n"
               "  driven: momentum: constant(base_lr=0.5)\n"
               "Load it with libsched::ScheduleChange::accept if the change is meant."));
}

TEST(ScheduleChange, OfAGroupThatTheOptimizerLacksSaysToAddItFirst) {
  SGD two = groups_at({7, 7});
  SGD one = groups_at({7});
  expect_other_schedule(
      LRScheduler(two, {Constant{1}, Constant{2}}), LRScheduler(one, {Constant{1}}),
      EndsWith("the checkpoint has a param group 1, which the optimizer lacks: add it first, by "
               "scheduler.add_param_group(group, schedule)\n"
               "  saved:  lr of group 1: constant(base_lr=2)"));
}

TEST(ScheduleChange, OfThePlateauIsRefused) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  expect_other_schedule(LRScheduler(optimizer, step_decay, ReduceOnPlateau{.patience = 1}),
                        LRScheduler(other, step_decay, ReduceOnPlateau{.patience = 2}),
                        AllOf(HasSubstr("the checkpoint is of another plateau, which differs in "
                                        "patience\n  saved:  reduce_on_plateau(factor=0.1, "
                                        "patience=1,"),
                              HasSubstr("driven: reduce_on_plateau(factor=0.1, patience=2,")));
}

TEST(ScheduleChange, IsAcceptedIfIntended) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other({parameter()}, SGDOptions(7));
  LRScheduler source(optimizer, step_decay, ReduceOnPlateau{.factor = 0.5, .patience = 0});
  source.step_to(2);
  source.report(nan);
  LRScheduler driven(other, Linear{.start = 1, .end = 0, .steps = 4},
                     ReduceOnPlateau{.factor = 0.25, .patience = 0});
  load(driven, saved(source), ScheduleChange::accept);
  EXPECT_EQ(driven.step_count(), 2);
  EXPECT_EQ(driven.scale(), 0.5);
  EXPECT_THAT(rates_in(other), ElementsAre(0.25));
}

TEST(ScheduleChange, IsAcceptedFromAFile) {
  SGD optimizer({parameter()}, SGDOptions(7));
  LRScheduler source(optimizer, step_decay);
  source.step_to(2);
  const File file;
  torch::save(source, file.path());
  LRScheduler driven(optimizer, Constant{0.25});
  torch::load(driven, file.path(), ScheduleChange::accept);
  EXPECT_EQ(driven.step_count(), 2);
  EXPECT_THAT(rates_in(optimizer), ElementsAre(0.25));
}

TEST(ScheduleChange, FromSharedToRelativeKeepsTheBaseRatesThatWereFound) {
  SGD optimizer({parameter()}, SGDOptions(7));
  SGD other = groups_at({0.5, 2});
  LRScheduler source(optimizer, Constant{1});
  source.step_to(2);
  LRScheduler driven = LRScheduler::relative(other, Linear{.start = 0.5, .end = 1, .steps = 2});
  load(driven, saved(source), ScheduleChange::accept);
  EXPECT_THAT(rates_in(other), ElementsAre(0.5, 2));
}

struct AdamWithWarmupAndCosine {
  using Optimizer = torch::optim::AdamW;
  static LRScheduler drive(Optimizer& optimizer) {
    return {optimizer, warmup(CosineDecay{.base_lr = 0.02, .steps = 50}, 10)};
  }
  static constexpr auto options = [] { return torch::optim::AdamWOptions(0.02); };
  static void report(LRScheduler&, double) {}
};

struct MomentumWithPlateau {
  using Optimizer = SGD;
  static LRScheduler drive(Optimizer& optimizer) {
    return {optimizer, Constant{0.1}, ReduceOnPlateau{.factor = 0.5, .patience = 1, .cooldown = 2}};
  }
  static constexpr auto options = [] { return SGDOptions(0.1).momentum(0.9); };
  static void report(LRScheduler& scheduler, double loss) { scheduler.report(loss); }
};

struct Checkpoint {
  std::string model, optimizer, scheduler;
};

// A small regression whose batch depends only on the step.
template <class Kind>
struct Training {
  torch::nn::Linear model{3, 2};
  typename Kind::Optimizer optimizer{model->parameters(), Kind::options()};
  LRScheduler scheduler = Kind::drive(optimizer);

  // The rate of one update and the parameters after it.
  std::pair<double, std::vector<float>> step() {
    const double rate = scheduler.lr();
    const auto now = static_cast<double>(scheduler.step_count());
    const torch::Tensor x = torch::sin(torch::arange(15, torch::kFloat32) * (now + 1)).view({5, 3});
    optimizer.zero_grad();
    const torch::Tensor loss = (model(x) - x.slice(1, 0, 2) * 2).pow(2).mean();
    loss.backward();
    optimizer.step();
    scheduler.step();
    Kind::report(scheduler, loss.template item<double>());
    std::vector<float> values;
    for (const torch::Tensor& p : model->parameters()) {
      const torch::Tensor flat = p.detach().contiguous();
      values.insert(values.end(), flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
    }
    return {rate, values};
  }

  Checkpoint save() const { return {saved(model), saved(optimizer), saved(scheduler)}; }
  void load_all(const Checkpoint& checkpoint) {
    load(model, checkpoint.model);
    load(optimizer, checkpoint.optimizer);
    load(scheduler, checkpoint.scheduler);
  }
};

template <class Kind>
void expect_the_same_tail_after_every_step() {
  constexpr std::size_t steps = 60;
  Training<Kind> whole;
  std::vector<Checkpoint> checkpoints;
  std::vector<std::pair<double, std::vector<float>>> expected;
  for (std::size_t t = 0; t < steps; ++t) {
    checkpoints.push_back(whole.save());
    expected.push_back(whole.step());
  }
  EXPECT_NE(expected.front().first, expected.back().first);
  for (std::size_t k = 0; k < steps; ++k) {
    Training<Kind> resumed;
    resumed.load_all(checkpoints[k]);
    for (std::size_t t = k; t < steps; ++t) {
      ASSERT_EQ(resumed.step(), expected[t]) << "split at " << k << ", step " << t;
    }
  }
}

TEST(Resumed, AdamWWithWarmupAndCosineGoesOnBitForBit) {
  expect_the_same_tail_after_every_step<AdamWithWarmupAndCosine>();
}

TEST(Resumed, MomentumWithPlateauGoesOnBitForBit) {
  expect_the_same_tail_after_every_step<MomentumWithPlateau>();
}

TEST(Resumed, RestoresTheRateThatLibTorchsOwnLoadMayLeaveOut) {
  Training<MomentumWithPlateau> first;
  for (int i = 0; i < 60; ++i) first.step();
  const double rate = rates_in(first.optimizer)[0];
  ASSERT_LT(rate, 0.1);
  Training<MomentumWithPlateau> second;
  const Checkpoint checkpoint = first.save();
  load(second.optimizer, checkpoint.optimizer);
#if TORCH_VERSION_MAJOR < 2
  EXPECT_EQ(rates_in(second.optimizer)[0], 0.1);
#else
  EXPECT_EQ(rates_in(second.optimizer)[0], rate);
#endif
  load(second.scheduler, checkpoint.scheduler);
  EXPECT_EQ(rates_in(second.optimizer)[0], rate);
}

// Matches one sentence without LibTorch's backtrace.
const auto one_sentence = AllOf(testing::StartsWith("LRScheduler: "), Not(HasSubstr("\n")),
                                Not(HasSubstr("Exception raised")), Not(EndsWith(": ")));

// Expects that loading this file is refused with one sentence that names it, and changes nothing.
void expect_refused_file(const std::string& path,
                         const testing::Matcher<std::string>& message = testing::_) {
  Everything driven;
  go_on(driven.scheduler);
  const Seen before = seen(driven.scheduler);
  EXPECT_THAT([&] { torch::load(driven.scheduler, path); },
              ThrowsMessage<std::runtime_error>(AllOf(one_sentence, HasSubstr(path), message)));
  EXPECT_EQ(seen(driven.scheduler), before);
}

TEST(DamagedCheckpoint, ThatIsMissingIsRefused) { expect_refused_file(File().path()); }
TEST(DamagedCheckpoint, ThatIsAFolderIsRefused) { expect_refused_file(testing::TempDir()); }
TEST(DamagedCheckpoint, ThatIsEmptyIsRefused) { expect_refused_file(File("").path()); }
TEST(DamagedCheckpoint, ThatIsATextIsRefused) {
  const File file("step_decay(base_lr=1, step_size=2)\n");
  expect_refused_file(file.path());
}
TEST(DamagedCheckpoint, ThatIsOfAModelIsRefused) {
  const File file(saved(torch::nn::Linear(3, 2)));
  expect_refused_file(file.path(), HasSubstr("not a checkpoint of a libsched driver"));
}
TEST(DamagedCheckpoint, ThatIsOfAnOptimizerIsRefused) {
  SGD optimizer({parameter()}, SGDOptions(7).momentum(0.9));
  update(optimizer);
  const File file(saved(optimizer));
  expect_refused_file(file.path(), HasSubstr("not a checkpoint of a libsched driver"));
}
TEST(DamagedCheckpoint, ThatIsOfATensorIsRefused) {
  const File file(saved(parameter()));
  expect_refused_file(file.path());
}

std::string changed(const std::string& before, const std::string& after) {
  Everything driven;
  std::string text = saved(driven.scheduler);
  return text.replace(text.find(before), before.size(), after);
}

TEST(DamagedCheckpoint, OfALaterFormatIsRefused) {
  const File file(changed("format 1", "format 2"));
  expect_refused_file(file.path(), HasSubstr("another format, this libsched reads format 1"));
}
TEST(DamagedCheckpoint, WithAnotherStepIsRefused) {
  const File file(changed("step 0", "step 5"));
  expect_refused_file(file.path(), HasSubstr("damaged"));
}

TEST(Archive, WithoutASchedulerIsRefused) {
  std::istringstream stream(saved(parameter()));
  torch::serialize::InputArchive archive;
  archive.load_from(stream);
  Everything driven;
  EXPECT_THAT([&] { driven.scheduler.load(archive); },
              ThrowsMessage<std::runtime_error>(
                  HasSubstr("this is not a checkpoint of a libsched driver")));
}

TEST(Archive, WithAnotherArchiveUnderTheSchedulersKeyIsRefused) {
  for (const auto& [key, value] :
       {std::pair("other", c10::IValue("text")), std::pair("state", c10::IValue(5))}) {
    torch::serialize::OutputArchive out, inner;
    inner.write(key, value);
    out.write("scheduler", inner);
    std::stringstream stream;
    out.save_to(stream);
    torch::serialize::InputArchive in;
    in.load_from(stream);
    Everything driven;
    EXPECT_THAT([&] { driven.scheduler.load(in, "scheduler"); },
                ThrowsMessage<std::runtime_error>(HasSubstr(
                    "this is not a checkpoint of a libsched driver: it has no 'scheduler'")));
  }
}

TEST(Checkpoint, ToAPathThatCannotBeWrittenNamesIt) {
  Everything driven;
  EXPECT_THAT([&] { torch::save(driven.scheduler, "/nowhere/scheduler.pt"); },
              ThrowsMessage<std::runtime_error>(
                  testing::StrEq("LRScheduler: cannot write '/nowhere/scheduler.pt'")));
}

TEST(Checkpoint, OfASubnormalScaleIsRestored) {
  Everything first;
  for (int i = 0; i < 4000; ++i) first.scheduler.report(nan);
  EXPECT_LT(first.scheduler.scale(), 1e-308);
  Everything second;
  load(second.scheduler, saved(first.scheduler));
  EXPECT_EQ(second.scheduler.scale(), first.scheduler.scale());
}

// Expects that the bytes load as exactly the saved state, or are an error that changes nothing.
class Damage {
 public:
  Damage() {
    for (int i = 0; i < 13; ++i) go_on(first_.scheduler);
    bytes_ = saved(first_.scheduler);
    reset();
  }

  const std::string& bytes() const { return bytes_; }

  void expect_safe(const std::string& damaged, const std::string& what) {
    try {
      load(driven_->scheduler, damaged);
      EXPECT_EQ(seen(driven_->scheduler), seen(first_.scheduler)) << what;
      ++harmless;
      reset();
    } catch (const std::runtime_error& error) {
      EXPECT_THAT(error.what(), one_sentence) << what;
      EXPECT_EQ(seen(driven_->scheduler), before_) << what;
      ++refused;
    } catch (const std::exception& error) {
      ADD_FAILURE() << what << ": " << typeid(error).name() << ": " << error.what();
    }
  }

  int harmless = 0;
  int refused = 0;

 private:
  void reset() {
    driven_ = std::make_unique<Everything>();
    go_on(driven_->scheduler);
    before_ = seen(driven_->scheduler);
  }

  Everything first_;
  std::string bytes_;
  std::unique_ptr<Everything> driven_;
  Seen before_;
};

TEST(DamagedCheckpoint, ThatIsTruncatedIsRefused) {
  Damage damage;
  for (std::size_t size = 0; size < damage.bytes().size(); size += 7) {
    damage.expect_safe(damage.bytes().substr(0, size), "truncated to " + std::to_string(size));
  }
  EXPECT_EQ(damage.harmless, 0);
}

TEST(DamagedCheckpoint, WithAnyByteFlippedIsRefusedOrHarmless) {
  Damage damage;
  for (std::size_t i = 0; i < damage.bytes().size(); ++i) {
    for (const int bits : {0xFF, 1 << (i % 8)}) {
      std::string damaged = damage.bytes();
      damaged[i] = static_cast<char>(damaged[i] ^ bits);
      damage.expect_safe(damaged, "byte " + std::to_string(i) + " ^ " + std::to_string(bits));
    }
  }
  EXPECT_GT(damage.refused, 100);
}

TEST(DamagedCheckpoint, ThatFollowsOtherBytesIsRefusedOrHarmless) {
  Damage damage;
  damage.expect_safe("x" + damage.bytes(), "a byte in front");
  damage.expect_safe(damage.bytes() + "x", "a byte at the end");
  damage.expect_safe(damage.bytes() + damage.bytes(), "twice");
}

}  // namespace
}  // namespace libsched
