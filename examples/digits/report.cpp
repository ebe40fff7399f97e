#include "digits/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include "common/files.hpp"
#include "common/gnuplot.hpp"
#include "digits/figures.hpp"

namespace fs = std::filesystem;

namespace {

// `{}` prints the fewest digits that read back to the same number.
std::string csv(const std::vector<Run>& runs) {
  std::string text = "schedule,step,lr,beta1,batch_loss,train_loss,test_accuracy\n";
  const auto out = std::back_inserter(text);
  for (const Run& run : runs) {
    const std::size_t per_epoch = run.updates.size() / run.epochs.size();
    for (std::size_t t = 0; t < run.updates.size(); ++t) {
      const auto& [lr, beta1, loss] = run.updates[t];
      fmt::format_to(out, "{},{},{},{},{}", run.name, t, lr, beta1, printable(loss));
      if ((t + 1) % per_epoch == 0) {
        const Epoch& epoch = run.epochs[t / per_epoch];
        fmt::format_to(out, ",{},{}\n", printable(epoch.loss), epoch.accuracy);
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

// The files' names, or what is missing.
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

void report(const std::vector<Run>& runs, const fs::path& out) {
  const std::string written = write(out, "curves.csv", csv(runs), figures(runs));
  write_output(fmt::format("\n{}\n{}wrote the weights of each to {}\n", table(runs), written,
                           (out / "SCHEDULE.pt").string()));
  finish_output();
}

void report(const libsched::FoundLR& found, const fs::path& out) {
  std::string text = "lr,loss\n";
  for (const auto& [lr, loss] : found.curve) text += fmt::format("{},{}\n", lr, loss);
  const std::string written = write(out, "find_lr.csv", text, {find_lr_figure(found)});
  write_output(found.suggestion
                   ? fmt::format("suggested learning rate: {:.2g}\n{}", *found.suggestion, written)
                   : "no suggestion: the loss diverged too soon\n" + written);
  finish_output();
}
