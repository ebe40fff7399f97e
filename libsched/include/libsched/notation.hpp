#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "libsched/compose.hpp"
#include "libsched/cyclic.hpp"
#include "libsched/decay.hpp"
#include "libsched/export.hpp"
#include "libsched/plateau.hpp"
#include "libsched/ramp.hpp"
#include "libsched/schedule.hpp"

namespace libsched {

/// Every kind of schedule that a notation may name. To add a kind, add it here.
using Catalogue =
    std::tuple<Constant, StepDecay, MultiStepDecay, ExponentialDecay, CosineDecay, InverseTimeDecay,
               InverseSqrt, Noam, SigmoidDecay, CosinePower, Linear, Cosine, Exponential,
               Polynomial, SqrtCooldown, Tanh, Rex, Logarithmic, PiecewiseConstant, PiecewiseLinear,
               Cyclical, CosineRestarts, OneCycle, Sequence, Warmup, Take, Skip, Reversed, Cooldown,
               Scaled, Clamped, Product, Sum, Minimum, Maximum, Repeat, Held, Difference>;

/// What parse() throws. The message shows the text with a caret under the fault.
struct LIBSCHED_API ParseError : std::invalid_argument {
  /// Takes the message and the place of the fault, in bytes from the start of the notation.
  ParseError(const std::string& message, std::size_t place)
      : std::invalid_argument(message), offset(place) {}
  std::size_t offset;  ///< place of the fault, in bytes from the start of the notation
};

/// How many steps the run and an epoch have. A notation with shares of the run or epochs needs
/// this.
struct Units {
  Step total = 0;      ///< steps of the run, at least 0: "5%" is a share of it; 0 if unknown
  Step per_epoch = 0;  ///< steps per epoch, at least 0: "3ep" is three times that; 0 if unknown
};

/// Reads a schedule from its notation, such as "warmup(cosine_decay(base_lr=0.1, steps=900),
/// steps=100)".
///
/// Fields may come in any order, and those with a default may be left out. Nested schedules have no
/// field name. A notation has at most 1,000,000 characters and 100 levels.
///
/// If `units` gives the steps of the run or of an epoch, numbers of steps may also be shares ("5%",
/// "2.5%") or epochs ("3ep", "0.5ep"). The boundaries of consecutive parts are rounded, counted
/// from the start of the run: if the parts add up to 100 %, the last one ends at the run's last
/// step, whatever the length of the run. A period is rounded by itself. Inside held(), too, shares
/// and epochs mean those of the run; they become steps of the schedule inside, each of which is
/// `every` steps of the run. A share that rounds to 0 is refused if the field refuses 0.
///
/// Throws ParseError, which says what is wrong, where, and what was expected, and
/// std::invalid_argument if `units` has a number below 0.
LIBSCHED_API Schedule parse(std::string_view notation, const Units& units = {});

/// Reads a plateau rule from its notation, such as "reduce_on_plateau(factor=0.5, patience=3)".
/// Throws ParseError as parse() does.
LIBSCHED_API ReduceOnPlateau parse_plateau(std::string_view notation);

namespace detail {
// Reads a text that is one number and nothing else; the locale does not matter. Returns an empty
// text, or what the text should have been: "a number", or "a number that a double can hold".
LIBSCHED_API std::string_view read(std::string_view text, double& value);
}  // namespace detail

}  // namespace libsched
