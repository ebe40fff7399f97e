// ggml_opt of ggml 0.25.3 asks a callback for the rate before every update. Its weights and rates
// are floats.
#include <ggml-backend.h>
#include <ggml-cpu.h>
#include <ggml-opt.h>
#include <ggml.h>
#include <gmock/gmock.h>

#include <cstdint>
#include <fstream>
#include <libsched/driver.hpp>
#include <libsched/libsched.hpp>
#include <string>
#include <vector>

#include "trainer.hpp"

namespace libsched::trainers {
namespace {

using testing::ElementsAre;

// The target of the weight w is 1 at each of four points; its gradient is 2 (w - 1).
class Model {
 public:
  Model() {
    ggml_backend_cpu_set_n_threads(backend_, 1);
    scheduler_ =
        ggml_backend_sched_new(&backend_, nullptr, 1, GGML_DEFAULT_GRAPH_SIZE, false, true);
    tensors_ = ggml_init({2 * ggml_tensor_overhead(), nullptr, true});
    compute_ =
        ggml_init({GGML_DEFAULT_GRAPH_SIZE * ggml_tensor_overhead() + 3 * ggml_graph_overhead(),
                   nullptr, true});
    inputs_ = ggml_new_tensor_2d(tensors_, GGML_TYPE_F32, 1, 1);
    weight_ = ggml_new_tensor_1d(tensors_, GGML_TYPE_F32, 1);
    ggml_set_param(weight_);
    buffer_ = ggml_backend_alloc_ctx_tensors(tensors_, backend_);
    set_weight(0);
    outputs_ = ggml_add(compute_, inputs_, weight_);
    dataset_ = ggml_opt_dataset_init(GGML_TYPE_F32, GGML_TYPE_F32, 1, 1, points, 1);
    for (int i = 0; i < points; ++i) {
      ggml_get_data_f32(ggml_opt_dataset_data(dataset_))[i] = 0;
      ggml_get_data_f32(ggml_opt_dataset_labels(dataset_))[i] = 1;
    }
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  ~Model() {
    ggml_opt_free(opt_);
    ggml_opt_dataset_free(dataset_);
    ggml_backend_buffer_free(buffer_);
    ggml_free(compute_);
    ggml_free(tensors_);
    ggml_backend_sched_free(scheduler_);
    ggml_backend_free(backend_);
  }

  ggml_opt_params params() const {
    ggml_opt_params params =
        ggml_opt_default_params(scheduler_, GGML_OPT_LOSS_TYPE_MEAN_SQUARED_ERROR);
    params.ctx_compute = compute_;
    params.inputs = inputs_;
    params.outputs = outputs_;
    params.optimizer = GGML_OPT_OPTIMIZER_TYPE_SGD;
    return params;
  }
  void begin(const ggml_opt_params& params) { opt_ = ggml_opt_init(params); }
  void batch(int i) {
    ggml_opt_alloc(opt_, true);
    ggml_opt_dataset_get_batch(dataset_, inputs_, ggml_opt_labels(opt_), i % points);
    ggml_opt_eval(opt_, nullptr);
  }
  void epoch() { ggml_opt_epoch(opt_, dataset_, nullptr, nullptr, -1, nullptr, nullptr); }
  void fit(ggml_opt_get_optimizer_params callback, int epochs) {
    ggml_opt_fit(scheduler_, compute_, inputs_, outputs_, dataset_,
                 GGML_OPT_LOSS_TYPE_MEAN_SQUARED_ERROR, GGML_OPT_OPTIMIZER_TYPE_SGD, callback,
                 epochs, 1, 0, true);
  }

  float weight() const {
    float weight = 0;
    ggml_backend_tensor_get(weight_, &weight, 0, sizeof weight);
    return weight;
  }
  void set_weight(float weight) { ggml_backend_tensor_set(weight_, &weight, 0, sizeof weight); }

  static constexpr int points = 4;

 private:
  ggml_backend_t backend_ = ggml_backend_cpu_init();
  ggml_backend_sched_t scheduler_ = nullptr;
  ggml_context* tensors_ = nullptr;
  ggml_context* compute_ = nullptr;
  ggml_backend_buffer_t buffer_ = nullptr;
  ggml_tensor* inputs_ = nullptr;
  ggml_tensor* weight_ = nullptr;
  ggml_tensor* outputs_ = nullptr;
  ggml_opt_dataset_t dataset_ = nullptr;
  ggml_opt_context_t opt_ = nullptr;
};

// Here the program has its own loop, and ggml's callback returns the rate that the driver set.
class Ggml {
 public:
  Ggml() {
    ggml_opt_params params = model_.params();
    params.get_opt_pars = ggml_opt_get_constant_optimizer_params;
    params.get_opt_pars_ud = &pars_;
    model_.begin(params);
  }
  void set_rate(double lr) { pars_.sgd.alpha = static_cast<float>(lr); }
  double update(Step t) {
    const double left = 1.0 - model_.weight();
    model_.batch(static_cast<int>(t));
    return (1 - (1.0 - model_.weight()) / left) / 2;
  }
  float weights() const { return model_.weight(); }
  void save(const std::string& path) const {
    const float weight = model_.weight();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(&weight), sizeof weight);
  }
  void load(const std::string& path) {
    float weight = 0;
    std::ifstream(path, std::ios::binary).read(reinterpret_cast<char*>(&weight), sizeof weight);
    model_.set_weight(weight);
  }

