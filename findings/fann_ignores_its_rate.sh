#!/usr/bin/env bash
# A new FANN network says that its rate is 0.7, but its epochs ignore the rate until another algorithm is chosen.
. "$(dirname "$0")/common.sh"
installed libfann-dev 2.2.0+ds-8

cat > program.c << 'END_OF_PROGRAM'
#include <fann.h>
#include <stdio.h>

/* How far an epoch of one sample moves the weight of a new network with this rate. */
static double move(float rate) {
  struct fann* net = fann_create_standard(2, 1, 1);
  struct fann_connection weights[2];
  struct fann_train_data* data = fann_create_train(1, 1, 1);
  data->input[0][0] = 1;
  data->output[0][0] = 1;
  fann_set_weight(net, 0, 2, 0);
  fann_set_weight(net, 1, 2, 0);
  fann_set_learning_rate(net, rate);
  fann_train_epoch(net, data);
  fann_get_connection_array(net, weights);
  fann_destroy_train(data);
  fann_destroy(net);
  return weights[0].weight;
}

int main(void) {
  struct fann* net = fann_create_standard(2, 1, 1);
  printf("rate %.1f; 0.7 moves %.4f, 0.1 moves %.4f", fann_get_learning_rate(net), move(0.7f), move(0.1f));
  fann_destroy(net);
}
END_OF_PROGRAM
gcc program.c -o program -lfann -lm
finding "libfann-dev 2.2.0+ds-8 (Debian 12)" "rate 0.7; the move of 0.7 is seven times that of 0.1" \
  "rate 0.7; 0.7 moves 0.1200, 0.1 moves 0.1200" "$(./program)"
