#include "digits/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "common/figure.hpp"
#include "common/files.hpp"
#include "digits/spread.hpp"

namespace {

constexpr auto loss_plot = R"gnuplot(
set title 'Loss on the training digits'
set xlabel 'epoch'
set autoscale xfix
set ylabel 'mean cross-entropy, log scale'
set logscale y
set format y '10^{%T}'
set mytics 1
set yrange [least:most]
plot for [i = 0:last] $runs index i using 1:2 @line title label(i)
)gnuplot";

// Shows the range in which the runs end, not that in which they all begin.
constexpr auto accuracy_plot = R"gnuplot(
set title 'Accuracy on the test digits'
set xlabel 'epoch'
set autoscale xfix
set ylabel 'classified right, %'
set yrange [lowest:100]
plot for [i = 0:last] $runs index i using 1:3 @line title label(i)
)gnuplot";

// One panel per schedule: seven bands in one panel could not be told apart.
constexpr auto spread_plot = R"gnuplot(
unset key
unset bmargin
set border 3 lc '#666666'
set tics font ',11'
set xtics ceil(epochs / 4.)
set yrange [lowest:100]
set autoscale xfix
set title font ',13' offset 0, -0.5
set multiplot layout rows, columns title heading font ',17' margins 0.06, 0.985, bottom, top \
  spacing 0.035, gap
do for [i = 0:last] {
  set title label(i)
  set format y (i % columns == 0 ? '%g %%' : '')
  if (i + columns > last) { set xlabel 'epoch' offset 0, 0.4 } else { unset xlabel }
  plot for [j = 0:last] $seeds index j using 1:2 with lines lw 1 lc rgb '#CCCCCC', \
       $seeds index i using 1:3:4 with filledcurves fs transparent solid 0.3 noborder \
         lc rgb colour(i), \
       $seeds index i using 1:2 with lines lw 2.2 lc rgb colour(i)
}
unset multiplot
)gnuplot";

constexpr auto find_lr_plot = R"gnuplot(
set title 'Learning-rate range test'
set xlabel 'learning rate, log scale'
set ylabel 'smoothed loss'
set logscale x
set format x '10^{%T}'
set mxtics 1
set key off
set bmargin at screen 0.17
set yrange [0:highest]
plot $curve using 1:2 with lines lw 3 lc '#0072B2', \
     $suggestion using 1:2 with points pt 7 ps 1 lc '#D55E00', \
     $suggestion using 1:2:3 with labels right offset -1.2, -0.6 textcolor '#D55E00'
)gnuplot";

// More points than this could not be told apart in a figure.
constexpr std::size_t most_points = 300;

