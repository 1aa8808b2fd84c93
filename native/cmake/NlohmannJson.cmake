# The headers of nlohmann_json: from the Python package of that name, else from an installed CMake package.

add_library(dred_json INTERFACE)

if(NOT DRED_JSON_INCLUDE_DIR)
  find_package(Python COMPONENTS Interpreter QUIET)
  if(Python_Interpreter_FOUND)
    execute_process(
      COMMAND "${Python_EXECUTABLE}" -c
        "import importlib.util as u; print(u.find_spec('nlohmann_json').submodule_search_locations[0] + '/include')"
      OUTPUT_VARIABLE json_folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE json_missing)
    if(NOT json_missing)
      set(DRED_JSON_INCLUDE_DIR "${json_folder}" CACHE PATH "Folder that holds nlohmann/json.hpp")
    endif()
  endif()
endif()

if(DRED_JSON_INCLUDE_DIR)
  if(NOT EXISTS "${DRED_JSON_INCLUDE_DIR}/nlohmann/json.hpp")
    message(FATAL_ERROR "DRED_JSON_INCLUDE_DIR is ${DRED_JSON_INCLUDE_DIR}, which has no nlohmann/json.hpp")
  endif()
  target_include_directories(dred_json SYSTEM INTERFACE "${DRED_JSON_INCLUDE_DIR}")
else()
  find_package(nlohmann_json 3.11 QUIET)
  if(NOT nlohmann_json_FOUND)
    message(FATAL_ERROR "nlohmann_json was not found. Run 'pip install nlohmann_json' for the interpreter "
      "${Python_EXECUTABLE}, or set DRED_JSON_INCLUDE_DIR to the folder that holds nlohmann/json.hpp.")
  endif()
  target_link_libraries(dred_json INTERFACE nlohmann_json::nlohmann_json)
endif()
