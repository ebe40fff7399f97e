#include "libsched/find_lr.hpp"

#include <torch/optim/lbfgs.h>
#include <torch/serialize/archive.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <sstream>
#include <utility>

#include "libsched/ramp.hpp"

namespace libsched {
namespace {

using torch::optim::Optimizer;
using torch::optim::OptimizerParamState;

torch::Tensor deep_copy(const torch::Tensor& tensor) {
  return tensor.defined() ? tensor.clone() : tensor;
}

template <class Tensors>
void deepen(Tensors& tensors) {
  for (torch::Tensor& tensor : tensors) tensor = deep_copy(tensor);
}

// An archive cannot hold the tensors that LBFGS has not defined yet.
std::unique_ptr<OptimizerParamState> deep_copy(const torch::optim::LBFGSParamState& state) {
  auto copy = std::make_unique<torch::optim::LBFGSParamState>(state);
  for (torch::Tensor* tensor : {&copy->d(), &copy->H_diag(), &copy->prev_flat_grad()}) {
    *tensor = deep_copy(*tensor);
  }
  deepen(copy->old_dirs());
  deepen(copy->old_stps());
  deepen(copy->ro());
  if (copy->al()) deepen(*copy->al());
  return copy;
}

// LibTorch's clone() shares the tensors, so the copy goes through an archive.
std::unique_ptr<OptimizerParamState> deep_copy(const OptimizerParamState& state) {
  if (const auto* lbfgs = dynamic_cast<const torch::optim::LBFGSParamState*>(&state)) {
    return deep_copy(*lbfgs);
  }
  torch::serialize::OutputArchive out;
  state.serialize(out);
  std::stringstream bytes;
  out.save_to(bytes);
  torch::serialize::InputArchive in;
  in.load_from(bytes);
  auto copy = state.clone();
  copy->serialize(in);
  return copy;
}

// Puts everything back that a training step changes.
class Restore {
 public:
  Restore(Optimizer& optimizer, const std::vector<torch::Tensor>& buffers) : optimizer_(optimizer) {
    torch::NoGradGuard no_grad;
    for (auto& group : optimizer.param_groups()) {
      rates_.push_back(group.options().get_lr());
      for (torch::Tensor& parameter : group.params()) {
        const torch::Tensor& grad = parameter.grad();
        grads_.emplace_back(parameter, grad.defined() ? grad.clone() : torch::Tensor());
        values_.emplace_back(parameter, parameter.clone());
      }
    }
    for (const torch::Tensor& buffer : buffers) values_.emplace_back(buffer, buffer.clone());
    // The test works on copies, and the originals come back.
    auto copies = std::decay_t<decltype(optimizer.state())>();
    for (const auto& [key, state] : optimizer.state()) copies[key] = deep_copy(*state);
    state_ = std::exchange(optimizer.state(), std::move(copies));
  }

  ~Restore() {
    torch::NoGradGuard no_grad;
    for (auto& [tensor, value] : values_) tensor.copy_(value);
    for (auto& [parameter, grad] : grads_) parameter.mutable_grad() = grad;
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      optimizer_.param_groups()[i].options().set_lr(rates_[i]);
    }
    optimizer_.state() = std::move(state_);
  }

  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

 private:
  Optimizer& optimizer_;
  std::vector<double> rates_;
  std::vector<std::pair<torch::Tensor, torch::Tensor>> values_, grads_;
  std::decay_t<decltype(std::declval<Optimizer&>().state())> state_;
};

// Lightning's rule: the smallest of numpy.gradient(losses), the first and last points left out.
std::optional<double> steepest(const std::vector<LRPoint>& curve, const FindLROptions& options) {
  // Compared one by one, since their sum may overflow.
  const std::size_t n = curve.size();
  if (n < 2 || options.skip_begin > n - 2 || options.skip_end > n - 2 - options.skip_begin) {
    return std::nullopt;
  }
  const auto first = curve.begin() + static_cast<std::ptrdiff_t>(options.skip_begin);
  const auto last = curve.end() - static_cast<std::ptrdiff_t>(options.skip_end) - 1;
  auto best = last;
  double least = std::numeric_limits<double>::infinity();
  for (auto point = first; point <= last; ++point) {
    const auto left = point == first ? point : std::prev(point);
    const auto right = point == last ? point : std::next(point);
    const double gradient = (right->loss - left->loss) / static_cast<double>(right - left);
    if (gradient < least) {
      least = gradient;
      best = point;
    }
  }
  return best->lr;
}

}  // namespace

FoundLR find_lr(Optimizer& optimizer, const std::function<double()>& train_step,
                const FindLROptions& options) {
  validate(options);
  const Restore restore(optimizer, options.buffers);
  const Exponential rates{options.min_lr, options.max_lr, std::max<Step>(options.steps - 1, 1)};
  FoundLR found;
  double average = 0;
  double best = std::numeric_limits<double>::infinity();
  for (Step t = 0; t < options.steps; ++t) {
    const double lr = rates(t);
    for (auto& group : optimizer.param_groups()) group.options().set_lr(lr);
    average = options.smoothing * average + (1 - options.smoothing) * train_step();
    // An average that starts at 0 is too small by this factor.
    const double loss = average / (1 - std::pow(options.smoothing, static_cast<double>(t + 1)));
    if (!std::isfinite(loss)) break;
    found.curve.push_back({lr, loss});
    best = std::min(best, loss);
    // Stated so that it holds for a loss below 0 too.
    if (t > 0 && loss - best > (options.divergence - 1) * std::abs(best)) break;
  }
  found.suggestion = steepest(found.curve, options);
  return found;
}

}  // namespace libsched
