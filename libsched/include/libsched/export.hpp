#pragma once

// Marks what is defined in the library, which is all that a shared library exports. The users of a
// DLL need no dllimport, because it exports functions and no data.
#ifndef _WIN32
#define LIBSCHED_API __attribute__((visibility("default")))
#elif defined(libsched_EXPORTS) || defined(libsched_torch_EXPORTS)  // CMake: while it builds a DLL
#define LIBSCHED_API __declspec(dllexport)
#else
#define LIBSCHED_API
#endif
