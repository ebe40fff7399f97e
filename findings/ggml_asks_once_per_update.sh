#!/usr/bin/env bash
# ggml calls the callback for its rate once per update, not once per batch: with an opt_period of 2, at every second batch.
. "$(dirname "$0")/common.sh"
pypi cmake==4.0.3 ninja==1.11.1.4
"$python" -m pip download -q --disable-pip-version-check --no-deps --no-binary llama-cpp-python llama-cpp-python==0.3.36
tar -xzf llama_cpp_python-0.3.36.tar.gz
source=llama_cpp_python-0.3.36/vendor/llama.cpp # has ggml 0.25.3
PATH=$work/environment/bin:$PATH
cmake -S "$source" -B build -G Ninja -DCMAKE_BUILD_TYPE=Debug -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF \
  -DLLAMA_BUILD_COMMON=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
  -DLLAMA_BUILD_SERVER=OFF &> log
cmake --build build --target ggml > log

cat > program.cpp << 'END_OF_PROGRAM'
#include <ggml-backend.h>
#include <ggml-cpu.h>
#include <ggml-opt.h>
#include <ggml.h>
#include <cstdio>

int main() {
  ggml_backend_t cpu = ggml_backend_cpu_init();
  ggml_backend_sched_t scheduler = ggml_backend_sched_new(&cpu, nullptr, 1, GGML_DEFAULT_GRAPH_SIZE, false, true);
  ggml_context* tensors = ggml_init({2 * ggml_tensor_overhead(), nullptr, true});
  ggml_context* graph = ggml_init({GGML_DEFAULT_GRAPH_SIZE * ggml_tensor_overhead() + 3 * ggml_graph_overhead(), nullptr, true});
  ggml_tensor* input = ggml_new_tensor_2d(tensors, GGML_TYPE_F32, 1, 1);
  ggml_tensor* weight = ggml_new_tensor_1d(tensors, GGML_TYPE_F32, 1);
  ggml_set_param(weight);
  ggml_backend_alloc_ctx_tensors(tensors, cpu);
  const float zero = 0;
  ggml_backend_tensor_set(weight, &zero, 0, sizeof zero);

  int asked = 0;
  ggml_opt_params params = ggml_opt_default_params(scheduler, GGML_OPT_LOSS_TYPE_MEAN_SQUARED_ERROR);
  params.ctx_compute = graph;
  params.inputs = input;
  params.outputs = ggml_add(graph, input, weight);
  params.optimizer = GGML_OPT_OPTIMIZER_TYPE_SGD;
  params.opt_period = 2;
  params.get_opt_pars_ud = &asked;
  params.get_opt_pars = [](void* count) {
    ++*static_cast<int*>(count);
    return ggml_opt_get_default_optimizer_params(nullptr);
  };
  ggml_opt_dataset_t data = ggml_opt_dataset_init(GGML_TYPE_F32, GGML_TYPE_F32, 1, 1, 12, 1);  // 12 batches of one
  for (int i = 0; i < 12; ++i) {
    ggml_get_data_f32(ggml_opt_dataset_data(data))[i] = 0;
    ggml_get_data_f32(ggml_opt_dataset_labels(data))[i] = 1;
  }
  ggml_opt_context_t optimizer = ggml_opt_init(params);
  ggml_opt_epoch(optimizer, data, nullptr, nullptr, -1, nullptr, nullptr);
  std::printf("12 batches asked %d times", asked);
}
END_OF_PROGRAM
g++ -std=c++17 -isystem "$source/ggml/include" program.cpp -o program build/ggml/src/libggml.a \
  build/ggml/src/libggml-cpu.a build/ggml/src/libggml-base.a -pthread -ldl
finding "ggml 0.25.3 of llama-cpp-python 0.3.36" "12 batches asked 12 times" "12 batches asked 6 times" "$(./program 2> log)"
