#include "digits/checkpoint.hpp"

#include <fmt/format.h>
#include <torch/serialize/archive.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "common/files.hpp"

using libsched::ScheduleChange;
using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

namespace {

std::string part(std::size_t run) { return fmt::format("run {}", run); }

OutputArchive archive_of(const Run& run) {
  std::vector<std::string> driven;
  std::vector<double> updates, epochs;
  for (const Update& update : run.updates) {
    if (driven.empty()) {
      for (const auto& [name, value] : update.driven) driven.push_back(name);
    }
    for (const auto& [name, value] : update.driven) updates.push_back(value);
    updates.push_back(update.loss);
  }
  for (const auto& [loss, accuracy] : run.epochs) epochs.insert(epochs.end(), {loss, accuracy});
  OutputArchive archive;
  archive.write("name", c10::IValue(run.name));
  archive.write("schedule", c10::IValue(run.schedule));
  archive.write("seed", c10::IValue(static_cast<std::int64_t>(run.seed)));
  archive.write("driven", c10::IValue(driven));
  archive.write("updates", c10::IValue(updates));
  archive.write("epochs", c10::IValue(epochs));
  archive.write("seconds", c10::IValue(run.seconds));
  return archive;
}

template <class Value>
Value read(InputArchive& archive, const std::string& key) {
  Value value;
  if (!archive.try_read(key, value)) throw std::runtime_error(fmt::format("it has no {}", key));
  return value;
}

c10::IValue read_value(InputArchive& archive, const std::string& key) {
  return read<c10::IValue>(archive, key);
}

std::vector<std::string> read_lines(InputArchive& archive, const std::string& key) {
  const c10::IValue list = read_value(archive, key);
  std::vector<std::string> lines;
  for (const c10::IValue& line : list.toListRef()) lines.push_back(line.toStringRef());
  return lines;
}

Run read_run(InputArchive& archive) {
  Run run{read_value(archive, "name").toStringRef(), read_value(archive, "schedule").toStringRef(),
          static_cast<std::uint64_t>(read_value(archive, "seed").toInt())};
  const std::vector<std::string> driven = read_lines(archive, "driven");
  const std::vector<double> updates = read_value(archive, "updates").toDoubleVector();
  const std::size_t columns = driven.size() + 1;
  for (std::size_t i = 0; i + columns <= updates.size(); i += columns) {
    Update& update = run.updates.emplace_back();
    for (std::size_t k = 0; k < driven.size(); ++k) {
      update.driven.emplace_back(driven[k], updates[i + k]);
    }
    update.loss = static_cast<float>(updates[i + driven.size()]);
  }
  const std::vector<double> epochs = read_value(archive, "epochs").toDoubleVector();
  for (std::size_t i = 0; i + 1 < epochs.size(); i += 2) {
    run.epochs.push_back({epochs[i], epochs[i + 1]});
  }
  run.seconds = read_value(archive, "seconds").toDouble();
  return run;
}

// The first line of a job must be equal even if the schedule may change.
void check_same(const std::vector<std::string>& saved, const std::vector<std::string>& job,
                ScheduleChange change, const std::filesystem::path& file) {
  if (change != ScheduleChange::refuse && saved.size() != job.size()) {
    throw std::runtime_error(fmt::format(
        "{} is the checkpoint of several schedules: --change-schedule needs a checkpoint of "
        "one schedule",
        file.string()));
  }
  const auto lines = std::max(saved.size(), job.size());
  for (std::size_t i = 0; i < (change == ScheduleChange::refuse ? lines : 1); ++i) {
    const std::string a = i < saved.size() ? saved[i] : "(nothing)";
    const std::string b = i < job.size() ? job[i] : "(nothing)";
    if (a == b) continue;
    throw std::runtime_error(
        fmt::format("{} is the checkpoint of a different training\n  saved: {}\n  now:   {}",
                    file.string(), a, b));
  }
}

// FNV-1a, as a line feed and 16 digits. LibTorch's reader has no check of its own.
std::string checksum(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return fmt::format("\n{:016x}", hash);
}

InputArchive open_archive(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  const std::string bytes = out.str();
  const std::size_t end = bytes.size() - std::min(bytes.size(), checksum("").size());
  if (bytes.substr(end) != checksum(std::string_view(bytes).substr(0, end))) {
    throw std::runtime_error("its checksum is missing or does not match");
  }
  std::istringstream stream(bytes.substr(0, end));
  InputArchive archive;
  archive.load_from(stream);
  return archive;
}

// LibTorch's errors have a backtrace after the first line.
[[noreturn]] void refuse(const std::filesystem::path& file, std::string_view reason) {
  throw std::runtime_error(fmt::format("{} is not a checkpoint of this program: {}", file.string(),
                                       reason.substr(0, reason.find('\n'))));
}

}  // namespace

void save_checkpoint(const std::filesystem::path& file, const std::vector<std::string>& job,
                     const torch::nn::Module& model, const torch::optim::Optimizer& optimizer,
                     const libsched::LRScheduler& scheduler, const std::vector<Run>& runs) {
  OutputArchive archive, in_model, in_optimizer, in_scheduler;
  model.save(in_model);
  optimizer.save(in_optimizer);
  scheduler.save(in_scheduler);
  archive.write("job", c10::IValue(job));
  archive.write("runs", c10::IValue(static_cast<std::int64_t>(runs.size())));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    OutputArchive in_run = archive_of(runs[i]);
    archive.write(part(i), in_run);
  }
  archive.write("model", in_model);
  archive.write("optimizer", in_optimizer);
  archive.write("scheduler", in_scheduler);
  std::ostringstream out;
  archive.save_to(out);
  const std::string bytes = out.str();
  write_file_durably(file, bytes + checksum(bytes));
}

std::vector<Run> saved_runs(const std::filesystem::path& file, const std::vector<std::string>& job,
                            ScheduleChange change) {
  std::vector<std::string> saved_job;
  std::vector<Run> runs;
  try {
    InputArchive archive = open_archive(file);
    saved_job = read_lines(archive, "job");
    const auto count = static_cast<std::size_t>(read_value(archive, "runs").toInt());
    for (std::size_t i = 0; i < count; ++i) {
      auto in_run = read<InputArchive>(archive, part(i));
      runs.push_back(read_run(in_run));
    }
  } catch (const std::exception& error) {
    refuse(file, error.what());
  }
  check_same(saved_job, job, change, file);
  return runs;
}

void load_checkpoint(const std::filesystem::path& file, torch::nn::Module& model,
                     torch::optim::Optimizer& optimizer, libsched::LRScheduler& scheduler,
                     ScheduleChange change) {
  InputArchive in_scheduler;
  try {
    InputArchive archive = open_archive(file);
    auto in_model = read<InputArchive>(archive, "model");
    auto in_optimizer = read<InputArchive>(archive, "optimizer");
    in_scheduler = read<InputArchive>(archive, "scheduler");
    model.load(in_model);
    optimizer.load(in_optimizer);
  } catch (const std::exception& error) {
    refuse(file, error.what());
  }
  try {
    scheduler.load(in_scheduler, change);
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", file.string(), error.what()));
  }
}
