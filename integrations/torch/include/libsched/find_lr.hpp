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

/// Of find_lr(): the sweep of the rates, and when it stops.
struct FindLROptions {
  double min_lr = 1e-8;         ///< first rate (of the group with the greatest), above 0
  double max_lr = 1;            ///< last rate (of the same group), above min_lr
  Step steps = 100;             ///< training steps, at least 1
  double smoothing = 0.98;      ///< of the exponential moving average of the loss; 0: none
  double divergence = 4;        ///< stops where the smoothed loss is more than this times its best
  std::size_t skip_begin = 10;  ///< points that the suggestion leaves out
  std::size_t skip_end = 1;     ///< the same, at the end
  std::vector<torch::Tensor> buffers = {};  ///< of the model, and any other tensor to restore
  /// Of the temporary file. Without one TMPDIR, if that is set, else /var/tmp, else where the
  /// system has temporary files.
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
  double lr;    ///< rate of the step, of the group with the greatest
  double loss;  ///< smoothed
};

/// What find_lr() found.
struct FoundLR {
  std::vector<LRPoint> curve;  ///< a point a step
  std::optional<double>
      suggestion;  ///< where the loss falls steepest; none where there are too few points
};

/// The learning-rate range test: makes `steps` training steps at rates that rise geometrically from
/// min_lr to max_lr and suggests the one where the smoothed loss falls steepest, as PyTorch
/// Lightning does. `train_step` makes one step (forward, backward, optimizer.step()) and returns
/// its loss. Where the groups' own rates differ, their ratios are kept: every rate here is that of
/// the group with the greatest. Smith, "Cyclical Learning Rates" (2017), section 3.3.
///
/// Afterwards, also if train_step throws or its loss is NaN, parameters, gradients, buffers,
/// options and all that state() holds are as they were, bit for bit. Meanwhile what they held lies
/// in a temporary file, as large as all of them together, and the optimizer works on copies of its
/// options and states, which share the tensors. So a training that fits into the memory of its
/// device fits in there with find_lr too: it takes 1 MiB of host memory. (A user-defined state is
/// held beside its copy: where an update replaces its tensors instead of changing them in place,
/// these take memory twice.)
///
/// A user-defined state needs clone() and a serialize(OutputArchive&) that writes its tensors; a
/// tensor that is kept elsewhere belongs in `buffers`.
///
/// Before the first step, with nothing changed, throws std::invalid_argument for bad options and
/// for rates without a ratio, and std::runtime_error for a state that cannot be copied and where
/// the file cannot be written, as on a full disk. If the file cannot be read back,
/// std::runtime_error says what is not as it was; everything else is.
LIBSCHED_API FoundLR find_lr(torch::optim::Optimizer& optimizer,
                             const std::function<double()>& train_step,
                             const FindLROptions& options = {});

}  // namespace libsched
