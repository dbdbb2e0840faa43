set(DATAPACKER_SOURCES
  datapacker/array.cpp datapacker/auto_pack.cpp datapacker/batch.cpp datapacker/dtype.cpp datapacker/half_batch.cpp
  datapacker/packer.cpp datapacker/spaced_json.cpp datapacker/structured.cpp datapacker/text.cpp datapacker/value_runs.cpp datapacker/vector.cpp
  datapacker/vector_value.cpp
  datapacker/schema/check.cpp datapacker/schema/compiler.cpp datapacker/schema/formats.cpp
  datapacker/schema/keywords_list.cpp datapacker/schema/keywords_logic.cpp datapacker/schema/keywords_map.cpp
  datapacker/schema/keywords_number.cpp datapacker/schema/keywords_string.cpp datapacker/schema/schema.cpp
  datapacker/schema/unevaluated.cpp datapacker/schema/uri.cpp)
