// Trains a model on 1,797 real digits, once per schedule, and compares the schedules.
// Look at train() for the training loop: plain LibTorch, a scheduler, and a checkpoint. A killed
// run resumes from the checkpoint with the same bits, and another schedule can branch off from it.
// The models are in cnn.cpp, resnet.cpp and vit.cpp, the param groups in optimizer.cpp, the
// schedules in schedules.cpp. The files for data, checkpoints, progress, spread and figures
// surround them. Try: digits --schedule 'warmup(cosine_decay(base_lr=0.005, steps=400), steps=20)'
// --epochs 10
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/optim/adamw.h>
#include <torch/serialize.h>
#include <torch/utils.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "common/arguments.hpp"
#include "common/files.hpp"
#include "digits/checkpoint.hpp"
#include "digits/data.hpp"
#include "digits/figures.hpp"
#include "digits/model.hpp"
#include "digits/optimizer.hpp"
#include "digits/progress.hpp"
#include "digits/report.hpp"
#include "digits/run.hpp"
#include "digits/schedules.hpp"
#include "libsched/find_lr.hpp"
#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"

using libsched::Schedule;
using libsched::Step;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t batch_size = 32;

struct Options {
  const ModelKind* model = &model_kinds().front();
  fs::path data = DIGITS_CSV;
  fs::path out = "build/digits";
  std::vector<std::string> notations;
  Step epochs = 15;
  std::uint64_t seed = 1;
  std::uint64_t seeds = 1;
  torch::Device device = torch::kCPU;
  fs::path checkpoint;
  Step save_every = 100;
  bool resume = false;
  libsched::ScheduleChange change = libsched::ScheduleChange::refuse;
  bool find_lr = false;
};

std::vector<libsched::Drive> drives(const Contender& contender, const ModelKind& model) {
  using libsched::Drive;
  using libsched::Hyperparameter;
  std::vector<Drive> drives{Drive{Hyperparameter::beta1, contender.beta1}};
  if (model.decay_growth != 1) {
    // Multiplies the decay of each group by the factor, so that a decay of 0 stays 0.
    drives.push_back(Drive::relative(Hyperparameter::weight_decay, contender.decay));
  }
  return drives;
}

// Returns the loss before the update.
float update(Classifier& model, torch::optim::Optimizer& optimizer, const Digits& batch) {
  optimizer.zero_grad();
  const torch::Tensor loss = torch::cross_entropy_loss(model.forward(batch.images), batch.labels);
  loss.backward();
  optimizer.step();
  return loss.item<float>();
}

// The file in which a run is saved. A branch does not overwrite the checkpoint that it starts from,
// so that other branches can start from it too.
fs::path save_path(const Options& options) {
  const bool branches = options.change != libsched::ScheduleChange::refuse;
  return branches ? options.out / "checkpoint.pt" : options.checkpoint;
}

// The loop to copy. It trains the last of the runs, which is empty or, if it was interrupted, has
// what the checkpoint has of it.
void train(const Contender& contender, const Split& digits, const Options& options,
           const std::vector<std::string>& job, std::vector<Run>& runs, Progress& progress) {
  Run& run = runs.back();
  torch::manual_seed(run.seed);
  const std::shared_ptr<Classifier> model = options.model->make();
  model->to(options.device);
  torch::optim::AdamW optimizer = make_optimizer(*model, *options.model);
  libsched::LRScheduler scheduler(optimizer, contender.lr, drives(contender, *options.model));
  Batches batches(digits.train, batch_size, run.seed);
  const Step steps = options.epochs * batches.per_epoch();

  const auto save = [&] {
    if (options.checkpoint.empty()) return;
    save_checkpoint(save_path(options), job, *model, optimizer, scheduler, runs);
  };
  if (!run.updates.empty()) {
    load_checkpoint(options.checkpoint, *model, optimizer, scheduler, options.change);
  }
  make_directory(options.out);
  if (run.updates.empty()) save();  // so that a file that cannot be written is an error now
  progress.skip(scheduler.step_count());
  const Stopwatch stopwatch(run.seconds);

  while (scheduler.step_count() < steps) {
    const Step t = scheduler.step_count();
    const auto driven = scheduler.values();  // the values that this update uses
    const float loss = update(*model, optimizer, batches[t]);
    scheduler.step();

    run.updates.push_back({driven, loss});
    if ((t + 1) % batches.per_epoch() == 0) {
      run.epochs.push_back(
          {evaluate(*model, digits.train).loss, evaluate(*model, digits.test).accuracy});
    }
    run.seconds = stopwatch.seconds();
    if (t + 1 == steps || (t + 1) % options.save_every == 0) save();
    progress.step(run, steps);
  }

  std::ostringstream weights;
  torch::save(model, weights);
  write_file(options.out / (run.name + ".pt"), weights.str());
}

