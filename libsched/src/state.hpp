#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsched/field.hpp"
#include "libsched/plateau.hpp"
#include "libsched/schedule.hpp"

// The state of a driver as text.
namespace libsched {

struct GroupSetting;

/// What the name of a relative setting begins with.
inline constexpr std::string_view factor_of = "factor of ";

/// What a checkpoint calls the plateau.
inline constexpr std::string_view plateau_name = "plateau";

/// `lr`, `lr of group 1`, `factor of lr`, ...: what a checkpoint calls the schedule of a group, or
/// of all.
std::string name_of(const GroupSetting& setting, std::size_t group);

/// What a checkpoint holds.
struct State {
  Step step = 0;
  std::vector<std::pair<std::string, std::string>> drives;  ///< name and notation
  /// The name of each relative setting, and each group's own value: 0 for a group that is left as
  /// it is.
  std::vector<std::pair<std::string, std::vector<double>>> base_values;
  /// The same names, and the values that the groups held when the state was saved. Not in files of
  /// 0.1.0.
  std::vector<std::pair<std::string, std::vector<double>>> held_values;
  std::optional<PlateauState> plateau;
  /// The values at three steps of each schedule that holds a callable, which has no notation.
  std::vector<double> customs;
};

/// A few lines of text; the last holds a checksum of those before it.
std::string to_text(const State& state);

/// Reads the lines of one state and no further. Throws std::runtime_error if they are not a state
/// or are damaged. All errors here begin with `owner`.
State read_state(std::istream& stream, std::string_view owner);

/// The value that a group held when 0.1.0 saved the state: 0.1.0 did not save it. `base` is the
/// group's base value, `factor` its schedule here, for a saved one that has no notation. May go
/// when files of 0.1.0 need no longer be read, e.g. with a format 2.
double held_value_of_0_1_0(const State& state, double base, const Schedule& factor);

/// Reads a file that holds one state and nothing else. Its errors also name the file.
State read_file(const std::string& path, std::string_view owner);

/// Writes a second file next to the first and then replaces the first in one move, so that there is
/// always the old file or the new one; a device or a pipe is written to directly. Throws
/// std::runtime_error that names the file.
void write_file(const std::string& path, const std::string& text, std::string_view owner);

}  // namespace libsched
