# Installs the libraries, builds the example against them, runs it and compares what it prints.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE out ERROR_VARIABLE out)
  if(failed)
    message(FATAL_ERROR "${ARGN}: ${failed}\n${out}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --component codec --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${WORK}/prefix -DCMAKE_BUILD_TYPE=Debug
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_CXX_FLAGS=${FLAGS})
run(${CMAKE_COMMAND} --build ${WORK}/build)
execute_process(COMMAND ${WORK}/build/${NAME}_example WORKING_DIRECTORY ${WORK} RESULT_VARIABLE failed OUTPUT_VARIABLE got ERROR_VARIABLE errors)
file(READ ${SOURCE}/expected.txt expected)
if(failed OR NOT got STREQUAL expected)
  message(FATAL_ERROR "the example ended with ${failed}\n${errors}\n--- got\n${got}\n--- expected\n${expected}")
endif()