void find_rate(const Split& digits, const Options& options) {
  make_directory(options.out);
  torch::manual_seed(options.seed);
  const std::shared_ptr<Classifier> model = options.model->make();
  model->to(options.device);
  torch::optim::AdamW optimizer = make_optimizer(*model, *options.model);
  Batches batches(digits.train, batch_size, options.seed);
  Step t = 0;
  report(libsched::find_lr(optimizer, [&] { return update(*model, optimizer, batches[t++]); },
                           {.min_lr = 1e-6, .max_lr = 1, .buffers = model->buffers()}),
         options.out);
}

// Describes what a resumed run must have in common with the run that wrote the checkpoint.
std::vector<std::string> describe(const std::vector<Contender>& contenders,
                                  const Options& options) {
  std::vector<std::string> job = {
      fmt::format("model {}, seed {}", options.model->name, options.seed)};
  if (options.seeds > 1) job[0] += fmt::format(" and the next {}", options.seeds - 1);
  for (const Contender& contender : contenders) {
    job.push_back(fmt::format("lr {}", to_string(contender.lr)));
    for (const auto& drive : drives(contender, *options.model)) {
      job.back() += fmt::format(", {} {}{}", drive.name, drive.is_relative ? "times " : "",
                                to_string(*drive.schedules.of(0)));
    }
  }
  job.push_back(fmt::format("{} epochs", options.epochs));
  return job;
}

std::vector<Run> runs_to_resume(const Options& options, const std::vector<std::string>& job,
                                Step steps) {
  const std::string file = options.checkpoint.string();
  if (file.empty()) return {};
  if (fs::is_directory(options.checkpoint)) {
    throw std::invalid_argument(fmt::format("--checkpoint {}: is a directory", file));
  }
  const bool branches = options.change != libsched::ScheduleChange::refuse;
  if (!fs::exists(options.checkpoint)) {
    if (branches)
      throw std::invalid_argument(fmt::format("--checkpoint {}: there is no such file", file));
    if (options.resume) fmt::print("{} does not exist yet: starting from the beginning\n", file);
    return {};
  }
  if (!options.resume) {
    throw std::invalid_argument(
        fmt::format("{} already exists: resume from it with --resume, or remove it", file));
  }
  if (branches && fs::exists(save_path(options)) &&
      fs::equivalent(save_path(options), options.checkpoint)) {
    throw std::invalid_argument(
        fmt::format("--out {}: the branch would overwrite {}", options.out.string(), file));
  }
  std::vector<Run> runs = saved_runs(options.checkpoint, job, options.change);
  const auto done = static_cast<Step>(runs.back().updates.size());
  if (done > steps) {
    throw std::invalid_argument(fmt::format("--epochs {}: makes {} updates, but {} already has {}",
                                            options.epochs, steps, file, done));
  }
  fmt::print("resuming {} after update {}\n", runs.back().name, done);
  return runs;
}

void check_lasts(const std::vector<Schedule>& schedules, const Options& options, Step steps) {
  for (std::size_t i = 0; i < schedules.size(); ++i) {
    const auto length = schedules[i].length();
    if (!length || *length >= steps - steps / 10) continue;
    throw std::invalid_argument(
        fmt::format("schedule {}: ends at step {}, long before the {} updates of --epochs {}",
                    i + 1, *length, steps, options.epochs));
  }
}

// One run per schedule and seed; the seeds of a schedule follow one another.
std::vector<Run> plan(const std::vector<Contender>& contenders, const Options& options) {
  std::vector<Run> runs;
  for (const Contender& contender : contenders) {
    for (std::uint64_t seed = options.seed; seed < options.seed + options.seeds; ++seed) {
      Run& run = runs.emplace_back(Run{contender.name, contender.name, seed});
      if (options.seeds > 1) run.name += fmt::format("_seed_{}", seed);
    }
  }
  return runs;
}

