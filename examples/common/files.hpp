#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>

/// Creates the directory where it is missing. Throws std::runtime_error that names it.
void make_directory(const std::filesystem::path& directory);

/// The whole file or none of it: written under another name beside it, then renamed.
/// Throws std::runtime_error that names the file and the reason.
void write_file(const std::filesystem::path& path, std::string_view content);

/// The same, and it outlasts a power cut: the content is on the disk before it takes the name. What
/// an interrupted call leaves, as `path`.part, the next one overwrites.
void write_file_durably(const std::filesystem::path& path, std::string_view content);

/// Prints to standard output. Throws std::runtime_error where it cannot.
void write_output(std::string_view text);

/// Flushes standard output. Throws std::runtime_error where what was printed did not arrive.
void finish_output();

/// The text as one cell of a CSV file, in quotes where it needs them (RFC 4180).
std::string csv_cell(std::string_view text);

/// The value as it is to be printed: some processors give a NaN a sign, and it would be "-nan".
inline double printable(double value) { return std::isnan(value) ? std::abs(value) : value; }
