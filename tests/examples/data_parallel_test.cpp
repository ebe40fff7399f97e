#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
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
    return run(DATA_PARALLEL " --spawn " + std::to_string(processes) + " --out " + out.string() +
               " " + arguments);
  }

  // A rank that saves a checkpoint after each epoch, in the folder of the test.
  static std::string rank(const std::string& arguments) {
    return DATA_PARALLEL " --out . --checkpoint checkpoint " + arguments;
  }

  // Starts the ranks one by one, as they are started on several hosts. `meanwhile` is a shell
  // script that can read the output of rank r in the file r and has the process ids in $1, $2 and
  // so on. Returns its output, the statuses, the time, and the output of the ranks.
  Output ranks(const std::vector<std::string>& commands, const std::string& meanwhile = ":",
               const std::string& master = "127.0.0.1") {
    std::string script =
        "cd " + out.string() + "; export MASTER_ADDR=" + master + " MASTER_PORT=" + free_port() +
        " WORLD_SIZE=" + std::to_string(commands.size()) + "; pids=; ranks=; " +
        R"(start() { r=$1; shift; RANK=$r "$@" > $r 2>&1 & pids="$pids $!"; ranks="$ranks $r"; }; )";
    for (std::size_t r = 0; r < commands.size(); ++r) {
      script.append("start ").append(std::to_string(r)).append(" ");
      script.append(commands[r]).append("; ");
    }
    return run(script + "set -- $pids; " + meanwhile +
               "; for p in $pids; do wait $p; echo status $?; done; date +%s; cat $ranks");
  }
};

// A shell script that waits for the first checkpoint, at most a minute.
const std::string until_it_trains =
    "i=0; until [ -e checkpoint ] || [ $i -ge 600 ]; do i=$((i + 1)); sleep 0.1; done; ";

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

TEST_F(DataParallel, TwoAndThreeProcessesAreWithinAPercentOfTheAccuracyOfOne) {
  const Output one = run(DATA_PARALLEL " --epochs 6 --out " + out.string());
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
  const std::string usual = rank("--epochs 1");
  const Output output = ranks({usual, usual + " --schedule 'constant(base_lr=0.001)'", usual});
  for (const char* line : {"data_parallel: rank 0: LRScheduler: rank 1 differs from rank 0",
                           "data_parallel: rank 2: LRScheduler: rank 1 differs from rank 0",
                           "rank 0: lr: warmup(", "rank 1: lr: constant(base_lr=0.001)"}) {
    EXPECT_THAT(output.text, HasSubstr(line));
  }
  EXPECT_THAT(output.text, ContainsRegex("status 1\nstatus 1\nstatus 1\n"));
  EXPECT_FALSE(fs::exists(out / "rank_0.csv"));
}

TEST_F(DataParallel, AKilledRankEndsTheOthersWithAnErrorInTime) {
  const std::string command = rank("--epochs 10000 --timeout 30");
  const Output output =
      ranks({command, command, command}, until_it_trains + "kill -9 $2; date +%s");
  EXPECT_THAT(output.text, ContainsRegex("status 1\nstatus 137\nstatus 1\n"));
  EXPECT_THAT(output.text, ContainsRegex("rank 0: another rank has ended or does not answer"));
  EXPECT_THAT(output.text, ContainsRegex("rank 2: another rank has ended or does not answer"));
  const auto times = lines(  // the statuses are lines 1 to 3
      std::istringstream(output.text));
  EXPECT_LE(std::stol(times[4]) - std::stol(times[0]), 30);
}

