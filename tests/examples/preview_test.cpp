#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class Preview : public ExampleTest {
 protected:
  Output preview(const std::string& arguments) { return run(PROGRAM " " + arguments); }

  std::vector<std::string> preview_lines(const std::string& arguments) {
    const Output output = preview(arguments);
    EXPECT_EQ(output.status, 0) << output.text;
    return lines(std::istringstream(output.text));
  }

  Output draw(const std::string& arguments) {
    return preview(arguments + " --svg " + figure.string());
  }

  const fs::path figure = out / "figure.svg";
};

std::string content_of(const fs::path& file) {
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  return content.str();
}

// The number of characters of a text in UTF-8.
std::size_t characters(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// The rows of the plot without their labels, from the top.
std::vector<std::string> plot_rows(const std::vector<std::string>& lines) {
  std::vector<std::string> rows;
  for (const std::string& line : lines) {
    for (const std::string axis : {"│", "┤"}) {
      if (const auto place = line.find(axis); place != line.npos) {
        rows.push_back(line.substr(place + axis.size()));
      }
    }
  }
  return rows;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST_F(Preview, PrintsTheNotationInFull) {
  EXPECT_EQ(preview_lines("'warmup(cosine_decay(steps=900,base_lr=.1),steps=100)'")[0],
            "warmup(cosine_decay(base_lr=0.1, steps=900, min_lr=0), steps=100, start=0)");
}

TEST_F(Preview, PrintsLengthAndEnd) {
  EXPECT_EQ(preview_lines("'linear(start=1, end=0.25, steps=300)'")[1],
            "length 300 steps, then 0.25");
}

TEST_F(Preview, SaysThatAScheduleHasNoEnd) {
  EXPECT_EQ(preview_lines("'constant(base_lr=0.1)'")[1], "no end");
}

TEST_F(Preview, PrintsFirstPeakAndLastOfTheUpdates) {
  // 0.1 * 1 / 5 at the last of 5 steps down, which is step 10 + 4.
  EXPECT_EQ(preview_lines("'warmup(linear(start=0.1, end=0, steps=5), steps=10)'")[2],
            "first 0 at step 0, peak 0.1 at step 10, last 0.02 at step 14");
}

TEST_F(Preview, WithoutAnEndShowsAThousandSteps) {
  EXPECT_THAT(preview_lines("'constant(base_lr=0.1)'")[2], EndsWith("at step 999"));
}

TEST_F(Preview, ShowsTheStepsAskedFor) {
  EXPECT_THAT(preview_lines("'linear(start=1, end=0, steps=300)' --steps 20")[2],
              EndsWith("at step 19"));
}

TEST_F(Preview, ReadsSharesOfTheStepsAndEpochs) {
  EXPECT_EQ(preview_lines("'warmup(cosine_decay(base_lr=0.1, steps=95%), steps=5%)' --steps 10000 "
                          "--review")[0],
            "warmup(cosine_decay(base_lr=0.1, steps=9500, min_lr=0), steps=500, start=0)");
  EXPECT_EQ(preview_lines("'linear(start=1, end=0, steps=3ep)' --epoch 391")[1],
            "length 1173 steps, then 0");
}

TEST_F(Preview, PlotFillsUpToTheValue) {
  // The axis has 12 rows for 0 to 1: 0.5 is 6 rows, and 0.53125 = 0.5 + 3 / 96 is three eighths
  // more.
  const auto rows =
      plot_rows(preview_lines("'piecewise_constant(boundaries=[1, 2], values=[1, 0.5, 0.53125])' "
                              "--steps 3"));
  ASSERT_THAT(rows, SizeIs(12));
  EXPECT_EQ(rows[0], repeated("█", 20));
  EXPECT_EQ(rows[5], repeated("█", 20) + repeated(" ", 20) + repeated("▃", 20));
  EXPECT_EQ(rows[6], repeated("█", 60));
  EXPECT_EQ(rows[11], repeated("█", 60));
}

TEST_F(Preview, PlotShadesTheRangeOfAColumn) {
  const auto rows =
      plot_rows(preview_lines("'cosine_restarts(base_lr=1, period=10)' --steps 600000"));
  ASSERT_THAT(rows, SizeIs(12));
  EXPECT_EQ(rows[5], repeated("░", 60));
}

TEST_F(Preview, PlotShowsEveryRestartOfALongRun) {
  const auto rows =
      plot_rows(preview_lines("'cosine_restarts(base_lr=1, period=100000000)' --steps 1000000000"));
  ASSERT_THAT(rows, SizeIs(12));
  // Each of the 10 cycles has 6 columns, and starts at 1. The second starts at
  // (1 + cos(pi / 6)) / 2, which is 11 rows and 1.6 eighths.
  EXPECT_EQ(rows[0], repeated("█▂    ", 9) + "█▂");
}

TEST_F(Preview, FindsThePeakOfALongRun) {
  EXPECT_EQ(preview_lines("'warmup(cosine_decay(base_lr=0.5, steps=999987655), steps=12345)'")[2],
            "first 0 at step 0, peak 0.5 at step 12345, last 0 at step 999999999");
}

TEST_F(Preview, PrintsAbout70By15Characters) {
  const auto lines = preview_lines("'cosine_decay(base_lr=0.1, steps=1000)'");
  EXPECT_THAT(lines, SizeIs(3 + 12 + 2));
  for (const std::string& line : lines) EXPECT_LE(characters(line), 75u) << line;
}

TEST_F(Preview, LabelsTheAxes) {
  const auto lines = preview_lines("'cosine_decay(base_lr=0.1, steps=1000)'");
  for (const char* label :
       {"     0.1 ┤", "   0.075 ┤", "    0.05 ┤", "   0.025 ┤", "       0 └┬"}) {
    EXPECT_THAT(lines, Contains(StartsWith(label)));
  }
  EXPECT_EQ(lines.back(),
            "          0          200         400         600         800           step");
}

TEST_F(Preview, AConstantFillsThePlot) {
  EXPECT_THAT(plot_rows(preview_lines("'constant(base_lr=0.1)'")), Each(repeated("█", 60)));
}

TEST_F(Preview, AZeroLeavesThePlotEmpty) {
  EXPECT_THAT(plot_rows(preview_lines("'constant(base_lr=0)'")), Each(""));
}

TEST_F(Preview, ValuesMayBeAsSmallOrLargeAsADoubleHolds) {
  for (const char* value : {"1e-308", "1e+308"}) {
    const auto lines = preview_lines(std::string("'constant(base_lr=") + value + ")'");
    EXPECT_THAT(lines[3], StartsWith(std::string("  ") + value + " ┤"));
    EXPECT_THAT(plot_rows(lines), Each(repeated("█", 60)));
  }
}

TEST_F(Preview, NamesAValueThatIsNotFinite) {
  const auto lines = preview_lines("'scaled(linear(start=1e307, end=1e308, steps=10), factor=10)'");
  EXPECT_EQ(lines[3], "not finite: inf at step 1");
}

TEST_F(Preview, ShowsEachSchedule) {
  const auto lines = preview_lines("'constant(base_lr=1)' 'constant(base_lr=2)'");
  EXPECT_THAT(lines, Contains("constant(base_lr=1)"));
  EXPECT_THAT(lines, Contains("constant(base_lr=2)"));
}

TEST_F(Preview, CsvHasEveryStepInRoundTripDigitsAndNothingElse) {
  EXPECT_THAT(preview_lines("--csv 'linear(start=1, end=0, steps=3)' 'constant(base_lr=0.1)' "
                            "--steps 3"),
              ElementsAre("schedule,step,value", "\"linear(start=1, end=0, steps=3)\",0,1",
                          "\"linear(start=1, end=0, steps=3)\",1,0.6666666666666667",
                          "\"linear(start=1, end=0, steps=3)\",2,0.33333333333333337",
                          "constant(base_lr=0.1),0,0.1", "constant(base_lr=0.1),1,0.1",
                          "constant(base_lr=0.1),2,0.1"));
}

TEST_F(Preview, CsvGivesEachScheduleItsLength) {
  EXPECT_THAT(preview_lines("--csv 'linear(start=1, end=0, steps=3)' 'constant(base_lr=0.1)'"),
              SizeIs(1 + 3 + 1000));
}

TEST_F(Preview, CsvAndReviewTogetherAreRefused) {
  EXPECT_EQ(preview("--csv --review 'constant(base_lr=1)'").status, 1);
}

TEST_F(Preview, ReviewPrintsItsFindings) {
  EXPECT_THAT(preview_lines("--review 'warmup(constant(base_lr=1), steps=9)'").back(),
              HasSubstr("the first update does nothing"));
}

TEST_F(Preview, ReviewSaysThatItFoundNothing) {
  EXPECT_EQ(preview_lines("--review 'constant(base_lr=1)'").back(), "no findings");
}

TEST_F(Preview, DrawsAFigureWithALegendOfTheNotationsAsGiven) {
  ASSERT_EQ(draw("'constant(base_lr=.1)' 'step_decay(base_lr=1,step_size=9)'").status, 0);
  EXPECT_TRUE(is_whole_svg(figure));
  EXPECT_THAT(lines_of(figure), Contains(HasSubstr(">constant(base_lr=.1)<")));
  EXPECT_THAT(lines_of(figure), Contains(HasSubstr(">step_decay(base_lr=1,step_size=9)<")));
  EXPECT_THAT(names_in_out(), ElementsAre("figure.svg"));
}

TEST_F(Preview, DrawsExtremes) {
  for (const char* schedule :
       {"'constant(base_lr=0)'", "'constant(base_lr=1e-308)'",
        "'linear(start=1.7e308, end=0, steps=9)'", "'constant(base_lr=1)' --steps 1",
        "'scaled(linear(start=1e308, end=0, steps=9), factor=10)'",
        "'cosine_decay(base_lr=1, steps=9223372036854775807)'", "'constant(\nbase_lr=1)'"}) {
    const Output output = draw(schedule);
    EXPECT_EQ(output.status, 0) << output.text;
    EXPECT_TRUE(is_whole_svg(figure)) << schedule;
    fs::remove(figure);
  }
}

TEST_F(Preview, AFigureWithoutAFiniteValueIsAnError) {
  const Output output = draw("'scaled(constant(base_lr=1e308), factor=10)'");
  EXPECT_EQ(output.status, 1);
  EXPECT_EQ(output.text, "preview: cannot draw a figure: no value is finite\n");
  EXPECT_THAT(names_in_out(), IsEmpty());
}

TEST_F(Preview, WithoutGnuplotAFigureIsAnError) {
  const Output output =
      run("PATH=/nowhere " PROGRAM " 'constant(base_lr=1)' --svg " + (out / "figure.svg").string());
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("gnuplot-nox"));
  EXPECT_EQ(line_count(output.text), 1) << output.text;
  EXPECT_THAT(names_in_out(), IsEmpty());
}

TEST_F(Preview, RefusesAFigureThatItCannotWrite) {
  for (const fs::path& file : {out / "missing" / "figure.svg", out, fs::path("/dev/null")}) {
    const Output output = preview("'constant(base_lr=1)' --svg " + file.string());
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.text, StartsWith("preview: cannot write " + file.string()));
    EXPECT_EQ(line_count(output.text), 1) << output.text;
  }
}

