list(APPEND CYPHER_SOURCES
  procedures/activity.cpp
  procedures/catalog.cpp
  procedures/column_reading.cpp
  procedures/column_transfer.cpp
  procedures/columns.cpp
  procedures/dbms.cpp
  procedures/record_schemas.cpp
  procedures/registry.cpp
  procedures/routing.cpp
  procedures/show_schema.cpp
  procedures/show_server.cpp
  procedures/show_transactions.cpp
  procedures/show_users.cpp
  procedures/signature.cpp
  procedures/table.cpp
  procedures/tck.cpp
  procedures/vectors.cpp)
