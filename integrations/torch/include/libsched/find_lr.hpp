#pragma once

#include <torch/optim/optimizer.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsched/export.hpp"
#include "libsched/field.hpp"

namespace libsched {

/// The options of find_lr(): which rates it tries, and when it stops.
struct FindLROptions {
  double min_lr = 1e-8;         ///< first rate of the group with the highest rate, above 0
  double max_lr = 1;            ///< last rate of that group, above min_lr
  Step steps = 100;             ///< training steps, at least 1
  double smoothing = 0.98;      ///< share of the old average in the new one; 0: no smoothing
  double divergence = 4;        ///< stops when the smoothed loss exceeds this times its minimum
  std::size_t skip_begin = 10;  ///< points at the start that the suggestion ignores
  std::size_t skip_end = 1;     ///< points at the end that the suggestion ignores
  std::vector<torch::Tensor> buffers = {};  ///< the model's buffers, and other tensors to restore
  /// The folder of the temporary file. If it is empty, the file is in the folder that TMPDIR names.
  /// If that is not set, it is in /var/tmp or, if that cannot be written, in the system's folder
  /// for temporary files.
  std::string folder = {};

  static constexpr std::string_view name = "find_lr";
  template <class Visit>
  static constexpr auto fields(Visit visit) {
    return visit(field("min_lr", &FindLROptions::min_lr, rule::positive),
                 field("max_lr", &FindLROptions::max_lr, rule::positive),
                 field("steps", &FindLROptions::steps, rule::at_least_one),
                 field("smoothing", &FindLROptions::smoothing, rule::fraction),
                 field("divergence", &FindLROptions::divergence, rule::at_least_one));
  }
  std::string complaint() const {
    if (min_lr < max_lr && smoothing < 1) return {};
    return min_lr < max_lr ? "smoothing must be below 1, got 1" : "min_lr must be below max_lr";
  }
};

/// One training step of a learning-rate range test.
struct LRPoint {
  double lr;    ///< rate of the step, in the group with the highest rate
  double loss;  ///< smoothed loss
};

/// What find_lr() found.
struct FoundLR {
  std::vector<LRPoint> curve;  ///< one point per step
  /// The rate at which the loss falls fastest. It is empty if there are too few points, and if the
  /// loss never falls, e.g. because train_step forgets optimizer.step().
  std::optional<double> suggestion;
};

/// The learning-rate range test: makes `steps` training steps at rates that rise geometrically from
/// min_lr to max_lr and suggests the rate at which the smoothed loss falls fastest, as PyTorch
/// Lightning does. `train_step` makes one step (zero_grad(), forward, backward, step()) and returns
/// its loss. If the param groups have different rates, find_lr() keeps their ratios, and every rate
/// here is that of the group with the highest rate. Smith, "Cyclical Learning Rates" (2017),
/// section 3.3.
///
/// Afterwards the parameters, gradients, buffers, options and all that state() holds are as they
/// were, bit for bit, even if train_step throws or its loss is NaN. During the test a temporary
/// file holds the former contents of their tensors, and it is as large as all of them together. The
/// optimizer works on copies of its options and states, which share the tensors. So find_lr() needs
/// 1 MiB of host memory more than the training, and no more memory on a device. There is one
/// exception: if an update of a user-defined optimizer replaces tensors of its state instead of
/// changing them in place, the old tensors stay in memory, too.
///
/// A user-defined state needs a clone(), and a serialize(OutputArchive&) that writes its tensors.
/// If it keeps tensors anywhere else, put them into `buffers`.
///
/// Throws std::invalid_argument for bad options, and for different rates of which one is negative
/// or not finite. Throws std::runtime_error if a state cannot be copied, or if the file cannot be
/// written, e.g. because the disk is full. Nothing has changed then. If the file cannot be read
/// back afterwards, a std::runtime_error names what could not be restored; everything else is
/// restored.
LIBSCHED_API FoundLR find_lr(torch::optim::Optimizer& optimizer,
                             const std::function<double()>& train_step,
                             const FindLROptions& options = {});

}  // namespace libsched
