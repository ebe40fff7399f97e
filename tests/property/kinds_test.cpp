// Tests that the list of examples is complete. The gallery, the fuzz seeds and the benchmark are
// made from it.
#include "kinds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "libsched/libsched.hpp"

namespace libsched {
namespace {

template <class... S>
std::vector<std::string> kind_names(std::tuple<S...>*) {
  return {std::string(S::name)...};
}

TEST(Kinds, HaveOneExampleEach) {
  std::vector<std::string> kinds;
  for (const std::string& notation : examples()) kinds.push_back(kind_of(notation));
  for (const std::string& kind : kind_names(static_cast<Catalogue*>(nullptr))) {
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), kind), 1)
        << "give the kind " << kind
        << " one line in examples/preview/kinds.txt, under its family: " << kind
        << "(...), a notation whose picture over 1000 steps shows what it does";
  }
}

TEST(Kinds, HaveExamplesThatParse) {
  for (const std::string& notation : examples()) {
    EXPECT_NO_THROW(parse(notation)) << "in examples/preview/kinds.txt: " << notation;
  }
}

}  // namespace
}  // namespace libsched
