#!/usr/bin/env bash
# ensmallen's CyclicalDecay makes the rate NaN at the fourth update, unless SGDR sets the length of its epochs.
. "$(dirname "$0")/common.sh"
debian trixie libensmallen-dev=2.22.1-2 libarmadillo-dev=1:14.2.3+dfsg-1+b1

cat > program.cpp << 'END_OF_PROGRAM'
#include <ensmallen.hpp>
#include <cstdio>

// The gradient is 1 at each of four points, so each move is as long as the rate.
struct Slope {
  std::size_t NumFunctions() const { return 4; }
  void Shuffle() {}
  double Evaluate(const arma::mat& x, std::size_t, std::size_t) const { return x(0); }
  void Gradient(const arma::mat&, std::size_t, arma::mat& gradient, std::size_t) const { gradient = arma::mat{1}; }
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
  ens::SGD<ens::VanillaUpdate, ens::CyclicalDecay> optimizer(
      0.1, /*batchSize=*/1, /*maxIterations=*/4, /*tolerance=*/-1, true, ens::VanillaUpdate(),
      ens::CyclicalDecay(/*epochRestart=*/2, /*multFactor=*/2, /*stepSize=*/0.1));
  Slope slope;
  arma::mat x{0};
  optimizer.Optimize(slope, x, Moves());
}
END_OF_PROGRAM
g++ -std=c++17 -isystem trixie/usr/include -DARMA_DONT_USE_WRAPPER -DARMA_DONT_USE_LAPACK -DARMA_DONT_USE_BLAS \
  -DARMA_DONT_USE_SUPERLU program.cpp -o program
seen=$(./program 2> log | tr -d -)
finding "libensmallen-dev 2.22.1-2 (Debian 13)" "four rates of a cosine that begins at 0.1" "0.1000 0.1000 0.1000 nan" "${seen% }"