TEST_F(DataParallel, ARankThatNeverConnectsEndsTheOthersInTime) {
  const auto start = std::chrono::steady_clock::now();
  const Output output = run("RANK=0 WORLD_SIZE=2 MASTER_ADDR=127.0.0.1 MASTER_PORT=" + free_port() +
                            " " DATA_PARALLEL " --timeout 2 --out " + out.string());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("the 2 ranks did not all connect to 127.0.0.1:"));
  EXPECT_LE(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST_F(DataParallel, SpawnStopsTheOthersWhenOneIsKilled) {
  const Output output =
      run("cd " + out.string() + "; " + rank("--spawn 3 --epochs 10000") + " > text 2>&1 & " +
          until_it_trains +
          "children=$(cat /proc/$!/task/$!/children); set -- $children; kill -9 $2; wait $!; " +
          "echo status $?; for p in $children; do [ -e /proc/$p ] && echo there; done; cat text");
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

  Output four_ranks(const std::string& arguments, const std::string& meanwhile = ":") {
    const auto at = [&](const std::string& host, const std::string& device) {
      return "nsenter --net=/run/netns/" + host + " env GLOO_SOCKET_IFNAME=" + device + " " +
             rank(arguments);
    };
    const std::string at_a = at(a, "to_b"), at_b = at(b, "to_a");
    return ranks({at_a, at_a, at_b, at_b}, meanwhile, "10.77.0.1");
  }

  const std::string a = "libsched-a-" + std::to_string(getpid());
  const std::string b = "libsched-b-" + std::to_string(getpid());
};

TEST_F(TwoHosts, EndWithTheWeightsOfOne) {
  const Output one = spawn(4, "--epochs 3");
  ASSERT_EQ(one.status, 0) << one.text;
  fs::rename(out / "weights.pt", out / "of_one.pt");
  const Output two = four_ranks("--epochs 3");
  EXPECT_THAT(two.text, HasSubstr("status 0\nstatus 0\nstatus 0\nstatus 0\n"));
  EXPECT_EQ(run("cd " + out.string() + " && cmp weights.pt of_one.pt").status, 0) << two.text;
}

TEST_F(TwoHosts, ACutCableEndsAllInTimeAndTheCheckpointEndsWithTheSameBits) {
  const std::string epochs = "--epochs 4 --model resnet";
  const Output whole = spawn(4, epochs);
  ASSERT_EQ(whole.status, 0) << whole.text;
  fs::rename(out / "weights.pt", out / "whole.pt");

  const std::string arguments = epochs + " --timeout 20";
  const Output cut = four_ranks(arguments, until_it_trains + cable("down") + "; date +%s");
  EXPECT_THAT(cut.text, HasSubstr("status 1\nstatus 1\nstatus 1\nstatus 1\n"));
  for (const char* rank : {"0", "1", "2", "3"}) {
    EXPECT_THAT(cut.text, HasSubstr(std::string("rank ") + rank +
                                    ": another rank has ended or does not answer"));
  }
  const auto times = lines(std::istringstream(cut.text));
  EXPECT_LE(std::stol(times[5]) - std::stol(times[0]), 30);
  EXPECT_FALSE(fs::exists(out / "weights.pt"));

  ASSERT_EQ(run(cable("up")).status, 0);
  const Output resumed = four_ranks(arguments);
  EXPECT_THAT(resumed.text, ContainsRegex("resuming after update [1-9]"));
  EXPECT_THAT(resumed.text, HasSubstr("status 0\nstatus 0\nstatus 0\nstatus 0\n"));
  EXPECT_EQ(run("cd " + out.string() + " && cmp weights.pt whole.pt").status, 0) << resumed.text;
}

TEST_F(DataParallel, RefusesTheCheckpointOfAnotherTraining) {
  const std::string checkpoint = " --checkpoint " + (out / "checkpoint").string();
  const Output first = spawn(2, "--epochs 1" + checkpoint);
  ASSERT_EQ(first.status, 0) << first.text;
  const Output other = spawn(2, "--epochs 1 --seed 2" + checkpoint);
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.text, HasSubstr("is the checkpoint of a different training\n"
                                    "  saved: model cnn, seed 1\n"
                                    "  now:   model cnn, seed 2\n"));
}

TEST_F(DataParallel, NamesTheVariableThatIsMissing) {
  const Output output = run("RANK=1 " DATA_PARALLEL);
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("WORLD_SIZE"));
  EXPECT_EQ(line_count(output.text), 1) << output.text;
}

}  // namespace
