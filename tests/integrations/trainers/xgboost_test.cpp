// The C API of XGBoost 1.7.4 takes the rate as a text, reads it as a float, and uses it for one
// round.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "trainer.hpp"

namespace libsched::trainers {
namespace {

using testing::DoubleNear;
using testing::Each;
using testing::HasSubstr;
using testing::Pointwise;

void check(int result) {
  if (result != 0) throw std::runtime_error(XGBGetLastError());
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}
std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Rows of 0 have the label -1, rows of 1 the label 3. Without a penalty, a leaf is the rate times
// the residual of its rows.
class Xgboost {
 public:
  Xgboost() {
    const std::vector<float> rows{0, 0, 1, 1};
    const std::vector<float> labels{-1, -1, 3, 3};
    check(XGDMatrixCreateFromMat(rows.data(), rows.size(), 1, NAN, &data_));
    check(XGDMatrixSetFloatInfo(data_, "label", labels.data(), labels.size()));
    check(XGBoosterCreate(&data_, 1, &booster_));
    set("base_score", "0");
    set("lambda", "0");
    set("nthread", "1");
  }
  Xgboost(const std::string& name, const std::string& value) : Xgboost() { set(name, value); }
  Xgboost(const Xgboost&) = delete;
  Xgboost& operator=(const Xgboost&) = delete;
  ~Xgboost() {
    XGBoosterFree(booster_);
    XGDMatrixFree(data_);
  }

  void set(const std::string& name, const std::string& value) {
    check(XGBoosterSetParam(booster_, name.c_str(), value.c_str()));
  }
  void set_rate(double lr) { set("eta", fmt::format("{}", lr)); }

  double update(Step /*t*/) {
    const double left = 3 - prediction(0, rounds());
    grow();
    return prediction(rounds() - 1, rounds()) / left;
  }
  std::vector<double> used_rates(const std::string& name, const std::vector<std::string>& values) {
    std::vector<double> rates;
    for (const std::string& value : values) {
      set(name, value);
      rates.push_back(update(0));
    }
    return rates;
  }
  void grow() { check(try_to_grow(rounds())); }
  int try_to_grow(int round) { return XGBoosterUpdateOneIter(booster_, round, data_); }

  std::string weights() const {
    bst_ulong size = 0;
    const char* bytes = nullptr;
    check(XGBoosterSaveModelToBuffer(booster_, R"({"format": "ubj"})", &size, &bytes));
    return {bytes, size};
  }
  // A snapshot contains the parameters, which a model does not.
  void save(const std::string& path) const {
    bst_ulong size = 0;
    const char* bytes = nullptr;
    check(XGBoosterSerializeToBuffer(booster_, &size, &bytes));
    write(path, {bytes, size});
  }
  void load(const std::string& path) {
    const std::string bytes = read(path);
    check(XGBoosterUnserializeFromBuffer(booster_, bytes.data(), bytes.size()));
  }
  void load_model(const std::string& bytes) {
    check(XGBoosterLoadModelFromBuffer(booster_, bytes.data(), bytes.size()));
  }

  // The prediction of the trees of these rounds for a row of 1.
  double prediction(int begin, int end) const {
    if (end == 0) return 0;
    const std::string options =
        fmt::format(R"({{"type": 1, "training": false, "strict_shape": false, )"
                    R"("iteration_begin": {}, "iteration_end": {}}})",
                    begin, end);
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* values = nullptr;
    check(XGBoosterPredictFromDMatrix(booster_, data_, options.c_str(), &shape, &dimensions,
                                      &values));
    return values[3];
  }
  int rounds() const {
    int rounds = 0;
    check(XGBoosterBoostedRounds(booster_, &rounds));
    return rounds;
  }
  std::vector<std::string> trees() const {
    bst_ulong count = 0;
    const char** texts = nullptr;
    check(XGBoosterDumpModel(booster_, "", 0, &count, &texts));
    return {texts, texts + count};
  }

  BoosterHandle booster() const { return booster_; }
  DMatrixHandle data() const { return data_; }

