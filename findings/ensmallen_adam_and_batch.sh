#!/usr/bin/env bash
# Since 3.10 ensmallen divides Adam's rate by the batch size, although Adam's step does not depend on the gradient's size.
. "$(dirname "$0")/common.sh"
debian trixie libensmallen-dev=2.22.1-2 libarmadillo-dev=1:14.2.3+dfsg-1+b1
debian sid libensmallen-dev=3.11.1-2

cat > program.cpp << 'END_OF_PROGRAM'
#include <ensmallen.hpp>
#include <cstdio>

// The slope is 1 at each of four points, so each step of Adam is as long as its rate.
struct Slope {
  std::size_t NumFunctions() const { return 4; }
  void Shuffle() {}
  double Evaluate(const arma::mat& x, std::size_t, std::size_t) const { return x(0); }
  void Gradient(const arma::mat&, std::size_t, arma::mat& gradient, std::size_t batch) const {
    gradient = arma::mat{static_cast<double>(batch)};
  }
};
struct Moves {
  double before = 0;
  template <class Optimizer, class Function>
  bool StepTaken(Optimizer&, Function&, const arma::mat& x) {
    std::printf("%.4f ", before - x(0));
    before = x(0);
    return false;
  }
};

int main() {
  ens::Adam optimizer(/*stepSize=*/0.1, /*batchSize=*/2, 0.9, 0.999, 1e-12, /*maxIterations=*/4, /*tolerance=*/-1);
  Slope slope;
  arma::mat x{0};
  optimizer.Optimize(slope, x, Moves());
}
END_OF_PROGRAM
for version in sid trixie; do
  g++ -std=c++17 -isystem $version/usr/include -isystem trixie/usr/include -DARMA_DONT_USE_WRAPPER -DARMA_DONT_USE_LAPACK \
    -DARMA_DONT_USE_BLAS -DARMA_DONT_USE_SUPERLU program.cpp -o $version.program
done
finding "libensmallen-dev 2.22.1-2 (Debian 13) and 3.11.1-2 (Debian unstable)" "2.22.1 0.1000 0.1000 3.11.1 0.1000 0.1000" \
  "2.22.1 0.1000 0.1000 3.11.1 0.0500 0.0500" "2.22.1 $(./trixie.program)3.11.1 $(./sid.program | sed 's/ $//')"
