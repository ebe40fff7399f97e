#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "libsched/schedule.hpp"

struct Place {
  libsched::Step step;
  double value;
};

/// The least and the greatest finite value of some neighbouring steps.
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

/// The values at steps 0 .. steps - 1, in `columns` columns of equal width or, where there are
/// fewer steps than that, one a step. Looks at a million steps at most; of more, at about a million
/// spread over all columns, and climbs from the greatest of them to the peak.
Overview overview(const libsched::Schedule& schedule, libsched::Step steps, libsched::Step columns);

/// floor(total * i / n) for i <= n, where the product may be more than a Step can hold.
libsched::Step share(libsched::Step total, libsched::Step i, libsched::Step n);
