// Tests of the text of a state, with numbers calculated by hand.
#include <gmock/gmock.h>

#include <cstdint>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>

#include "state.hpp"

namespace libsched {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::StrEq;
using testing::ThrowsMessage;

State read(const std::string& text) {
  std::istringstream stream(text);
  return read_state(stream, "LRScheduler");
}

// Adds the checksum: 64-bit FNV-1a, as its authors publish it.
std::string with_checksum(const std::string& lines) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : lines) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  return lines + "checksum " + std::to_string(hash) + "\n";
}

const std::string head = "libsched scheduler, format 1\n";

State of_lines(const std::string& lines) { return read(with_checksum(head + lines)); }

void expect_refused(const std::string& text, const std::string& message) {
  EXPECT_THAT([&] { read(text); },
              ThrowsMessage<std::runtime_error>(StrEq("LRScheduler: " + message)))
      << text;
}
void expect_damaged(const std::string& lines, const std::string& why) {
  expect_refused(with_checksum(head + lines), "the checkpoint is damaged, " + why);
}

constexpr auto everything =
    "libsched scheduler, format 1\n"
    "step 13\n"
    "drives lr: constant(base_lr=1)\n"
    "drives momentum: custom\n"
    "base_values lr 0.5 2\n"
    "held_values lr 0.25 1\n"
    "plateau 1.5 2 3 0.25\n"
    "customs 0.1 nan inf\n";

TEST(StateText, HasALineForEachOfItsParts) {
  State state;
  state.step = 13;
  state.drives = {{"lr", "constant(base_lr=1)"}, {"momentum", "custom"}};
  state.base_values = {{"lr", {0.5, 2}}};
  state.held_values = {{"lr", {0.25, 1}}};
  state.plateau = {1.5, 2, 3, 0.25};
  state.customs = {0.1, std::numeric_limits<double>::quiet_NaN(),
                   std::numeric_limits<double>::infinity()};
  EXPECT_EQ(to_text(state), with_checksum(everything));
}

TEST(StateText, GivesItsPartsBack) {
  const State state = read(with_checksum(everything));
  EXPECT_EQ(state.step, 13);
  EXPECT_THAT(state.drives,
              ElementsAre(Pair("lr", "constant(base_lr=1)"), Pair("momentum", "custom")));
  EXPECT_THAT(state.base_values, ElementsAre(Pair("lr", ElementsAre(0.5, 2))));
  EXPECT_THAT(state.held_values, ElementsAre(Pair("lr", ElementsAre(0.25, 1))));
  ASSERT_TRUE(state.plateau);
  EXPECT_EQ(state.plateau->best, 1.5);
  EXPECT_EQ(state.plateau->bad_reports, 2);
  EXPECT_EQ(state.plateau->cooldown_left, 3);
  EXPECT_EQ(state.plateau->scale, 0.25);
  EXPECT_THAT(state.customs,
              ElementsAre(0.1, testing::IsNan(), std::numeric_limits<double>::infinity()));
}

TEST(StateText, OfAStateWithoutPartsHasNoLineForThem) {
  const State state = read(to_text(State{}));
  EXPECT_EQ(state.step, 0);
  EXPECT_THAT(state.drives, IsEmpty());
  EXPECT_THAT(state.base_values, IsEmpty());
  EXPECT_THAT(state.held_values, IsEmpty());
  EXPECT_FALSE(state.plateau);
  EXPECT_THAT(state.customs, IsEmpty());
}

TEST(StateText, Of010HasItsBaseRates) {
  const State state = of_lines("step 2\nbase_rates 0.5 2\n");
  EXPECT_THAT(state.base_values, ElementsAre(Pair("lr", ElementsAre(0.5, 2))));
  EXPECT_THAT(of_lines("step 2\nbase_rates \n").base_values, IsEmpty());
  EXPECT_FALSE(of_lines("step 2\nplateau \n").plateau);
}

TEST(StateText, MayHaveLinesThatALaterVersionAdds) {
  EXPECT_EQ(of_lines("news 1 2 3\nstep 2\n\n").step, 2);
}

TEST(StateText, TakesTheNotationAfterTheFirstColon) {
  const State state = of_lines("step 0\ndrives lr: a: b\ndrives lonely\n");
  EXPECT_THAT(state.drives, ElementsAre(Pair("lr", "a: b"), Pair("lonely", "")));
}

TEST(StateText, EndsAfterItsChecksum) {
  std::istringstream stream(with_checksum(head + "step 2\n") + "more");
  EXPECT_EQ(read_state(stream, "LRScheduler").step, 2);
  std::string rest;
  EXPECT_TRUE(std::getline(stream, rest));
  EXPECT_EQ(rest, "more");
}

TEST(StateText, OfAnotherFileIsRefused) {
  expect_refused("", "this is not a checkpoint of a libsched driver");
  expect_refused("step 2\n", "this is not a checkpoint of a libsched driver");
  expect_refused(" " + with_checksum(head), "this is not a checkpoint of a libsched driver");
}

