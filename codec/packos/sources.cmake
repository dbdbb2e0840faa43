# Paths are relative to codec/.
set(PACKOS_SOURCES
  packos/access.cpp
  packos/codec.cpp
  packos/format.cpp
  packos/frame.cpp
  packos/frame_writer.cpp
  packos/put_value.cpp
  packos/record.cpp
  packos/schema/addresses.cpp
  packos/schema/build.cpp
  packos/schema/contradictions.cpp
  packos/schema/describe.cpp
  packos/schema/node.cpp
  packos/schema/put.cpp
  packos/schema/put_containers.cpp
  packos/schema/ranges.cpp
  packos/schema/record_fault.cpp
  packos/schema/schema.cpp
  packos/schema/take.cpp
  packos/schema/take_containers.cpp
  packos/schema/text_rules.cpp
  packos/take_value.cpp)

# For every target of codec/ that follows.
link_libraries(fmt::fmt PkgConfig::RE2)
