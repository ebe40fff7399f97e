// Trains a small convolutional network on 1,797 real digits, once a schedule, and compares them.
// Look at train() for the training loop: LibTorch as ever, a scheduler, and a checkpoint that a
// killed run goes on from bit by bit. Look at contenders() for the schedules.
// Around it: data, model, checkpoint, progress and figures, each in a file of its own.
// Try: digits --schedule 'warmup(cosine_decay(base_lr=0.005, steps=400), steps=20)' --epochs 10
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
#include <map>
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
#include "digits/progress.hpp"
#include "digits/report.hpp"
#include "digits/run.hpp"
#include "libsched/find_lr.hpp"
#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"

using libsched::Schedule;
using libsched::Step;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t batch_size = 32;

struct Options {
  fs::path data = DIGITS_CSV;
  fs::path out = "build/digits";
  std::vector<std::string> notations;
  Step epochs = 15;
  std::uint64_t seed = 1;
  torch::Device device = torch::kCPU;
  fs::path checkpoint;
  Step save_every = 100;
  bool resume = false;
  bool find_lr = false;
};

struct Contender {
  std::string name;
  Schedule lr;
  Schedule beta1 = libsched::Constant{.base_lr = 0.9};
};

std::vector<Contender> contenders(Step steps) {
  using namespace libsched;
  constexpr double lr = 2e-3;
  constexpr double peak = 6e-3;
  const Step tenth = std::max<Step>(steps / 10, 1);
  // The momentum falls while the rate rises, and comes back: 0.95, 0.85, 0.95.
  const OneCycle momentum{
      .max_lr = 0.85, .steps = steps, .div_factor = 0.85 / 0.95, .final_div_factor = 1};
  return {
      {"constant", Constant{.base_lr = lr}},
      {"step_decay", StepDecay{.base_lr = peak, .step_size = 2 * tenth, .drop = 0.5}},
      {"exponential_decay",
       ExponentialDecay{.base_lr = peak, .decay = 4.0 / static_cast<double>(steps)}},
      {"cyclical",
       Cyclical{.base_lr = lr / 10, .max_lr = peak, .step_size = tenth, .cycle_scale = 0.5}},
      {"warmup_cosine", warmup(CosineDecay{.base_lr = peak, .steps = steps - tenth}, tenth)},
      {"one_cycle", OneCycle{.max_lr = 2 * peak, .steps = steps}, momentum},
      {"warmup_stable_decay", sequence(Linear{.start = 0, .end = peak, .steps = tenth},
                                       take(Constant{.base_lr = peak}, steps - 4 * tenth),
                                       SqrtCooldown{.start = peak, .end = 0, .steps = 3 * tenth})},
  };
}

// A schedule goes by its kind, a second of its kind as cosine_decay_2.
std::vector<Contender> named(const std::vector<Schedule>& schedules) {
  std::map<std::string, int> seen;
  std::vector<Contender> contenders;
  for (const Schedule& schedule : schedules) {
    const std::string notation = to_string(schedule);
    const std::string kind = notation.substr(0, notation.find('('));
    const int count = ++seen[kind];
    contenders.push_back({count == 1 ? kind : fmt::format("{}_{}", kind, count), schedule});
  }
  return contenders;
}

torch::optim::AdamW make_optimizer(Classifier& model) {
  return torch::optim::AdamW(model->parameters(), torch::optim::AdamWOptions().weight_decay(0.01));
}

// Gives the loss before the update.
float update(Classifier& model, torch::optim::Optimizer& optimizer, const Digits& batch) {
  optimizer.zero_grad();
  const torch::Tensor loss = torch::cross_entropy_loss(model->forward(batch.images), batch.labels);
  loss.backward();
  optimizer.step();
  return loss.item<float>();
}

