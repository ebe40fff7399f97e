// What find_lr() takes of memory and disk, and what it does if the disk fails.
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adamw.h>
#include <torch/optim/lbfgs.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>
#include <torch/utils.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "libsched/find_lr.hpp"
#include "support.hpp"

namespace libsched {
namespace {

namespace fs = std::filesystem;
using namespace torch::optim;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

// Counts what LibTorch's tensors take, while it lives.
class CountingAllocator : public c10::Allocator {
 public:
  CountingAllocator() { c10::SetCPUAllocator(this, 0xff); }
  CountingAllocator(const CountingAllocator&) = delete;
  CountingAllocator& operator=(const CountingAllocator&) = delete;

  // LibTorch 1.13 asks the first allocate(), 2.15 the second.
  // NOLINTBEGIN(modernize-use-override)
  ~CountingAllocator() { c10::SetCPUAllocator(inner_, 0xff); }
  c10::DataPtr allocate(std::size_t bytes) const { return counted(bytes); }
  c10::DataPtr allocate(std::size_t bytes) { return counted(bytes); }
  void copy_data(void* to, const void* from, std::size_t bytes) const {
    std::copy_n(static_cast<const char*>(from), bytes, static_cast<char*>(to));
  }
  // NOLINTEND(modernize-use-override)

  // The most that is held at a time while the action runs, beyond what is held before it.
  template <class Action>
  static std::int64_t peak_of(Action action) {
    const std::int64_t before = held;
    peak = held;
    action();
    return peak - before;
  }

 private:
  struct Block {
    c10::DataPtr data;
    std::int64_t bytes;
  };

  c10::DataPtr counted(std::size_t bytes) const {
    auto block =
        std::make_unique<Block>(Block{inner_->allocate(bytes), static_cast<std::int64_t>(bytes)});
    held += block->bytes;
    peak = std::max(peak, held);
    void* data = block->data.get();
    const c10::Device device = block->data.device();
    return {data, block.release(), &release, device};
  }
  static void release(void* context) {
    const std::unique_ptr<Block> block(static_cast<Block*>(context));
    held -= block->bytes;
  }

  static inline std::int64_t held = 0, peak = 0;
  c10::Allocator* inner_ = c10::GetCPUAllocator();
};

// Two layers of 4 MiB.
struct Layers {
  torch::nn::Linear first{1024, 1024}, last{1024, 1024};
  std::unique_ptr<Optimizer> optimizer;

  template <class Optimizer, class Options>
  static Layers with(const Options& options) {
    Layers layers;
    std::vector<torch::Tensor> parameters = layers.first->parameters();
    for (const torch::Tensor& p : layers.last->parameters()) parameters.push_back(p);
    layers.optimizer = std::make_unique<Optimizer>(std::move(parameters), options);
    return layers;
  }

