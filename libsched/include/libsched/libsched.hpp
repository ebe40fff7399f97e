#pragma once

#include "libsched/compose.hpp"
#include "libsched/cyclic.hpp"
#include "libsched/decay.hpp"
#include "libsched/driver.hpp"
#include "libsched/notation.hpp"
#include "libsched/plateau.hpp"
#include "libsched/ramp.hpp"
#include "libsched/review.hpp"
#include "libsched/schedule.hpp"
