set(PACKHOUSE_STORAGE_GRAPH
  catalog.cpp commit_write.cpp committer.cpp committer_stage.cpp constraints.cpp cursors.cpp index_build.cpp index_filter.cpp overlay.cpp
  overlay_derive.cpp overlay_edges.cpp prepare.cpp record_rules.cpp record_rules_json.cpp record_schemas.cpp snapshots.cpp store.cpp store_meta.cpp transaction.cpp transaction_cells.cpp
  transaction_parts.cpp transaction_read.cpp transaction_scan.cpp transaction_schema.cpp transaction_virtual.cpp transaction_write.cpp view.cpp
  node_cache/node_cache.cpp vector/entry.cpp vector/graph.cpp vector/search.cpp vector/tracked_index.cpp vector/vector_indexes.cpp)
