list(APPEND CYPHER_SOURCES
  procedures/activity.cpp
  procedures/catalog.cpp
  procedures/column_reading.cpp
  procedures/column_transfer.cpp
  procedures/columns.cpp
  procedures/dbms.cpp
  procedures/fulltext.cpp
  procedures/index_query.cpp
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
  procedures/tck.cpp
  procedures/vectors.cpp
  procedures/tdtp/cells.cpp procedures/tdtp/columns.cpp procedures/tdtp/diff.cpp procedures/tdtp/files.cpp
  procedures/tdtp/import.cpp procedures/tdtp/importer.cpp procedures/tdtp/node_rows.cpp procedures/tdtp/options.cpp
  procedures/tdtp/read.cpp procedures/tdtp/write.cpp)