TEST(StateText, OfAnotherFormatIsRefused) {
  for (const char* format : {"2", "", "10", "1 "}) {
    const std::string first = std::string("libsched scheduler, format ") + format + "\n";
    expect_refused(with_checksum(first + "step 2\n"),
                   "the checkpoint is of another format, this libsched reads format 1");
  }
}

TEST(StateText, WithAChecksumThatDoesNotFitIsRefused) {
  const std::string text = with_checksum(head + "step 2\n");
  const std::string damaged = "the checkpoint is damaged, its checksum does not fit";
  expect_refused(head + "step 2\n", damaged);
  expect_refused(head + "step 2\nchecksum 1\n", damaged);
  expect_refused(text.substr(0, text.size() - 1), damaged);  // it may have had another digit
  expect_refused(text.substr(0, text.size() - 2) + "\n", damaged);
  std::string other = text;
  other.replace(other.find("step 2"), 6, "step 3");
  expect_refused(other, damaged);
}

TEST(StateText, WithoutAStepIsRefused) { expect_damaged("drives lr: custom\n", "it has no step"); }

TEST(StateText, NamesTheBadCount) {
  for (const std::string count :
       {"", "x", "-1", "4.5", "4 4", "1e3", "9223372036854775808", "nan"}) {
    expect_damaged("step " + count + "\n",
                   "its step must be a whole number of at least 0, got '" + count + "'");
    if (count.empty() || count == "4 4") continue;  // not one word
    expect_damaged(
        "step 4\nplateau 1 " + count + " 0 1\n",
        "its plateau's count of bad reports must be a whole number of at least 0, got '" + count +
            "'");
    expect_damaged(
        "step 4\nplateau 1 0 " + count + " 1\n",
        "its plateau's cooldown must be a whole number of at least 0, got '" + count + "'");
  }
  EXPECT_EQ(of_lines("step 9223372036854775807\n").step, std::numeric_limits<Step>::max());
}

TEST(StateText, NamesTheBadNumber) {
  for (const std::string number : {"x", "1x", "1e999", "--1", "0,5"}) {
    const std::string got = " must be a number, got '" + number + "'";
    expect_damaged("step 4\nbase_rates 1 " + number + "\n", "its base rate" + got);
    expect_damaged("step 4\nbase_values eps 1 " + number + "\n", "its values of eps" + got);
    expect_damaged("step 4\nheld_values eps 1 " + number + "\n", "its values of eps" + got);
    expect_damaged("step 4\ncustoms 1 " + number + "\n", "its values of custom schedules" + got);
    expect_damaged("step 4\nplateau " + number + " 0 0 1\n", "its plateau's best metric" + got);
    expect_damaged("step 4\nplateau 1 0 0 " + number + "\n", "its plateau's scale" + got);
  }
  expect_damaged("step 4\nbase_values eps 1  2\n", "its values of eps must be a number, got ''");
}

TEST(StateText, NamesTheBadValue) {
  for (const std::string value : {"-1", "nan", "inf", "-inf"}) {
    const std::string got = " must be finite and at least 0, got " + value;
    expect_damaged("step 4\nbase_rates 1 " + value + "\n", "its base rate" + got);
    expect_damaged("step 4\nbase_values eps " + value + " 1\n", "its values of eps" + got);
    expect_damaged("step 4\nheld_values eps " + value + "\n", "its values of eps" + got);
  }
  EXPECT_THAT(of_lines("step 4\nbase_values eps 0 1\n").base_values[0].second, ElementsAre(0, 1));
}

TEST(StateText, SaysWhatIsWrongWithThePlateau) {
  expect_damaged("step 4\nplateau 1 0 0\n", "its plateau must be 4 numbers: '1 0 0'");
  expect_damaged("step 4\nplateau 1 0 0 1 1\n", "its plateau must be 4 numbers: '1 0 0 1 1'");
  expect_damaged("step 4\nplateau nan 0 0 1\n", "its plateau's best metric is not a number");
  for (const std::string scale : {"-0.5", "1.5", "nan"}) {
    expect_damaged("step 4\nplateau 1 0 0 " + scale + "\n",
                   "its plateau's scale must be between 0 and 1, got " + scale);
  }
  for (const std::string scale : {"0", "1"}) {
    EXPECT_EQ(of_lines("step 4\nplateau -inf 0 0 " + scale + "\n").plateau->scale,
              std::stod(scale));
  }
}

// One more report would overflow it.
TEST(StateText, WithTheLargestCountOfBadReportsIsRefused) {
  expect_damaged("step 4\nplateau 1 9223372036854775807 0 1\n",
                 "its plateau's count of bad reports is too large");
  EXPECT_TRUE(of_lines("step 4\nplateau 1 9223372036854775806 9223372036854775807 1\n").plateau);
}

}  // namespace
}  // namespace libsched
