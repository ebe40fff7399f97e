#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>
#include <torch/serialize/archive.h>

#include <istream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>

#include "libsched/torch.hpp"

namespace libsched {
namespace {

using torch::optim::OptimizerOptions;

std::string_view name_of(Hyperparameter hyperparameter) {
  switch (hyperparameter) {
    case Hyperparameter::momentum:
      return "momentum";
    case Hyperparameter::beta1:
      return "beta1";
    case Hyperparameter::beta2:
      return "beta2";
    case Hyperparameter::weight_decay:
      return "weight_decay";
    case Hyperparameter::eps:
      return "eps";
  }
  return "unknown hyperparameter";
}

template <class Options, class = void>
constexpr bool has_momentum = false;
template <class Options>
constexpr bool has_momentum<Options, std::void_t<decltype(std::declval<Options&>().momentum())>> =
    true;
template <class Options, class = void>
constexpr bool has_betas = false;
template <class Options>
constexpr bool has_betas<Options, std::void_t<decltype(std::declval<Options&>().betas())>> = true;
template <class Options, class = void>
constexpr bool has_weight_decay = false;
template <class Options>
constexpr bool
    has_weight_decay<Options, std::void_t<decltype(std::declval<Options&>().weight_decay())>> =
        true;
template <class Options, class = void>
constexpr bool has_eps = false;
template <class Options>
constexpr bool has_eps<Options, std::void_t<decltype(std::declval<Options&>().eps())>> = true;

// The address of a hyperparameter in an optimizer's options; null if they do not have it.
template <class Options>
double* place_in(Options& options, Hyperparameter hyperparameter) {
  if constexpr (has_momentum<Options>) {
    if (hyperparameter == Hyperparameter::momentum) return &options.momentum();
  }
  if constexpr (has_betas<Options>) {
    if (hyperparameter == Hyperparameter::beta1) return &std::get<0>(options.betas());
    if (hyperparameter == Hyperparameter::beta2) return &std::get<1>(options.betas());
  }
  if constexpr (has_weight_decay<Options>) {
    if (hyperparameter == Hyperparameter::weight_decay) return &options.weight_decay();
  }
  if constexpr (has_eps<Options>) {
    if (hyperparameter == Hyperparameter::eps) return &options.eps();
  }
  return nullptr;
}

struct Found {
  std::string_view optimizer;
  double* value;
};

Found find(OptimizerOptions& options, Hyperparameter hyperparameter) {
  using namespace torch::optim;
  if (auto* sgd = dynamic_cast<SGDOptions*>(&options))
    return {"SGD", place_in(*sgd, hyperparameter)};
  if (auto* adam = dynamic_cast<AdamOptions*>(&options)) {
    return {"Adam", place_in(*adam, hyperparameter)};
  }
  if (auto* adamw = dynamic_cast<AdamWOptions*>(&options)) {
    return {"AdamW", place_in(*adamw, hyperparameter)};
  }
  if (auto* rmsprop = dynamic_cast<RMSpropOptions*>(&options)) {
    return {"RMSprop", place_in(*rmsprop, hyperparameter)};
  }
  if (auto* adagrad = dynamic_cast<AdagradOptions*>(&options)) {
    return {"Adagrad", place_in(*adagrad, hyperparameter)};
  }
  if (auto* lbfgs = dynamic_cast<LBFGSOptions*>(&options)) {
    return {"LBFGS", place_in(*lbfgs, hyperparameter)};
  }
  return {"", nullptr};
}

constexpr std::string_view function_form =
    "Drive{{\"{}\", [](torch::optim::OptimizerOptions& o) -> double& {{ return "
    "static_cast<YourOptions&>(o).{}(); }}, schedule}}";

double& place_of(OptimizerOptions& options, Hyperparameter hyperparameter) {
  const auto [optimizer, value] = find(options, hyperparameter);
  if (value != nullptr) return *value;
  const std::string_view name = name_of(hyperparameter);
  if (!optimizer.empty()) {
    throw std::invalid_argument(fmt::format("LRScheduler: {} has no {}", optimizer, name));
  }
  throw std::invalid_argument(
      fmt::format("LRScheduler: libsched does not know where your optimizer stores its {}; pass a "
                  "function that returns it: {}",
                  name, fmt::format(fmt::runtime(function_form), name, name)));
}

// Does what set_lr() does. For known types it saves the three calls into LibTorch that set_lr()
// takes.
constexpr auto set_lr = [](OptimizerOptions& options, double rate) {
  const std::type_info* type = &typeid(options);
  if (type == &typeid(torch::optim::SGDOptions)) {
    static_cast<torch::optim::SGDOptions&>(options).lr(rate);
  } else if (type == &typeid(torch::optim::AdamOptions)) {
    static_cast<torch::optim::AdamOptions&>(options).lr(rate);
  } else if (type == &typeid(torch::optim::AdamWOptions)) {
    static_cast<torch::optim::AdamWOptions&>(options).lr(rate);
  } else {
    options.set_lr(rate);
  }
};

// Options that do not override get_lr() and set_lr() throw an error of LibTorch's, whose message is
// a backtrace.
template <class Call>
auto with_clear_error(Call call) {
  try {
    return call();
  } catch (const c10::Error&) {
    throw std::invalid_argument(fmt::format(
        "LRScheduler: the options class of this optimizer does not override get_lr() and set_lr(): "
        "override them, or set the rate by a Drive: LRScheduler(optimizer, {{keep}}, {})",
        fmt::format(fmt::runtime(function_form), "lr", "lr")));
  }
}

double get_lr(const OptimizerOptions& options) {
  return with_clear_error([&] { return options.get_lr(); });
}

// OptimizerOptions cannot be asked whether set_lr() is overridden, so call it.
void require_rate(OptimizerOptions& options) {
  with_clear_error([&] { options.set_lr(options.get_lr()); });
}

[[noreturn]] void throw_no_group(std::size_t group, std::size_t groups) {
  throw std::out_of_range(
      fmt::format("LRScheduler: there is no param group {}, the optimizer has {}", group, groups));
}

// A user's function may throw anything, such as std::bad_cast.
double& find_place(const Drive& drive, OptimizerOptions& options, std::size_t group) {
  try {
    return drive.place(options);
  } catch (const std::invalid_argument&) {
    throw;
  } catch (const std::exception& error) {
    throw std::invalid_argument(
        fmt::format("LRScheduler: the function of {} fails for param group {}: {}", drive.name,
                    group, error.what()));
  }
}

using ParamGroups = std::vector<torch::optim::OptimizerParamGroup>;

// A setter for all groups: calls `set` with the options and the value of each group that has a
// value.
template <class Set>
auto in_each_group(ParamGroups& groups, Set set) {
  return [&groups, set](const GroupValues& values) {
    auto* group = groups.data();
    auto* const end = group + groups.size();
    if (groups.size() != values.groups) return false;
    if (values.schedules.per_group) {
      for (std::size_t i = 0; group != end; ++i, ++group) {
        if (values.has(i)) set(group->options(), values[i]);
      }
    } else {
      for (const double* value = values.first; group != end; ++group, value += values.stride) {
        set(group->options(), *value);
      }
    }
    return true;
  };
}

GroupSetting setting_of(const Drive& drive, ParamGroups& groups) {
  GroupSetting setting = drive;
  if (drive.place) {
    setting.set = in_each_group(
        groups,
        [place = drive.place](OptimizerOptions& options, double value) { place(options) = value; });
    setting.get = [&groups, drive](std::size_t group) {
      return find_place(drive, groups[group].options(), group);
    };
  } else {
    setting.set = in_each_group(groups, set_lr);
    setting.get = [&groups](std::size_t group) {
      OptimizerOptions& options = groups[group].options();
      require_rate(options);
      return options.get_lr();
    };
  }
  return setting;
}

std::vector<GroupSetting> settings_of(const std::vector<Drive>& drives, ParamGroups& groups) {
  std::vector<GroupSetting> settings;
  for (const Drive& drive : drives) settings.push_back(setting_of(drive, groups));
  return settings;
}

}  // namespace

Drive::Drive(Hyperparameter hyperparameter, GroupSchedules to_follow)
    : GroupSetting(
          std::string(name_of(hyperparameter)), std::move(to_follow), false,
          hyperparameter == Hyperparameter::beta1 || hyperparameter == Hyperparameter::beta2),
      place([hyperparameter](OptimizerOptions& options) -> double& {
        return place_of(options, hyperparameter);
      }) {}

Drive::Drive(std::string of, OptionRef where, GroupSchedules to_follow)
    : GroupSetting(std::move(of), std::move(to_follow)), place(std::move(where)) {
  detail::check_name("Drive", name);
  if (!place) throw std::invalid_argument("Drive: the function must not be empty");
}

Drive Drive::relative(Hyperparameter hyperparameter, GroupSchedules factors) {
  Drive drive(hyperparameter, std::move(factors));
  drive.is_relative = true;
  return drive;
}

Drive Drive::relative(std::string name, OptionRef place, GroupSchedules factors) {
  Drive drive(std::move(name), std::move(place), std::move(factors));
  drive.is_relative = true;
  return drive;
}

void restore_options(torch::optim::Optimizer& optimizer,
                     const std::vector<torch::optim::OptimizerParamGroup>& groups) {
  auto& own = optimizer.param_groups();
  if (groups.size() != own.size()) {
    throw std::invalid_argument(
        fmt::format("restore_options: the numbers of groups differ: got {}, the optimizer has {}",
                    groups.size(), own.size()));
  }
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (groups[i].has_options()) own[i].set_options(groups[i].options().clone());
  }
}

