#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <regex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "program.hpp"
#include "run.hpp"

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

std::string free_port() {
  const int any = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(any, generic, size), 0);
  EXPECT_EQ(getsockname(any, generic, &size), 0);
  close(any);
  return std::to_string(ntohs(address.sin_port));
}

class DataParallel : public ExampleTest {
 protected:
  void SetUp() override {
    if (fs::exists("/proc/self/exe")) return;
    GTEST_SKIP() << "/proc is not mounted, and LibTorch needs it to count the processors";
  }

  Output spawn(int processes, const std::string& arguments) {
    return Program("--spawn " + std::to_string(processes) + " --out " + out.string() + " " +
                   arguments)
        .wait();
  }

  // The arguments of a rank that saves a checkpoint after each epoch.
  std::string rank(const std::string& arguments) const {
    return "--out " + out.string() + " --checkpoint " + checkpoint.string() + " " + arguments;
  }

  // Starts the ranks one by one, as they are started on several hosts. Each calls `enter` before it
  // runs the program.
  std::vector<Program> start(
      const std::vector<std::string>& arguments, const std::string& master = "127.0.0.1",
      const std::function<void(std::size_t)>& enter = [](std::size_t) {}) {
    const std::string port = free_port();
    std::vector<Program> ranks;
    for (std::size_t r = 0; r < arguments.size(); ++r) {
      ranks.emplace_back(rank(arguments[r]), [&] {
        setenv("RANK", std::to_string(r).c_str(), 1);
        setenv("WORLD_SIZE", std::to_string(arguments.size()).c_str(), 1);
        setenv("MASTER_ADDR", master.c_str(), 1);
        setenv("MASTER_PORT", port.c_str(), 1);
        enter(r);
      });
    }
    return ranks;
  }

  // Waits for the first checkpoint, at most a minute.
  void wait_until_it_trains() const {
    for (int i = 0; i < 600 && !fs::exists(checkpoint); ++i) std::this_thread::sleep_for(100ms);
  }

  const fs::path checkpoint = out / "checkpoint";
};

struct Ended {
  std::vector<int> statuses;
  std::string text;  // the output of all ranks
  std::chrono::duration<double> time;
};

Ended wait_for(std::vector<Program> ranks) {
  const auto start = std::chrono::steady_clock::now();
  Ended ended;
  for (Program& rank : ranks) {
    const auto [status, text] = rank.wait();
    ended.statuses.push_back(status);
    ended.text += text;
  }
  ended.time = std::chrono::steady_clock::now() - start;
  return ended;
}

double accuracy(const std::string& text) {
  std::smatch found;
  return std::regex_search(text, found, std::regex("test accuracy ([0-9.]+) %"))
             ? std::stod(found[1])
             : 0;
}

std::vector<double> rates(const fs::path& file) {
  std::vector<double> rates;
  const auto all = lines_of(file);
  for (std::size_t i = 1; i < all.size(); ++i) {
    rates.push_back(std::stod(all[i].substr(all[i].find(',') + 1)));
  }
  return rates;
}

TEST_F(DataParallel, EveryRankHasTheSameRateAndLossAtEveryStep) {
  for (const int processes : {2, 3}) {
    const Output output = spawn(processes, "--epochs 3");
    ASSERT_EQ(output.status, 0) << output.text;
    const auto first = lines_of(out / "rank_0.csv");
    EXPECT_EQ(first.size(), 1 + 3 * 42u);
    for (int rank = 1; rank < processes; ++rank) {
      EXPECT_EQ(lines_of(out / ("rank_" + std::to_string(rank) + ".csv")), first);
    }
  }
}

TEST_F(DataParallel, EveryModelHasTheSameRateAndLossOnEveryRank) {
  for (const char* model : {"resnet", "vit"}) {
    const Output output = spawn(2, std::string("--epochs 1 --model ") + model);
    ASSERT_EQ(output.status, 0) << output.text;
    EXPECT_GE(accuracy(output.text), 20) << model;
    EXPECT_EQ(lines_of(out / "rank_0.csv"), lines_of(out / "rank_1.csv")) << model;
  }
}

