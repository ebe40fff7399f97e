#include "libsched/find_lr.hpp"

#include <c10/core/ScalarType.h>
#include <c10/util/Exception.h>
#include <c10/util/Type.h>
#include <fmt/format.h>
#include <torch/serialize/archive.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <typeinfo>
#include <unordered_set>
#include <utility>

#include "libsched/ramp.hpp"

namespace libsched {
namespace {

using torch::optim::Optimizer;
using torch::optim::OptimizerParamState;
using torch::serialize::OutputArchive;

// What was written into an archive. LibTorch has no public way to it but save_to(), which copies,
// and the state's own tensors are needed. The language lets an explicit instantiation name a
// private member.
template <auto member>
struct Contents {
  friend torch::IValue contents(const OutputArchive& archive) {
    return (archive.*member)._ivalue();
  }
};
torch::IValue contents(const OutputArchive& archive);
template struct Contents<&OutputArchive::module_>;

std::vector<torch::Tensor> written_tensors(const OptimizerParamState& state) {
  OutputArchive archive;
  state.serialize(archive);
  const torch::IValue written = contents(archive);
  if (written.toObjectRef().slots().empty()) {
    throw std::runtime_error("its serialize() writes nothing");
  }
  std::vector<torch::Tensor> tensors;
  written.visit([&](const torch::IValue& value) {
    if (value.isTensor() && value.toTensor().defined()) tensors.push_back(value.toTensor());
    return false;
  });
  return tensors;
}

bool share_data(const torch::Tensor& a, const torch::Tensor& b) {
  return a.is_same(b) || (a.has_storage() && b.has_storage() && a.is_alias_of(b));
}

// The tensors of a state. A count may be written as a tensor made for the archive, which is another
// one each time; but where a made one may be a copy, the tensor itself is out of sight.
std::vector<torch::Tensor> tensors_of(const OptimizerParamState& state) {
  auto tensors = written_tensors(state);
  const auto again = written_tensors(state);
  const auto own_or_count = [](const torch::Tensor& a, const torch::Tensor& b) {
    return share_data(a, b) || (a.numel() == 1 && c10::isIntegralType(a.scalar_type(), true));
  };
  if (!std::equal(tensors.begin(), tensors.end(), again.begin(), again.end(), own_or_count)) {
    throw std::runtime_error("its serialize() writes copies of its tensors, not the tensors");
  }
  return tensors;
}

std::unique_ptr<OptimizerParamState> clone_of(const OptimizerParamState& state) {
  auto clone = state.clone();
  const OptimizerParamState* made = clone.get();
  if (!made || typeid(*made) != typeid(state)) {
    throw std::runtime_error("its clone() gives another type");
  }
  return clone;
}

// Puts everything back that a training step changes. The optimizer works on copies of its states
// and groups, and the originals come back. The copies share tensors with the originals, as
// LibTorch's clone() does, so what a tensor holds is put back in place, which everything that
// shares it sees. The states' serialize(InputArchive&) is not used: in LibTorch's ordinary form it
// exchanges the storage of the tensors that clone() shares.
class Restore {
 public:
  Restore(Optimizer& optimizer, const std::vector<torch::Tensor>& buffers)
      : optimizer_(optimizer), groups_(optimizer.param_groups()) {
    torch::NoGradGuard no_grad;
    for (const auto& [key, state] : optimizer.state()) state_[key] = state ? copy(*state) : nullptr;
    for (const auto& group : optimizer.param_groups()) {
      for (const torch::Tensor& parameter : group.params()) {
        keep(parameter);
        keep(parameter.grad());
        grads_.emplace_back(parameter, parameter.grad());
      }
    }
    for (const torch::Tensor& buffer : buffers) keep(buffer);
    exchange();
  }

  ~Restore() {
    torch::NoGradGuard no_grad;
    exchange();
    for (auto& [tensor, place] : places_) {
      if (!tensor.is_set_to(place)) tensor.set_data(place);
    }
    for (auto& [tensor, value] : values_) tensor.copy_(value);
    for (auto& [parameter, grad] : grads_) parameter.mutable_grad() = grad;
  }

  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