  double step(bool set_to_none) {
    const torch::Tensor x = torch::ones({2, 1024});
    const auto closure = [&] {
      for (torch::Tensor& p : optimizer->param_groups()[0].params()) {
        if (!p.grad().defined()) continue;
        set_to_none ? void(p.mutable_grad() = torch::Tensor()) : void(p.mutable_grad().zero_());
      }
      torch::Tensor loss = last(torch::relu(first(x))).pow(2).mean();
      loss.backward();
      return loss;
    };
    const auto loss = closure().item<double>();
    optimizer->step(closure);
    return loss;
  }
};

// After so many steps, find_lr takes no more than steps at the same rates, but for its buffer.
template <class Optimizer, class Options>
void expect_little_memory(int steps_before, const Options& options) {
  constexpr int steps = 6;
  constexpr std::int64_t buffer = 1 << 20;
  for (const bool set_to_none : {false, true}) {
    const CountingAllocator allocator;
    std::int64_t peaks[2] = {};
    for (const bool searched : {false, true}) {
      Layers layers = Layers::with<Optimizer>(options);
      for (int i = 0; i < steps_before; ++i) layers.step(set_to_none);
      peaks[searched] = CountingAllocator::peak_of([&] {
        FindLROptions search;
        search.steps = steps;
        search.divergence = 1e300;
        const auto step = [&] { return layers.step(set_to_none); };
        if (searched) {
          find_lr(*layers.optimizer, step, search);
        } else {
          for (const double lr : {1e-8, 4e-7, 1.6e-5, 6.3e-4, 2.5e-2, 1.}) {
            layers.optimizer->param_groups()[0].options().set_lr(lr);
            step();
          }
        }
      });
    }
    EXPECT_LE(peaks[true], peaks[false] + buffer + buffer / 10) << set_to_none;
    EXPECT_GT(peaks[false], 0);
  }
}

TEST(FindLRMemory, IsCounted) {
  const CountingAllocator allocator;
  EXPECT_EQ(CountingAllocator::peak_of([] { torch::empty({1 << 20}, torch::kFloat64); }), 8 << 20);
}
TEST(FindLRMemory, IsAMebibyteWithSGD) { expect_little_memory<SGD>(2, SGDOptions(0.1)); }
TEST(FindLRMemory, IsAMebibyteWithMomentum) {
  expect_little_memory<SGD>(2, SGDOptions(0.1).momentum(0.9));
}
TEST(FindLRMemory, IsAMebibyteWithAdamW) { expect_little_memory<AdamW>(2, AdamWOptions(1e-3)); }
TEST(FindLRMemory, IsAMebibyteBeforeTheFirstStep) {
  expect_little_memory<AdamW>(0, AdamWOptions(1e-3));
}
TEST(FindLRMemory, IsAMebibyteWithRMSprop) {
  expect_little_memory<RMSprop>(2, RMSpropOptions(1e-3).momentum(0.9).centered(true));
}
TEST(FindLRMemory, IsAMebibyteWithLBFGS) {
  expect_little_memory<LBFGS>(5, LBFGSOptions(0.1).max_iter(2).history_size(3));
}

std::string bytes_of(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().contiguous();
  return {static_cast<const char*>(flat.data_ptr()), flat.nbytes()};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

class FindLRFile : public testing::Test {
 protected:
  FindLRFile() {
    std::string name = (fs::temp_directory_path() / "find_lr_XXXXXX").string();
    folder = mkdtemp(name.data());
    options.folder = folder;
    options.steps = 3;
  }
  ~FindLRFile() override { fs::remove_all(folder); }

  // Gives the status of waitpid(); 0 if the action failed no expectation.
  static int in_a_child(const std::function<void()>& action) {
    const pid_t child = fork();
    if (child == 0) {
      action();
      _exit(HasFailure() ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
  }

  // An update of every number, whose loss is 1.
  double train() {
    ++steps;
    update(optimizer);
    return 1;
  }

  void expect_refusal(const std::string& where, const char* why) {
    options.folder = where;
    const std::string before = bytes_of(p);
    EXPECT_THAT(([&] {
                  find_lr(
                      optimizer, [&] { return train(); }, options);
                }),
                ThrowsMessage<std::runtime_error>(AllOf(
                    HasSubstr("find_lr: cannot "), HasSubstr("a temporary file in '" + where + "'"),
                    HasSubstr(why), HasSubstr("; it needs 16000 bytes there"),
                    HasSubstr("its option `folder` names another folder"))));
    EXPECT_EQ(steps, 0);
    EXPECT_EQ(bytes_of(p), before);
    EXPECT_FALSE(p.grad().defined());
    EXPECT_EQ(optimizer.state().size(), 0);
    EXPECT_EQ(rates_in(optimizer), std::vector<double>{7});
  }

  fs::path folder;
  torch::Tensor p = torch::rand({2000}, torch::dtype(torch::kFloat64).requires_grad(true));
  SGD optimizer{{p}, SGDOptions(7).momentum(0.9)};
  FindLROptions options;
  int steps = 0;
};

TEST_F(FindLRFile, HasNoNameAndIsGoneAfterwards) {
  find_lr(
      optimizer,
      [&] {
        EXPECT_EQ(names_in(folder).size(), 0);
        return train();
      },
      options);
  EXPECT_EQ(steps, 3);
  EXPECT_EQ(names_in(folder).size(), 0);
}

// Which descriptors of this process are of the file.
std::vector<fs::path> open_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code closed;
    const std::string target = fs::read_symlink(entry.path(), closed).string();
    if (target.rfind(folder.string() + "/libsched_", 0) == 0) files.push_back(entry.path());
  }
  return files;
}

TEST_F(FindLRFile, HoldsWhatIsToBePutBack) {
  train();  // makes a gradient and a momentum of the same size
  find_lr(
      optimizer,
      [&] {
        const auto files = open_files_in(folder);
        EXPECT_EQ(files.size(), 1);
        EXPECT_EQ(fs::file_size(files.at(0)), 3 * p.nbytes());
        return train();
      },
      options);
  EXPECT_EQ(open_files_in(folder).size(), 0);
}

TEST_F(FindLRFile, IsClosedAfterAnException) {
  EXPECT_THROW(find_lr(
                   optimizer, [&]() -> double { throw std::logic_error("no"); }, options),
               std::logic_error);
  EXPECT_EQ(open_files_in(folder).size(), 0);
}

TEST_F(FindLRFile, ThatCannotBeMadeIsAnErrorBeforeTheFirstStep) {
  expect_refusal((folder / "none").string(), "No such file or directory");
  expect_refusal("/dev/null", "Not a directory");
}

TEST_F(FindLRFile, InAFolderWithoutThePermissionIsAnErrorBeforeTheFirstStep) {
  fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(in_a_child([&] {
              ASSERT_TRUE(getuid() != 0 || setuid(65534) == 0);  // root may write everywhere
              expect_refusal(folder.string(), "Permission denied");
            }),
            0);
  fs::permissions(folder, fs::perms::owner_all);
}

TEST_F(FindLRFile, OnAFullDiskIsAnErrorBeforeTheFirstStep) {
  constexpr int cannot_mount = 77;
  const int status = in_a_child([&] {
    const bool may_mount = unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
    if (!may_mount || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", folder.c_str(), "tmpfs", 0, "size=8k") != 0) {
      _exit(cannot_mount);
    }
    expect_refusal(folder.string(), "No space left on device");
    EXPECT_EQ(names_in(folder).size(), 0);
    EXPECT_EQ(fs::space(folder).available, 8192);
  });
  if (WIFEXITED(status) && WEXITSTATUS(status) == cannot_mount) {
    GTEST_SKIP() << "a process may not mount a file system here";
  }
  EXPECT_EQ(status, 0);
}

TEST_F(FindLRFile, ThatMayNotGrowIsAnErrorBeforeTheFirstStep) {
  EXPECT_EQ(in_a_child([&] {
              std::signal(SIGXFSZ, SIG_IGN);
              const rlimit limit{10000, RLIM_INFINITY};
              ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
              expect_refusal(folder.string(), "File too large");
            }),
            0);
}

TEST_F(FindLRFile, LiesInTheFolderOfTMPDIR) {
  EXPECT_EQ(in_a_child([&] {
              setenv("TMPDIR", folder.c_str(), 1);
              options.folder.clear();
              find_lr(
                  optimizer,
                  [&] {
                    EXPECT_EQ(open_files_in(folder).size(), 1);
                    return 1.0;
                  },
                  options);
              setenv("TMPDIR", (folder / "none").c_str(), 1);
              EXPECT_THAT(([&] {
                            find_lr(
                                optimizer, [] { return 1.0; }, options);
                          }),
                          ThrowsMessage<std::runtime_error>(HasSubstr("/none'")));
            }),
            0);
}

TEST_F(FindLRFile, LiesInVarTmpWithoutTMPDIR) {
  EXPECT_EQ(in_a_child([&] {
              unsetenv("TMPDIR");
              options.folder.clear();
              find_lr(
                  optimizer,
                  [&] {
                    EXPECT_EQ(open_files_in("/var/tmp").size(), 1);
                    return 1.0;
                  },
                  options);
            }),
            0);
}

// 2000 numbers are the parameter's, and after them come those of the gradient and the momentum.
TEST_F(FindLRFile, ThatCannotBeReadBackIsAnErrorThatSaysWhatIsLost) {
  train();
  const std::string before = bytes_of(p);
  EXPECT_THAT(([&] {
                find_lr(
                    optimizer,
                    [&] {
                      EXPECT_EQ(truncate(open_files_in(folder).at(0).c_str(), 16000), 0);
                      return train();
                    },
                    options);
              }),
              ThrowsMessage<std::runtime_error>(AllOf(
                  HasSubstr("find_lr: cannot read back a temporary file in '" + folder.string() +
                            "': it is too short; not as before: the gradient of parameter 0 of "
                            "param group 0, a state, torch::optim::SGDParamState"),
                  Not(HasSubstr("before: parameter")))));
  EXPECT_EQ(bytes_of(p), before);
  EXPECT_EQ(rates_in(optimizer), std::vector<double>{7});
}

TEST_F(FindLRFile, GivesManyChunksBackBitForBit) {
  torch::manual_seed(5);
  const torch::Tensor q =  // every pattern of bits, those of many NaN among them
      torch::randint(0, 256, {2'500'004}, torch::kByte).slice(0, 4).view(torch::kFloat32);
  const std::string before = bytes_of(q);
  options.buffers = {q};
  find_lr(
      optimizer,
      [&] {
        q.fill_(1);
        return train();
      },
      options);
  EXPECT_TRUE(bytes_of(q) == before);
}

TEST_F(FindLRFile, GivesAllBackAfterALossThatIsNaN) {
  train();
  const std::string value = bytes_of(p), grad = bytes_of(p.grad());
  find_lr(
      optimizer,
      [&] {
        optimizer.zero_grad();
        (p * nan).sum().backward();
        optimizer.step();
        return nan;
      },
      options);
  EXPECT_EQ(bytes_of(p), value);
  EXPECT_EQ(bytes_of(p.grad()), grad);
}

// What a step that lets its gradients go gets back.
class FindLRGradient : public FindLRFile {
 protected:
  void search() {
    find_lr(
        optimizer,
        [&] {
          for (torch::Tensor& q : optimizer.param_groups()[0].params())
            q.mutable_grad() = torch::Tensor();
          return train();
        },
        options);
  }
};

TEST_F(FindLRGradient, ThatIsLetGoIsBackInEveryBit) {
  p.mutable_grad() = torch::rand({2000}, torch::kFloat64);
  const std::string before = bytes_of(p.grad());
  search();
  EXPECT_EQ(bytes_of(p.grad()), before);
}

TEST_F(FindLRGradient, ThatIsLetGoHasItsStridesBack) {
  torch::Tensor q = torch::rand({20, 30}, torch::dtype(torch::kFloat64).requires_grad(true));
  optimizer.param_groups()[0].params().push_back(q);
  q.mutable_grad() = torch::rand({30, 20}, torch::kFloat64).t();
  const torch::Tensor before = q.grad().clone();
  search();
  EXPECT_EQ(q.grad().strides(), torch::IntArrayRef({1, 20}));
  EXPECT_TRUE(q.grad().equal(before));
}

TEST_F(FindLRGradient, ThatIsAViewIsAViewAgain) {
  const torch::Tensor flat = torch::rand({3000}, torch::kFloat64);
  p.mutable_grad() = flat.slice(0, 500, 2500);
  const std::string before = bytes_of(flat);
  search();
  EXPECT_EQ(bytes_of(flat), before);
  flat.fill_(3);
  EXPECT_TRUE(p.grad().equal(torch::full({2000}, 3, torch::kFloat64)));
}

TEST_F(FindLRGradient, OfTwoParametersStaysOne) {
  torch::Tensor q = torch::rand({2000}, torch::dtype(torch::kFloat64).requires_grad(true));
  optimizer.param_groups()[0].params().push_back(q);
  p.mutable_grad() = torch::rand({2000}, torch::kFloat64);
  q.mutable_grad() = p.grad();
  search();
  EXPECT_TRUE(p.grad().is_same(q.grad()));
}

TEST_F(FindLRGradient, WithAHistoryKeepsIt) {
  torch::Tensor scale = torch::ones({1}, torch::dtype(torch::kFloat64).requires_grad(true));
  p.mutable_grad() = torch::ones({2000}, torch::kFloat64) * scale;
  search();
  ASSERT_TRUE(p.grad().requires_grad());
  p.grad().sum().backward();
  EXPECT_EQ(scale.grad().item<double>(), 2000);
}

TEST_F(FindLRGradient, ThatIsSparseIsBackWhenItIsLetGo) {
  p.mutable_grad() = torch::sparse_coo_tensor(torch::tensor({{1, 1, 7}}),
                                              torch::tensor({5., 6., 7.}, torch::kFloat64), {2000});
  find_lr(
      optimizer,
      [&] {
        p.mutable_grad() = torch::Tensor();
        return 1.0;
      },
      options);
  ASSERT_TRUE(p.grad().is_sparse());
  EXPECT_FALSE(p.grad().is_coalesced());
  EXPECT_TRUE(p.grad()._indices().equal(torch::tensor({{1, 1, 7}})));
  EXPECT_TRUE(p.grad()._values().equal(torch::tensor({5., 6., 7.}, torch::kFloat64)));
}

TEST_F(FindLRGradient, ThatIsNewIsUndefinedAgain) {
  search();
  EXPECT_FALSE(p.grad().defined());
}

TEST_F(FindLRFile, TakesAParameterWithoutNumbers) {
  torch::Tensor none = torch::empty({0}, torch::dtype(torch::kFloat64).requires_grad(true));
  optimizer.param_groups()[0].params().push_back(none);
  find_lr(
      optimizer, [&] { return train(); }, options);
  EXPECT_EQ(steps, 3);
  EXPECT_EQ(none.numel(), 0);
}

// As a training does that frees parts of the model between steps.
TEST_F(FindLRFile, GivesAStorageBackThatIsEmptied) {
  const std::string before = bytes_of(p);
  find_lr(
      optimizer,
      [&] {
        torch::NoGradGuard no_grad;
        p.storage().set_nbytes(0);
        p.storage().set_data_ptr(c10::GetCPUAllocator()->allocate(0));
        return 1.0;
      },
      options);
  EXPECT_EQ(bytes_of(p), before);
}

}  // namespace
}  // namespace libsched
