# How every target of this project is compiled.

# Floating point is exact to the last bit: no fused multiply-add, no value-changing optimisation.
add_compile_options(-ffp-contract=off -fno-fast-math)
if(DRED_SANITIZERS)
  add_compile_options(-fsanitize=${DRED_SANITIZERS} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DRED_SANITIZERS})
endif()
if(DRED_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

add_library(dred_warnings INTERFACE)
target_compile_options(dred_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wsign-conversion
  $<$<BOOL:${DRED_WARNINGS_AS_ERRORS}>:-Werror>)

function(dred_library name)
  add_library(${name} STATIC ${ARGN})
  target_include_directories(${name} PUBLIC
    "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}/include" "${CMAKE_CURRENT_BINARY_DIR}/generated")
  target_link_libraries(${name} PRIVATE dred_warnings)
endfunction()
