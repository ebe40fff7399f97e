#pragma once

#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>

#include <filesystem>
#include <string>
#include <vector>

#include "digits/run.hpp"
#include "libsched/torch.hpp"

/// Writes one file with everything that is needed to resume a training with the same bits; the
/// batches follow from the scheduler's step, and no model here has dropout. A reader of the file
/// finds either the old content or the new, even after a crash or a power cut. `job` describes in
/// lines what is trained; its first line must stay the same even if the schedule changes. The last
/// of the runs is that of the model.
void save_checkpoint(const std::filesystem::path& file, const std::vector<std::string>& job,
                     const torch::nn::Module& model, const torch::optim::Optimizer& optimizer,
                     const libsched::LRScheduler& scheduler, const std::vector<Run>& runs);

/// Returns the runs of the file. Throws std::runtime_error if the file is not a checkpoint, or if
/// it is of another job: then the message shows the difference.
std::vector<Run> saved_runs(const std::filesystem::path& file, const std::vector<std::string>& job,
                            libsched::ScheduleChange change);

/// Restores model, optimizer and scheduler. Throws std::runtime_error if the scheduler has another
/// schedule and `change` does not allow that.
void load_checkpoint(const std::filesystem::path& file, torch::nn::Module& model,
                     torch::optim::Optimizer& optimizer, libsched::LRScheduler& scheduler,
                     libsched::ScheduleChange change);
