# What MSVC warns of or refuses, as far as a public header's text shows it: public_headers.awk HEADER...
function refuse(what) {
  print FILENAME ":" FNR ": " what ": " $0
  refused = 1
}
FILENAME ~ /export\.hpp$/ && /^#define LIBSCHED_API/ { next }  # the only macro, for each compiler its own
{
  code = $0
  gsub(/"[^"]*"/, "\"\"", code)
  sub(/\/\/.*/, "", code)
}
code ~ /^ *# *pragma/ && code !~ /pragma once/ { refuse("a pragma") }
code ~ /^ *# *define/ { refuse("a macro") }
code ~ /__attribute__|__builtin_|__declspec|__int128|\[\[ *(gnu|clang|msvc) *::/ { refuse("one compiler's own") }
code ~ /[{,(] *\.[a-z_]+ *=/ { refuse("a designated initialiser") }
code ~ /(^|[^[:alnum:]_])(and|or|not)([^[:alnum:]_]|$)/ { refuse("a word for an operator") }
code ~ /(^|[^[:alnum:]_])(min|max)\(/ { refuse("a macro of windows.h; write (std::min)(...)") }
END { exit refused }
