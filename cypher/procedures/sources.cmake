list(APPEND CYPHER_SOURCES
  procedures/catalog.cpp
  procedures/dbms.cpp
  procedures/registry.cpp
  procedures/show_schema.cpp
  procedures/show_server.cpp
  procedures/show_users.cpp
  procedures/signature.cpp
  procedures/table.cpp
  procedures/tck.cpp)
