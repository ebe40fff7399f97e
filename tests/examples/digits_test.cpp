#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "program.hpp"
#include "run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr std::size_t per_epoch = 42;  // 1,348 digits to train on, in batches of 32

class Digits : public ExampleTest {
 protected:
  // Its files go to out / name.
  Program start(const std::string& arguments, const std::string& name = "run") const {
    return Program(arguments + " --out " + (out / name).string());
  }
  Output digits(const std::string& arguments, const std::string& name = "run") const {
    return start(arguments, name).wait();
  }

  std::string checkpoint() const { return " --checkpoint " + (out / "checkpoint").string(); }
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream row(line);
  for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
  return cells;
}

// A schedule of 630 updates, quoted for the shell.
std::string warmup_cosine(const std::string& lr) {
  return "'warmup(cosine_decay(base_lr=" + lr + ", steps=567), steps=63)'";
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

using DigitsAccuracy = Digits;  // These train longest. They do not run under the sanitizers.

TEST_F(DigitsAccuracy, TrainsSevenSchedulesAndTheBestIsRightInNinetySevenPercent) {
  const Output output = digits("--epochs 6");
  ASSERT_EQ(output.status, 0) << output.text;
  std::map<std::string, double> accuracy;
  for (const std::string& line : lines_of(out / "run/curves.csv")) {
    if (const auto row = cells(line); row.size() == 7 && row[6] != "test_accuracy") {
      accuracy[row[0]] = std::stod(row[6]);
    }
  }
  double best = 0;
  for (const char* name : {"constant", "step_decay", "exponential_decay", "cyclical",
                           "warmup_cosine", "one_cycle", "warmup_stable_decay"}) {
    ASSERT_TRUE(accuracy.contains(name)) << name;
    best = std::max(best, accuracy[name]);
  }
  EXPECT_EQ(accuracy.size(), 7u);
  EXPECT_GE(best, 0.97);
}

// The whole run of 630 updates.
double accuracy_of_warmup_cosine(const fs::path& curves) {
  return std::stod(cells(lines_of(curves).back()).back());
}

TEST_F(DigitsAccuracy, AResNetIsRightInNinetySevenPercent) {
  const Output output = digits("--model resnet --schedule " + warmup_cosine("0.006"));
  ASSERT_EQ(output.status, 0) << output.text;
  EXPECT_GE(accuracy_of_warmup_cosine(out / "run/curves.csv"), 0.97);
}

TEST_F(DigitsAccuracy, AVisionTransformerIsRightInNinetySixPercent) {
  const Output output = digits("--model vit --schedule " + warmup_cosine("0.0045"));
  ASSERT_EQ(output.status, 0) << output.text;
  EXPECT_GE(accuracy_of_warmup_cosine(out / "run/curves.csv"), 0.96);
}

TEST_F(Digits, TheDecayOfVitRisesTenfoldAndThatOfBiasesAndNormsStays0) {
  ASSERT_EQ(digits("--model vit --epochs 1").status, 0);
  const auto lines = lines_of(out / "run/curves.csv");
  ASSERT_EQ(lines.size(), 1 + 7 * per_epoch);
  ASSERT_EQ(lines[0],
            "schedule,step,lr,beta1,weight_decay of group 0,weight_decay of group 1,batch_loss,"
            "train_loss,test_accuracy");
  for (std::size_t i = 0; i < 7 * per_epoch; ++i) {
    const auto row = cells(lines[i + 1]);
    EXPECT_EQ(row[5], "0") << i;
    // The cosine's start and its middle, (0.05 + 0.5) / 2.
    for (const auto& [step, decay] : {std::pair(0u, 0.05), std::pair(21u, 0.275)}) {
      if (i % per_epoch == step) {
        EXPECT_NEAR(std::stod(row[4]), decay, 1e-15) << i;
      }
    }
  }
}

TEST_F(Digits, SeveralSeedsShowTheirMeanAndTheirRange) {
  const std::string job = "--epochs 2 --schedule 'constant(base_lr=0.002)'";
  const Output output = digits(job + " --seeds 3 --seed 4");
  ASSERT_EQ(output.status, 0) << output.text;
  std::vector<double> percent;
  for (const std::string& line : lines_of(out / "run/curves.csv")) {
    if (const auto row = cells(line); row.size() == 8 && row[2] == "83") {
      percent.push_back(100 * std::stod(row[7]));
    }
  }
  ASSERT_EQ(percent.size(), 3u);
  const auto [lowest, highest] = std::minmax_element(percent.begin(), percent.end());
  std::array<char, 80> row;
  std::snprintf(row.data(), row.size(), "\nconstant            %9.2f%9.2f%9.2f",
                (percent[0] + percent[1] + percent[2]) / 3, *lowest, *highest);
  EXPECT_THAT(output.text, HasSubstr(row.data()));
  EXPECT_TRUE(is_whole_svg(out / "run/spread.svg"));
}

TEST_F(Digits, ASeedOfSeveralTrainsAsItDoesAlone) {
  const std::string job = "--model resnet --epochs 1 --schedule 'constant(base_lr=0.002)'";
  ASSERT_EQ(digits(job + " --seeds 2").status, 0);
  ASSERT_EQ(digits(job + " --seed 2", "alone").status, 0);
  EXPECT_EQ(content(out / "run/constant_seed_2.pt"), content(out / "alone/constant.pt"));
}

TEST_F(Digits, OneCycleLowersBeta1WhileTheRateRises) {
  ASSERT_EQ(digits("--epochs 1").status, 0);
  std::vector<std::vector<std::string>> rows;
  for (const std::string& line : lines_of(out / "run/curves.csv")) {
    if (line.starts_with("one_cycle,")) rows.push_back(cells(line));
  }
  ASSERT_EQ(rows.size(), per_epoch);
  EXPECT_EQ(std::stod(rows[0][3]), 0.95);
  // The peak is at step 0.3 * 42 - 1 = 11.6.
  for (std::size_t t = 1; t <= 11; ++t) {
    EXPECT_GT(std::stod(rows[t][2]), std::stod(rows[t - 1][2])) << t;
    EXPECT_LT(std::stod(rows[t][3]), std::stod(rows[t - 1][3])) << t;
  }
  EXPECT_NEAR(std::stod(rows.back()[3]), 0.95, 1e-12);
}

TEST_F(Digits, LogsTheRateOfEveryUpdate) {
  ASSERT_EQ(digits("--epochs 1 --schedule 'linear(start=0.0084, end=0, steps=42)'").status, 0);
  const auto lines = lines_of(out / "run/curves.csv");
  ASSERT_EQ(lines.size(), 1 + per_epoch);
  for (std::size_t t = 0; t < per_epoch; ++t) {
    EXPECT_NEAR(std::stod(cells(lines[t + 1])[2]), 0.0084 - 0.0002 * static_cast<double>(t), 1e-15);
  }
}

TEST_F(Digits, WritesCurvesFiguresAndWeights) {
  const Output output = run(
      PROGRAM " --epochs 1 --schedule 'constant(base_lr=0.01)' 'constant(base_lr=0.001)' --out " +
      (out / "run").string());
  ASSERT_EQ(output.status, 0) << output.text;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(out / "run")) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, UnorderedElementsAre("curves.csv", "learning_rate.svg", "loss.svg",
                                          "accuracy.svg", "constant.pt", "constant_2.pt"));
  for (const char* figure : {"learning_rate.svg", "loss.svg", "accuracy.svg"}) {
    EXPECT_TRUE(is_whole_svg(out / "run" / figure)) << figure;
  }
}

