"""What is known of each block of a README, by its first line."""

# C++ blocks: what stands before the block where it is not a whole program (the names that a reader has: model, loader,
# optimizer), and what must hold after it. The torch ones share LibTorch's translation unit.
TORCH_CONTEXT = """
  torch::manual_seed(1);
  torch::nn::Linear model(2, 1);
  torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
"""
RECIPE = """
  using namespace libsched;
  torch::nn::Sequential model{torch::nn::Linear(3, 4), torch::nn::Linear(4, 2)};
  torch::optim::SGD optimizer{model->parameters(), torch::optim::SGDOptions(0.1)};
"""
SCHEDULER = """
  LRScheduler scheduler(optimizer, CosineDecay{.base_lr = 1e-3, .steps = 10'000});
"""
# Of integrations/torch/getting_started.md, whose blocks continue each other.
GROWING = """
  using namespace libsched;
  torch::manual_seed(1);
  torch::nn::Sequential model(torch::nn::Linear(1, 16), torch::nn::Tanh(), torch::nn::Linear(16, 1));
  const torch::Tensor x = torch::linspace(-3, 3, 64).unsqueeze(1);
  const torch::Tensor y = torch::sin(x);
@// This replaces the optimizer and the scheduler. It needs `using namespace libsched;`.@
"""
# Stand-ins for trainers that cannot be had here, as their sources declare them.
TRAINERS = """
namespace nntrainer {
struct LearningRateScheduler {
  virtual ~LearningRateScheduler() = default;
  virtual double getLearningRate(size_t iteration) = 0;
};
}  // namespace nntrainer
namespace caffe {
struct SolverParameter {
  float base_lr = 0;
  void set_base_lr(float value) { base_lr = value; }
};
template <class Dtype>
class SGDSolver {
 public:
  explicit SGDSolver(const SolverParameter& param) : param_(param) {}
  virtual ~SGDSolver() = default;
  void Step(int count) { while (count-- > 0) ApplyUpdate(); }
  std::vector<float> used;
 protected:
  virtual void ApplyUpdate() { used.push_back(param_.base_lr); }
  SolverParameter param_;
};
}  // namespace caffe
"""
SIMPLE_TRAINER = """
  struct {
    double rate = 7, momentum = 7;
    std::vector<double> used;
    void update(int) { used.push_back(rate); }
  } trainer;
  const libsched::Schedule schedule = libsched::Linear{.start = 0, .end = 0.4, .steps = 4};
"""
CORE = {
    "libsched::Driver driver(schedule, [&](double lr) { trainer.rate = lr; });  // sets the rate of step 0":
        (SIMPLE_TRAINER + "  const std::vector<int> batches{1, 2, 3};\n", """
  expect((trainer.used == std::vector<double>{schedule(0), schedule(1), schedule(2)}));
  libsched::Driver resumed(schedule, [&](double lr) { trainer.rate = lr; });
  expect(trainer.rate == schedule(0));
  resumed.load("driver.state");
  expect(resumed.step_count() == 3 && trainer.rate == schedule(3));
"""),
    'libsched::Driver driver({{"lr", schedule, [&](double lr) { trainer.rate = lr; }},':
        (SIMPLE_TRAINER + """
  const libsched::Schedule other = libsched::Constant{0.9};
  const double validation_loss = 0.5;
""", """
  driver.step_to(2);
  for (int i = 0; i < 4; ++i) driver.report(validation_loss);
  expect(near(trainer.rate, 0.1) && trainer.momentum == 0.9 && !is_done);
"""),
    "const auto tiny_cuda_nn = [&](double lr) { optimizer->set_learning_rate(static_cast<float>(lr)); };": ("""
  struct Setters {
    double rate = 0;
    struct { float eta = 0; } update_rule_config;
    void set_learning_rate(float value) { rate = value; }
    void SetLearningRate(float value) { rate = value; }
    void setLr(double value) { rate = value; }
    void set_lr(float value) { rate = value; }
    void lr(double value) { rate = value; }
    void SetParam(const std::string&, double value) { rate = value; }
  } session, fl_optimizer, fused_adam_options, workspace, adam, first, second, third;
  auto *optimizer = &first, *tt_optimizer = &second, *mx_optimizer = &third;
""", """
  tiny_cuda_nn(0.5), onnx_runtime(0.5), flashlight(0.5), tt_train(0.5), lichtfeld(0.5), mxnet(0.5), vowpal_wabbit(0.5);
  opennn(0.5);
  for (const auto& set : {session, fl_optimizer, fused_adam_options, adam, first, second, third}) expect(set.rate == 0.5);
  expect(workspace.update_rule_config.eta == 0.5F);
"""),
    "struct Scheduled : nntrainer::LearningRateScheduler {  // and its other virtual functions": (None, """
  const libsched::Schedule schedule = libsched::Linear{.start = 0, .end = 0.4, .steps = 4};
  Scheduled scheduled(schedule);
  expect(scheduled.getLearningRate(2) == 0.2);
  DrivenSolver solver{caffe::SolverParameter()};
  solver.driver.emplace(schedule, [&](double lr) { solver.rate = lr; });
  solver.Step(3);
  expect((solver.used == std::vector<float>{0, 0.1F, 0.2F}));
"""),
    "template <class Optimizer>": (None, """
  struct Group {
    double lr = 7;
  };
  struct {
    std::vector<Group> list{2};
    std::vector<Group>& groups() { return list; }
  } optimizer;
  libsched::Driver driver = drive(optimizer, {libsched::StepDecay{.base_lr = 0.1, .step_size = 1}, libsched::Constant{0.3}});
  expect(optimizer.list[0].lr == 0.1 && optimizer.list[1].lr == 0.3);
  driver.step();
  expect(optimizer.list[0].lr == 0.05 && optimizer.list[1].lr == 0.3);
  bool refused = false;
  try {
    drive(optimizer, {libsched::Constant{1}, libsched::Constant{2}, libsched::Constant{3}});
  } catch (const std::invalid_argument&) {
    refused = true;
  }
  expect(refused && optimizer.list[0].lr == 0.05);
  libsched::Driver shared = drive(optimizer, libsched::Constant{0.4}, libsched::ReduceOnPlateau{.factor = 0.5, .patience = 0});
  shared.report(1);
  shared.report(1);
  expect(optimizer.list[0].lr == 0.2 && optimizer.list[1].lr == 0.2 && shared.lr() == 0.2);
"""),
    "struct Sawtooth {": (None, """
  const libsched::Schedule saw = Sawtooth{.base_lr = 1, .period = 4};
  expect(to_string(saw) == "sawtooth(base_lr=1, period=4)");
  expect(saw(5) == 0.75);
"""),
    'libsched::Schedule schedule = libsched::parse("warmup(cosine_decay(base_lr=0.1, steps=900), steps=100)");': ("", """
  expect(text == "warmup(cosine_decay(base_lr=0.1, steps=900, min_lr=0), steps=100, start=0)");
  expect(libsched::parse(text) == schedule);
"""),
    "libsched::Units units{.total = 10'000, .per_epoch = 391};": ("", """
  expect(cosine == libsched::warmup(libsched::CosineDecay{.base_lr = 0.1, .steps = 9500}, 500));
  expect(drops == libsched::Schedule(libsched::MultiStepDecay{.base_lr = 0.1, .milestones = {2933, 5865}}));
"""),
    "Schedule beta2 = difference(Constant{.base_lr = 1}, InverseTimeDecay{.base_lr = 1, .decay = 1, .power = 0.8});": (
        "  using namespace libsched;\n", """
  expect(beta2(0) == 0 && near(beta2(31), 0.9375));  // 32^-0.8 is a sixteenth
  expect(decay(0) == 1 && near(decay(500), 0.41421356237309505) && decay(1000) == 0);
"""),
    "using namespace libsched;": ("", """
  expect(a(0) == 0 && a(50) == 0.05 && a(100) == 0.1);
  expect(a1(0) == 1e-4 && a1(100) == 0);
  expect(wsd(0) == 0 && wsd(100) == 0.1 && wsd(799) == 0.1 && wsd(1000) == 0);
  expect(b(100) == 0.05 && c(0) == 1e-4 && c(100) == 0.05 && near(d(100), 0.01));
  expect(e(1100) == 0.1 && e.length() == 3000);
  expect(f(30 * 391 - 1) == 0.1 && f(30 * 391) == 0.05);
"""),
}
TORCH = {
    "#include <libsched/libsched.hpp>": ("""
  torch::nn::Linear model(2, 1);
  std::vector<torch::Tensor> batches{torch::ones({4, 2}), torch::ones({4, 2})};
  auto* loader = &batches;
  const auto loss = [](auto& net, auto& batch) { return net->forward(batch).sum(); };
""", """
  expect(near(scheduler.lr(), 2 * 3e-4 / 500) && scheduler.step_count() == 2);
"""),
    "libsched::LRScheduler same(optimizer, schedule);                     // one schedule for every param group": ("""
  torch::nn::Linear model(2, 1);
  torch::optim::SGD optimizer({torch::optim::OptimizerParamGroup({model->weight}),
                               torch::optim::OptimizerParamGroup({model->bias})},
                              torch::optim::SGDOptions(0.1));
  const libsched::Schedule schedule = libsched::Constant{0.3};
  const libsched::Schedule schedule0 = libsched::Constant{0.1}, schedule1 = libsched::Constant{0.2};
  const auto factor = [](libsched::Step t) { return 1 / static_cast<double>(t + 1); };
""", """
  relative.step();  // the three drive one optimizer, whose rates were those of `each` when this one was built
  expect(near(relative.lr(0), 0.05) && near(relative.lr(1), 0.1));
  same.step();
  expect(same.lr(0) == 0.3 && same.lr(1) == 0.3);
"""),
    "libsched::LRScheduler scheduler(": (TORCH_CONTEXT + "  using namespace libsched;\n", """
  const auto momentum = [&] {
    return static_cast<torch::optim::SGDOptions&>(optimizer.param_groups()[0].options()).momentum();
  };
  expect(near(scheduler.lr(), 0.1 / 25) && near(momentum(), 0.95));
  scheduler.step_to(299);
  expect(near(scheduler.lr(), 0.1) && near(momentum(), 0.85));
"""),
    "libsched::LRScheduler scheduler(optimizer, warmup(Constant{.base_lr = 0.1}, 100),":
        (TORCH_CONTEXT + "  using namespace libsched;\n  const double validation_loss = 0.5;\n", """
  scheduler.step_to(100);
  for (int i = 0; i < 4; ++i) scheduler.report(validation_loss);
  expect(near(scheduler.lr(), 0.05));
"""),
    'torch::save(scheduler, "scheduler.pt");': (TORCH_CONTEXT + """
  libsched::LRScheduler scheduler(optimizer, libsched::StepDecay{.base_lr = 0.1, .step_size = 30});
  scheduler.step_to(60);
""", """
  expect(scheduler.step_count() == 60 && scheduler.lr() == 0.025);
  libsched::LRScheduler other(optimizer, libsched::Constant{.base_lr = 0.1});
  bool refused = false;
  try {
    torch::load(other, "scheduler.pt");
  } catch (const std::runtime_error&) {
    refused = true;
  }
  expect(refused);
"""),
    "auto [curve, suggestion] = libsched::find_lr(optimizer, [&] { return train_on(next_batch()); });": (TORCH_CONTEXT + """
  const auto next_batch = [] { return torch::ones({4, 2}); };
  const auto train_on = [&](const torch::Tensor& batch) {
    optimizer.zero_grad();
    const auto loss = (model->forward(batch) - 3).square().mean();
    loss.backward();
    optimizer.step();
    return loss.item<double>();
  };
""", """
  expect(curve.size() > 10 && suggestion && *suggestion > 0);
"""),
    "const auto alpha = [](torch::optim::OptimizerOptions& o) -> double& {": (RECIPE + """
  torch::optim::RMSprop rmsprop(model->parameters());
""", """
  scheduler.step_to(5'000);
  const auto values = scheduler.values();
  expect(values[0].first == "lr" && near(values[0].second, 5e-4));
  expect(values[1].first == "alpha" && near(values[1].second, 0.945));
  expect(near(static_cast<torch::optim::RMSpropOptions&>(rmsprop.param_groups()[0].options()).alpha(), 0.945));
"""),
    # The recipes of the driver.
    "std::vector<torch::Tensor> matrices, vectors;": (RECIPE, """
  scheduler.step_to(5'000);
  const auto decay = [&](std::size_t i) {
    return static_cast<torch::optim::AdamWOptions&>(adamw.param_groups()[i].options()).weight_decay();
  };
  expect(near(decay(0), 0.22) && decay(1) == 0);  // half way
"""),
    "std::vector<torch::optim::OptimizerParamGroup> layers;": (RECIPE, """
  scheduler.step_to(250);
  expect(near(scheduler.lr(0), 1e-3 / 2) && near(scheduler.lr(1), 0.75e-3 / 2));
"""),
    "auto layers = model->children();": (RECIPE, """
  expect(near(scheduler.lr(0), 1e-3) && near(scheduler.lr(1), 1e-3));
  scheduler.step_to(5'000);
  expect(near(scheduler.lr(0), 5e-4) && near(scheduler.lr(1), 5e-4));
  expect(layers.front()->parameters()[0].requires_grad());
"""),
    "torch::optim::Adam generator(model->parameters()), discriminator(model->parameters());": (RECIPE, """
  expect(of_generator.lr() == 1e-4 && of_discriminator.lr() == 4e-4);
"""),
    "LRScheduler stable(optimizer, warmup(Constant{.base_lr = 1e-3}, 500));": (RECIPE, """
  expect(scheduler.step_count() == 8'000 && scheduler.lr() == 1e-3);
  scheduler.step_to(8'500);  // a quarter of the cooldown, of which 1 - sqrt leaves a half
  expect(near(scheduler.lr(), 5e-4));
"""),
    "LRScheduler planned(optimizer, Linear{.start = 1e-3, .end = 0, .steps = 10'000});": (RECIPE, """
  expect(longer.step_count() == 10'000 && longer.lr() == 5e-4);
  longer.step_to(12'500);
  expect(near(longer.lr(), 2.5e-4));
  LRScheduler jumps(optimizer, Linear{.start = 1e-3, .end = 0, .steps = 15'000});
  jumps.load("planned.txt", ScheduleChange::accept);
  expect(near(jumps.lr(), 1e-3 / 3));
"""),
    "bool finite = true;": (RECIPE + SCHEDULER + """
  (model->forward(torch::ones({1, 3})).sum() * std::numeric_limits<float>::infinity()).backward();
""", """
  expect(scheduler.step_count() == 0);
"""),
    "const Schedule ema_decay = Cosine{.start = 0.99, .end = 0.9999, .steps = 10'000};":
        (RECIPE + SCHEDULER + "  scheduler.step_to(1'000);\n", """
  expect(near(decay, 0.99 + 0.0099 * 0.024471741852423) && weight == 0.5);  // (1 - cos(pi / 10)) / 2
"""),
    "LRScheduler scheduler(optimizer, CosineRestarts{.base_lr = 0.1, .period = 50});": (RECIPE, """
  expect((snapshots == std::vector<Step>{50, 100, 150, 200}));
"""),
    "for (const Finding& finding : review(scheduler, 10'000)) std::cerr << finding.text << '\\n';": (RECIPE + SCHEDULER, """
  expect(review(scheduler, 10'000).empty() && scheduler.values()[0].second == 1e-3);
"""),
    # Getting started.
    "#include <torch/torch.h>": (None, """
  program();
"""),
    "// This replaces the optimizer and the scheduler. It needs `using namespace libsched;`.": (
        GROWING.rpartition("@//")[0], """
  const auto decay = [&](std::size_t i) {
    return static_cast<torch::optim::AdamWOptions&>(optimizer.param_groups()[i].options()).weight_decay();
  };
  expect(scheduler.lr(0) == 0 && scheduler.lr(1) == 0 && near(decay(0), 0.1) && decay(1) == 0);
  scheduler.step_to(550);  // half way down the cosine
  expect(near(scheduler.lr(0), 0.005) && near(scheduler.lr(1), 0.005) && decay(1) == 0);
  scheduler.step_to(1000);
  expect(scheduler.lr() == 0 && near(decay(0), 0.01) && decay(1) == 0);
"""),
    'std::ofstream log("log.csv");': (GROWING, """
  log.close();
  std::cout << std::ifstream("log.csv").rdbuf();
  expect(torch::mse_loss(model->forward(x), y).item<double>() < 0.05);
"""),
    'torch::save(model, "model.pt");': (GROWING + "  scheduler.step_to(550);\n", ""),
    'if (std::filesystem::exists("scheduler.pt")) {': (GROWING, """
  expect(scheduler.step_count() == 550 && near(scheduler.lr(), 0.005));
"""),
    "const ReduceOnPlateau plateau{.factor = 0.5, .patience = 2, .min_lr = 1e-3, .from_step = 100};": (
        GROWING + """
  auto validation_loss = [n = 0]() mutable { return 1 - 0.04 * (n = std::min(n + 1, 10)); };  // once per 20 steps
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
  {
""", """
  expect(scheduler.step_count() == 440 && scheduler.scale() == 0.0625 && scheduler.lr() == 1e-3);
  }
#pragma GCC diagnostic pop
"""),
    "const Step planned_steps = 500;": (GROWING, ""),
    # Compiled, not run: it takes several processes, as tests/examples/data_parallel_test.cpp has them.
    "libsched::require_same_on_all_ranks(group, scheduler);  // before the first update, and after a checkpoint is loaded":
        ("(c10d::ProcessGroup& group, libsched::LRScheduler& scheduler, double validation_loss, double samples)", None),
}