using RanksAccuracy = DataParallel;  // It trains long, and does not run under the sanitizers.

TEST_F(RanksAccuracy, TwoAndThreeProcessesAreWithinAPercentOfTheAccuracyOfOne) {
  const Output one = Program("--epochs 6 --out " + out.string()).wait();
  ASSERT_EQ(one.status, 0) << one.text;
  EXPECT_GE(accuracy(one.text), 97);
  for (const int processes : {2, 3}) {
    const Output output = spawn(processes, "--epochs 6");
    ASSERT_EQ(output.status, 0) << output.text;
    EXPECT_NEAR(accuracy(output.text), accuracy(one.text), 1);
  }
}

TEST_F(DataParallel, ThePlateauLowersTheRateOfEveryRankAtTheSameStep) {
  const Output output = spawn(3, "--epochs 10 --patience 1 --schedule 'constant(base_lr=0.02)'");
  ASSERT_EQ(output.status, 0) << output.text;
  const auto first = rates(out / "rank_0.csv");
  EXPECT_EQ(first.front(), 0.02);
  EXPECT_LT(first.back(), 0.02);
  EXPECT_EQ(rates(out / "rank_1.csv"), first);
  EXPECT_EQ(rates(out / "rank_2.csv"), first);
}

TEST_F(DataParallel, AnotherScheduleOnOneRankStopsAllBeforeTheFirstStep) {
  const std::string usual = "--epochs 1";
  const Ended ended =
      wait_for(start({usual, usual + " --schedule 'constant(base_lr=0.001)'", usual}));
  for (const char* line : {"data_parallel: rank 0: LRScheduler: rank 1 differs from rank 0",
                           "data_parallel: rank 2: LRScheduler: rank 1 differs from rank 0",
                           "rank 0: lr: warmup(", "rank 1: lr: constant(base_lr=0.001)"}) {
    EXPECT_THAT(ended.text, HasSubstr(line));
  }
  EXPECT_THAT(ended.statuses, ElementsAre(1, 1, 1));
  EXPECT_FALSE(fs::exists(out / "rank_0.csv"));
}

TEST_F(DataParallel, AKilledRankEndsTheOthersWithAnErrorInTime) {
  const std::string arguments = "--epochs 10000 --timeout 30";
  std::vector<Program> ranks = start({arguments, arguments, arguments});
  wait_until_it_trains();
  ranks[1].kill();
  const Ended ended = wait_for(std::move(ranks));
  EXPECT_THAT(ended.statuses, ElementsAre(1, 137, 1));
  EXPECT_THAT(ended.text, HasSubstr("rank 0: another rank has ended or does not answer"));
  EXPECT_THAT(ended.text, HasSubstr("rank 2: another rank has ended or does not answer"));
  EXPECT_LE(ended.time, 30s);
}

