// Runs the example as a user does and compares what it writes with the notebook's own arithmetic.
#include <gmock/gmock.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

struct Output {
  int status;
  std::string text;  // standard output and error
};

Output run(const std::string& command) {
  Output output;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer;
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.text.append(buffer.data(), n);
  }
  const int status = pclose(pipe);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class ConvexBowl : public testing::Test {
 protected:
  ConvexBowl() {
    std::string name = (fs::temp_directory_path() / "convex_bowl_XXXXXX").string();
    out = mkdtemp(name.data());
  }
  ~ConvexBowl() override { fs::remove_all(out); }

  Output bowl(const std::string& arguments) { return run(CONVEX_BOWL " " + arguments); }

  fs::path out;
};

struct Run {
  std::string name;
  std::function<double(int)> lr;
};

// The notebook's formulas, with its parameters.
const std::vector<Run> notebook = {
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
  for (const Run& run : notebook) {
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
  ASSERT_EQ(bowl("--out " + out.string()).status, 0);
  for (const char* figure : {"learning_rate.svg", "loss.svg", "trajectory.svg"}) {
    const std::vector<std::string> lines = lines_of(out / figure);
    ASSERT_FALSE(lines.empty()) << figure;
    EXPECT_THAT(lines.back(), EndsWith("</svg>")) << figure;
  }
}

TEST_F(ConvexBowl, WithoutGnuplotWritesTheCurvesAndSaysWhatToInstall) {
  const Output output = run("PATH=/nowhere " CONVEX_BOWL " --out " + out.string());
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
  EXPECT_EQ(std::count(output.text.begin(), output.text.end(), '\n'), 1) << output.text;
  EXPECT_THAT(lines_of(file), ElementsAre("not a directory"));
}

TEST_F(ConvexBowl, RefusesABadNumberOfSteps) {
  for (const char* steps : {"0", "-1", "abc", "1.5", "99999999999999999999", "''"}) {
    const Output output =
        bowl(std::string("--steps ") + steps + " --out " + (out / "new").string());
    EXPECT_EQ(output.status, 1) << steps;
    EXPECT_THAT(output.text, HasSubstr("--steps"));
    EXPECT_EQ(std::count(output.text.begin(), output.text.end(), '\n'), 1) << output.text;
    EXPECT_FALSE(fs::exists(out / "new"));
  }
}

TEST_F(ConvexBowl, HelpNamesEveryOption) {
  const Output output = bowl("--help");
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.text, HasSubstr("--steps"));
  EXPECT_THAT(output.text, HasSubstr("--out"));
}

TEST_F(ConvexBowl, LeavesNothingBesideItsFiles) {
  ASSERT_EQ(bowl("--out " + out.string()).status, 0);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(out)) names.push_back(entry.path().filename());
  EXPECT_THAT(names, testing::UnorderedElementsAre("curves.csv", "learning_rate.svg", "loss.svg",
                                                   "trajectory.svg"));
}

}  // namespace