# C++ blocks that stand as they are, but for comments, in a program that trains with a real trainer.
PROGRAMS = {
    "trainer.set_synchronization_file(path, std::chrono::minutes(10));": "dlib_test.cpp",
    "fann_set_training_algorithm(net, FANN_TRAIN_INCREMENTAL);  // the default, RPROP, ignores the rate": "fann_test.cpp",
    "using cv::ml::ANN_MLP;": "opencv_test.cpp",
    "libsched::Driver driver(schedule, [&](double lr) {": "xgboost_test.cpp",
    "int is_finished = 0;": "more_lightgbm.cpp",
    "struct StepAfterUpdate {": "more_ensmallen.cpp",
    "ens::StandardSGD optimizer(0, batch, update_count * batch, -1);": "more_ensmallen.cpp",
    "auto pars = ggml_opt_get_default_optimizer_params(nullptr);": "more_ggml.cpp",
}

# Lines of sh blocks: "run" is run by `output` or `install`; else the test that runs it, or the file that must be there.
SHELL = {
    "./examples/run.sh": "file examples/run.sh",  # tests/tools/bare.sh runs both in systems made afresh
    "./tests/run.sh": "file tests/run.sh",        # it runs this test
    # tests/tools/wheel.sh does this with another preset.
    "cmake --preset release "
    "-DCMAKE_PREFIX_PATH=\"$(python3 -c 'import torch; print(torch.utils.cmake_prefix_path)')\"": "file tests/tools/wheel.sh",
    "cmake --build --preset release --target convex_bowl && build/release/examples/convex_bowl/convex_bowl":
        "target release convex_bowl",
    "./tests/benchmark/run.sh": "file tests/benchmark/run.sh",  # minutes, and other figures each time
    "./tests/benchmark/find_lr.sh": "file tests/benchmark/find_lr.sh",
    "./tests/benchmark/compile.sh": "file tests/benchmark/compile.sh",
    "cmake --preset release -DLIBSCHED_TORCH=OFF -B build/preview && cmake --build build/preview --target preview":
        "target release preview",
    "build/preview/examples/preview/preview 'warmup(cosine_decay(base_lr=0.1, steps=900), steps=100)' --review":
        "output",
    "cmake --preset release && cmake --build --preset release --target digits": "target release digits",
    "build/release/examples/digits/digits": "output",
    # Killed.ManyTimesItEndsWithTheSameBits runs these with other files; `output` does with fewer epochs.
    "build/release/examples/digits/digits --checkpoint run.pt": "output",
    "build/release/examples/digits/digits --checkpoint run.pt --resume": "output",
    # The branch tests of digits_test.cpp run these with other schedules.
    "build/release/examples/digits/digits --checkpoint stable.pt --epochs 5 --schedule 'constant(base_lr=0.004)'":
        "output",
    "build/release/examples/digits/digits --checkpoint stable.pt --resume --change-schedule --out short --epochs 6 "
    "--schedule 'cooldown(constant(base_lr=0.004), after=5ep, steps=1ep, shape=sqrt)'": "output",
    "build/release/examples/digits/digits --checkpoint stable.pt --resume --change-schedule --out long --epochs 8 "
    "--schedule 'cooldown(constant(base_lr=0.004), after=5ep, steps=3ep, shape=sqrt)'": "output",
    "cmake --build --preset release --target data_parallel": "target release data_parallel",
    "build/release/examples/data_parallel/data_parallel --spawn 2": "output",
    "cmake -G Ninja -B build/install -DCMAKE_BUILD_TYPE=Release -DLIBSCHED_EXAMPLES=OFF -DLIBSCHED_TESTS=OFF":
        "install",
    "cmake --build build/install": "install",
    "cmake --install build/install --prefix /usr/local": "install",
    "g++ -std=c++17 tool.cpp -o tool $(pkg-config --cflags --libs libsched)": "install",
    "cmake --preset dev && cmake --build --preset dev --target reference": "target dev reference",
    "findings/run.sh": "file findings/run.sh",  # minutes and gigabytes, outside CI
}

CMAKE = [
    "find_package(libsched 0.2 REQUIRED COMPONENTS torch)",
    "set(LIBSCHED_TORCH OFF)  # the core alone; without this line libsched::torch is there too",
    "include(FetchContent)",
]

# Text blocks: what prints them.
TEXT = [
    "step,lr,weight_decay of group 0",
    "step 260: scale 0.5, rate 0.005",
    "lr: The run ends 500 steps before the schedule does: its last step, 499, has 0.00588542, the schedule would end at "
    "step 1000 with 0.",
    "step_decay: step_size must be at least 1, got 0",
    "unknown field 'step_sise' of step_decay, did you mean 'step_size'?",
    "warmup(cosine_decay(base_lr=0.1, steps=900, min_lr=0), steps=100, start=0)",
    "schedule                 final x     final y        loss   loss < 0.01",
    "schedule                train loss   test accuracy   seconds",
    "processes 2, test accuracy 99.11 %, 3.1 seconds",
    "data_parallel: rank 0: LRScheduler: rank 1 differs from rank 0",
]
