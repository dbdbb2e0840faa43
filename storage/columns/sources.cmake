set(PACKHOUSE_STORAGE_COLUMNS
  columns/column.cpp columns/column_append.cpp columns/column_change.cpp columns/column_pack.cpp columns/columns.cpp columns/layout.cpp)
