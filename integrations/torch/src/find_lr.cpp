#include "libsched/find_lr.hpp"

#include <c10/core/Storage.h>
#include <c10/core/TensorImpl.h>
#include <c10/util/Exception.h>
#include <c10/util/Type.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/optim/lbfgs.h>
#include <torch/serialize/archive.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>
#include <utility>

#include "libsched/ramp.hpp"
#include "libtorch_private.hpp"
#include "temporary_file.hpp"

namespace libsched {
namespace {

using torch::optim::Optimizer;
using torch::optim::OptimizerParamState;

std::vector<torch::Tensor> written_tensors(const OptimizerParamState& state) {
  torch::serialize::OutputArchive archive;
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

// The tensors of a state. serialize() may wrap a count in a new tensor at every call, which does no
// harm. Any other tensor that is new at every call may be a copy of the state's tensor, which then
// could not be put back, so such a state is refused.
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

// The bytes of a storage in chunks of the buffer, which is in host memory whatever the device.
template <class Action>
void for_each_chunk(const torch::Storage& storage, std::int64_t bytes, const torch::Tensor& buffer,
                    Action action) {
  if (bytes == 0) return;
  // Makes a storage larger that has become smaller meanwhile.
  const torch::Tensor all = torch::empty({0}, torch::dtype(torch::kByte).device(storage.device()))
                                .set_(storage, 0, {bytes}, {1});
  for (std::int64_t begin = 0; begin < bytes; begin += buffer.numel()) {
    const std::int64_t count = std::min(buffer.numel(), bytes - begin);
    action(all.narrow(0, begin, count), buffer.narrow(0, 0, count));
  }
}

// Puts everything back that a training step changes. The optimizer works on copies of its states
// and groups, and the originals come back. The copies share tensors with the originals, as
// LibTorch's clone() does, so what a tensor holds is put back in place, which everything that
// shares it sees. The states' serialize(InputArchive&) is not used: in LibTorch's ordinary form it
// exchanges the storage of the tensors that clone() shares.
//
// Meanwhile what the tensors hold lies in a file, and the tensors themselves are held weakly: a
// gradient that a training step releases must not stay in memory together with the one that
// replaces it. In the end it is made again. No one can notice that, because no one else held it.
class Restore {
 public:
  Restore(Optimizer& optimizer, const FindLROptions& options)
      : optimizer_(optimizer), groups_(optimizer.param_groups()) {
    torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const auto& parameters = groups_[i].params();
      for (std::size_t j = 0; j < parameters.size(); ++j) {
        const torch::Tensor& parameter = parameters[j];
        const std::string name = fmt::format("parameter {} of param group {}", j, i);
        keep(parameter, name);
        const torch::Tensor& grad = parameter.grad();
        grads_.emplace_back(parameter, keep(grad, "the gradient of " + name));
        if (grad.defined() && grad.requires_grad()) held_.push_back(grad);  // for its history
      }
    }
    for (std::size_t i = 0; i < options.buffers.size(); ++i) {
      keep(options.buffers[i], fmt::format("buffer {} of the options", i));
    }
    for (const auto& [key, state] : optimizer.state()) state_[key] = state ? copy(*state) : nullptr;
    write(options.folder);
    for (const auto& [key, state] : optimizer.state()) find_replaced(state.get());
    // From here on nothing throws.
    for (const auto& [tensor, kept] : replaced_) *tensor = torch::Tensor();
    exchange();
  }

  // Throws std::runtime_error that says what is not as it was. Everything else is.
  void operator()() {
    torch::NoGradGuard no_grad;
    exchange();
    state_.clear();
    groups_.clear();
    // This releases what the training made, so that there is room for what is made again.
    for (const auto& [parameter, grad] : grads_) parameter.mutable_grad() = alive(grad);
    std::string why;
    std::vector<std::string> lost;
    const auto attempt = [&](const std::string& what, const auto& action) {
      const auto note = [&](const char* reason) {
        if (lost.empty()) why = reason;
        if (std::find(lost.begin(), lost.end(), what) == lost.end()) lost.push_back(what);
      };
      try {
        action();
      } catch (const c10::Error& error) {
        note(error.what_without_backtrace());
      } catch (const std::exception& error) {
        note(error.what());
      }
    };
    for (KeptStorage& kept : storages_) attempt(kept.what, [&] { read(kept); });
    // Backwards, because the parts of a sparse tensor come after it.
    for (auto kept = tensors_.rbegin(); kept != tensors_.rend(); ++kept) {
      attempt(kept->what, [&] { put_back(*kept); });
    }
    for (const auto& kept : values_) attempt("a tensor", [&] { kept.first.copy_(kept.second); });
    for (const auto& [parameter, grad] : grads_) parameter.mutable_grad() = found(grad);
    for (const auto& [tensor, kept] : replaced_) *tensor = found(kept);
    if (lost.empty()) return;
    std::string more;
    if (lost.size() > 5) {
      more = fmt::format(" and {} more", lost.size() - 5);
      lost.resize(5);
    }
    throw std::runtime_error(
        fmt::format("find_lr: {}; not as before: {}{}", why, fmt::join(lost, ", "), more));
  }

 private:
  using WeakTensor = c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

  struct KeptStorage {
    torch::Storage storage;  // only before the file is written, and once it is read
    c10::weak_intrusive_ptr<c10::StorageImpl> weak;
    torch::Device device;
    std::int64_t bytes;
    std::string what;
    std::fpos_t position = {};
  };

  struct Kept {
    WeakTensor weak;
    torch::Tensor shell;  // the same but for the storage
    std::optional<std::size_t> storage;
    std::vector<std::size_t> parts;  // of a sparse tensor: indices and values
    std::string what;
    torch::Tensor found = {};
  };

  using Index = std::optional<std::size_t>;  // none for a tensor that is undefined

  void exchange() {
    std::swap(optimizer_.state(), state_);
    std::swap(optimizer_.param_groups(), groups_);
  }

  std::unique_ptr<OptimizerParamState> copy(const OptimizerParamState& state) {
    const std::string type = c10::demangle(typeid(state).name());
    const auto refuse = [&](const char* why) {
      throw std::runtime_error(
          fmt::format("find_lr: the optimizer's state {} cannot be copied: {}", type, why));
    };
    try {
      for (const torch::Tensor& tensor : tensors_of(state)) keep(tensor, "a state, " + type);
      return clone_of(state);
    } catch (const c10::Error& error) {
      refuse(error.what_without_backtrace());
    } catch (const std::exception& error) {
      refuse(error.what());
    }
    return nullptr;
  }

  Index keep(const torch::Tensor& tensor, const std::string& what) {
    if (!tensor.defined()) return std::nullopt;
    const auto [place, is_new] = indices_.emplace(tensor.unsafeGetTensorImpl(), tensors_.size());
    if (!is_new) return place->second;
    const std::size_t index = tensors_.size();
    Kept& kept =
        tensors_.emplace_back(Kept{WeakTensor(tensor.getIntrusivePtr()), {}, {}, {}, what});
    if (tensor.layout() == torch::kSparse) {
      kept.shell =
          torch::empty(tensor.sizes(), tensor.options())._coalesced_(tensor.is_coalesced());
      const std::vector<torch::Tensor> parts = {tensor._indices(), tensor._values()};
      // By the index, because keep() moves the others.
      for (const torch::Tensor& part : parts) {
        const Index kept_part = keep(part, what);
        tensors_[index].parts.push_back(*kept_part);
      }
    } else if (!tensor.has_storage()) {
      values_.emplace_back(tensor, tensor.clone());
    } else {
      kept.storage = keep(tensor.storage(), what);
      kept.shell = tensor.variable_data();
      kept.shell.unsafeGetTensorImpl()->set_allow_tensor_metadata_change(true);
      set_storage(kept.shell, empty_storage(tensor.device(), 0));
    }
    return index;
  }

  // The whole storage, once for all tensors that share it: a tensor may overlap itself.
  std::size_t keep(const torch::Storage& storage, const std::string& what) {
    const auto [place, is_new] =
        storage_indices_.emplace(storage.unsafeGetStorageImpl(), storages_.size());
    if (is_new) {
      const auto bytes = static_cast<std::int64_t>(storage.nbytes());
      storages_.push_back({storage, storage.getWeakStorageImpl(), storage.device(), bytes, what});
    }
    return place->second;
  }

  static torch::Storage empty_storage(torch::Device device, std::int64_t bytes) {
    return torch::empty({bytes}, torch::dtype(torch::kByte).device(device)).storage();
  }

  static void set_storage(const torch::Tensor& tensor, const torch::Storage& storage) {
    tensor.unsafeGetTensorImpl()->set_storage_keep_dtype(storage);
  }

  void write(const std::string& folder) {
    std::int64_t total = 0, largest = 0;
    for (const KeptStorage& kept : storages_) {
      total += kept.bytes;
      largest = std::max(largest, kept.bytes);
    }
    buffer_ = torch::empty({std::min(largest, chunk)}, torch::kByte);
    const auto attempt = [&](const auto& action) {
      try {
        action();
      } catch (const std::runtime_error& error) {
        throw std::runtime_error(
            fmt::format("find_lr: {}; it needs {} bytes there until it returns, and its option "
                        "`folder` names another folder",
                        error.what(), total));
      }
    };
    attempt([&] { file_.emplace(folder); });
    for (KeptStorage& kept : storages_) {
      const torch::Storage storage = std::exchange(kept.storage, {});
      attempt([&] { kept.position = file_->position(); });
      for_each_chunk(storage, kept.bytes, buffer_, [&](const auto& bytes, const auto& buffer) {
        buffer.copy_(bytes);
        attempt([&] { file_->write(buffer.data_ptr(), buffer.nbytes()); });
      });
    }
  }

  void read(KeptStorage& kept) {
    const auto impl = kept.weak.lock();
    kept.storage = impl ? torch::Storage(impl) : empty_storage(kept.device, kept.bytes);
    file_->seek(kept.position);
    for_each_chunk(kept.storage, kept.bytes, buffer_, [&](auto bytes, const auto& buffer) {
      file_->read(buffer.data_ptr(), buffer.nbytes());
      bytes.copy_(buffer);
    });
  }

  void put_back(Kept& kept) {
    torch::Tensor tensor = alive(kept);
    if (kept.storage) {
      const torch::Storage& storage = storages_[*kept.storage].storage;
      if (!storage) throw std::runtime_error("there is no memory for it");
      set_storage(kept.shell, storage);
    } else if (!kept.parts.empty()) {
      kept.shell = torch::_sparse_coo_tensor_unsafe(found(kept.parts[0]), found(kept.parts[1]),
                                                    kept.shell.sizes(), kept.shell.options())
                       ._coalesced_(kept.shell.is_coalesced());
    }
    if (!tensor.defined()) {
      tensor = kept.shell;
    } else if (!kept.parts.empty() || (kept.storage && !tensor.is_set_to(kept.shell))) {
      tensor.set_data(kept.shell);
    }
    kept.found = tensor;
  }

  // LBFGS does not change the tensors of its state but replaces them, and there may be hundreds of
  // the size of all parameters. The original lets go of them once they are in the file.
  void find_replaced(OptimizerParamState* state) {
    auto* lbfgs = dynamic_cast<torch::optim::LBFGSParamState*>(state);
    if (lbfgs == nullptr) return;
    const auto add = [&](torch::Tensor& tensor) {
      if (tensor.defined()) {
        replaced_.emplace_back(&tensor, indices_.at(tensor.unsafeGetTensorImpl()));
      }
    };
    for (auto* tensor : {&lbfgs->d(), &lbfgs->H_diag(), &lbfgs->prev_flat_grad()}) add(*tensor);
    for (auto* tensors : {&lbfgs->old_dirs(), &lbfgs->old_stps(), &lbfgs->ro()}) {
      for (torch::Tensor& tensor : *tensors) add(tensor);
    }
    if (lbfgs->al()) {
      for (torch::Tensor& tensor : *lbfgs->al()) add(tensor);
    }
  }

  static torch::Tensor alive(const Kept& kept) { return torch::Tensor(kept.weak.lock()); }
  torch::Tensor alive(Index index) const {
    return index ? alive(tensors_[*index]) : torch::Tensor();
  }
  torch::Tensor found(Index index) const {
    return index ? tensors_[*index].found : torch::Tensor();
  }

  static constexpr std::int64_t chunk = 1 << 20;

  Optimizer& optimizer_;
  std::vector<torch::optim::OptimizerParamGroup> groups_;
  std::decay_t<decltype(std::declval<Optimizer&>().state())> state_;
  std::vector<Kept> tensors_;
  std::vector<KeptStorage> storages_;
  std::unordered_map<const c10::TensorImpl*, std::size_t> indices_;
  std::unordered_map<const c10::StorageImpl*, std::size_t> storage_indices_;
  std::vector<std::pair<torch::Tensor, Index>> grads_;
  std::vector<std::pair<torch::Tensor*, std::size_t>> replaced_;
  std::vector<torch::Tensor> held_;
  std::vector<std::pair<torch::Tensor, torch::Tensor>> values_;  // of an uncommon layout
  std::optional<TemporaryFile> file_;
  torch::Tensor buffer_;
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

std::vector<LRPoint> sweep(Optimizer& optimizer, const std::function<double()>& train_step,
                           const std::vector<double>& shares, const FindLROptions& options) {
  const Exponential rates{options.min_lr, options.max_lr, std::max<Step>(options.steps - 1, 1)};
  std::vector<LRPoint> curve;
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
    curve.push_back({lr, loss});
    best = std::min(best, loss);
    // Stated so that it holds for a loss below 0 too.
    if (loss - best > (options.divergence - 1) * std::abs(best)) break;
  }
  return curve;
}

// Lightning's rule: the smallest of numpy.gradient(losses), the first and last points left out. It
// has to be below 0 by more than the average of equal losses is by rounding.
std::optional<double> steepest(const std::vector<LRPoint>& curve, const FindLROptions& options) {
  // Compared one by one, since their sum may overflow.
  const std::size_t n = curve.size();
  if (n < 2 || options.skip_begin > n - 2 || options.skip_end > n - 2 - options.skip_begin) {
    return std::nullopt;
  }
  const auto first = curve.begin() + static_cast<std::ptrdiff_t>(options.skip_begin);
  const auto last = curve.end() - static_cast<std::ptrdiff_t>(options.skip_end) - 1;
  std::optional<double> best;
  double least = 0;
  for (auto point = first; point <= last; ++point) {
    const auto left = point == first ? point : std::prev(point);
    const auto right = point == last ? point : std::next(point);
    const double gradient = (right->loss - left->loss) / static_cast<double>(right - left);
    if (gradient < least && gradient < -1e-12 * std::abs(point->loss)) {
      least = gradient;
      best = point->lr;
    }
  }
  return best;
}

}  // namespace

FoundLR find_lr(Optimizer& optimizer, const std::function<double()>& train_step,
                const FindLROptions& options) {
  validate(options);
  const std::vector<double> shares = ratios(optimizer);
  Restore restore(optimizer, options);
  FoundLR found;
  try {
    found.curve = sweep(optimizer, train_step, shares, options);
  } catch (...) {
    restore();
    throw;
  }
  restore();
  found.suggestion = steepest(found.curve, options);
  return found;
}

}  // namespace libsched
