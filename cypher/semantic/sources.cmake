list(APPEND CYPHER_SOURCES
  semantic/aggregation.cpp
  semantic/analyse.cpp
  semantic/calls.cpp
  semantic/clauses.cpp
  semantic/expressions.cpp
  semantic/forms.cpp
  semantic/patterns.cpp
  semantic/projections.cpp
  semantic/queries.cpp
  semantic/show.cpp
  semantic/types.cpp)
