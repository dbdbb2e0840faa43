set(APOC_FUNCTIONS)
foreach(file apoc coll coll_order convert date digests entity java_format java_reader map text text_case text_codec
        text_format util)
  list(APPEND APOC_FUNCTIONS functions/apoc/${file}.cpp)
endforeach()
