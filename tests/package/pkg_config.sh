# pkg_config.sh PREFIX SOURCE: builds and runs a program without CMake, in the current folder.
PKG_CONFIG_PATH=$(dirname "$(find "$1" -name libsched.pc)")
export PKG_CONFIG_PATH
$CMAKE_CXX_COMPILER_LAUNCHER g++ -std=c++17 -c -o pkg_config_program.o "$2" $(pkg-config --cflags libsched)
g++ -o pkg_config_program pkg_config_program.o $(pkg-config --libs libsched)
LD_LIBRARY_PATH=$(pkg-config --variable=libdir libsched) ./pkg_config_program
pkg-config --static --libs libsched | grep -e -lfmt