 private:
  void exchange() {
    std::swap(optimizer_.state(), state_);
    std::swap(optimizer_.param_groups(), groups_);
  }

  std::unique_ptr<OptimizerParamState> copy(const OptimizerParamState& state) {
    const auto refuse = [&](const char* why) {
      throw std::runtime_error(fmt::format("find_lr: the optimizer's state {} cannot be copied: {}",
                                           c10::demangle(typeid(state).name()), why));
    };
    try {
      for (const torch::Tensor& tensor : tensors_of(state)) keep(tensor);
      return clone_of(state);
    } catch (const c10::Error& error) {
      refuse(error.what_without_backtrace());
    } catch (const std::exception& error) {
      refuse(error.what());
    }
    return nullptr;
  }

  // The whole storage, once for all tensors that share it: a tensor may overlap itself.
  void keep(const torch::Tensor& tensor) {
    if (!tensor.defined()) return;
    if (!tensor.has_storage()) {
      values_.emplace_back(tensor, tensor.clone());
      return;
    }
    places_.emplace_back(tensor, tensor.detach());
    const torch::Storage& storage = tensor.storage();
    if (!storages_.insert(storage.unsafeGetStorageImpl()).second) return;
    const auto bytes = static_cast<std::int64_t>(storage.nbytes());
    const torch::Tensor all =
        torch::empty({0}, tensor.options().dtype(torch::kByte)).set_(storage, 0, {bytes}, {1});
    values_.emplace_back(all, all.clone());
  }

  Optimizer& optimizer_;
  std::vector<torch::optim::OptimizerParamGroup> groups_;
  std::decay_t<decltype(std::declval<Optimizer&>().state())> state_;
  std::vector<std::pair<torch::Tensor, torch::Tensor>> places_, values_, grads_;
  std::unordered_set<const c10::StorageImpl*> storages_;
};

// Of each group's rate to the greatest; 1 where all are the same.
std::vector<double> ratios(const Optimizer& optimizer) {
  std::vector<double> rates;
  for (const auto& group : optimizer.param_groups()) rates.push_back(group.options().get_lr());
  if (std::adjacent_find(rates.begin(), rates.end(), std::not_equal_to<>()) == rates.end()) {
    return std::vector<double>(rates.size(), 1);
  }
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (!(rates[i] >= 0 && std::isfinite(rates[i]))) {
      throw std::invalid_argument(
          fmt::format("find_lr: the rate of param group {} must be finite and at least 0, got {}",
                      i, rates[i]));
    }
  }
  const double greatest = *std::max_element(rates.begin(), rates.end());
  for (double& rate : rates) rate /= greatest;
  return rates;
}

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
  const std::vector<double> shares = ratios(optimizer);
  const Restore restore(optimizer, options.buffers);
  const Exponential rates{options.min_lr, options.max_lr, std::max<Step>(options.steps - 1, 1)};
  FoundLR found;
  double average = 0;
  double best = std::numeric_limits<double>::infinity();
  for (Step t = 0; t < options.steps; ++t) {
    const double lr = rates(t);
    auto& groups = optimizer.param_groups();
    for (std::size_t i = 0; i < std::min(groups.size(), shares.size()); ++i) {
      groups[i].options().set_lr(lr * shares[i]);
    }
    average = options.smoothing * average + (1 - options.smoothing) * train_step();
    // An average that starts at 0 is too small by this factor.
    const double loss = average / (1 - std::pow(options.smoothing, static_cast<double>(t + 1)));
    if (!std::isfinite(loss)) break;
    found.curve.push_back({lr, loss});
    best = std::min(best, loss);
    // Stated so that it holds for a loss below 0 too.
    if (loss - best > (options.divergence - 1) * std::abs(best)) break;
  }
  found.suggestion = steepest(found.curve, options);
  return found;
}

}  // namespace libsched