// The loop to copy. The last of the runs is this one: empty or, where it was interrupted, as far as
// the checkpoint has it.
void train(const Contender& contender, const Split& digits, const Options& options,
           const std::vector<std::string>& job, std::vector<Run>& runs, Progress& progress) {
  torch::manual_seed(options.seed);
  Classifier model;
  model->to(options.device);
  torch::optim::AdamW optimizer = make_optimizer(model);
  libsched::LRScheduler scheduler(
      optimizer, contender.lr, libsched::Drive{libsched::Hyperparameter::beta1, contender.beta1});
  Batches batches(digits.train, batch_size, options.seed);
  const Step steps = options.epochs * batches.per_epoch();

  const auto save = [&] {
    if (options.checkpoint.empty()) return;
    save_checkpoint(options.checkpoint, job, *model, optimizer, scheduler, runs);
  };
  Run& run = runs.back();
  if (run.updates.empty()) {
    save();  // so that a file that cannot be written is found out now
  } else {
    load_checkpoint(options.checkpoint, *model, optimizer, scheduler);
  }
  progress.skip(scheduler.step_count());
  const Stopwatch stopwatch(run.seconds);

  while (scheduler.step_count() < steps) {
    const Step t = scheduler.step_count();
    const auto driven = scheduler.values();  // what this update uses: lr, then beta1
    const float loss = update(model, optimizer, batches[t]);
    scheduler.step();

    run.updates.push_back({driven[0].second, driven[1].second, loss});
    if ((t + 1) % batches.per_epoch() == 0) {
      run.epochs.push_back(
          {evaluate(model, digits.train).loss, evaluate(model, digits.test).accuracy});
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
  Classifier model;
  model->to(options.device);
  torch::optim::AdamW optimizer = make_optimizer(model);
  Batches batches(digits.train, batch_size, options.seed);
  Step t = 0;
  report(libsched::find_lr(optimizer, [&] { return update(model, optimizer, batches[t++]); },
                           {.min_lr = 1e-6, .max_lr = 1, .buffers = model->buffers()}),
         options.out);
}

// What a run that goes on from a checkpoint must have in common with the one that wrote it.
std::vector<std::string> describe(const std::vector<Contender>& contenders,
                                  const Options& options) {
  std::vector<std::string> job = {fmt::format("{} epochs, seed {}", options.epochs, options.seed)};
  for (const auto& [name, lr, beta1] : contenders) {
    job.push_back(fmt::format("lr {}, beta1 {}", to_string(lr), to_string(beta1)));
  }
  return job;
}

std::vector<Run> runs_to_resume(const Options& options, const std::vector<std::string>& job) {
  const std::string file = options.checkpoint.string();
  if (file.empty()) return {};
  if (fs::is_directory(options.checkpoint)) {
    throw std::invalid_argument(fmt::format("--checkpoint {}: is a directory", file));
  }
  if (!fs::exists(options.checkpoint)) {
    if (options.resume) fmt::print("{} is not there yet: starting from the beginning\n", file);
    return {};
  }
  if (!options.resume) {
    throw std::invalid_argument(
        fmt::format("{} is there already: go on from it with --resume, or remove it", file));
  }
  std::vector<Run> runs = saved_runs(options.checkpoint, job);
  fmt::print("going on with {} after update {}\n", runs.back().name, runs.back().updates.size());
  return runs;
}

void compare(const Split& digits, const Options& options) {
  const Step steps = options.epochs * (digits.train.size() / batch_size);
  const std::vector<Schedule> own = parse_schedules(options.notations);
  const std::vector<Contender> all = own.empty() ? contenders(steps) : named(own);
  const std::vector<std::string> job = describe(all, options);
  std::vector<Run> runs = runs_to_resume(options, job);
  make_directory(options.out);
  for (const auto& [name, lr, beta1] : all) {
    fmt::print("{:<20} {}\n", name, to_string(lr));
    if (own.empty()) continue;
    for (const auto& finding : review(lr, steps)) fmt::print("{:<20} {}\n", "", finding.text);
  }
  fmt::print("\n");
  finish_output();

  Progress progress(steps * static_cast<Step>(all.size()));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == runs.size()) runs.push_back({all[i].name});
    if (i + 1 == runs.size()) {
      train(all[i], digits, options, job, runs, progress);
    } else {
      progress.skip(steps);  // trained before the checkpoint
    }
  }
  report(runs, options.out);
}

torch::Device device(const std::string& name) {
  if (name == "cuda" && !torch::cuda::is_available()) {
    throw std::invalid_argument("--device cuda: this LibTorch finds no CUDA device");
  }
  return torch::Device(name);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Trains a small convolutional network on 1,797 handwritten digits, once a schedule.",
               "digits");
  app.footer(
      "Without --schedule seven are compared. What --checkpoint saves, the same command with\n"
      "--resume goes on from, and ends with the same bits as a run that nothing interrupted.");
  Options options;
  std::string device_name = "cpu";
  const auto count = [&](const std::string& name, auto& value, Step most, const char* text) {
    const auto take = [&value, name, most](const std::string& given) {
      value = static_cast<std::decay_t<decltype(value)>>(parse_count(name, given, most));
    };
    app.add_option_function<std::string>(name, take, text)
        ->type_name("N")
        ->default_str(std::to_string(value));
  };
  auto* schedule = app.add_option("--schedule", options.notations,
                                  "Notations of schedules to train with, instead of the seven")
                       ->type_name("NOTATION");
  count("--epochs", options.epochs, 10'000, "Times that each schedule trains on all digits");
  count("--seed", options.seed, 1'000'000'000, "Of the weights and of the order of the digits");
  app.add_option("--device", device_name, "Where to train")
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  auto* checkpoint = app.add_option("--checkpoint", options.checkpoint,
                                    "Save everything in this file again and again")
                         ->type_name("FILE");
  count("--save-every", options.save_every, 1'000'000, "Updates between two saves");
  app.add_flag("--resume", options.resume, "Go on from the checkpoint")->needs(checkpoint);
  app.add_flag("--find-lr", options.find_lr, "Make a learning-rate range test instead")
      ->excludes(schedule)
      ->excludes(checkpoint);
  app.add_option("--data", options.data, "The digits")->type_name("FILE")->capture_default_str();
  app.add_option("--out", options.out,
                 "Directory of curves.csv, the figures and the weights; created when missing")
      ->type_name("DIR")
      ->capture_default_str();

  try {
    app.parse(argc, argv);
    options.device = device(device_name);
    // So small a network is faster on one thread than on several.
    torch::set_num_threads(1);
    const Split digits = load_digits(options.data, options.device);
    if (options.find_lr) {
      find_rate(digits, options);
    } else {
      compare(digits, options);
    }
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const c10::Error& error) {  // whose what() has a backtrace
    fmt::print(stderr, "digits: {}\n", error.what_without_backtrace());
    return 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "digits: {}\n", error.what());
    return 1;
  }
}
