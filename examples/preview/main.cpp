// Shows what learning-rate schedules do before hours are spent on them; needs no LibTorch.
// Look at summary() for what a Schedule can tell: its notation, its length, and any value.
// Look at overview() in overview.cpp for how a run of any length is sampled in bounded time.
// plot.cpp draws in the terminal, ../common/figure.cpp through gnuplot; the rest is a command line.
// Try: preview 'warmup(cosine_decay(base_lr=0.1, steps=900), steps=100)' --review
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iterator>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/arguments.hpp"
#include "common/figure.hpp"
#include "common/files.hpp"
#include "common/gnuplot.hpp"
#include "libsched/libsched.hpp"
#include "overview.hpp"
#include "plot.hpp"

using libsched::Schedule;
using libsched::Step;

namespace {

struct Request {
  std::vector<std::string> notations;
  std::optional<Step> steps;
  std::optional<Step> epoch;
  std::optional<std::filesystem::path> svg;
  bool small = false;
  bool csv = false;
  bool review = false;

  Step steps_of(const Schedule& schedule) const {
    return steps.value_or(schedule.length().value_or(1000));
  }
};

std::string described(const Place& place) {
  return fmt::format("{:.6g} at step {}", printable(place.value), place.step);
}

std::string summary(const Schedule& schedule, const Overview& seen) {
  std::string text = to_string(schedule) + '\n';
  if (const auto length = schedule.length()) {
    text += fmt::format("length {} steps, then {:.6g}\n", *length, printable(schedule(*length)));
  } else {
    text += "no end\n";
  }
  text += fmt::format("first {}, peak {}, last {}\n", described(seen.first), described(seen.peak),
                      described(seen.last));
  if (seen.not_finite) text += fmt::format("not finite: {}\n", described(*seen.not_finite));
  return text;
}

std::string review_lines(const Schedule& schedule, Step steps) {
  std::string text;
  for (const auto& finding : libsched::review(schedule, steps)) text += finding.text + '\n';
  return text.empty() ? "no findings\n" : text;
}

void print_plots(const std::vector<Schedule>& schedules, const Request& request) {
  bool is_first = true;
  for (const Schedule& schedule : schedules) {
    const Step steps = request.steps_of(schedule);
    const Overview seen = overview(schedule, steps, plot_columns);
    if (!is_first) write_output("\n");
    is_first = false;
    write_output(summary(schedule, seen) + plot(seen, steps));
    if (request.review) write_output(review_lines(schedule, steps));
  }
}

// Prints in pieces, because a run may not fit into memory. `{}` prints the fewest digits that read
// back to the same double.
void print_csv(const std::vector<Schedule>& schedules, const Request& request) {
  write_output("schedule,step,value\n");
  fmt::memory_buffer rows;
  const auto write_rows = [&] {
    write_output({rows.data(), rows.size()});
    rows.clear();
  };
  for (const Schedule& schedule : schedules) {
    const std::string name = csv_cell(to_string(schedule));
    const Step steps = request.steps_of(schedule);
    for (Step t = 0; t < steps; ++t) {
      fmt::format_to(std::back_inserter(rows), "{},{},{}\n", name, t, printable(schedule(t)));
      if (rows.size() > 1 << 16) write_rows();
    }
  }
  write_rows();
}

std::vector<Point> points(const Overview& seen, Step steps) {
  std::vector<Point> points;
  const auto add = [&](const Place& place) {
    const auto x = static_cast<double>(place.step);
    const std::size_t n = points.size();
    if (n > 1 && points[n - 1].y == place.value && points[n - 2].y == place.value) {
      points.back().x = x;  // a horizontal line needs only its two ends
    } else if (points.empty() || x > points.back().x) {
      points.push_back({x, place.value});
    }
  };
  add(seen.first);
  const auto columns = static_cast<Step>(seen.columns.size());
  for (Step c = 0; c < columns; ++c) {
    const Column& column = seen.columns[static_cast<std::size_t>(c)];
    if (!column.all_finite) {
      points.push_back({points.back().x, std::numeric_limits<double>::quiet_NaN()});
    }
    if (column.empty()) continue;
    const bool falls = column.high.step < column.low.step;
    add(falls ? column.high : column.low);
    add(falls ? column.low : column.high);
    const bool is_level = column.all_finite && column.low.value == column.high.value;
    if (is_level) add({share(steps, c + 1, columns) - 1, column.low.value});
  }
  add(seen.last);
  return points;
}

void draw(const std::vector<Schedule>& schedules, const Request& request) {
  const Step figure_columns = request.small ? 100 : 400;
  Step steps = 1;
  for (const Schedule& schedule : schedules) steps = std::max(steps, request.steps_of(schedule));

  std::vector<Curve> curves;
  for (std::size_t i = 0; i < schedules.size(); ++i) {
    curves.push_back(
        {request.notations[i], points(overview(schedules[i], steps, figure_columns), steps)});
    // A notation may have line breaks, which a legend cannot show.
    for (char& c : curves.back().name) c = c < ' ' ? ' ' : c;
  }
  const auto svg = gnuplot_svg(
      learning_rate_figure(curves, "step", request.small ? FigureSize::small : FigureSize::full));
  if (!svg) {
    throw std::runtime_error("--svg: gnuplot is not installed (apt-get install gnuplot-nox)");
  }
  write_file(*request.svg, *svg);
}

void show(const Request& request) {
  const std::vector<Schedule> schedules =
      parse_schedules(request.notations, {request.steps.value_or(0), request.epoch.value_or(0)});
  if (request.svg) draw(schedules, request);
  if (request.csv) {
    print_csv(schedules, request);
  } else {
    print_plots(schedules, request);
    if (request.svg) write_output(fmt::format("\nwrote {}\n", request.svg->string()));
  }
  finish_output();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Shows learning-rate schedules: each in the terminal, or all in a figure.",
               "preview");
  app.footer(
      "A run of N steps uses the values at steps 0 to N - 1, one per optimizer update; these are\n"
      "shown. A schedule of length L has reached its end at step L, the first step not shown if\n"
      "N = L; the value that it then holds is printed after its length.\n"
      "A column of the plot is solid up to the least of its values and shaded up to the greatest.\n"
      "In a run of more than a million steps, about a million are sampled.\n"
      "Example: preview 'warmup(cosine_decay(base_lr=0.1, steps=900), steps=100)' --review");
  Request request;
  app.add_option("SCHEDULE", request.notations, "Notations of schedules")->type_name("");
  app.add_option_function<std::string>(
         "--steps",
         [&](const std::string& text) {
           request.steps = parse_count("--steps", text, std::numeric_limits<Step>::max());
         },
         "Steps of the run, so that a notation may contain 5%; default: the schedule's length, or "
         "1000 if it has no end; in a figure the longest of these")
      ->type_name("N");
  app.add_option_function<std::string>(
         "--epoch",
         [&](const std::string& text) {
           request.epoch = parse_count("--epoch", text, std::numeric_limits<Step>::max());
         },
         "Steps of an epoch, so that a notation may contain 3ep")
      ->type_name("N");
  auto* csv = app.add_flag("--csv", request.csv,
                           "Print schedule,step,value for every step instead of plots");
  auto* svg =
      app.add_option("--svg", request.svg, "Also draw all schedules in one figure; needs gnuplot")
          ->type_name("FILE");
  app.add_flag("--small", request.small, "Draw the figure small, without title and legend")
      ->needs(svg);
  app.add_flag("--review", request.review, "Print what may be wrong with each schedule")
      ->excludes(csv);

  try {
    app.parse(argc, argv);
    if (request.notations.empty()) {
      fmt::print(stderr, "{}", app.help());
      return 1;
    }
    show(request);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const std::exception& error) {
    fmt::print(stderr, "preview: {}\n", error.what());
    return 1;
  }
}
