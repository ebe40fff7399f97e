// Compares what the example writes with the notebook's own arithmetic.
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include "program.hpp"
#include "run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

class ConvexBowl : public ExampleTest {
 protected:
  Output bowl(const std::string& arguments) { return Program(arguments).wait(); }
  Output bowl_with(const std::string& schedules) {
    return bowl(schedules + " --out " + out.string());
  }
};

struct Expected {
  std::string name;
  std::function<double(int)> lr;
};

// The notebook's formulas, with its parameters.
const std::vector<Expected> notebook = {
    {"constant", [](int) { return 0.08; }},
    {"step_decay", [](int t) { return 0.08 * std::pow(0.5, std::floor(t / 20.0)); }},
    {"exponential_decay", [](int t) { return 0.08 * std::exp(-0.05 * t); }},
    {"cyclical",
     [](int t) {
       const double cycle = std::floor(1 + t / 30.0);
       const double x = std::abs(t / 15.0 - 2 * cycle + 1);
       return 0.01 + (0.08 - 0.01) * std::fmax(0, 1 - x);
     }},
    {"cosine_decay", [](int t) { return 0.5 * 0.08 * (1 + std::cos(std::numbers::pi * t / 80)); }},
};

void expect_close(double value, double expected) {
  EXPECT_NEAR(value, expected, std::fmax(1e-12 * std::abs(expected), 1e-15));
}

TEST_F(ConvexBowl, CurvesEqualTheNotebook) {
  const Output output = bowl("--out " + out.string());
  ASSERT_EQ(output.status, 0) << output.text;
  const std::vector<std::string> lines = lines_of(out / "curves.csv");
  ASSERT_EQ(lines.size(), 1 + 5 * 81u);
  EXPECT_EQ(lines[0], "schedule,step,lr,x,y,loss");
  std::size_t line = 1;
  for (const Expected& run : notebook) {
    double x = 2.5;
    double y = 2.5;
    for (int t = 0; t <= 80; ++t, ++line) {
      SCOPED_TRACE(lines[line]);
      std::istringstream row(lines[line]);
      std::array<std::string, 6> cell;
      for (std::string& text : cell) std::getline(row, text, ',');
      EXPECT_EQ(cell[0], run.name);
      EXPECT_EQ(cell[1], std::to_string(t));
      const double lr = run.lr(t);
      expect_close(std::stod(cell[2]), lr);
      expect_close(std::stod(cell[3]), x);
      expect_close(std::stod(cell[4]), y);
      expect_close(std::stod(cell[5]), 0.5 * (x * x + 2 * y * y));
      x -= lr * x;
      y -= lr * 2 * y;
    }
  }
}

TEST_F(ConvexBowl, DrawsThreeFigures) {
  ASSERT_EQ(run(PROGRAM " --out " + out.string()).status, 0);
  for (const char* figure : {"learning_rate.svg", "loss.svg", "trajectory.svg"}) {
    EXPECT_TRUE(is_whole_svg(out / figure)) << figure;
  }
}

TEST_F(ConvexBowl, WithoutGnuplotWritesTheCurvesAndSaysWhatToInstall) {
  const Output output = run("PATH=/nowhere " PROGRAM " --out " + out.string());
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.text, HasSubstr("gnuplot-nox"));
  EXPECT_EQ(lines_of(out / "curves.csv").size(), 1 + 5 * 81u);
}

TEST_F(ConvexBowl, TakesTheNumberOfSteps) {
  ASSERT_EQ(bowl("--steps 3 --out " + out.string()).status, 0);
  EXPECT_EQ(lines_of(out / "curves.csv").size(), 1 + 5 * 4u);
}

TEST_F(ConvexBowl, CreatesTheDirectory) {
  ASSERT_EQ(bowl("--out " + (out / "a/b").string()).status, 0);
  EXPECT_TRUE(fs::exists(out / "a/b/curves.csv"));
}

TEST_F(ConvexBowl, RefusesADirectoryThatItCannotWrite) {
  const fs::path file = out / "file";
  std::ofstream(file) << "not a directory\n";
  const Output output = bowl("--out " + file.string());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr(file.string()));
  EXPECT_EQ(line_count(output.text), 1) << output.text;
  EXPECT_THAT(lines_of(file), ElementsAre("not a directory"));
}

TEST_F(ConvexBowl, RefusesABadNumberOfSteps) {
  for (const char* steps : {"0", "-1", "abc", "1.5", "99999999999999999999", "''"}) {
    const Output output =
        bowl(std::string("--steps ") + steps + " --out " + (out / "new").string());
    EXPECT_EQ(output.status, 1) << steps;
    EXPECT_THAT(output.text, HasSubstr("--steps"));
    EXPECT_EQ(line_count(output.text), 1) << output.text;
    EXPECT_FALSE(fs::exists(out / "new"));
  }
}

