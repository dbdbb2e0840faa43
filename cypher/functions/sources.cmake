include(${CMAKE_CURRENT_LIST_DIR}/apoc/sources.cmake)
list(APPEND CYPHER_SOURCES
  ${APOC_FUNCTIONS}
  functions/aggregates.cpp
  functions/conversion.cpp
  functions/datapacker.cpp
  functions/graph.cpp
  functions/list.cpp
  functions/math.cpp
  functions/packos.cpp
  functions/percentiles.cpp
  functions/registry.cpp
  functions/scalar.cpp
  functions/spatial.cpp
  functions/string.cpp
  functions/temporal.cpp
  functions/vector.cpp)
