#pragma once

#include <torch/types.h>

#include "libsched/export.hpp"
#include "libsched/torch.hpp"

namespace c10d {
class ProcessGroup;
}

/// Functions for training on several processes. Every rank of the group must make the same calls in
/// the same order. `device` must be one whose tensors the group's backend supports: NCCL does not
/// support CPU tensors. They are available only if LibTorch itself was built with c10d.
/// @file
namespace libsched {

/// Compares the driver of every rank with that of rank 0: the schedules, the step, and the current
/// values. Call it before the first update and after a checkpoint is loaded. If one differs, every
/// rank throws a std::runtime_error that names the first rank that differs and shows the first
/// difference.
LIBSCHED_API void require_same_on_all_ranks(c10d::ProcessGroup& group, const LRScheduler& scheduler,
                                            torch::Device device = torch::kCPU);

/// The weighted mean of the ranks' metrics, sum(weight * metric) / sum(weight). A rank's weight is,
/// for example, the number of samples over which its metric is a mean. Every rank gets the same
/// bits, so that LRScheduler::report() of the mean decides the same on every rank. A metric of
/// weight 0 is ignored, even if it is NaN; if all weights are 0 the mean is NaN.
LIBSCHED_API double average_over_ranks(c10d::ProcessGroup& group, double metric, double weight = 1,
                                       torch::Device device = torch::kCPU);

}  // namespace libsched