TEST_F(ConvexBowl, HelpNamesEveryOption) {
  const Output output = bowl("--help");
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.text, HasSubstr("--steps"));
  EXPECT_THAT(output.text, HasSubstr("--out"));
}

TEST_F(ConvexBowl, LeavesNoOtherFiles) {
  ASSERT_EQ(bowl("--out " + out.string()).status, 0);
  EXPECT_THAT(names_in_out(), UnorderedElementsAre("curves.csv", "learning_rate.svg", "loss.svg",
                                                   "trajectory.svg"));
}

TEST_F(ConvexBowl, AScheduleOfAnotherKindIsNamedAfterItsKind) {
  const Output output = bowl_with("'linear(start=0.08, end=0.04, steps=2)' --steps 2");
  ASSERT_EQ(output.status, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("\nlinear  "));
  const std::vector<std::string> lines = lines_of(out / "curves.csv");
  ASSERT_EQ(lines.size(), 1 + 6 * 3u);
  EXPECT_THAT(lines[16], StartsWith("linear,0,0.08,2.5,2.5,9.375"));
  EXPECT_THAT(lines[17], StartsWith("linear,1,0.06,2.3,2.1,"));  // 2.5 * 0.92, 2.5 * 0.84
}

TEST_F(ConvexBowl, ASecondScheduleOfAKindIsNamedByItsNotation) {
  const Output output = bowl_with("'constant(base_lr=.10)' --steps 1");
  ASSERT_EQ(output.status, 0) << output.text;
  EXPECT_THAT(output.text, HasSubstr("\nconstant(base_lr=0.1)  "));
  EXPECT_THAT(lines_of(out / "curves.csv")[11], StartsWith("constant(base_lr=0.1),0,0.1,2.5,2.5,"));
}

TEST_F(ConvexBowl, ANotationWithCommasIsOneCell) {
  ASSERT_EQ(bowl_with("'step_decay(base_lr=0.1, step_size=5)' --steps 1").status, 0);
  EXPECT_THAT(lines_of(out / "curves.csv")[11],
              StartsWith("\"step_decay(base_lr=0.1, step_size=5, drop=0.5)\",0,0.1,2.5,2.5,"));
}

TEST_F(ConvexBowl, ALegendNamesEveryRun) {
  const Output output = bowl_with("'one_cycle(max_lr=0.3, steps=80)' 'constant(base_lr=0.2)'");
  ASSERT_EQ(output.status, 0) << output.text;
  for (const char* figure : {"learning_rate.svg", "loss.svg", "trajectory.svg"}) {
    for (const char* name :
         {">constant<", ">cosine_decay<", ">one_cycle<", ">constant(base_lr=0.2)<"}) {
      EXPECT_THAT(lines_of(out / figure), testing::Contains(HasSubstr(name))) << figure;
    }
  }
}

TEST_F(ConvexBowl, ARunThatDivergesIsInTheTableAndLeavesTheFiguresWhole) {
  const Output output = bowl_with("'constant(base_lr=50)' 'constant(base_lr=1e308)'");
  ASSERT_EQ(output.status, 0) << output.text;
  EXPECT_THAT(output.text, ContainsRegex("constant\\(base_lr=50\\) .* inf +never\n"));
  EXPECT_THAT(output.text, ContainsRegex("constant\\(base_lr=1e.308\\) +nan +nan +nan +never\n"));
  for (const char* figure : {"learning_rate.svg", "loss.svg", "trajectory.svg"}) {
    EXPECT_TRUE(is_whole_svg(out / figure)) << figure;
    EXPECT_THAT(lines_of(out / figure), Each(Not(HasSubstr("nan")))) << figure;
  }
}

TEST_F(ConvexBowl, ABadNotationIsShownAndNothingIsWritten) {
  const Output output =
      bowl("'constant(base_lr=0.2)' 'step_decay(base_lr=0.1, step_sise=5)' --out " +
           (out / "new").string());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, StartsWith("convex_bowl: schedule 2: unknown field 'step_sise'"));
  EXPECT_THAT(names_in_out(), IsEmpty());
}

TEST_F(ConvexBowl, AnInfiniteRateIsRefusedAndNothingIsWritten) {
  const Output output =
      bowl("'scaled(constant(base_lr=1e308), factor=10)' --out " + (out / "new").string());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("infinite at step 0"));
  EXPECT_EQ(line_count(output.text), 1) << output.text;
  EXPECT_THAT(names_in_out(), IsEmpty());
}

}  // namespace