std::vector<Curve> rates(const std::vector<Run>& runs) {
  std::vector<Curve> curves;
  for (const Run& run : runs) {
    Curve curve{run.name, {}};
    const std::size_t stride = 1 + run.updates.size() / most_points;
    for (std::size_t t = 0; t < run.updates.size(); t += stride) {
      curve.points.push_back({static_cast<double>(t), run.updates[t].lr()});
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

// The lower end of the accuracy axis: the median of these early accuracies, rounded down to 5 %.
double lowest_shown(std::vector<double> early) {
  std::sort(early.begin(), early.end());
  return std::min(95.0, std::floor(20 * early[early.size() / 2]) * 5);
}

// The range of the losses that are numbers. A run that diverges leaves the figure at the top.
std::string range_of_losses(const std::vector<Run>& runs) {
  double least = 1, most = 1;
  for (const Run& run : runs) {
    for (const Epoch& epoch : run.epochs) {
      if (epoch.loss > 1e-12) least = std::min(least, epoch.loss);
      if (epoch.loss < 100) most = std::max(most, epoch.loss);
    }
  }
  return fmt::format("least = {}\nmost = {}\n", 0.7 * least, 1.5 * most);
}

}  // namespace

std::vector<NamedFigure> figures(const std::vector<Run>& runs) {
  std::vector<std::string> names;
  std::vector<double> early;
  for (const Run& run : runs) early.push_back(run.epochs[run.epochs.size() / 5].accuracy);
  std::string data =
      fmt::format("lowest = {}\n{}$runs << EOD\n", lowest_shown(early), range_of_losses(runs));
  for (const Run& run : runs) {
    names.push_back(run.name);
    for (std::size_t i = 0; i < run.epochs.size(); ++i) {
      const Epoch& epoch = run.epochs[i];
      data += fmt::format("{} {:.6g} {:.6g}\n", i + 1, printable(epoch.loss), 100 * epoch.accuracy);
    }
    data += "\n\n";
  }
  data += "EOD\n";

  Figure losses = begin_figure(names, 900, 480);
  losses.script += data + loss_plot;
  Figure accuracies = begin_figure(names, 900, 480);
  accuracies.script += data + accuracy_plot;
  return {{"learning_rate.svg", learning_rate_figure(rates(runs), "update")},
          {"loss.svg", losses},
          {"accuracy.svg", accuracies}};
}

std::vector<NamedFigure> figures_of_seeds(const std::vector<Run>& runs, const std::string& model) {
  const std::vector<Summary> summaries = summarize(runs);
  std::vector<std::string> names;
  std::vector<double> early;
  std::string data = "$seeds << EOD\n";
  for (const Summary& summary : summaries) {
    names.push_back(summary.schedule);
    const std::vector<Spread>& epochs = summary.accuracy;
    early.push_back(epochs[epochs.size() / 5].lowest);
    for (std::size_t i = 0; i < epochs.size(); ++i) {
      data += fmt::format("{} {:.6g} {:.6g} {:.6g}\n", i + 1, 100 * epochs[i].mean,
                          100 * epochs[i].lowest, 100 * epochs[i].highest);
    }
    data += "\n\n";
  }
  const std::size_t columns = std::min<std::size_t>(4, names.size());
  const std::size_t rows = (names.size() + columns - 1) / columns;
  const std::size_t height = 80 + 220 * rows;
  Figure figure = begin_figure(names, 900, static_cast<int>(height));
  figure.height = static_cast<int>(height);  // this figure has no legend
  figure.script += fmt::format(
      "{}EOD\nlowest = {}\nepochs = {}\nrows = {}\ncolumns = {}\nbottom = 55. / {}\n"
      "top = 1 - 60. / {}\ngap = 65. / {}\nheading = '{}: accuracy on the test digits, mean and "
      "range of {} seeds; grey: the other means'\n{}",
      data, lowest_shown(early), summaries[0].accuracy.size(), rows, columns, height, height,
      height, model, summaries[0].seeds, spread_plot);

  std::vector<Run> first_of_each;
  for (const Run& run : runs) {
    if (first_of_each.empty() || run.schedule != first_of_each.back().schedule) {
      first_of_each.push_back(run);
      first_of_each.back().name = run.schedule;
    }
  }
  return {{"learning_rate.svg", learning_rate_figure(rates(first_of_each), "update")},
          {"spread.svg", figure}};
}

NamedFigure find_lr_figure(const libsched::FoundLR& found) {
  std::string curve, suggestion;
  for (const auto& [rate, smoothed] : found.curve) {
    curve += fmt::format("{:.6g} {:.6g}\n", rate, smoothed);
    if (rate == found.suggestion) {
      suggestion = fmt::format("{:.6g} {:.6g} {:.2g}\n", rate, smoothed, rate);
    }
  }
  Figure figure = begin_figure({"loss"}, 900, 480);
  figure.script += fmt::format("highest = {}\n$curve << EOD\n{}EOD\n$suggestion << EOD\n{}EOD\n{}",
                               1.2 * found.curve.front().loss, curve, suggestion, find_lr_plot);
  return {"find_lr.svg", figure};
}
