#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr std::size_t per_epoch = 42;  // 1,348 digits to train on, 32 a batch

class Digits : public ExampleTest {
 protected:
  // Its files go to out / name.
  std::string command(const std::string& arguments, const std::string& name = "run") const {
    return DIGITS " " + arguments + " --out " + (out / name).string();
  }
  Output digits(const std::string& arguments) { return run(command(arguments)); }

  std::string checkpoint() const { return " --checkpoint " + (out / "checkpoint").string(); }
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream row(line);
  for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
  return cells;
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(Digits, TrainsSevenSchedulesAndTheBestIsRightInNinetySevenPercent) {
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
  const Output output =
      digits("--epochs 1 --schedule 'constant(base_lr=0.01)' 'constant(base_lr=0.001)'");
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

TEST_F(Digits, PrintsPlainLinesWhereThereIsNoTerminal) {
  const Output output = digits("--epochs 1 --schedule 'constant(base_lr=0.001)'");
  EXPECT_THAT(
      output.text,
      ContainsRegex("\nconstant +42/42  lr 0.001 +loss [0-9.]+ +accuracy [0-9.]+ % +0:00 left\n"));
  EXPECT_EQ(output.text.find('\r'), output.text.npos);
}

TEST_F(Digits, FindsARate) {
  const Output output = digits("--find-lr");
  ASSERT_EQ(output.status, 0) << output.text;
  EXPECT_THAT(output.text, ContainsRegex("suggested learning rate: 0.0[0-9]+\n"));
  EXPECT_TRUE(is_whole_svg(out / "run/find_lr.svg"));
}

TEST_F(Digits, KilledTwentyTimesItEndsWithTheSameBits) {
  const std::string job =
      "--epochs 3 --schedule 'cosine_decay(base_lr=0.005, steps=126)' 'constant(base_lr=0.002)'";
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(run(command(job, "whole")).status, 0);
  const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - start;
  const auto expect_same = [&] {
    for (const char* file : {"curves.csv", "cosine_decay.pt", "constant.pt"}) {
      EXPECT_EQ(content(out / "whole" / file), content(out / "run" / file)) << file;
    }
  };

  const std::string resumed = command(job + checkpoint() + " --save-every 4 --resume");
  const auto seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> moment(0, 1.2 * whole.count());
  const auto killed_after = [&](double seconds) {
    return "timeout -s KILL " + std::to_string(seconds) + " " + resumed;
  };
  int resumes = 0;
  for (int kills = 0; kills < 20;) {
    const Output output = run(killed_after(moment(random)));
    resumes += output.text.find("going on with") != output.text.npos;
    if (output.status == 137) {
      ++kills;
    } else {
      ASSERT_EQ(output.status, 0) << output.text;
      expect_same();
      fs::remove(out / "checkpoint");
    }
  }
  ASSERT_EQ(run(resumed).status, 0);
  expect_same();
  EXPECT_GE(resumes, 5);
}

TEST_F(Digits, WithoutACheckpointResumeStartsFromTheBeginning) {
  const Output output =
      digits("--epochs 1 --resume --schedule 'constant(base_lr=0.001)'" + checkpoint());
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.text, HasSubstr("starting from the beginning"));
}

TEST_F(Digits, OverwritesNoCheckpointUnasked) {
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

TEST_F(Digits, RefusesAFileThatIsNoCheckpointInOneLine) {
  std::ofstream(out / "checkpoint") << "precious";
  const Output output = digits("--resume" + checkpoint());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("checkpoint is no checkpoint of this program"));
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
  EXPECT_THAT(output.text, HasSubstr("its checksum does not fit"));
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

TEST_F(Digits, SaysWhenThereIsNoCudaDevice) {
  const Output output = digits("--epochs 1 --schedule 'constant(base_lr=0.001)' --device cuda");
  if (output.status == 0) GTEST_SKIP() << "there is one";
  EXPECT_EQ(output.text, "digits: --device cuda: this LibTorch finds no CUDA device\n");
}

}  // namespace
