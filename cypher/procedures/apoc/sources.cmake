set(APOC_PROCEDURES)
foreach(file config create cypher meta_counts meta_graph meta_sample meta_schema meta_tables merge path path_filters refactor schema schema_assert util)
  list(APPEND APOC_PROCEDURES procedures/apoc/${file}.cpp)
endforeach()
