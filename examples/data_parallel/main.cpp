// Trains a model of the digits example on several processes, each with its share of every batch.
// Look at train(): compared with a single process, require_same_on_all_ranks(), share(), add_up()
// and average_over_ranks() are new. join() in processes.cpp connects the processes. It reads RANK,
// WORLD_SIZE, MASTER_ADDR and MASTER_PORT, so that torchrun can start them, on several hosts too.
// Try: data_parallel --spawn 2
#include <fmt/format.h>
#include <torch/optim/adamw.h>
#include <torch/serialize.h>
#include <torch/utils.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/arguments.hpp"
#include "common/files.hpp"
#include "digits/checkpoint.hpp"
#include "digits/data.hpp"
#include "digits/model.hpp"
#include "digits/optimizer.hpp"
#include "digits/progress.hpp"
#include "digits/run.hpp"
#include "libsched/distributed.hpp"
#include "libsched/libsched.hpp"
#include "libsched/torch.hpp"
#include "processes.hpp"

using libsched::Schedule;
using libsched::Step;
namespace fs = std::filesystem;

namespace {

constexpr Step batch_size = 32;  // the sum over all ranks

struct Options {
  const ModelKind* model = &model_kinds().front();
  fs::path data = DIGITS_CSV;
  fs::path out = "build/data_parallel";
  fs::path checkpoint;
  std::string notation;
  Step epochs = 15;
  Step seed = 1;
  Step patience = 3;
  Step timeout = 60;
  Step processes = 0;
};

Schedule schedule(const Options& options, Step steps) {
  if (!options.notation.empty()) return parse_schedules({options.notation}).front();
  const Step tenth = steps / 10;
  return warmup(libsched::CosineDecay{.base_lr = 3 * options.model->lr, .steps = steps - tenth},
                tenth);
}

// LibTorch's errors have a backtrace after the first line, and Gloo's errors about a broken
// connection do not say what that means.
std::string reason(const std::exception& error) {
  const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
  const std::string text =
      torch_error != nullptr ? torch_error->what_without_backtrace() : error.what();
  const bool from_gloo = text.find("gloo/") != std::string::npos;
  return from_gloo ? "another rank has ended or does not answer: " + text : text;
}

// The digits of this rank: every size-th, starting at its number.
Digits share(const Digits& digits, const World& world) {
  return digits[torch::arange(world.rank, digits.size(), world.size)];
}

// Replaces the tensors of every rank by their sum over all ranks. One message is faster than many.
void add_up(c10d::ProcessGroup& group, const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> flat;
  std::vector<std::int64_t> sizes;
  for (const torch::Tensor& tensor : tensors) {
    flat.push_back(tensor.flatten());
    sizes.push_back(tensor.numel());
  }
  std::vector<torch::Tensor> message{torch::cat(flat)};
  group.allreduce(message)->wait();
  const std::vector<torch::Tensor> sums = message[0].split_with_sizes(sizes);
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].copy_(sums[i].view_as(tensors[i]));
}

// A batch norm has the statistics of this rank's share only. Averages its mean and variance over
// all ranks, so that all have the same model.
void average_buffers(c10d::ProcessGroup& group, const World& world, const Classifier& model) {
  std::vector<torch::Tensor> buffers;
  for (const torch::Tensor& buffer : model.buffers()) {
    if (buffer.is_floating_point()) buffers.push_back(buffer);
  }
  if (buffers.empty()) return;
  add_up(group, buffers);
  for (torch::Tensor& buffer : buffers) buffer.div_(world.size);
}

