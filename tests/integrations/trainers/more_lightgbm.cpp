// LightGBM's C API, from its PyPI wheel, has the rate as a text that becomes a double, once per
// tree.
#include <LightGBM/c_api.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include "trainer.hpp"

namespace libsched::trainers {
namespace {

using testing::DoubleNear;
using testing::HasSubstr;
using testing::Pointwise;

void check(int result) {
  if (result != 0) throw std::runtime_error(LGBM_GetLastError());
}

// The first half of the rows is 0 with the label -1, the second is 1 with the label 3. Without a
// penalty, a leaf is the rate times the residual of its rows.
class LightGbm {
 public:
  explicit LightGbm(const std::string& parameters = "boost_from_average=false")
      : parameters_(
            "objective=regression num_leaves=2 min_data_in_leaf=1 min_data_in_bin=1 num_threads=1 "
            "force_col_wise=true verbosity=-1 " +
            parameters) {
    const std::vector<double> rows{0, 0, 1, 1};
    const std::vector<float> labels{-1, -1, 3, 3};
    check(LGBM_DatasetCreateFromMat(rows.data(), C_API_DTYPE_FLOAT64, 4, 1, 1, parameters_.c_str(),
                                    nullptr, &data_));
    check(LGBM_DatasetSetField(data_, "label", labels.data(), 4, C_API_DTYPE_FLOAT32));
    check(LGBM_BoosterCreate(data_, parameters_.c_str(), &booster_));
  }
  LightGbm(const LightGbm&) = delete;
  LightGbm& operator=(const LightGbm&) = delete;
  ~LightGbm() {
    LGBM_BoosterFree(booster_);
    LGBM_DatasetFree(data_);
  }

  void set(const std::string& parameter) {
    check(LGBM_BoosterResetParameter(booster_, parameter.c_str()));
  }
  void set_rate(double lr) { set(fmt::format("learning_rate={}", lr)); }

  void grow() {
    int is_finished = 0;
    check(LGBM_BoosterUpdateOneIter(booster_, &is_finished));
  }
  double update(Step /*t*/) {
    const double left = 3 - last_row();
    grow();
    return leaf_of_last_row() / left;
  }

  std::string weights() const {
    std::string text(1 << 16, '\0');
    std::int64_t size = 0;
    check(LGBM_BoosterSaveModelToString(booster_, 0, -1, 0, static_cast<std::int64_t>(text.size()),
                                        &size, text.data()));
    text.resize(static_cast<std::size_t>(size) - 1);
    return text.substr(0, text.find("end of trees"));
  }
  std::vector<std::string> printed_rates() const {
    const std::string text = weights();
    const std::regex line("shrinkage=(.*)");
    std::vector<std::string> rates;
    for (std::sregex_iterator i(text.begin(), text.end(), line), end; i != end; ++i) {
      rates.push_back((*i)[1]);
    }
    return rates;
  }

  void save(const std::string& path) const {
    check(LGBM_BoosterSaveModel(booster_, 0, -1, 0, path.c_str()));
  }
  // The predictions of the saved model are the start of the next one.
  void load(const std::string& path) {
    int rounds = 0;
    BoosterHandle former = nullptr;
    check(LGBM_BoosterCreateFromModelfile(path.c_str(), &rounds, &former));
    const std::vector<double> rows{0, 0, 1, 1};
    std::vector<double> predicted(4);
    std::int64_t size = 0;
    check(LGBM_BoosterPredictForMat(former, rows.data(), C_API_DTYPE_FLOAT64, 4, 1, 1,
                                    C_API_PREDICT_RAW_SCORE, 0, -1, "", &size, predicted.data()));
    check(LGBM_DatasetSetField(data_, "init_score", predicted.data(), 4, C_API_DTYPE_FLOAT64));
    check(LGBM_BoosterFree(booster_));
    check(LGBM_BoosterCreate(data_, parameters_.c_str(), &booster_));
    check(LGBM_BoosterMerge(booster_, former));
    check(LGBM_BoosterFree(former));
  }

  double last_row() const {
    if (trees() == 0) return 0;
    const double row = 1;
    double predicted = 0;
    std::int64_t size = 0;
    check(LGBM_BoosterPredictForMat(booster_, &row, C_API_DTYPE_FLOAT64, 1, 1, 1,
                                    C_API_PREDICT_RAW_SCORE, 0, -1, "", &size, &predicted));
    return predicted;
  }
  double leaf_of_last_row() const {
    double leaf = 0;
    check(LGBM_BoosterGetLeafValue(booster_, trees() - 1, 1, &leaf));
    return leaf;
  }
  int trees() const {
    int count = 0;
    check(LGBM_BoosterNumberOfTotalModel(booster_, &count));
    return count;
  }

