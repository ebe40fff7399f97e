#include "figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common/figure.hpp"

namespace {

// A run that diverges leaves the figure at the top.
constexpr auto loss = R"gnuplot(
set title 'Loss'
set xlabel 'iteration'
set ylabel 'loss f(x, y), log scale'
set logscale y
set yrange [1e-30<*:*<1e3]
set format y '10^{%T}'
set mytics 1
set label sprintf('loss %g', solved) at graph 0.01, first solved offset 0, 0.5 font ',11' textcolor '#666666'
plot solved with lines lw 1.5 dt 2 lc '#666666' notitle, \
     for [i = 0:last] $runs index i using 1:4 @line title label(i)
)gnuplot";

// Two panels with equal axes: the whole paths, and their last part, in which the runs differ. A
// contour is the ellipse x^2 + 2 y^2 = 2 loss. The legend is a third plot, which draws no visible
// line.
constexpr auto trajectory = R"gnuplot(
thickness(i) = i < 5 ? 6.5 - 1.2 * i : 1.7
array round[3] = [1, 2, 5]
level(k) = round[k - 3 * floor(k / 3.) + 1] * 10.**floor(k / 3.)
highest(x, y) = ceil(3 * log10(0.5 * x**2 + y**2))
contours = "for [k = high - 8:high] \
  sqrt(2 * level(k)) * cos(t), sqrt(level(k)) * sin(t) with lines lw 1 lc '#B8C4D0' notitle"
levels = "for [k = high - 5:high] $minimum using (0):(sqrt(level(k))):(sprintf('%g', level(k))) \
  with labels offset 0, 0.5 font ',11' textcolor '#778899'"
paths = "for [i = 0:last] $runs index i using 2:3 @line notitle"
ends = "for [i = 0:last] $ends every ::i::i using 1:2 with points pt 7 ps 1.1 lc 'white' notitle, \
  for [i = 0:last] $ends every ::i::i using 1:2 with points pt 7 ps 0.85 lc rgb colour(i) notitle"
$minimum << EOD
0 0
EOD

set parametric
set trange [0:2*pi]
set samples 181
set size ratio -1
set border 15
set xlabel 'x'
set ylabel 'y'
set tmargin at screen 0.92
set bmargin at screen below(108)
set key off
set multiplot

set title 'Paths over the contours of the loss'
set lmargin at screen 0.055
set rmargin at screen 0.475
set xrange [all_x : all_x + all_side]
set yrange [all_y : all_y + all_side]
high = highest(all_x + all_side, all_y + all_side)
set label 'start' at start_x, start_y center offset 0, 0.9
set label '' at start_x, start_y front point pt 5 ps 0.9 lc '#333333'
set object 1 rectangle from end_x, end_y to end_x + end_side, end_y + end_side \
  front fillstyle empty border lc '#666666' dt 2
plot @contours, @levels, @paths, @ends

set title 'The dashed square, enlarged (+ minimum)'
set lmargin at screen 0.57
set rmargin at screen 0.99
set xrange [end_x : end_x + end_side]
set yrange [end_y : end_y + end_side]
high = highest(end_x + end_side, end_y + end_side)
unset label
unset object 1
plot @contours, @levels, @paths, $minimum using 1:2 with points pt 1 ps 1.8 lw 1.5 lc '#333333', @ends

reset
set margins at screen 0.02, at screen 0.98, at screen 0.02, at screen below(48)
set xrange [0:1]
set yrange [0:1]
unset border
unset tics
set key center center horizontal maxcols per_row Left reverse noenhanced samplen 1.5 width -2 font ',12'
plot for [i = 0:last] $runs index i using (2):(2) with linespoints lw 3 pt 7 ps 0.85 lc rgb colour(i) dt dash(i) title label(i)
unset multiplot
)gnuplot";

struct Square {
  double x, y, side;
};

// A run that diverges is outside every figure long before its numbers are too large for gnuplot.
constexpr double far_away = 1e6;
double place(double x) { return std::isnan(x) ? far_away : std::clamp(x, -far_away, far_away); }

// The runs start at 2.5; what is much further out is cut off.
bool near_bowl(const State& state) { return std::abs(state.x) <= 4 && std::abs(state.y) <= 4; }

// The points, the minimum (0, 0) and a margin.
Square around(const std::vector<State>& states) {
  double left = 0, right = 0, bottom = 0, top = 0;
  for (const State& state : states) {
    left = std::min(left, state.x);
    right = std::max(right, state.x);
    bottom = std::min(bottom, state.y);
    top = std::max(top, state.y);
  }
  const double side = 1.25 * std::max(right - left, top - bottom);
  return {(left + right - side) / 2, (bottom + top - side) / 2, side};
}

std::string variables(const std::string& name, const Square& square) {
  return fmt::format("{0}_x = {1}\n{0}_y = {2}\n{0}_side = {3}\n", name, square.x, square.y,
                     square.side);
}

}  // namespace

std::vector<NamedFigure> figures(const std::vector<Descent>& runs) {
  std::string data = "$runs << EOD\n";
  std::string ends = "$ends << EOD\n";
  std::vector<std::string> names;
  std::vector<Curve> rates;
  std::vector<State> near_states, near_ends;
  for (const auto& [name, states] : runs) {
    names.push_back(name);
    rates.push_back({name, {}});
    for (const State& state : states) {
      rates.back().points.push_back({static_cast<double>(state.step), state.lr});
      // Six digits are more than a figure can show, and gnuplot reads them slowly.
      data += fmt::format("{} {:.6g} {:.6g} {:.6g}\n", state.step, place(state.x), place(state.y),
                          state.loss);
      if (near_bowl(state)) near_states.push_back(state);
    }
    data += "\n\n";
    const State& end = states.back();
    ends += fmt::format("{} {}\n", place(end.x), place(end.y));
    if (near_bowl(end)) near_ends.push_back(end);
  }
  const State& start = runs.front().states.front();
  data += fmt::format("EOD\nsolved = {}\n", solved);
  const std::string places =
      fmt::format("{}EOD\nstart_x = {}\nstart_y = {}\n", ends, start.x, start.y) +
      variables("all", around(near_states)) + variables("end", around(near_ends));

  Figure losses = begin_figure(names, 900, 480);
  losses.script += data + loss;
  Figure paths = begin_figure(names, 1000, 600);
  paths.script += data + places + trajectory;
  return {{"learning_rate.svg", learning_rate_figure(rates, "iteration")},
          {"loss.svg", losses},
          {"trajectory.svg", paths}};
}
