#include "digits/spread.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace {

constexpr double goal = 0.95;

Spread spread(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
  return {sum / static_cast<double>(values.size()), *lowest, *highest};
}

double updates_until_goal(const Run& run) {
  const std::size_t per_epoch = run.updates.size() / run.epochs.size();
  for (std::size_t i = 0; i < run.epochs.size(); ++i) {
    if (run.epochs[i].accuracy >= goal) return static_cast<double>((i + 1) * per_epoch);
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace

std::vector<Summary> summarize(const std::vector<Run>& runs) {
  std::vector<Summary> summaries;
  for (auto first = runs.begin(); first != runs.end();) {
    const auto last = std::find_if(first, runs.end(),
                                   [&](const Run& run) { return run.schedule != first->schedule; });
    Summary& summary = summaries.emplace_back();
    summary.schedule = first->schedule;
    summary.seeds = static_cast<std::size_t>(last - first);
    std::vector<double> values;
    for (auto run = first; run != last; ++run) values.push_back(updates_until_goal(*run));
    summary.updates = spread(values);
    for (std::size_t i = 0; i < first->epochs.size(); ++i) {
      values.clear();
      for (auto run = first; run != last; ++run) values.push_back(run->epochs[i].accuracy);
      summary.accuracy.push_back(spread(values));
    }
    first = last;
  }
  return summaries;
}