 private:
  Model model_;
  ggml_opt_optimizer_params pars_ = ggml_opt_get_default_optimizer_params(nullptr);
};

TEST(Ggml, UsesTheRateOfTheScheduleAtEveryUpdate) {
  expect_the_rate_of_the_schedule_at_every_update<Ggml>();
}

TEST(Ggml, ResumedIsThatOfAnUninterruptedRun) {
  expect_a_resumed_run_to_be_that_of_an_uninterrupted_one<Ggml>();
}

// Here the loop is ggml's, with the code of integrations/README.md: the callback returns the rate
// of this update, and steps the driver.
struct Epochs {
  Step steps = 0;
  float weight = 0;
};
Epochs run_epochs(const Schedule& schedule, int epochs, int opt_period,
                  ggml_opt_optimizer_type optimizer = GGML_OPT_OPTIMIZER_TYPE_SGD) {
  Epochs seen;
  Model model;
  ggml_opt_params params = model.params();
  params.optimizer = optimizer;
  params.opt_period = opt_period;

  auto pars = ggml_opt_get_default_optimizer_params(nullptr);
  libsched::Driver driver(
      schedule, [&](double lr) { pars.adamw.alpha = pars.sgd.alpha = static_cast<float>(lr); });
  auto next = [&] {
    const auto now = pars;
    driver.step();
    return now;
  };
  params.get_opt_pars = [](void* userdata) { return (*static_cast<decltype(next)*>(userdata))(); };
  params.get_opt_pars_ud = &next;

  model.begin(params);
  for (int i = 0; i < epochs; ++i) model.epoch();
  seen.steps = driver.step_count();
  seen.weight = model.weight();
  return seen;
}

// Each update multiplies the distance to 1 by 1 - 2 rate.
float weight_after(Step updates) {
  double left = 1;
  for (Step t = 0; t < updates; ++t) left *= 1 - 2 * rate(t);
  return static_cast<float>(1 - left);
}

TEST(Ggml, UsesTheRateOfTheScheduleInEpochsOfItsOwn) {
  const Epochs seen = run_epochs(schedule(), 3, 1);
  EXPECT_EQ(seen.steps, 12);
  EXPECT_NEAR(seen.weight, weight_after(12), 1e-6);
}

TEST(Ggml, AsksOncePerUpdateNotPerBatch) {
  const Epochs seen = run_epochs(schedule(), 3, 2);
  EXPECT_EQ(seen.steps, 6);
  EXPECT_NEAR(seen.weight, weight_after(6), 1e-6);
}

// A step of AdamW is as long as the rate while the gradient hardly changes.
TEST(Ggml, TakesTheRateOfAdamw) {
  const Epochs seen = run_epochs(Constant{1e-5}, 1, 1, GGML_OPT_OPTIMIZER_TYPE_ADAMW);
  EXPECT_NEAR(seen.weight, 4e-5, 1e-8);
}

// A rate of 0 aborts the process by GGML_ASSERT(alpha > 0), which is not run here.
TEST(Ggml, TakesAFloorInPlaceOfZero) {
  const Schedule from_zero = warmup(Constant{0.1}, 2);
  ASSERT_EQ(from_zero(0), 0);
  const Epochs seen = run_epochs(maximum(from_zero, Constant{1e-12}), 1, 1);
  EXPECT_NEAR(seen.weight, 1 - (1 - 2 * 0.05) * (1 - 2 * 0.1) * (1 - 2 * 0.1), 1e-6);
}

std::vector<std::int64_t> epochs_told;

TEST(Ggml, FitGivesTheCallbackItsEpochAndNothingElse) {
  Model model;
  model.fit(
      [](void* epoch) {
        epochs_told.push_back(*static_cast<std::int64_t*>(epoch));
        return ggml_opt_get_default_optimizer_params(nullptr);
      },
      2);
  EXPECT_THAT(epochs_told, ElementsAre(1, 1, 1, 1, 2, 2, 2, 2));
}

}  // namespace
}  // namespace libsched::trainers
