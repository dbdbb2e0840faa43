list(APPEND CYPHER_SOURCES
  exec/expressions/access.cpp
  exec/expressions/arithmetic.cpp
  exec/expressions/calls.cpp
  exec/expressions/collections.cpp
  exec/expressions/compile.cpp
  exec/expressions/entity.cpp
  exec/expressions/iteration.cpp
  exec/expressions/labels.cpp
  exec/expressions/logic.cpp
  exec/expressions/predicates.cpp
  exec/expressions/subqueries.cpp)
