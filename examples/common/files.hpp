#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <string_view>

/// Creates the directory if it does not exist. If that fails, throws a std::runtime_error that
/// names it.
void make_directory(const std::filesystem::path& directory);

/// Writes the whole file or nothing: it is written under another name in the same directory, then
/// renamed. If that fails, throws a std::runtime_error that names the file and the reason.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Does what write_file() does, and also survives a power cut: the content is on the disk before
/// the file is renamed. An interrupted call may leave `path`.part, which the next call overwrites.
void write_file_durably(const std::filesystem::path& path, std::string_view content);

/// Prints to standard output. Throws std::runtime_error if it cannot be written.
void write_output(std::string_view text);

/// Flushes standard output. Throws std::runtime_error if the text could not be written.
void finish_output();

/// Returns the text as one cell of a CSV file, in quotes if it needs them (RFC 4180).
std::string csv_cell(std::string_view text);

/// Returns the value to print: a NaN without its sign, since some processors set the sign and it
/// would print as "-nan".
inline double printable(double value) { return std::isnan(value) ? std::abs(value) : value; }