void LRScheduler::Parts::add(std::vector<Drive> more) {
  for (Drive& drive : more) add(std::move(drive));
}

void LRScheduler::Parts::add(const ReduceOnPlateau& one) {
  if (plateau) throw std::invalid_argument("LRScheduler: more than one ReduceOnPlateau");
  plateau = one;
}

void LRScheduler::Parts::add(const std::optional<ReduceOnPlateau>& one) {
  if (one) add(*one);
}

LRScheduler::LRScheduler(torch::optim::Optimizer& optimizer, const Parts& parts)
    : optimizer_(&optimizer),
      driver_(
          "LRScheduler", [&groups = optimizer.param_groups()] { return groups.size(); },
          settings_of(parts.drives, optimizer.param_groups()), parts.plateau) {}

void LRScheduler::add_group(const torch::optim::OptimizerParamGroup& group,
                            const PerGroup& schedules) {
  Driver next = driver_;
  next.check_groups();
  next.expect_group(schedules);
  next.check_groups(1);
  optimizer_->add_param_group(group);
  auto& groups = optimizer_->param_groups();
  try {
    if (group.has_options()) groups.back().set_options(group.options().clone());
    next.step_to(step_count());
  } catch (...) {
    groups.pop_back();
    throw;
  }
  driver_ = std::move(next);
}

