#pragma once

#include <torch/types.h>

#include "libsched/export.hpp"
#include "libsched/torch.hpp"

namespace c10d {
class ProcessGroup;
}

/// For training on several processes; every rank of the group must make the same calls in the same
/// order. `device` is where the group's backend takes tensors: NCCL takes none of the CPU. Only
/// where LibTorch itself was built with c10d.
/// @file
namespace libsched {

/// Compares every rank's driver with that of rank 0: what drives what, the step, and the rates as
/// they are. Call it before the first update, and after a checkpoint is loaded. Where one differs,
/// throws std::runtime_error on every rank: it names the rank and shows both.
LIBSCHED_API void require_same_on_all_ranks(c10d::ProcessGroup& group, const LRScheduler& scheduler,
                                            torch::Device device = torch::kCPU);

/// The mean of the ranks' metrics, each with its weight, e.g. the number of samples that it is the
/// mean of. Every rank gets the same bits, so that LRScheduler::report() of it decides the same on
/// every rank. NaN where the weights are all 0.
LIBSCHED_API double average_over_ranks(c10d::ProcessGroup& group, double metric, double weight = 1,
                                       torch::Device device = torch::kCPU);

}  // namespace libsched