void train(c10d::ProcessGroup& group, const World& world, const Options& options) {
  const Split digits = load_digits(options.data);
  const Digits test = share(digits.test, world);
  Batches batches(digits.train, batch_size, static_cast<std::uint64_t>(options.seed));
  const Step steps = options.epochs * batches.per_epoch();

  torch::manual_seed(static_cast<std::uint64_t>(options.seed));  // the same weights on every rank
  const std::shared_ptr<Classifier> model = options.model->make();
  torch::optim::AdamW optimizer = make_optimizer(*model, *options.model);
  libsched::LRScheduler scheduler(
      optimizer, schedule(options, steps),
      libsched::ReduceOnPlateau{.factor = 0.5, .patience = options.patience});
  const std::vector<std::string> job{
      fmt::format("model {}, seed {}", options.model->name, options.seed),
      fmt::format("{} epochs", options.epochs)};
  Run run;
  if (fs::exists(options.checkpoint)) {
    const auto change = libsched::ScheduleChange::refuse;
    run = saved_runs(options.checkpoint, job, change).back();
    load_checkpoint(options.checkpoint, *model, optimizer, scheduler, change);
    if (world.rank == 0) fmt::print("resuming after update {}\n", run.updates.size());
  }
  libsched::require_same_on_all_ranks(group, scheduler);

  run.name = fmt::format("{} processes", world.size);
  Progress progress(steps);
  progress.skip(scheduler.step_count());
  const Stopwatch stopwatch;
  while (scheduler.step_count() < steps) {
    const Step t = scheduler.step_count();
    const auto driven = scheduler.values();
    const Digits batch = share(batches[t], world);
    optimizer.zero_grad();
    // This is the rank's part of the mean over the whole batch: the parts add up to the mean, and
    // their gradients to its gradient.
    torch::Tensor loss = torch::cross_entropy_loss(model->forward(batch.images), batch.labels, {},
                                                   at::Reduction::Sum) /
                         batch_size;
    loss.backward();
    std::vector<torch::Tensor> parts{loss.detach()};
    for (const torch::Tensor& parameter : model->parameters()) parts.push_back(parameter.grad());
    add_up(group, parts);
    optimizer.step();
    scheduler.step();

    run.updates.push_back({driven, parts[0].item<float>()});
    if ((t + 1) % batches.per_epoch() == 0) {
      average_buffers(group, world, *model);
      const auto [own_loss, own_accuracy] = evaluate(*model, test);
      const auto weight = static_cast<double>(test.size());
      const double test_loss = libsched::average_over_ranks(group, own_loss, weight);
      run.epochs.push_back({test_loss, libsched::average_over_ranks(group, own_accuracy, weight)});
      scheduler.report(test_loss);
      if (world.rank == 0 && !options.checkpoint.empty()) {
        save_checkpoint(options.checkpoint, job, *model, optimizer, scheduler, {run});
      }
    }
    if (world.rank == 0) progress.step(run, steps);
  }

  std::string csv = "step,lr,loss\n";
  for (std::size_t t = 0; t < run.updates.size(); ++t) {
    csv += fmt::format("{},{},{}\n", t, run.updates[t].lr(), printable(run.updates[t].loss));
  }
  make_directory(options.out);
  write_file(options.out / fmt::format("rank_{}.csv", world.rank), csv);
  if (world.rank != 0) return;
  std::ostringstream weights;
  torch::save(model, weights);
  write_file(options.out / "weights.pt", weights.str());
  fmt::print("\nprocesses {}, test accuracy {:.2f} %, {:.1f} seconds\nwrote {}\n", world.size,
             100 * run.epochs.back().accuracy, stopwatch.seconds(), options.out.string());
  finish_output();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Trains a model of the digits example on several processes.", "data_parallel");
  app.footer(
      "Without --spawn, RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, which torchrun sets, say\n"
      "which of several processes this is; if they are not set, it is the only one. If a host has\n"
      "several network interfaces, GLOO_SOCKET_IFNAME names the one to use.");
  Options options;
  const auto count = [&](const std::string& name, Step& value, Step most, const char* text) {
    const auto take = [&value, name, most](const std::string& given) {
      value = parse_count(name, given, most);
    };
    auto* option = app.add_option_function<std::string>(name, take, text)->type_name("N");
    if (value > 0) option->default_str(std::to_string(value));
  };
  count("--spawn", options.processes, batch_size, "Start N processes on this machine");
  app.add_option_function<std::string>(
         "--model", [&](const std::string& name) { options.model = &model_kind(name); },
         "Model to train: " + model_names())
      ->type_name("NAME")
      ->default_str(options.model->name);
  app.add_option("--schedule", options.notation,
                 "Notation of the schedule; default: a warm-up and a cosine decay")
      ->type_name("SCHEDULE");
  count("--epochs", options.epochs, 10'000, "Epochs, each a pass over all training digits");
  count("--seed", options.seed, 1'000'000'000,
        "Seed of the initial weights and the order of the digits");
  count("--patience", options.patience, 10'000,
        "Halve the rate after more than N epochs in a row without a lower test loss");
  count("--timeout", options.timeout, 86'400, "Seconds to wait for another rank");
  app.add_option(
         "--checkpoint", options.checkpoint,
         "File in which rank 0 saves the whole state after each epoch; if it exists, all ranks\n"
         "resume from it. Every host must be able to read it")
      ->type_name("FILE");
  app.add_option("--data", options.data, "CSV file of the digits")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--out", options.out,
                 "Directory for the weights and a CSV file of the rates per rank")
      ->type_name("DIR")
      ->capture_default_str();

  std::string who = "data_parallel";
  try {
    app.parse(argc, argv);
    const World world = options.processes > 0 ? spawn(static_cast<int>(options.processes))
                                              : world_from_environment();
    if (world.size > 1) who += fmt::format(": rank {}", world.rank);
    if (world.size > batch_size) {
      throw std::invalid_argument(
          fmt::format("at most {} processes, one for each digit of a batch", batch_size));
    }
    torch::set_num_threads(1);
    train(*join(world, std::chrono::seconds(options.timeout)), world, options);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", who, reason(error));
    return 1;
  }
}
