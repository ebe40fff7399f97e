#pragma once

#include <torch/nn/module.h>
#include <torch/optim/optimizer.h>

#include <filesystem>
#include <string>
#include <vector>

#include "digits/run.hpp"
#include "libsched/torch.hpp"

/// Writes one file with everything that a training needs to go on as if nothing had happened; the
/// batches follow from the scheduler's step, and no model here has dropout. Whoever reads the file
/// finds the old content or the new, also after a crash or a power cut. `job` says in a line each
/// what is trained, first what no change of schedule may change; the last of the runs is that of
/// the model.
void save_checkpoint(const std::filesystem::path& file, const std::vector<std::string>& job,
                     const torch::nn::Module& model, const torch::optim::Optimizer& optimizer,
                     const libsched::LRScheduler& scheduler, const std::vector<Run>& runs);

/// The runs of the file. Throws std::runtime_error where it is no checkpoint, or one of another
/// job: then it shows the difference.
std::vector<Run> saved_runs(const std::filesystem::path& file, const std::vector<std::string>& job,
                            libsched::ScheduleChange change);

/// Puts model, optimizer and scheduler back where they were. Throws std::runtime_error where the
/// scheduler has another schedule and the change does not allow it.
void load_checkpoint(const std::filesystem::path& file, torch::nn::Module& model,
                     torch::optim::Optimizer& optimizer, libsched::LRScheduler& scheduler,
                     libsched::ScheduleChange change);
