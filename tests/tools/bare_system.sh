# Sourced, as root, by scripts that need minimal Debian systems. The systems are in "$root", which is removed at the end.
.ci/packages debootstrap git

root=$(mktemp -d)
remove_system() {  # FOLDER
  umount "$1/proc" "$1/run/netns" 2> /dev/null || true # a test mounts the second
  rm -rf --one-file-system "$1"
}
cleanup() {
  for system in "$root"/*/; do remove_system "$system"; done
  rm -rf --one-file-system "$root"
}
trap cleanup EXIT

make_system() {  # SUITE SYSTEM: makes a system that has HEAD in /root/libsched
  local here=$root/$2
  debootstrap --variant=minbase "$1" "$here" > "$root/log" 2>&1 || { tail "$root/log"; exit 1; }
  # The index of unstable is signed for one week only, and a mirror can be older than that.
  [ "$1" != sid ] || echo 'Acquire::Check-Valid-Until "false";' > "$here/etc/apt/apt.conf.d/99libsched"
  git clone -q . "$here/root/libsched"
  mount -t proc proc "$here/proc"
}

run() {  # SYSTEM WHAT COMMAND: runs it in /root/libsched and prints the outcome; if it failed, also the end of its output
  local start=$SECONDS verdict=pass
  chroot "$root/$1" env -i PATH="$PATH" HOME=/root CI="${CI:-}" LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    sh -ec "cd /root/libsched; $3" > "$root/log" 2>&1 || verdict=FAIL
  printf '%-9s %-28s %s in %d s\n' "$1" "$2" "$verdict" $((SECONDS - start))
  [ "$verdict" = pass ] || { tail -n 40 "$root/log"; return 1; }
}