TEST_F(Digits, ARunThatDivergesIsInTheTableAndLeavesTheFiguresWhole) {
  const Output output = digits("--epochs 1 --schedule 'constant(base_lr=1e30)'");
  ASSERT_EQ(output.status, 0) << output.text;
  EXPECT_THAT(output.text, ContainsRegex("constant +nan +[0-9.]+ %"));
  for (const char* figure : {"learning_rate.svg", "loss.svg", "accuracy.svg"}) {
    EXPECT_TRUE(is_whole_svg(out / "run" / figure)) << figure;
  }
}

TEST_F(Digits, PrintsPlainLinesIfThereIsNoTerminal) {
  const Output output = digits("--epochs 1 --schedule 'constant(base_lr=0.001)'");
  EXPECT_THAT(
      output.text,
      ContainsRegex("\nconstant +42/42  lr 0.001 +loss [0-9.]+ +accuracy [0-9.]+ % +0:00 left\n"));
  EXPECT_EQ(output.text.find('\r'), output.text.npos);
}

TEST_F(Digits, FindsARateForEveryModel) {
  for (const std::string model : {"cnn", "resnet", "vit"}) {
    const Output output = digits("--find-lr --model " + model);
    ASSERT_EQ(output.status, 0) << output.text;
    EXPECT_THAT(output.text, ContainsRegex("suggested learning rate: 0.0[0-9]+\n")) << model;
    EXPECT_TRUE(is_whole_svg(out / "run/find_lr.svg"));
  }
}

