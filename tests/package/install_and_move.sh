# install_and_move.sh CMAKE BUILD PREFIX: installs into another prefix, and moves that to PREFIX.
rm -rf "$3" "$3.before"
"$1" --install "$2" --prefix "$3.before"
mv "$3.before" "$3"
