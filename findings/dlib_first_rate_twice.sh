#!/usr/bin/env bash
# dlib uses the first rate of its learning rate schedule for two updates, and later updates go below the last rate.
. "$(dirname "$0")/common.sh"
installed libdlib-dev 19.24+dfsg-1

cat > program.cpp << 'END_OF_PROGRAM'
#include <dlib/dnn.h>
#include <cstdio>

int main() {
  using Net = dlib::loss_mean_squared<dlib::fc<1, dlib::input<dlib::matrix<float>>>>;
  Net net;
  dlib::dnn_trainer<Net> trainer(net, dlib::sgd(0, 0));  // no weight decay, no momentum
  trainer.set_learning_rate_schedule(dlib::mat(std::vector<double>{0.04, 0.03, 0.02, 0.01}));

  const dlib::matrix<float> one = dlib::ones_matrix<float>(1, 1);
  const auto weight = [&](Net& net) { return *dlib::layer<1>(net).layer_details().get_layer_params().begin(); };
  net(one);
  for (int update = 0; update < 7; ++update) {
    Net& now = trainer.get_net(dlib::force_flush_to_disk::no);
    const float wanted = update % 2 == 0 ? 1 : -1, error = wanted - now(one), before = weight(now);
    trainer.train_one_step(std::vector{one}, std::vector{wanted});
    const float move = weight(trainer.get_net(dlib::force_flush_to_disk::no)) - before;
    std::printf("%.4f ", static_cast<double>(move / error));
  }
}
END_OF_PROGRAM
g++ -std=c++17 program.cpp -o program -ldlib -lblas -llapack
seen=$(./program)
finding "libdlib-dev 19.24+dfsg-1 (Debian 12)" "0.0400 0.0300 0.0200 0.0100, and no more" \
  "0.0400 0.0400 0.0300 0.0200 0.0100 0.0099 0.0099" "${seen% }"
