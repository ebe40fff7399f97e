# Reports what MSVC would warn about or reject, as far as the text of a public header shows it:
# public_headers.awk HEADER...
function refuse(what) {
  print FILENAME ":" FNR ": " what ": " $0
  refused = 1
}
FILENAME ~ /export\.hpp$/ && /^#define LIBSCHED_API/ { next }  # the only macro; it differs between compilers
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