TEST_F(DataParallel, ARankThatNeverConnectsEndsTheOthersInTime) {
  const auto start = std::chrono::steady_clock::now();
  const Output output = run("RANK=0 WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=" + free_port() +
                            " " PROGRAM " --timeout 2 --out " + out.string());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("the 2 ranks did not all connect to 127.0.0.1:"));
  EXPECT_LE(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST_F(DataParallel, SpawnStopsTheOthersWhenOneIsKilled) {
  const Output output =
      run("cd " + out.string() + "; " PROGRAM " " + rank("--spawn 3 --epochs 10000") +
          " > text 2>&1 & i=0; until [ -e checkpoint ] || [ $i -ge 600 ]; do i=$((i + 1)); " +
          "sleep 0.1; done; children=$(cat /proc/$!/task/$!/children); set -- $children; " +
          "kill -9 $2; wait $!; echo status $?; " +
          "for p in $children; do [ -e /proc/$p ] && echo there; done; cat text");
  EXPECT_THAT(output.text, ContainsRegex("status 1\n"));
  EXPECT_THAT(output.text, HasSubstr("rank 1 was killed by signal 9; stopping the others"));
  EXPECT_THAT(output.text, testing::Not(HasSubstr("there")));
}

// Two hosts of two ranks each: network namespaces, with a cable between them.
class TwoHosts : public DataParallel {
 protected:
  void SetUp() override {
    DataParallel::SetUp();
    if (IsSkipped()) return;
    const Output made =
        run("set -e; ip netns add " + a + "; ip netns add " + b + "; ip link add to_b netns " + a +
            " type veth peer name to_a netns " + b + "; ip -n " + a +
            " addr add 10.77.0.1/24 dev to_b; ip -n " + b +
            " addr add 10.77.0.2/24 dev to_a; for n in " + a + " " + b +
            "; do ip -n $n link set lo up; done; ip -n " + b + " link set to_a up; " + cable("up"));
    if (made.status != 0) GTEST_SKIP() << "no network namespace can be made here: " << made.text;
  }
  void TearDown() override { run("ip netns del " + a + "; ip netns del " + b); }

  std::string cable(const std::string& state) const {
    return "ip -n " + a + " link set to_b " + state;
  }

  std::vector<Program> start_four(const std::string& arguments) {
    return start(std::vector(4, arguments), "10.77.0.1", [this](std::size_t rank) {
      setenv("GLOO_SOCKET_IFNAME", rank < 2 ? "to_b" : "to_a", 1);
      const std::string host = "/run/netns/" + (rank < 2 ? a : b);
      if (setns(open(host.c_str(), O_RDONLY), CLONE_NEWNET) != 0) std::perror(host.c_str());
    });
  }

  const std::string a = "libsched-a-" + std::to_string(getpid());
  const std::string b = "libsched-b-" + std::to_string(getpid());
};

TEST_F(TwoHosts, EndWithTheWeightsOfOne) {
  const Output one = spawn(4, "--epochs 1");
  ASSERT_EQ(one.status, 0) << one.text;
  fs::rename(out / "weights.pt", out / "of_one.pt");
  const Ended two = wait_for(start_four("--epochs 1"));
  EXPECT_THAT(two.statuses, ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(run("cd " + out.string() + " && cmp weights.pt of_one.pt").status, 0) << two.text;
}

TEST_F(TwoHosts, ACutCableEndsAllInTimeAndTheCheckpointEndsWithTheSameBits) {
  const std::string epochs = "--epochs 3 --model resnet";
  const Output whole = spawn(4, epochs);
  ASSERT_EQ(whole.status, 0) << whole.text;
  fs::rename(out / "weights.pt", out / "whole.pt");

  const std::string arguments = epochs + " --timeout 20";
  std::vector<Program> ranks = start_four(arguments);
  wait_until_it_trains();
  EXPECT_EQ(run(cable("down")).status, 0);
  const Ended cut = wait_for(std::move(ranks));
  EXPECT_THAT(cut.statuses, ElementsAre(1, 1, 1, 1));
  for (const char* rank : {"0", "1", "2", "3"}) {
    EXPECT_THAT(cut.text, HasSubstr(std::string("rank ") + rank +
                                    ": another rank has ended or does not answer"));
  }
  EXPECT_LE(cut.time, 30s);
  EXPECT_FALSE(fs::exists(out / "weights.pt"));

  ASSERT_EQ(run(cable("up")).status, 0);
  const Ended resumed = wait_for(start_four(arguments));
  EXPECT_THAT(resumed.text, ContainsRegex("resuming after update [1-9]"));
  EXPECT_THAT(resumed.statuses, ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(run("cd " + out.string() + " && cmp weights.pt whole.pt").status, 0) << resumed.text;
}

TEST_F(DataParallel, RefusesTheCheckpointOfAnotherTraining) {
  const std::string arguments = "--epochs 1 --checkpoint " + checkpoint.string();
  const Output first = spawn(2, arguments);
  ASSERT_EQ(first.status, 0) << first.text;
  const Output other = spawn(2, arguments + " --seed 2");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.text, HasSubstr("is the checkpoint of a different training\n"
                                    "  saved: model cnn, seed 1\n"
                                    "  now:   model cnn, seed 2\n"));
}

TEST_F(DataParallel, NamesTheVariableThatIsMissing) {
  const Output output = run("RANK=1 " PROGRAM);
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("WORLD_SIZE"));
  EXPECT_EQ(line_count(output.text), 1) << output.text;
}

}  // namespace