 private:
  DMatrixHandle data_ = nullptr;
  BoosterHandle booster_ = nullptr;
};

TEST(Trainers, XgboostUsesTheRateOfTheScheduleInEveryTree) {
  expect_the_rate_of_the_schedule_at_every_update<Xgboost>();
}

class Dart : public Xgboost {
 public:
  Dart() : Xgboost("booster", "dart") { set("tree_method", "hist"); }
};
TEST(Trainers, XgboostUsesTheRateOfTheScheduleInEveryTreeOfDart) {
  expect_the_rate_of_the_schedule_at_every_update<Dart>();
}

TEST(Trainers, XgboostResumedIsXgboostUninterrupted) {
  expect_a_resumed_run_to_be_that_of_an_uninterrupted_one<Xgboost>();
}

class XgboostOfAModel : public Xgboost {
 public:
  void save(const std::string& path) const { write(path, weights()); }
  void load(const std::string& path) { load_model(read(path)); }
};
TEST(Trainers, XgboostResumedFromAModelIsXgboostUninterrupted) {
  expect_a_resumed_run_to_be_that_of_an_uninterrupted_one<XgboostOfAModel>();
}

TEST(Trainers, XgboostCountsItsRoundsInAModel) {
  Xgboost xgboost;
  for (int i = 0; i < 3; ++i) xgboost.grow();
  Xgboost loaded;
  loaded.load_model(xgboost.weights());
  Driver driver = drive(loaded);
  driver.step_to(loaded.rounds());
  EXPECT_EQ(driver.step_count(), 3);
}

TEST(Trainers, XgboostUsesALearningRateForItsFirstTreeWhateverEtaSaysLater) {
  Xgboost xgboost("learning_rate", "0.3");
  EXPECT_THAT(xgboost.used_rates("eta", {"0.5", "0.25", "0.125"}),
              Pointwise(DoubleNear(1e-6), {0.3, 0.25, 0.125}));
}

TEST(Trainers, XgboostCreatedWithEtaTakesALaterLearningRate) {
  Xgboost xgboost("eta", "0.3");
  EXPECT_THAT(xgboost.used_rates("learning_rate", {"0.5", "0.25", "0.125"}),
              Pointwise(DoubleNear(1e-6), {0.5, 0.25, 0.125}));
}

TEST(Trainers, XgboostBeginsWithARateOfThreeTenths) { EXPECT_NEAR(Xgboost().update(0), 0.3, 1e-6); }

TEST(Trainers, XgboostKeepsNoRateInAModel) {
  Xgboost xgboost;
  xgboost.set_rate(0.5);
  xgboost.grow();
  Xgboost loaded;
  loaded.load_model(xgboost.weights());
  EXPECT_NEAR(loaded.update(1), 0.3, 1e-6);
}

TEST(Trainers, XgboostTakesARateOfZero) {
  Xgboost xgboost;
  xgboost.set_rate(0);
  EXPECT_EQ(xgboost.update(0), 0);
}

// Setting the rate does not fail, so that a driver does not notice.
TEST(Trainers, XgboostRefusesABadRateAtTheNextUpdate) {
  Xgboost xgboost;
  xgboost.set_rate(0.5);
  xgboost.grow();
  for (const char* const bad : {"-1", "abc", "1e-40", "1e39", "inf"}) {
    xgboost.set("eta", bad);
    EXPECT_EQ(xgboost.try_to_grow(1), -1) << bad;
    EXPECT_THAT(XGBGetLastError(), HasSubstr("learning_rate"));
  }
  xgboost.set_rate(0.25);
  EXPECT_NEAR(xgboost.update(1), 0.25, 1e-6);
}

TEST(Trainers, XgboostSharesTheRateAmongParallelTrees) {
  Xgboost xgboost("num_parallel_tree", "4");
  xgboost.set_rate(0.5);
  EXPECT_NEAR(xgboost.update(0), 0.5, 1e-6);
  EXPECT_EQ(xgboost.trees().size(), 4);
  EXPECT_THAT(xgboost.trees(), Each(HasSubstr("leaf=0.375\n")));  // the label 3 * 0.5 / 4
}

// This is the code of integrations/README.md.
TEST(Trainers, XgboostIsDrivenByTheLinesOfTheReadme) {
  Xgboost xgboost;
  BoosterHandle booster = xgboost.booster();
  DMatrixHandle data = xgboost.data();
  const Schedule schedule = trainers::schedule();
  const Step rounds = 3;

  libsched::Driver driver(schedule, [&](double lr) {
    check(XGBoosterSetParam(booster, "eta", fmt::format("{}", lr).c_str()));
  });
  while (driver.step_count() < rounds) {
    check(XGBoosterUpdateOneIter(booster, static_cast<int>(driver.step_count()), data));
    driver.step();
  }

  // The trees leave these residuals of the label 3.
  EXPECT_NEAR(xgboost.prediction(0, 3), 3 * (1 - (1 - rate(0)) * (1 - rate(1)) * (1 - rate(2))),
              1e-6);
}

}  // namespace
}  // namespace libsched::trainers
