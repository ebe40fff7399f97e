// ANN_MLP of OpenCV 4.6 makes one update per call of train(), with a rate that is a double.
#include <gtest/gtest.h>

#include <cmath>
#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <opencv2/ml.hpp>
#include <string>
#include <vector>

#include "trainer.hpp"

namespace libsched::trainers {
namespace {

using cv::ml::ANN_MLP;
constexpr int as_they_are = ANN_MLP::NO_INPUT_SCALE | ANN_MLP::NO_OUTPUT_SCALE;

// The output is w x + b. A sample with x = 1 and the error e moves w by rate * e.
class Opencv {
 public:
  explicit Opencv(int iterations = 1) {
    net_->setLayerSizes(cv::Mat_<int>({2, 1}, {1, 1}));
    net_->setActivationFunction(ANN_MLP::IDENTITY);
    net_->setTrainMethod(ANN_MLP::BACKPROP);
    net_->setTermCriteria({cv::TermCriteria::MAX_ITER, 1, 0});
    net_->setBackpropWeightScale(0);  // the first call draws the weights
    train({0}, as_they_are);
    net_->setTermCriteria({cv::TermCriteria::MAX_ITER, iterations, 0});
    net_->setBackpropWeightScale(0.1);
  }

  void set_rate(double lr) { net_->setBackpropWeightScale(lr); }
  double update(Step t) {
    const auto wanted = t % 2 == 0 ? 1.F : -1.F;
    const std::vector<double> before = weights();
    train({wanted});
    return (weights()[0] - before[0]) / (wanted - before[0] - before[1]);
  }
  std::vector<double> weights() const { return net_->getWeights(1); }
  void save(const std::string& path) const { net_->save(path + ".yml"); }
  void load(const std::string& path) { net_ = ANN_MLP::load(path + ".yml"); }

  // Trains on one sample with x = 1 per output.
  void train(const std::vector<float>& wanted, int flags = as_they_are | ANN_MLP::UPDATE_WEIGHTS) {
    const cv::Mat inputs = cv::Mat::ones(static_cast<int>(wanted.size()), 1, CV_32F);
    net_->train(cv::ml::TrainData::create(inputs, cv::ml::ROW_SAMPLE, cv::Mat(wanted, true)),
                flags);
  }
  ANN_MLP& net() { return *net_; }

 private:
  cv::Ptr<ANN_MLP> net_ = ANN_MLP::create();
};

TEST(Trainers, OpencvUsesTheRateOfTheScheduleAtEveryUpdate) {
  expect_the_rate_of_the_schedule_at_every_update<Opencv>();
}

TEST(Trainers, OpencvResumedIsOpencvUninterrupted) {
  expect_a_resumed_run_to_be_that_of_an_uninterrupted_one<Opencv>();
}

TEST(Trainers, OpencvNewTakesNoRate) {
  const auto trained = [](double lr) {
    Opencv opencv;
    opencv.net().setTrainMethod(ANN_MLP::create()->getTrainMethod());
    opencv.set_rate(lr);
    opencv.train({1});
    return opencv.weights();
  };
  EXPECT_NE(trained(0.1), Opencv().weights());
  EXPECT_EQ(trained(0.1), trained(0.7));
}

TEST(Trainers, OpencvClampsTheRateOfItsTrainMethod) {
  const auto used = [](double lr) {
    Opencv opencv;
    opencv.net().setTrainMethod(ANN_MLP::BACKPROP, lr);
    return opencv.update(0);
  };
  EXPECT_NEAR(used(1e-4), 0.001, 1e-9);
  EXPECT_NEAR(used(5), 1, 1e-9);
  EXPECT_NEAR(used(0), 0.1, 1e-9);
}

TEST(Trainers, OpencvDoesNotClampTheRateOfItsWeightScale) {
  const auto used = [](double lr) {
    Opencv opencv;
    opencv.set_rate(lr);
    return opencv.update(0);
  };
  EXPECT_NEAR(used(1e-6), 1e-6, 1e-12);
  EXPECT_NEAR(used(5), 5, 1e-9);
  EXPECT_EQ(used(0), 0);
}

// The first update moves both w and b by 0.1 of an error of 1, so that 0.8 is left for the second.
TEST(Trainers, OpencvForgetsTheMomentumBetweenCalls) {
  const auto moved = [](int calls, int iterations, double momentum) {
    Opencv opencv(iterations);
    opencv.net().setBackpropMomentumScale(momentum);
    const std::vector<double> before = opencv.weights();
    const auto wanted = static_cast<float>(before[0] + before[1] + 1);
    for (int i = 0; i < calls; ++i) opencv.train({wanted});
    return opencv.weights()[0] - before[0];
  };
  EXPECT_NEAR(moved(1, 2, 0.5), 0.1 + 0.08 + 0.5 * 0.1, 1e-6);
  EXPECT_NEAR(moved(2, 1, 0.5), 0.1 + 0.08, 1e-6);
}

TEST(Trainers, OpencvHasNoMomentumAfterItsTrainMethodIsSet) {
  const cv::Ptr<ANN_MLP> net = ANN_MLP::create();
  EXPECT_EQ(net->getBackpropMomentumScale(), 0.1);
  net->setTrainMethod(ANN_MLP::BACKPROP);
  EXPECT_EQ(net->getBackpropMomentumScale(), 0);
}

// A sample moves both w and b by 0.1 of the error, so that 0.8 of it is left for the next.
TEST(Trainers, OpencvMakesAnUpdateOfEachSampleOfACall) {
  Opencv opencv;
  const std::vector<double> before = opencv.weights();
  const auto wanted = static_cast<float>(before[0] + before[1] + 1);
  opencv.train({wanted, wanted, wanted, wanted});
  EXPECT_NEAR(opencv.weights()[0] - before[0], 0.1 * (1 + 0.8 + 0.64 + 0.512), 1e-6);
}

TEST(Trainers, OpencvStartsAfreshIfNotToldToUpdate) {
  Opencv opencv;
  const std::vector<double> before = opencv.weights();
  opencv.set_rate(0);
  opencv.train({1}, as_they_are);
  EXPECT_NE(opencv.weights(), before);
}

// This is the code of integrations/README.md.
TEST(Trainers, OpencvIsDrivenByTheLinesOfTheReadme) {
  Opencv opencv;
  ANN_MLP* const net = &opencv.net();
  const Schedule schedule = trainers::schedule();
  const std::vector<cv::Ptr<cv::ml::TrainData>> batches(
      3, cv::ml::TrainData::create(cv::Mat::ones(2, 1, CV_32F), cv::ml::ROW_SAMPLE,
                                   cv::Mat::ones(2, 1, CV_32F)));

  using cv::ml::ANN_MLP;
  net->setTrainMethod(ANN_MLP::BACKPROP);
  net->setTermCriteria({cv::TermCriteria::MAX_ITER, 1, 0});
  libsched::Driver driver(schedule, [&](double lr) { net->setBackpropWeightScale(lr); });
  for (const auto& data : batches) {
    net->train(data, ANN_MLP::UPDATE_WEIGHTS | ANN_MLP::NO_INPUT_SCALE | ANN_MLP::NO_OUTPUT_SCALE);
    driver.advance(data->getNSamples());
  }

  EXPECT_EQ(driver.step_count(), 6);
  EXPECT_EQ(net->getBackpropWeightScale(), schedule(6));
}

}  // namespace
}  // namespace libsched::trainers
