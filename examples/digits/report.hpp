#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "digits/run.hpp"
#include "libsched/find_lr.hpp"

/// Writes curves.csv and the figures, and prints a table of the runs or, if each schedule has
/// several seeds, of the spread over the seeds.
void report(const std::vector<Run>& runs, const std::string& model,
            const std::filesystem::path& out);

/// Writes find_lr.csv and its figure, and prints the suggestion.
void report(const libsched::FoundLR& found, const std::filesystem::path& out);