double LRScheduler::lr(std::size_t group) const {
  const auto& groups = optimizer_->param_groups();
  if (group >= groups.size()) throw_no_group(group, groups.size());
  return get_lr(groups[group].options());
}

std::vector<double> LRScheduler::last_lr() const {
  std::vector<double> rates;
  for (const auto& group : optimizer_->param_groups()) rates.push_back(get_lr(group.options()));
  return rates;
}

const Schedule& LRScheduler::schedule(std::size_t group) const {
  const std::size_t count = optimizer_->param_groups().size();
  const GroupSchedules& schedules = driver_.setting(0).schedules;
  if (group >= (schedules.per_group ? schedules.list.size() : count)) throw_no_group(group, count);
  if (const auto& schedule = schedules.of(group)) return *schedule;
  throw std::logic_error(
      fmt::format("LRScheduler: group {} has no schedule of its rate: its entry is keep", group));
}

// The state is written as text, because LibTorch's reader of a number or a tensor can crash on a
// damaged file before a checksum can be compared. The text is in an inner archive, because LibTorch
// lets a value overwrite one with the same key, but refuses an archive that would.
void LRScheduler::save(torch::serialize::OutputArchive& archive, const std::string& key) const {
  std::ostringstream text;
  driver_.save(text);
  torch::serialize::OutputArchive own;
  own.write("state", c10::IValue(text.str()));
  try {
    archive.write(key, own);
  } catch (const c10::Error&) {
    throw std::invalid_argument(
        fmt::format("LRScheduler: the archive already has a '{}': save each driver with a "
                    "different key, scheduler.save(archive, key)",
                    key));
  }
}

void LRScheduler::load(torch::serialize::InputArchive& archive, ScheduleChange change) {
  load(archive, default_key, change);
}

void LRScheduler::load(torch::serialize::InputArchive& archive, const std::string& key,
                       ScheduleChange change) {
  c10::IValue text;
  torch::serialize::InputArchive own;
  // 0.1.0 wrote the text without an inner archive.
  if (!archive.try_read(key, text) || !text.isString()) {
    if (!archive.try_read(key, own) || !own.try_read("state", text) || !text.isString()) {
      throw std::runtime_error(
          fmt::format("LRScheduler: this is not a checkpoint of a libsched driver{}",
                      key == default_key ? "" : fmt::format(": it has no '{}'", key)));
    }
  }
  std::istringstream stream(text.toStringRef());
  driver_.load(stream, change);
}

std::vector<Finding> review(const LRScheduler& scheduler, Step planned_steps) {
  return review(scheduler.driver_, planned_steps);
}

}  // namespace libsched