class Killed : public Digits {
 protected:
  // Kills the program at random moments, until it was killed `kills` times and resumed `resumes`
  // times, and compares its files with those of a run that was not killed.
  void ends_with_the_same_bits(const std::string& job, int kills, int resumes) {
    const auto before = std::chrono::steady_clock::now();
    ASSERT_EQ(digits(job, "whole").status, 0);
    const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - before;
    std::vector<fs::path> files{"curves.csv"};
    for (const auto& entry : fs::directory_iterator(out / "whole")) {
      if (entry.path().extension() == ".pt") files.push_back(entry.path().filename());
    }
    ASSERT_EQ(files.size(), 3u);
    const auto expect_same = [&] {
      for (const fs::path& file : files) {
        EXPECT_EQ(content(out / "whole" / file), content(out / "run" / file)) << file;
      }
    };

    const std::string resumed = job + checkpoint() + " --save-every 4 --resume";
    const auto seed = std::random_device()();
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> moment(0, 1.2);
    while (kills > 0 || resumes > 0) {
      Program program = start(resumed);
      std::this_thread::sleep_for(moment(random) * whole);
      program.kill();
      const Output output = program.wait();
      resumes -= output.text.find("resuming ") != output.text.npos;
      if (output.status == 137) {
        --kills;
      } else {
        ASSERT_EQ(output.status, 0) << output.text;
        expect_same();
        fs::remove(out / "checkpoint");
      }
    }
    ASSERT_EQ(digits(resumed).status, 0);
    expect_same();
  }
};

const std::string two_schedules =
    " --schedule 'cosine_decay(base_lr=0.005, steps=126)' 'constant(base_lr=0.002)'";

#ifdef __SANITIZE_ADDRESS__  // under it a run takes three times as long
constexpr int many = 4;
#else
constexpr int many = 20;
#endif

TEST_F(Killed, ManyTimesItEndsWithTheSameBits) {
  ends_with_the_same_bits("--epochs 1" + two_schedules, many, many / 4);
}

TEST_F(Killed, AResNetEndsWithTheSameBits) {
  ends_with_the_same_bits("--model resnet --epochs 1" + two_schedules, 4, 0);
}

TEST_F(Killed, AVisionTransformerEndsWithTheSameBits) {
  ends_with_the_same_bits("--model vit --epochs 1" + two_schedules, 4, 0);
}

TEST_F(Killed, SeveralSeedsEndWithTheSameBits) {
  ends_with_the_same_bits("--seeds 2 --epochs 1 --schedule 'constant(base_lr=0.002)'", 4, 0);
}

