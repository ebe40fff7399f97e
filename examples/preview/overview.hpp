#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "libsched/schedule.hpp"

struct Place {
  libsched::Step step;
  double value;
};

/// The least and the greatest finite value of a range of steps.
struct Column {
  Place low{0, std::numeric_limits<double>::infinity()};
  Place high{0, -std::numeric_limits<double>::infinity()};
  bool all_finite = true;

  bool empty() const { return low.value > high.value; }
};

struct Overview {
  Place first, peak, last;
  std::vector<Column> columns;
  std::optional<Place> not_finite;  // the first such value
};

/// Divides the steps 0 .. steps - 1 into `columns` columns of equal width, or into one column per
/// step if there are fewer steps. Evaluates every step of a run of up to a million; of a longer one
/// about a million steps spread over all columns, and then climbs from the greatest value to the
/// peak.
Overview overview(const libsched::Schedule& schedule, libsched::Step steps, libsched::Step columns);

/// floor(total * i / n) for i <= n, without overflow of the product.
libsched::Step share(libsched::Step total, libsched::Step i, libsched::Step n);
