#include "common/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace {

// The colors of Okabe and Ito, which color-blind readers can tell apart. From the eighth curve on
// they are used again, with dashes. Curves can overlap, so each is thinner than the one below it.
constexpr auto style = R"gnuplot(
array colours[7] = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#D55E00', '#56B4E9', '#000000']
colour(i) = colours[i % 7 + 1]
label(i) = labels[i + 1]
dash(i) = 1 + i / 7 % 5
thickness(i) = i < 3 ? 4.2 - 0.9 * i : 2.2
line = "with lines lw thickness(i) lc rgb colour(i) dt dash(i)"
set title font ',17' noenhanced
set border 3 lc '#666666'
set tics nomirror textcolor '#333333'
set grid lc '#DDDDDD' lw 1 dt 1
set bmargin at screen below(108)
set key at screen 0.525, below(40) top center horizontal maxcols per_row Left reverse noenhanced \
  samplen 1.5 width -1 font ',12'
)gnuplot";

constexpr auto small = R"gnuplot(
unset key
unset title
unset xlabel
unset ylabel
set lmargin 7
set rmargin 3
set tmargin 0.5
set bmargin 1.8
set tics font ',11' scale 0.5
set xtics offset 0, 0.2
set autoscale yfixmax
thickness(i) = 2.5
)gnuplot";

constexpr auto learning_rate = R"gnuplot(
set yrange [0:*]
set offsets 0, 0, graph 0.05, 0
plot for [i = 0:last] $curves index i using 1:2 @line title label(i), \
     for [i = 0:last] $points index i using 1:2 with points pt 7 ps 0.6 lc rgb colour(i) notitle
)gnuplot";

constexpr std::size_t longest_label = 110;

// Shortens a long notation in the middle: its start says the kind, and its end is often what
// differs from the other notations.
std::string shortened(const std::string& name) {
  if (name.size() <= longest_label) return name;
  constexpr std::size_t half = (longest_label - 5) / 2;
  return name.substr(0, half) + " ... " + name.substr(name.size() - half);
}

// The distance between tics: 1, 2 or 5 times a power of ten and at most half of the range, so that
// there are two to five tics.
double tic_within(double range) {
  const double half = range / 2;
  const double unit = std::pow(10, std::floor(std::log10(half)));
  return unit * (half >= 5 * unit ? 5 : half >= 2 * unit ? 2 : 1);
}

}  // namespace

Figure begin_figure(const std::vector<std::string>& names, int width, int height) {
  std::size_t longest = 0;
  std::string labels;
  for (const std::string& name : names) {
    const std::string label = shortened(name);
    longest = std::max(longest, label.size());
    labels += fmt::format("{}'{}'", labels.empty() ? "" : ", ", label);
  }
  // 12 pt letters are about 6.5 pixels wide, and a sample of the line is before them.
  const auto width_of_one = 40 + 13 * longest / 2;
  const auto per_row = std::max<std::size_t>(1, static_cast<std::size_t>(width) / width_of_one);
  const auto more_rows = static_cast<int>((names.size() - 1) / per_row);
  const int more_height = 18 * more_rows;
  height += more_height;
  return {fmt::format("last = {}\narray labels[{}] = [{}]\nper_row = {}\n"
                      "below(n) = (n + {}.) / {}\n{}",
                      names.size() - 1, names.size(), labels, per_row, more_height, height, style),
          width, height};
}

Figure learning_rate_figure(const std::vector<Curve>& curves, std::string_view x_label,
                            FigureSize size) {
  std::vector<std::string> names;
  double highest = -1;
  double last = 0;
  for (const auto& [name, points] : curves) {
    names.push_back(name);
    for (const auto& [x, y] : points) {
      last = std::max(last, x);
      if (std::isfinite(y)) highest = std::max(highest, y);
    }
  }
  if (highest < 0) throw std::runtime_error("cannot draw a figure: no value is finite");
  // gnuplot fails for numbers near the limits of a double.
  const bool extreme = highest > 1e100 || (highest > 0 && highest < 1e-100);
  const int exponent = extreme ? static_cast<int>(std::floor(std::log10(highest))) : 0;
  const long double unit = std::pow(10.0L, exponent);

  std::string lines = "$curves << EOD\n";
  std::string dots = "$points << EOD\n";
  for (const auto& [name, points] : curves) {
    for (const auto& [x, y] : points) {
      // Six digits of the rate are more than a figure can show, and gnuplot reads them slowly.
      const auto row =
          std::isfinite(y) ? fmt::format("{} {:.6g}\n", x, y / unit) : fmt::format("{} NaN\n", x);
      lines += row;
      // A line through a single point is invisible.
      if (points.size() == 1) dots += row;
    }
    if (points.size() != 1) dots += "0 NaN\n";
    lines += "\n\n";
    dots += "\n\n";
  }

  Figure figure = begin_figure(names, 900, 480);
  figure.script += fmt::format(
      "{}EOD\n{}EOD\nset title 'Learning rate'\nset xlabel '{}'\n"
      "set ylabel 'learning rate{}'\n",
      lines, dots, x_label, extreme ? fmt::format(" / 10^{{{}}}", exponent) : "");
  if (size == FigureSize::small) {
    figure.script += small;
    if (last > 0) figure.script += fmt::format("set xtics {}\n", tic_within(last + 1));
    if (highest > 0 && !extreme)
      figure.script += fmt::format("set ytics {}\n", tic_within(1.05 * highest));
    figure.width = 250;
    figure.height = 140;
  }
  figure.script += learning_rate;
  return figure;
}
