set(DATAPACKER_SOURCES
  datapacker/array.cpp datapacker/batch.cpp datapacker/dtype.cpp datapacker/half_batch.cpp
  datapacker/packer.cpp datapacker/structured.cpp datapacker/text.cpp datapacker/vector.cpp
  datapacker/vector_value.cpp)
