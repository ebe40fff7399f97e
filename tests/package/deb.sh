#!/usr/bin/env bash
# Makes the Debian packages in a minimal Debian, installs them in another, and builds and runs the consumers there.
# As root: ./tests/package/deb.sh [SUITE]   (default: bookworm)
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tools/bare_system.sh

make_system "${1:-bookworm}" builder
make_system "${1:-bookworm}" user

run builder "build packages" "
  .ci/packages g++ cmake ninja-build libfmt-dev libtorch-dev
  cmake --workflow --preset deb"
cp "$root"/builder/root/libsched/build/deb/*.deb "$root/user/root/libsched"

install="apt-get install -y -q --no-install-recommends"
consume="cmake -S tests/package/consumer -DFROM=find_package"
test="ctest --output-on-failure --no-tests=error --test-dir"
run user "install libsched-dev" "apt-get update -q; $install ./libsched-dev_*.deb"
run user "install g++, cmake, pkgconf" "$install g++ cmake make pkgconf"
run user "core consumer" "$consume -B build/core; cmake --build build/core; $test build/core"
run user "pkg-config consumer" "sh -e tests/package/pkg_config.sh /usr tests/package/consumer/core/main.cpp"
run user "install libsched-torch-dev" "$install ./libsched-torch-dev_*.deb"
run user "torch consumer" "
  $consume -DCOMPONENTS=torch -DDRIVER_STANDARD=17 -B build/torch; cmake --build build/torch; $test build/torch"
run user "remove both" "apt-get remove -y -q libsched-dev; test -z \"\$(find / -xdev -name '*sched*.a')\""