TEST_F(Preview, ShowsWhichNotationIsWrongAndWhere) {
  const Output output = preview("'constant(base_lr=1)' 'step_decai(base_lr=1)'");
  EXPECT_EQ(output.status, 1);
  EXPECT_EQ(output.text,
            "preview: schedule 2: unknown schedule 'step_decai', did you mean 'step_decay'?\n"
            "  step_decai(base_lr=1)\n"
            "  ^\n");
}

TEST_F(Preview, RefusesABadNumberOfSteps) {
  for (const char* steps : {"0", "-1", "abc", "1.5", "1e3", "9223372036854775808", "''"}) {
    const Output output = preview(std::string("'constant(base_lr=1)' --steps ") + steps);
    EXPECT_EQ(output.status, 1) << steps;
    EXPECT_THAT(output.text, HasSubstr("--steps"));
    EXPECT_EQ(line_count(output.text), 1) << output.text;
  }
}

TEST_F(Preview, WithoutASchedulePrintsItsUsage) {
  const Output output = preview("");
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, HasSubstr("preview [OPTIONS] [SCHEDULE...]"));
}

TEST_F(Preview, DrawsSmallWithoutTitleAndLegend) {
  ASSERT_EQ(draw("'step_decay(base_lr=0.1, step_size=9)' --steps 30 --small").status, 0);
  const std::string picture = content_of(figure);
  EXPECT_THAT(picture, AllOf(HasSubstr("width=\"250\""), HasSubstr("<title>step_decay(")));
  EXPECT_THAT(picture, Not(AnyOf(HasSubstr("Learning rate"), HasSubstr("learning rate"),
                                 HasSubstr(">step_decay(base_lr=0.1, step_size=9)</tspan>"))));
}

