#!/usr/bin/env bash
# FANN's default error function doubles the rate, and makes an error of 1 count as 17.
. "$(dirname "$0")/common.sh"
installed libfann-dev 2.2.0+ds-8

cat > program.c << 'END_OF_PROGRAM'
#include <fann.h>
#include <stdio.h>

/* How far a sample of this error moves the weight of a network y = w x + b from 0, at x = 1 and rate 0.1. */
static double move(float error) {
  struct fann* net = fann_create_standard(2, 1, 1);
  struct fann_connection weights[2];
  float x = 1;
  fann_set_training_algorithm(net, FANN_TRAIN_INCREMENTAL);
  fann_set_activation_function_output(net, FANN_LINEAR);
  fann_set_activation_steepness_output(net, 1);
  fann_set_weight(net, 0, 2, 0);
  fann_set_weight(net, 1, 2, 0);
  fann_set_learning_rate(net, 0.1f);
  fann_train(net, &x, &error);
  fann_get_connection_array(net, weights);
  fann_destroy(net);
  return weights[0].weight;
}

int main(void) {
  printf("error 0.01 moves %.4f, error 1 moves %.4f", move(0.01f), move(1));
}
END_OF_PROGRAM
gcc program.c -o program -lfann -lm
finding "libfann-dev 2.2.0+ds-8 (Debian 12)" "error 0.01 moves 0.0010, error 1 moves 0.1000" \
  "error 0.01 moves 0.0020, error 1 moves 1.7000" "$(./program)"
