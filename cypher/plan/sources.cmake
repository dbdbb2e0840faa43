list(APPEND CYPHER_SOURCES
  plan/access.cpp
  plan/effects.cpp
  plan/explain.cpp
  plan/expressions.cpp
  plan/liveness.cpp
  plan/ordering.cpp
  plan/pattern.cpp
  plan/planner.cpp
  plan/planner_expression.cpp
  plan/planner_match.cpp
  plan/planner_projection.cpp
  plan/planner_update.cpp
  plan/step_words.cpp)
