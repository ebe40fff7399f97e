// This is not in notation.cpp, because that is compiled for size, and the code of the schedules
// that parse() makes is instantiated here.
#include "catalogue.hpp"

#include <array>
#include <tuple>

#include "libsched/notation.hpp"

namespace libsched::detail {
namespace {

template <class S>
std::optional<Schedule> make(bool (*read)(void*, void*), void* context) {
  S schedule{};
  if (!read(&schedule, context)) return std::nullopt;
  return schedule;
}

template <class... S>
constexpr std::array<Entry, sizeof...(S)> entries_of(std::tuple<S...>*) {
  return {Entry{S::name, kind_of<S>, make<S>}...};
}

constexpr auto entries = entries_of(static_cast<Catalogue*>(nullptr));

}  // namespace

std::pair<const Entry*, const Entry*> catalogue() {
  return {entries.data(), entries.data() + entries.size()};
}

}  // namespace libsched::detail
