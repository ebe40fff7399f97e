#!/usr/bin/env bash
# ensmallen's SGDR counts its epochs in updates, and in its long cycles the rate rises again in the middle, without a restart.
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
  ens::SGDR<ens::VanillaUpdate> optimizer(/*epochRestart=*/2, /*multFactor=*/2, /*batchSize=*/1, /*stepSize=*/0.1,
                                          /*maxIterations=*/16, /*tolerance=*/-1);
  Slope slope;
  arma::mat x{0};
  optimizer.Optimize(slope, x, Moves());
}
END_OF_PROGRAM
g++ -std=c++17 -isystem trixie/usr/include -DARMA_DONT_USE_WRAPPER -DARMA_DONT_USE_LAPACK -DARMA_DONT_USE_BLAS \
  -DARMA_DONT_USE_SUPERLU program.cpp -o program
# An epoch is four updates, so the first cycle should be eight updates and the next sixteen.
seen=$(./program)
finding "libensmallen-dev 2.22.1-2 (Debian 13)" \
  "0.1000 0.0962 0.0854 0.0691 0.0500 0.0309 0.0146 0.0038 0.1000 0.0990 0.0962 0.0916 0.0854 0.0778 0.0691 0.0598" \
  "0.1000 0.1000 0.1000 0.1000 0.0854 0.1000 0.0854 0.0500 0.0146 0.1000 0.0854 0.0500 0.0146 0.0000 0.0146 0.0500" \
  "${seen% }"
