# pkg_config.sh PREFIX SOURCE: a program without CMake.
export PKG_CONFIG_PATH=$(dirname "$(find "$1" -name libsched.pc)")
cd "$PKG_CONFIG_PATH"
g++ -std=c++17 -o "$1/program" "$2" $(pkg-config --cflags --libs libsched)
LD_LIBRARY_PATH=.. "$1/program"
pkg-config --static --libs libsched | grep -e -lfmt