TEST_F(Preview, SmallNeedsAFigure) {
  const Output output = preview("'constant(base_lr=1)' --small");
  EXPECT_EQ(output.status, 1);
  EXPECT_THAT(output.text, AllOf(HasSubstr("--small"), HasSubstr("--svg")));
}

TEST_F(Preview, DrawsTheTwoEndsOfALevelSoThatAStepIsVertical) {
  ASSERT_EQ(draw("'step_decay(base_lr=0.1, step_size=200)' --steps 1000 --small").status, 0);
  const std::string picture = content_of(figure);
  const auto curve = picture.find("gnuplot_plot_1");
  const std::string path = picture.substr(curve, picture.find("gnuplot_plot_2", curve) - curve);
  EXPECT_EQ(std::count(path.begin(), path.end(), 'L'), 9);  // ten points: two per level
}

TEST_F(Preview, HelpNamesEveryOptionAndTheLastStep) {
  const Output output = preview("--help");
  EXPECT_EQ(output.status, 0);
  EXPECT_THAT(output.text,
              AllOf(HasSubstr("--steps"), HasSubstr("--csv"), HasSubstr("--svg"),
                    HasSubstr("--small"), HasSubstr("--review"), HasSubstr("0 to N - 1")));
}

TEST_F(Preview, NoticesThatItsOutputDidNotArrive) {
  for (const char* options : {"", "--csv", "--csv --steps 100000"}) {
    const Output output =
        preview(std::string("'constant(base_lr=1)' ") + options + " 2>&1 >/dev/full");
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.text, StartsWith("preview: cannot write to standard output"));
  }
}

TEST_F(Preview, StopsWhenItsReaderIsGone) {
  EXPECT_THAT(preview_lines("--csv 'constant(base_lr=1)' --steps 9223372036854775807 | head -n 2"),
              ElementsAre("schedule,step,value", "constant(base_lr=1),0,1"));
}

}  // namespace