TEST_F(Digits, WithoutACheckpointResumeStartsFromTheBeginning) {
  const Output output =
      digits("--epochs 1 --resume --schedule 'constant(base_lr=0.001)'" + checkpoint());
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.text, HasSubstr("starting from the beginning"));
}

TEST_F(Digits, DoesNotOverwriteACheckpointUnasked) {
  std::ofstream(out / "checkpoint") << "precious";
  const Output output = digits("--epochs 1" + checkpoint());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("--resume"));
  EXPECT_EQ(content(out / "checkpoint"), "precious");
}

TEST_F(Digits, RefusesTheCheckpointOfAnotherScheduleAndShowsBoth) {
  const std::string rest = " --epochs 1" + checkpoint();
  ASSERT_EQ(digits("--schedule 'constant(base_lr=0.001)'" + rest).status, 0);
  const Output output = digits("--schedule 'constant(base_lr=0.002)' --resume" + rest);
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text,
              AllOf(HasSubstr("constant(base_lr=0.001)"), HasSubstr("constant(base_lr=0.002)")));
}

TEST_F(Digits, RefusesTheCheckpointOfAnotherModelAndShowsBoth) {
  const std::string rest = " --epochs 1 --schedule 'constant(base_lr=0.001)'" + checkpoint();
  ASSERT_EQ(digits("--model vit" + rest, "vit").status, 0);
  for (const char* flag : {"", " --change-schedule"}) {
    const Output output = digits("--model resnet --resume" + rest + flag);
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.text, AllOf(HasSubstr("model vit"), HasSubstr("model resnet")));
    EXPECT_FALSE(fs::exists(out / "run"));
  }
}

// The options of a run with an epoch at a constant rate and a cooldown of `steps` steps.
std::string cooldown_of(std::size_t steps) {
  return " --epochs " + std::to_string(1 + steps / per_epoch) +
         " --schedule 'sequence(take(constant(base_lr=0.002), steps=42), "
         "sqrt_cooldown(start=0.002, end=0, steps=" +
         std::to_string(steps) + "))'";
}

class Branch : public Digits, public testing::WithParamInterface<const char*> {
 protected:
  std::string model() const { return std::string("--model ") + GetParam(); }
  const std::string stable = " --epochs 1 --schedule 'constant(base_lr=0.002)'" + checkpoint();
  const std::string change = checkpoint() + " --resume --change-schedule";
};

TEST_P(Branch, AShortAndALongCooldownEndWithTheBitsOfRunsFromTheStart) {
  ASSERT_EQ(digits(model() + stable, "stable").status, 0);
  for (const std::string& cooldown : {cooldown_of(42), cooldown_of(84)}) {
    const Output branch = digits(model() + cooldown + change);
    ASSERT_EQ(branch.status, 0) << branch.text;
    EXPECT_THAT(branch.text, HasSubstr("resuming constant after update 42"));
    ASSERT_EQ(digits(model() + cooldown, "whole").status, 0);
    for (const char* file : {"curves.csv", "sequence.pt"}) {
      EXPECT_EQ(content(out / "run" / file), content(out / "whole" / file)) << file;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Digits, Branch, testing::Values("cnn", "resnet", "vit"),
                         [](const auto& test) { return test.param; });

TEST_F(Digits, ABranchIsResumedFromItsOwnCheckpoint) {
  const std::string cooldown = cooldown_of(42);
  ASSERT_EQ(digits("--epochs 1 --schedule 'constant(base_lr=0.002)'" + checkpoint()).status, 0);
  ASSERT_EQ(digits(checkpoint() + cooldown + " --resume --change-schedule").status, 0);
  const Output output =
      digits("--checkpoint " + (out / "run/checkpoint.pt").string() + cooldown + " --resume");
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.text, HasSubstr("resuming sequence after update 84"));
}

TEST_F(Digits, RefusesABranchWhosePastValuesDifferAndShowsBoth) {
  const std::string rest = checkpoint() + " --schedule ";
  ASSERT_EQ(digits("--epochs 1" + rest + "'constant(base_lr=0.002)'", "stable").status, 0);
  const Output output =
      digits("--epochs 2 --resume --change-schedule" + rest + "'constant(base_lr=0.003)'");
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text,
              AllOf(HasSubstr("constant(base_lr=0.002)"), HasSubstr("constant(base_lr=0.003)")));
  EXPECT_FALSE(fs::exists(out / "run"));
}

