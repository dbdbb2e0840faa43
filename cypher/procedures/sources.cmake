list(APPEND CYPHER_SOURCES
  procedures/activity.cpp
  procedures/catalog.cpp
  procedures/dbms.cpp
  procedures/registry.cpp
  procedures/show_schema.cpp
  procedures/routing.cpp
  procedures/show_server.cpp
  procedures/show_users.cpp
  procedures/show_transactions.cpp
  procedures/signature.cpp
  procedures/table.cpp
  procedures/tck.cpp)
