#include "digits/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "common/files.hpp"
#include "common/gnuplot.hpp"
#include "digits/figures.hpp"
#include "digits/spread.hpp"

namespace fs = std::filesystem;

namespace {

bool has_seeds(const std::vector<Run>& runs) {
  return runs.size() > 1 && runs[0].schedule == runs[1].schedule;
}

// Has a column for each driven value. `{}` prints the fewest digits that read back to the same
// number.
std::string csv(const std::vector<Run>& runs) {
  const bool seeds = has_seeds(runs);
  std::string text = seeds ? "schedule,seed,step" : "schedule,step";
  for (const auto& [name, value] : runs[0].updates[0].driven) text += fmt::format(",{}", name);
  text += ",batch_loss,train_loss,test_accuracy\n";
  for (const Run& run : runs) {
    const std::size_t per_epoch = run.updates.size() / run.epochs.size();
    for (std::size_t t = 0; t < run.updates.size(); ++t) {
      text += run.schedule;
      if (seeds) text += fmt::format(",{}", run.seed);
      text += fmt::format(",{}", t);
      for (const auto& [name, value] : run.updates[t].driven) text += fmt::format(",{}", value);
      text += fmt::format(",{}", printable(run.updates[t].loss));
      if ((t + 1) % per_epoch == 0) {
        const Epoch& epoch = run.epochs[t / per_epoch];
        text += fmt::format(",{},{}\n", printable(epoch.loss), epoch.accuracy);
      } else {
        text += ",,\n";
      }
    }
  }
  return text;
}

std::string table(const std::vector<Run>& runs) {
  std::size_t width = 20;
  for (const Run& run : runs) width = std::max(width, run.name.size());
  std::string text = fmt::format("{:<{}}{:>14}{:>16}{:>10}\n", "schedule", width, "train loss",
                                 "test accuracy", "seconds");
  for (const Run& run : runs) {
    const auto& [loss, accuracy] = run.epochs.back();
    text += fmt::format("{:<{}}{:>14.2e}{:>14.2f} %{:>10.1f}\n", run.name, width, printable(loss),
                        100 * accuracy, run.seconds);
  }
  return text;
}

std::string updates(double count) {
  return std::isfinite(count) ? fmt::format("{:.0f}", count) : "never";
}

std::string table(const std::vector<Summary>& summaries) {
  std::size_t width = 20;
  for (const Summary& summary : summaries) width = std::max(width, summary.schedule.size());
  std::string text =
      fmt::format("{:<{}}{:>27}{:>27}\n", fmt::format("{} seeds", summaries[0].seeds), width,
                  "test accuracy, %", "updates until 95 %");
  const auto header = fmt::format("{:>9}{:>9}{:>9}", "mean", "lowest", "highest");
  text += fmt::format("{:<{}}{}{}\n", "schedule", width, header, header);
  for (const Summary& summary : summaries) {
    const auto& [mean, lowest, highest] = summary.accuracy.back();
    text += fmt::format("{:<{}}{:>9.2f}{:>9.2f}{:>9.2f}{:>9}{:>9}{:>9}\n", summary.schedule, width,
                        100 * mean, 100 * lowest, 100 * highest, updates(summary.updates.mean),
                        updates(summary.updates.lowest), updates(summary.updates.highest));
  }
  return text;
}

// Names the files that were written, or what is missing.
std::string write(const fs::path& out, const std::string& csv_name, const std::string& csv_text,
                  const std::vector<NamedFigure>& figures) {
  write_file(out / csv_name, csv_text);
  std::string text = fmt::format("wrote {}\n", (out / csv_name).string());
  for (const auto& [file, figure] : figures) {
    const auto svg = gnuplot_svg(figure);
    if (!svg)
      return text + "drew no figures: gnuplot is not installed (apt-get install gnuplot-nox)\n";
    write_file(out / file, *svg);
    text += fmt::format("wrote {}\n", (out / file).string());
  }
  return text;
}

}  // namespace

void report(const std::vector<Run>& runs, const std::string& model, const fs::path& out) {
  const bool seeds = has_seeds(runs);
  const std::string written =
      write(out, "curves.csv", csv(runs), seeds ? figures_of_seeds(runs, model) : figures(runs));
  write_output(fmt::format("\n{}\n{}wrote the weights of each to {}\n",
                           seeds ? table(summarize(runs)) : table(runs), written,
                           (out / (seeds ? "SCHEDULE_seed_N.pt" : "SCHEDULE.pt")).string()));
  finish_output();
}

void report(const libsched::FoundLR& found, const fs::path& out) {
  std::string text = "lr,loss\n";
  for (const auto& [lr, loss] : found.curve) text += fmt::format("{},{}\n", lr, loss);
  const std::string written = write(out, "find_lr.csv", text, {find_lr_figure(found)});
  write_output(found.suggestion
                   ? fmt::format("suggested learning rate: {:.2g}\n{}", *found.suggestion, written)
                   : "no suggestion: the loss never fell, or diverged too soon\n" + written);
  finish_output();
}
