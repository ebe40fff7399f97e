# Makes the target libsched::libtorch, through which libsched links LibTorch, if LibTorch is found. This file is
# installed as a part of libsched's CMake package.
#
# The CMake package of a LibTorch with CUDA, such as pip's, ends in an error without a CUDA toolkit, and with a toolkit
# of another version its programs do not link. libsched does not need a toolkit, so the target of such a LibTorch is
# made from its folder. If the project has already found LibTorch, its target is used.
if(TARGET libsched::libtorch)
  return()
endif()

if(NOT TARGET torch)
  block()  # the file sets PACKAGE_VERSION
    # Looks for the package's version file, which is next to the package, is found by the same rules, and cannot fail.
    find_package(Torch QUIET CONFIG CONFIGS TorchConfigVersion.cmake)
  endblock()
  if(NOT Torch_DIR)
    return()
  endif()
endif()
file(REAL_PATH "${Torch_DIR}/../../.." libsched_libtorch)

if(TARGET torch OR NOT EXISTS "${libsched_libtorch}/lib/libtorch_cuda.so")
  if(NOT TARGET torch)
    find_package(Torch QUIET)
    if(NOT Torch_FOUND)
      return()
    endif()
  endif()
  add_library(libsched::libtorch INTERFACE IMPORTED)
  target_link_libraries(libsched::libtorch INTERFACE torch)
  block()
    get_target_property(include_dirs torch INTERFACE_INCLUDE_DIRECTORIES)
    get_target_property(definitions torch_cpu INTERFACE_COMPILE_DEFINITIONS)
    get_target_property(standard torch CXX_STANDARD)  # LibTorch's target does not pass it on
    foreach(property IN ITEMS include_dirs definitions)
      if(NOT ${property})
        set(${property} "")
      endif()
    endforeach()
    set_target_properties(libsched::libtorch PROPERTIES
      INTERFACE_INCLUDE_DIRECTORIES "${include_dirs}"
      INTERFACE_COMPILE_DEFINITIONS "${definitions}")
    if(standard)
      target_compile_features(libsched::libtorch INTERFACE cxx_std_${standard})
    endif()
  endblock()
else()
  set(TORCH_INCLUDE_DIRS "${libsched_libtorch}/include" "${libsched_libtorch}/include/torch/csrc/api/include")
  set(TORCH_LIBRARIES libsched::libtorch)
  add_library(libsched::libtorch INTERFACE IMPORTED)
  target_include_directories(libsched::libtorch INTERFACE ${TORCH_INCLUDE_DIRS})
  # libtorch.so loads the libraries with CUDA. No symbol of it is used, so the linker would leave it out.
  target_link_libraries(libsched::libtorch INTERFACE
    "-Wl,--push-state,--no-as-needed \"${libsched_libtorch}/lib/libtorch.so\" -Wl,--pop-state"
    "${libsched_libtorch}/lib/libtorch_cpu.so" "${libsched_libtorch}/lib/libc10.so")
  block()
    file(READ "${Torch_DIR}/TorchConfig.cmake" config)
    file(READ "${Torch_DIR}/../Caffe2/Caffe2Targets.cmake" targets)
    if(targets MATCHES "\\(torch_cpu PROPERTIES[ \n]+INTERFACE_COMPILE_DEFINITIONS \"([^\"]*)\"")
      target_compile_definitions(libsched::libtorch INTERFACE ${CMAKE_MATCH_1})
    endif()
    if(config MATCHES "_GLIBCXX_USE_CXX11_ABI=[01]")
      target_compile_definitions(libsched::libtorch INTERFACE ${CMAKE_MATCH_0})
    endif()
    if(config MATCHES "(CXX_STANDARD |cxx_std_)([0-9]+)")
      target_compile_features(libsched::libtorch INTERFACE cxx_std_${CMAKE_MATCH_2})
    endif()
    if(NOT libsched_FIND_QUIETLY)
      message(STATUS "libsched: using LibTorch from the folder ${libsched_libtorch}, without its CMake package, "
        "which needs a CUDA toolkit; programs can use CUDA devices nevertheless")
    endif()
  endblock()
endif()

# pip's LibTorch has its CUDA libraries in a folder next to it; the linker must not use the system's instead.
file(GLOB libsched_libtorch_needs "${libsched_libtorch}/../nvidia/*/lib")
list(TRANSFORM libsched_libtorch_needs PREPEND "LINKER:-rpath-link,")
target_link_options(libsched::libtorch INTERFACE ${libsched_libtorch_needs})
