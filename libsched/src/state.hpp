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
  /// Of what is relative, by name: each group's own value, 0 for a group that is left alone.
  std::vector<std::pair<std::string, std::vector<double>>> base_values;
  /// The same: what the options held when the state was saved. Not in files of 0.1.0.
  std::vector<std::pair<std::string, std::vector<double>>> held_values;
  std::optional<PlateauState> plateau;
  /// What custom callables, which have no notation, gave at three steps.
  std::vector<double> customs;
};

/// A few lines; the last has a checksum of those before it.
std::string to_text(const State& state);

/// Reads the lines of one state and no further. Throws std::runtime_error, which begins with
/// `owner` as all of these, if they are none, or are damaged.
State read_state(std::istream& stream, std::string_view owner);

/// Reads a file that holds one state and nothing else. Its errors also name the file.
State read_file(const std::string& path, std::string_view owner);

/// Replaces the file in one move by another that is written beside it, so that there is always the
/// old or the new; a device or a pipe is written to. Throws std::runtime_error that names the file.
void write_file(const std::string& path, const std::string& text, std::string_view owner);

}  // namespace libsched