void compare(const Split& digits, const Options& options) {
  const Step steps = options.epochs * (digits.train.size() / batch_size);
  const std::vector<Schedule> own =
      parse_schedules(options.notations, {.total = steps, .per_epoch = steps / options.epochs});
  check_lasts(own, options, steps);
  const std::vector<Contender> all = own.empty() ? contenders(steps, *options.model) : named(own);
  const std::vector<std::string> job = describe(all, options);
  const std::vector<Run> planned = plan(all, options);
  std::vector<Run> runs = runs_to_resume(options, job, steps);
  std::size_t width = 20;
  for (const Run& run : planned) width = std::max(width, run.name.size());
  for (const Contender& contender : all) {
    fmt::print("{:<{}} {}\n", contender.name, width, to_string(contender.lr));
    if (own.empty()) continue;
    for (const auto& finding : review(contender.lr, steps)) {
      fmt::print("{:<{}} {}\n", "", width, finding.text);
    }
  }
  fmt::print("\n");
  finish_output();

  Progress progress(steps * static_cast<Step>(planned.size()), width);
  for (std::size_t i = 0; i < planned.size(); ++i) {
    if (i == runs.size()) runs.push_back(planned[i]);
    runs[i].name = planned[i].name;  // a branch has a new name
    runs[i].schedule = planned[i].schedule;
    if (i + 1 == runs.size()) {
      train(all[i / options.seeds], digits, options, job, runs, progress);
    } else {
      progress.skip(steps);  // trained before the checkpoint
    }
  }
  report(runs, options.model->name, options.out);
}

torch::Device device(const std::string& name) {
  if (name == "cuda" && !torch::cuda::is_available()) {
    throw std::invalid_argument("--device cuda: this LibTorch finds no CUDA device");
  }
  return torch::Device(name);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Trains a model on 1,797 handwritten digits, once per schedule.", "digits");
  app.footer(
      "Without --schedule, seven schedules are compared. With --checkpoint, a run that was\n"
      "interrupted can be resumed: repeat the command with --resume added. It ends with the same\n"
      "bits as a run without an interruption. With --change-schedule as well, the run goes on\n"
      "with another schedule, which must have the same values up to the checkpoint; this branch\n"
      "is saved as checkpoint.pt in --out, and the checkpoint does not change.");
  Options options;
  std::string device_name = "cpu";
  const auto count = [&](const std::string& name, auto& value, Step most, const char* text) {
    const auto take = [&value, name, most](const std::string& given) {
      value = static_cast<std::decay_t<decltype(value)>>(parse_count(name, given, most));
    };
    return app.add_option_function<std::string>(name, take, text)
        ->type_name("N")
        ->default_str(std::to_string(value));
  };
  app.add_option_function<std::string>(
         "--model", [&](const std::string& name) { options.model = &model_kind(name); },
         "Model to train: " + model_names())
      ->type_name("NAME")
      ->default_str(options.model->name);
  auto* schedule =
      app.add_option(
             "--schedule", options.notations,
             "Notations of schedules to train with, instead of the seven; steps may also be "
             "given as a share of the run, 5%, or in epochs, 3ep")
          ->type_name("NOTATION");
  count("--epochs", options.epochs, 10'000, "Epochs, each a pass over all training digits");
  count("--seed", options.seed, 1'000'000'000,
        "Seed of the initial weights and the order of the digits");
  auto* seeds = count("--seeds", options.seeds, 1'000,
                      "Number of seeds per schedule, from --seed on; shows mean and spread");
  app.add_option("--device", device_name, "Device to train on")
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  auto* checkpoint = app.add_option("--checkpoint", options.checkpoint,
                                    "Save the whole state of the run in this file, regularly")
                         ->type_name("FILE");
  count("--save-every", options.save_every, 1'000'000, "Updates between two saves");
  auto* resume =
      app.add_flag("--resume", options.resume, "Resume from the checkpoint")->needs(checkpoint);
  const auto change = [&](std::int64_t) {
    options.change = libsched::ScheduleChange::accept_future;
  };
  app.add_flag_function("--change-schedule", change,
                        "Resume from the checkpoint with another schedule")
      ->needs(resume)
      ->needs(schedule)
      ->excludes(seeds);
  app.add_flag("--find-lr", options.find_lr, "Run a learning-rate range test instead")
      ->excludes(schedule)
      ->excludes(checkpoint)
      ->excludes(seeds);
  app.add_option("--data", options.data, "CSV file of the digits")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--out", options.out,
                 "Directory of curves.csv, the figures and the weights; created if missing")
      ->type_name("DIR")
      ->capture_default_str();

  try {
    app.parse(argc, argv);
    options.device = device(device_name);
    // A model as small as this is faster on one thread than on several.
    torch::set_num_threads(1);
    const Split digits = load_digits(options.data, options.device);
    if (options.find_lr) {
      find_rate(digits, options);
    } else {
      compare(digits, options);
    }
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const c10::Error& error) {  // its what() has a backtrace
    fmt::print(stderr, "digits: {}\n", error.what_without_backtrace());
    return 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "digits: {}\n", error.what());
    return 1;
  }
}