  BoosterHandle booster() const { return booster_; }

 private:
  std::string parameters_;
  DatasetHandle data_ = nullptr;
  BoosterHandle booster_ = nullptr;
};

TEST(LightGbm, UsesTheRateOfTheScheduleInEveryTree) {
  expect_the_rate_of_the_schedule_at_every_update<LightGbm>();
}

TEST(LightGbm, ResumedIsThatOfAnUninterruptedRun) {
  expect_a_resumed_run_to_be_that_of_an_uninterrupted_one<LightGbm>();
}

TEST(LightGbm, BeginsWithARateOfOneTenth) { EXPECT_NEAR(LightGbm().update(0), 0.1, 1e-6); }

TEST(LightGbm, PrintsARateOfOneForItsFirstTreeWhoseLeavesHoldTheAverage) {
  LightGbm lightgbm("");
  lightgbm.grow();
  EXPECT_NEAR(lightgbm.leaf_of_last_row(), 1 + 0.1 * (3 - 1), 1e-6);
  lightgbm.grow();
  EXPECT_EQ(lightgbm.printed_rates(), (std::vector<std::string>{"1", "0.1"}));
}

TEST(LightGbm, RefusesARateOfZeroAndKeepsTheFormerOne) {
  LightGbm lightgbm;
  lightgbm.set_rate(0.5);
  EXPECT_THROW(lightgbm.set_rate(0), std::runtime_error);
  EXPECT_NEAR(lightgbm.update(0), 0.5, 1e-6);
}

TEST(LightGbm, TakesAFloorInPlaceOfZero) {
  LightGbm lightgbm;
  Driver driver(maximum(Linear{.start = 0.5, .end = 0, .steps = 2}, Constant{1e-12}),
                [&](double lr) { lightgbm.set_rate(lr); });
  driver.advance(2);
  EXPECT_EQ(driver.lr(), 1e-12);
}

TEST(LightGbm, ThatRefusesARateLeavesTheDriverUnchanged) {
  LightGbm lightgbm;
  Driver driver(Linear{.start = 0.5, .end = 0, .steps = 2},
                [&](double lr) { lightgbm.set_rate(lr); });
  driver.step();
  EXPECT_THROW(driver.step(), std::runtime_error);
  EXPECT_EQ(driver.step_count(), 1);
  EXPECT_NEAR(lightgbm.update(1), 0.25, 1e-6);
}

TEST(LightGbm, OfARandomForestIgnoresTheRate) {
  LightGbm lightgbm("boosting=rf bagging_freq=1 bagging_fraction=0.9 boost_from_average=false");
  lightgbm.set_rate(0.25);
  lightgbm.grow();
  lightgbm.grow();
  EXPECT_EQ(lightgbm.printed_rates(), (std::vector<std::string>{"1", "1"}));
}

TEST(LightGbm, OfDartDividesTheRateByOneMoreThanTheTreesThatItDrops) {
  LightGbm lightgbm("boosting=dart drop_rate=1 skip_drop=0 boost_from_average=false");
  lightgbm.set_rate(0.5);
  lightgbm.grow();
  lightgbm.grow();
  EXPECT_NEAR(lightgbm.leaf_of_last_row(), 0.5 / 2 * 3, 1e-6);
}

// This is the code of integrations/README.md.
TEST(LightGbm, IsDrivenByTheLinesOfTheReadme) {
  LightGbm lightgbm;
  const BoosterHandle booster = lightgbm.booster();
  const Schedule schedule = trainers::schedule();
  const Step rounds = 3;

  int is_finished = 0;
  libsched::Driver driver(schedule, [&](double lr) {
    check(LGBM_BoosterResetParameter(booster, fmt::format("learning_rate={}", lr).c_str()));
  });
  while (driver.step_count() < rounds) {
    check(LGBM_BoosterUpdateOneIter(booster, &is_finished));
    driver.step();
  }

  // The trees leave these residuals of the label 3.
  EXPECT_NEAR(lightgbm.last_row(), 3 * (1 - (1 - rate(0)) * (1 - rate(1)) * (1 - rate(2))), 1e-6);
}

}  // namespace
}  // namespace libsched::trainers
