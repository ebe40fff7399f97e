#!/usr/bin/env bash
# Builds the core with its unit and property tests for other systems, and runs them: ./tests/tools/portable.sh [PLATFORM...]
# (default: libc++ windows aarch64 i686 s390x; the first with the address and undefined-behaviour sanitizers, the others in wine
# or qemu; i686 with SSE2's arithmetic)
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- libc++ windows aarch64 i686 s390x

declare -A needs=(
  [libc++]="clang lld libclang-rt-dev libc++-dev libc++abi-dev libfast-float-dev"
  [windows]="g++-mingw-w64-x86-64-posix clang lld wine64"
  [aarch64]="clang lld g++-aarch64-linux-gnu qemu-user"
  [i686]="g++-i686-linux-gnu qemu-user"
  [s390x]="g++-s390x-linux-gnu qemu-user")
packages=(cmake ninja-build googletest libfmt-dev)
for platform in "$@"; do
  [ -n "${needs[$platform]:-}" ] || { echo "There is no platform $platform, only: ${!needs[*]}" >&2; exit 2; }
  read -ra more <<< "${needs[$platform]}"
  packages+=("${more[@]}")
done
.ci/packages "${packages[@]}"

# Only fmt's headers: /usr/include also has other headers of this system.
work=$PWD/build/portable
mkdir -p "$work/fmt" "$work/googletest"
cp -r /usr/include/fmt "$work/fmt"
cat > "$work/fmt/fmt-config.cmake" << 'END'
add_library(fmt::fmt INTERFACE IMPORTED GLOBAL)
target_include_directories(fmt::fmt INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)
END
cat > "$work/googletest/GTestConfig.cmake" << 'END'
function(add_googletest)
  set(CMAKE_COMPILE_WARNING_AS_ERROR OFF)
  set(CMAKE_CXX_STANDARD 20)
  add_subdirectory(/usr/src/googletest ${PROJECT_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
endfunction()
add_googletest()
END

build_and_run() {  # PLATFORM
  local here=$work/$1 run=() suffix="" flags="" system=Linux c=$1-linux-gnu-gcc cxx=$1-linux-gnu-g++
  local link=-static
  case $1 in
    libc++)
      flags="-stdlib=libc++ -g1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
      c=clang cxx=clang++ link=-fuse-ld=lld
      ;;
    windows)
      c=x86_64-w64-mingw32-gcc-posix cxx=x86_64-w64-mingw32-g++-posix
      system=Windows suffix=.exe run=(/usr/lib/wine/wine64)
      # GNU ld takes a minute for all the functions that are not inlined, lld a tenth of a second. This g++ ignores
      # -fuse-ld=lld, so clang++ links in its place.
      cat > "$work/link" << END
#!/bin/sh
shift
exec clang++ --target=x86_64-w64-mingw32 -fuse-ld=lld -L$(dirname "$("$cxx" -print-libgcc-file-name)") "\$@" -lpthread
END
      chmod +x "$work/link"
      export CMAKE_CXX_LINKER_LAUNCHER=$work/link
      ;;
    # clang++ makes one operation, which rounds once, of a product and a sum. g++ does this only from -O2 on.
    aarch64)
      flags=--target=aarch64-linux-gnu
      c=clang cxx=clang++ link="-static -fuse-ld=lld" run=(qemu-aarch64)
      ;;
    i686) flags="-msse2 -mfpmath=sse" run=(qemu-i386) ;;
    *) run=("qemu-$1") ;;
  esac
  cmake -G Ninja -B "$here" -DCMAKE_SYSTEM_NAME="$system" -DCMAKE_C_COMPILER="$c" -DCMAKE_CXX_COMPILER="$cxx" \
    -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG= -DCMAKE_EXE_LINKER_FLAGS="$link" \
    -DCMAKE_CXX_FLAGS="$flags -Wall -Wextra -Wpedantic -Wconversion -Wshadow" \
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0 -DCMAKE_COMPILE_WARNING_AS_ERROR=ON \
    -DLIBSCHED_TORCH=OFF -DLIBSCHED_EXAMPLES=OFF -DLIBSCHED_INSTALL=OFF \
    -Dfmt_DIR="$work/fmt" -DGTest_DIR="$work/googletest" &&
    cmake --build "$here" --parallel 1 --target core_tests property_tests &&
    WINEPREFIX=$work/wine WINEDEBUG=-all "${run[@]}" "$here/tests/unit/core_tests$suffix" --gtest_brief=1 &&
    WINEPREFIX=$work/wine WINEDEBUG=-all "${run[@]}" "$here/tests/property/property_tests$suffix" --gtest_brief=1
}

tell() {  # PLATFORM
  local start=$SECONDS verdict=pass
  build_and_run "$1" > "$work/$1.log" 2>&1 || verdict=FAIL
  printf '%-8s %s in %d s\n' "$1" "$verdict" $((SECONDS - start))
  [ "$verdict" = pass ] || { tail -n 40 "$work/$1.log"; return 1; }
}
# Two at once, each on one core. With their default options the sanitizers take a tenth more time.
export work ASAN_OPTIONS=malloc_context_size=1:quarantine_size_mb=4
export -f build_and_run tell
printf '%s\n' "$@" | xargs -P 2 -I {} bash -c 'tell {}'
