#include "overview.hpp"

#include <algorithm>
#include <cmath>

using libsched::Schedule;
using libsched::Step;

namespace {

constexpr Step most_places = 1'000'000;

void include(Column& column, const Place& place) {
  if (!std::isfinite(place.value)) {
    column.all_finite = false;
    return;
  }
  if (place.value < column.low.value) column.low = place;
  if (place.value > column.high.value) column.high = place;
}

}  // namespace

Step share(Step total, Step i, Step n) { return total / n * i + total % n * i / n; }

Overview overview(const Schedule& schedule, Step steps, Step columns) {
  const auto at = [&](Step t) { return Place{t, schedule(t)}; };
  columns = std::min(columns, steps);

  Overview all{at(0), at(0), at(steps - 1), {}, {}};
  const auto look_at = [&](Column& column, const Place& place) {
    include(column, place);
    if (place.value > all.peak.value || std::isnan(all.peak.value) > std::isnan(place.value)) {
      all.peak = place;
    }
    if (!std::isfinite(place.value) && !all.not_finite) all.not_finite = place;
  };

  Step gap = 1;
  for (Step c = 0; c < columns; ++c) {
    Column column;
    const Step first = share(steps, c, columns);
    const Step width = share(steps, c + 1, columns) - first;
    const Step places = std::min(width, most_places / columns + 1);
    for (Step i = 0; i < places; ++i) {
      const Step from = share(width, i, places);
      const Step size = share(width, i + 1, places) - from;
      gap = std::max(gap, size);
      // The steps are uneven, i times the golden ratio, so that they do not fall into a period of
      // the schedule.
      const double jitter = std::fmod(static_cast<double>(i) * 0.6180339887498949, 1);
      look_at(column, at(first + from + static_cast<Step>(static_cast<double>(size) * jitter)));
    }
    if (c + 1 == columns) look_at(column, all.last);
    all.columns.push_back(column);
  }

  for (Step stride = gap; stride > 0; stride = stride > 1 ? (stride + 1) / 2 : 0) {
    Place& peak = all.peak;
    if (peak.step >= stride && schedule(peak.step - stride) >= peak.value) {
      peak = at(peak.step - stride);
    } else if (steps - peak.step > stride && schedule(peak.step + stride) > peak.value) {
      peak = at(peak.step + stride);
    }
  }
  return all;
}
