#pragma once

#include "libsched/cyclic.hpp"
#include "libsched/decay.hpp"
#include "libsched/schedule.hpp"
