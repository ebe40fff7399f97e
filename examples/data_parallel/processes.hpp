#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>

/// Which of the processes this is, by the convention of torchrun: RANK, WORLD_SIZE, MASTER_ADDR and
/// MASTER_PORT in the environment; one process alone where they are not set.
struct World {
  int rank = 0;
  int size = 1;
  std::string master_address;
  std::uint16_t master_port = 0;
};

/// Throws std::invalid_argument that names a variable that is missing or wrong.
World world_from_environment();

/// Meets the other ranks and connects to them through Gloo. Throws where they have not all come in
/// time, as every use of the group later does where another does not take part in time.
c10::intrusive_ptr<c10d::ProcessGroup> join(const World& world, std::chrono::seconds timeout);

/// Becomes so many processes: returns in each of them. The first one waits for them and exits; when
/// one fails it stops the others and says which was the first.
World spawn(int processes);
