#!/usr/bin/env bash
# dlib's train_one_step lowers the rate far below its minimum of 1e-5, because only train() looks at the minimum.
. "$(dirname "$0")/common.sh"
installed libdlib-dev 19.24+dfsg-1

cat > program.cpp << 'END_OF_PROGRAM'
#include <dlib/dnn.h>
#include <cstdio>

int main() {
  using Net = dlib::loss_mean_squared<dlib::fc<1, dlib::input<dlib::matrix<float>>>>;
  Net net;
  dlib::dnn_trainer<Net> trainer(net, dlib::sgd(0, 0));
  trainer.set_learning_rate(0.1);
  trainer.set_min_learning_rate(1e-5);

  const dlib::matrix<float> one = dlib::ones_matrix<float>(1, 1);
  for (int update = 0; update < 20000; ++update) {  // the labels are 1 and -1 in turn, so the loss cannot fall
    trainer.train_one_step(std::vector{one}, std::vector{update % 2 == 0 ? 1.0F : -1.0F});
  }
  std::printf(trainer.get_learning_rate() < 1e-15 ? "less than 1e-15" : "%.0e", trainer.get_learning_rate());
}
END_OF_PROGRAM
g++ -std=c++17 program.cpp -o program -ldlib -lblas -llapack
finding "libdlib-dev 19.24+dfsg-1 (Debian 12)" "1e-05" "less than 1e-15" "$(./program)"
