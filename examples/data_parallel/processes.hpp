#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>

/// Says which of the processes this is. As with torchrun, the environment variables RANK,
/// WORLD_SIZE, MASTER_ADDR and MASTER_PORT say so; if they are not set, this is the only process.
struct World {
  int rank = 0;
  int size = 1;
  std::string master_address;
  std::uint16_t master_port = 0;
};

/// Reads the variables. Throws a std::invalid_argument that names one that is missing or wrong.
World world_from_environment();

/// Connects to the other ranks through Gloo. Throws if they do not all connect within `timeout`.
/// Later, every use of the group throws if another rank does not take part within `timeout`.
c10::intrusive_ptr<c10d::ProcessGroup> join(const World& world, std::chrono::seconds timeout);

/// Starts `processes` processes and returns in each of them. The calling process waits for them and
/// exits; if one fails, it stops the others and says which one failed first.
World spawn(int processes);
