# Paths are relative to codec/.
set(PACKOS_SOURCES
  packos/frame.cpp
  packos/frame_writer.cpp
  packos/put_value.cpp
  packos/record.cpp
  packos/take_value.cpp
  packos/zone_names.cpp)

# For every target of codec/ that follows.
link_libraries(fmt::fmt)
