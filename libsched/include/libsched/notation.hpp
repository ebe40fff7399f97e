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

/// Every kind that a notation may name. A new kind is one entry here.
using Catalogue =
    std::tuple<Constant, StepDecay, MultiStepDecay, ExponentialDecay, CosineDecay, InverseTimeDecay,
               InverseSqrt, Noam, SigmoidDecay, CosinePower, Linear, Cosine, Exponential,
               Polynomial, SqrtCooldown, Tanh, Rex, Logarithmic, PiecewiseConstant, PiecewiseLinear,
               Cyclical, CosineRestarts, OneCycle, Sequence, Warmup, Take, Skip, Reversed, Cooldown,
               Scaled, Clamped, Product, Sum, Minimum, Maximum, Repeat, Held, Difference>;

/// What parse() throws: the message shows the place in the text.
struct LIBSCHED_API ParseError : std::invalid_argument {
  /// `place` is in bytes from the start of the notation.
  ParseError(const std::string& message, std::size_t place)
      : std::invalid_argument(message), offset(place) {}
  std::size_t offset;  ///< in bytes from the start of the notation
};

/// What shares of a run and epochs are in steps, where a notation has them. 0: not known.
struct Units {
  Step total = 0;      ///< steps of the run, at least 0: what "5%" is of
  Step per_epoch = 0;  ///< steps of an epoch, at least 0: "3ep" are three times as many
};

/// The schedule that a notation says, e.g. "warmup(cosine_decay(base_lr=0.1, steps=900),
/// steps=100)". Names in any order, optional fields may be left out, nested schedules have no name.
/// Where `units` says so, steps may also be "5%" of the run or "3ep" (also "2.5%", "0.5ep"). Parts
/// that follow each other are rounded where they begin and end, counted from the start of the run:
/// if they add up to 100 %, they end at its last step, whatever its length. A period is rounded
/// alone. Inside held() shares and epochs are those of the run, and become steps of what it holds.
/// A share that is rounded to 0 is refused where 0 is. At most 1,000,000
/// characters and 100 levels deep. Throws ParseError: what is wrong, where, and what was expected;
/// std::invalid_argument for units below 0.
LIBSCHED_API Schedule parse(std::string_view notation, const Units& units = {});

/// The rule that a notation says, e.g. "reduce_on_plateau(factor=0.5, patience=3)". Throws
/// ParseError, as parse() does.
LIBSCHED_API ReduceOnPlateau parse_plateau(std::string_view notation);

namespace detail {
// Reads a number that is the whole text, in any locale to the same bits. What the text must be,
// where it is not: "a number", or "a number that a double can hold".
LIBSCHED_API std::string_view read(std::string_view text, double& value);
}  // namespace detail

}  // namespace libsched
