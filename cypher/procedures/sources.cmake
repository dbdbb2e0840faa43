list(APPEND CYPHER_SOURCES
  procedures/activity.cpp
  procedures/catalog.cpp
  procedures/dbms.cpp
  procedures/object.cpp
  procedures/object_catalog.cpp
  procedures/object_options.cpp
  procedures/object_streams.cpp
  procedures/record_schemas.cpp
  procedures/registry.cpp
  procedures/routing.cpp
  procedures/show_schema.cpp
  procedures/show_server.cpp
  procedures/show_transactions.cpp
  procedures/show_users.cpp
  procedures/signature.cpp
  procedures/table.cpp
  procedures/tck.cpp)