TEST_F(Digits, RefusesABranchFromSeveralSchedules) {
  const std::string rest = " --epochs 1" + checkpoint();
  ASSERT_EQ(
      digits("--schedule 'constant(base_lr=0.001)' 'constant(base_lr=0.002)'" + rest, "stable")
          .status,
      0);
  const Output output =
      digits("--resume --change-schedule --schedule 'constant(base_lr=0.001)'" + rest);
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("is the checkpoint of several schedules"));
  EXPECT_FALSE(fs::exists(out / "run"));
}

TEST_F(Digits, RefusesAFileThatIsNotACheckpointInOneLine) {
  std::ofstream(out / "checkpoint") << "precious";
  const Output output = digits("--resume" + checkpoint());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("checkpoint is not a checkpoint of this program"));
  EXPECT_EQ(line_count(output.text), 1) << output.text;
}

TEST_F(Digits, RefusesACheckpointWithAFlippedBit) {
  const std::string arguments = "--schedule 'constant(base_lr=0.001)' --epochs 1" + checkpoint();
  ASSERT_EQ(digits(arguments).status, 0);
  std::fstream file(out / "checkpoint", std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(20000);
  const int byte = file.get();
  file.seekp(20000);
  file.put(static_cast<char>(byte ^ 1));
  file.close();
  const Output output = digits("--resume " + arguments);
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("its checksum is missing or does not match"));
}

TEST_F(Digits, RefusesACheckpointThatItCannotWriteBeforeItTrains) {
  const Output output = digits("--checkpoint " + (out / "none/checkpoint").string());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("cannot write"));
  EXPECT_THAT(output.text, testing::Not(HasSubstr("accuracy")));
}

TEST_F(Digits, ShowsABadNotationAndWritesNothing) {
  const Output output = digits("--schedule 'constant(base_lr=0.001)' 'constant(lr=1)'");
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, StartsWith("digits: schedule 2: unknown field 'lr'"));
  EXPECT_THAT(names_in_out(), IsEmpty());
}

TEST_F(Digits, RefusesAScheduleThatEndsLongBeforeTheRunAndWritesNothing) {
  const Output output =
      digits("--schedule 'cosine_decay(base_lr=0.005, steps=126)' --epochs 15" + checkpoint());
  EXPECT_EQ(output.status, 1);
  EXPECT_EQ(output.text,
            "digits: schedule 1: ends at step 126, long before the 630 updates of --epochs 15\n");
  EXPECT_THAT(names_in_out(), IsEmpty());
}

TEST_F(Digits, RefusesAnUnknownModelAndWritesNothing) {
  const Output output = run(PROGRAM " --model mlp --out " + (out / "run").string());
  EXPECT_EQ(output.status, 1);
  EXPECT_EQ(output.text, "digits: --model: must be cnn, resnet or vit, got 'mlp'\n");
  EXPECT_THAT(names_in_out(), IsEmpty());
}

TEST_F(Digits, SaysWhenThereIsNoCudaDevice) {
  const Output output = digits("--epochs 1 --schedule 'constant(base_lr=0.001)' --device cuda");
  if (output.status == 0) GTEST_SKIP() << "there is one";
  EXPECT_EQ(output.text, "digits: --device cuda: this LibTorch finds no CUDA device\n");
}

}  // namespace
