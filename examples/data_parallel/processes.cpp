#include "processes.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <torch/csrc/distributed/c10d/HashStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::string variable(const char* name, const std::string& otherwise = "") {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

int number(const char* name, int least, int most) {
  const std::string text = variable(name);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw std::invalid_argument(
        fmt::format("the environment variable {} must be an integer from {} to {}, got '{}'", name,
                    least, most, text));
  }
  return value;
}

// Set to "True" if the program that started the processes also hosts the store, as spawn() and
// torchrun do; otherwise rank 0 hosts it.
constexpr auto starter_has_the_store = "TORCHELASTIC_USE_AGENT_STORE";

c10d::TCPStoreOptions store_options(std::uint16_t port, bool is_server) {
  c10d::TCPStoreOptions options;
  options.port = port;
  options.isServer = is_server;
  options.waitWorkers = false;  // Gloo waits for all ranks itself
#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 202
  options.useLibUV = false;  // not every build of LibTorch has libuv
#endif
  return options;
}

c10::intrusive_ptr<c10d::Store> store(const World& world, std::chrono::seconds timeout) {
  if (world.size == 1) return c10::make_intrusive<c10d::HashStore>();
  const bool is_server = world.rank == 0 && variable(starter_has_the_store) != "True";
  c10d::TCPStoreOptions options = store_options(world.master_port, is_server);
  options.timeout = timeout;
  const auto tcp = c10::make_intrusive<c10d::TCPStore>(world.master_address, options);
  // If a process fails, torchrun restarts all of them with the same store.
  return c10::make_intrusive<c10d::PrefixStore>(
      "attempt " + variable("TORCHELASTIC_RESTART_COUNT", "0"), tcp);
}

c10::intrusive_ptr<c10d::ProcessGroup> connect(const World& world, std::chrono::seconds timeout) {
  using c10d::ProcessGroupGloo;
  const auto shared = store(world, timeout);
  const auto options = ProcessGroupGloo::Options::create(timeout);
  // torch.distributed uses the same variable, for hosts with several network interfaces.
  const std::string interface = variable("GLOO_SOCKET_IFNAME");
  options->devices = {interface.empty() ? ProcessGroupGloo::createDefaultDevice()
                                        : ProcessGroupGloo::createDeviceForInterface(interface)};
  auto gloo = c10::make_intrusive<ProcessGroupGloo>(shared, world.rank, world.size, options);
#if TORCH_VERSION_MAJOR >= 2
  // From LibTorch 2 on, a group has one backend per type of device.
  auto group = c10::make_intrusive<c10d::ProcessGroup>(shared, world.rank, world.size);
  group->setDefaultBackend(c10d::ProcessGroup::GLOO);
  group->setBackend(c10::kCPU, c10d::ProcessGroup::GLOO, gloo);
  return group;
#else
  return gloo;
#endif
}

void stop(const std::vector<pid_t>& processes) {
  for (const pid_t process : processes) kill(process, SIGTERM);
}

std::string outcome(int status) {
  return WIFSIGNALED(status) ? fmt::format("was killed by signal {}", WTERMSIG(status))
                             : fmt::format("failed with status {}", WEXITSTATUS(status));
}

constexpr auto port_size = static_cast<ssize_t>(sizeof(World::master_port));

// Hosts the store of the ranks, sends its port to each of them, and waits until they have ended.
int serve(const World& world, int port_pipe, std::vector<pid_t> running) {
  constexpr std::uint16_t any_free_port = 0;
  const c10d::TCPStore server(world.master_address, store_options(any_free_port, true));
  const std::uint16_t port = server.getPort();
  for (int rank = 0; rank < world.size; ++rank) {
    if (write(port_pipe, &port, port_size) != port_size) {
      throw std::system_error(errno, std::generic_category(), "cannot start a process");
    }
  }

  const std::vector<pid_t> all = running;
  int result = 0;
  while (!running.empty()) {
    int status = 0;
    const pid_t ended = waitpid(-1, &status, 0);
    if (ended < 0) {
      if (errno == EINTR) continue;
      throw std::system_error(errno, std::generic_category(), "cannot wait for the processes");
    }
    running.erase(std::remove(running.begin(), running.end(), ended), running.end());
    if (status == 0 || result != 0) continue;
    result = 1;
    const auto rank = std::find(all.begin(), all.end(), ended) - all.begin();
    fmt::print(stderr, "data_parallel: rank {} {}; stopping the others\n", rank, outcome(status));
    stop(running);
  }
  return result;
}

}  // namespace

World world_from_environment() {
  if (variable("WORLD_SIZE").empty() && variable("RANK").empty()) return {};
  World world;
  world.size = number("WORLD_SIZE", 1, 10'000);
  world.rank = number("RANK", 0, world.size - 1);
  if (world.size == 1) return world;
  world.master_address = variable("MASTER_ADDR");
  if (world.master_address.empty()) {
    throw std::invalid_argument(
        "the environment variable MASTER_ADDR must name the host of rank 0, but is not set");
  }
  world.master_port = static_cast<std::uint16_t>(number("MASTER_PORT", 1, 65'535));
  return world;
}

c10::intrusive_ptr<c10d::ProcessGroup> join(const World& world, std::chrono::seconds timeout) {
  try {
    return connect(world, timeout);
  } catch (const std::exception& error) {
    const std::string_view reason = error.what();
    throw std::runtime_error(
        fmt::format("the {} ranks did not all connect to {}:{} within {} seconds: {}", world.size,
                    world.master_address, world.master_port, timeout.count(),
                    reason.substr(0, reason.find('\n'))));
  }
}

World spawn(int processes) {
  World world;
  world.size = processes;
  world.master_address = "127.0.0.1";
  // Every fork() must come before the store is made, because the store has threads. The ranks
  // receive its port through the pipe.
  int ends[2];
  if (pipe(ends) < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  }
  std::vector<pid_t> running;
  const pid_t parent = getpid();
  for (; world.rank < processes; ++world.rank) {
    const pid_t child = fork();
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGTERM);  // so that no rank outlives this process
      close(ends[1]);
      if (getppid() != parent || read(ends[0], &world.master_port, port_size) != port_size) {
        _exit(1);
      }
      setenv(starter_has_the_store, "True", 1);
      return world;
    }
    if (child < 0) {
      stop(running);
      throw std::system_error(errno, std::generic_category(), "cannot start a process");
    }
    running.push_back(child);
  }
  std::exit(serve(world, ends[1], std::move(running)));
}
