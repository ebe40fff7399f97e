#!/usr/bin/env bash
# exports.sh PREFIX VERSION SONAME: checks the names and the exports of the shared libraries under the prefix.
set -euo pipefail

for library in $(find "$1" -name '*.so'); do
  name=$(basename "$library")
  [ "$(basename "$(readlink -f "$library")")" = "$name.$2" ] || { echo "$name is not a link to $name.$2"; exit 1; }
  readelf -d "$library" | grep "SONAME.*\[$name\.$3\]" || { echo "$name does not have the SONAME $name.$3"; exit 1; }

  # Templates of the standard library and of LibTorch, and fmt's error, are exported because their headers say so.
  symbols=$(nm -D --defined-only --format=just-symbols "$library" | grep -vxE '__bss_start|_edata|_end')
  allowed='8libsched|S[abst]|9__gnu_cxx|3c10|2at|5torch|6caffe2|3fmt[0-9]+v[0-9]+12format_error'
  if grep -vE "^_Z(T[ISV]|GV)?(Z?N[KVRO]*|Z)?($allowed)" <<< "$symbols" | c++filt; then
    echo "$name exports what is not libsched's"
    exit 1
  fi
  if grep _GLOBAL__N_ <<< "$symbols" | c++filt; then
    echo "$name exports what is in an anonymous namespace"
    exit 1
  fi
done
# A library need not export templates that each program instantiates itself.
symbols=$(nm -DC --defined-only "$(find "$1" -name 'libsched.so')")
if grep '\(ModelOf\|kind_of\|infos_of\|choice_of\)<' <<< "$symbols"; then echo "libsched exports its own schedules"; exit 1; fi
