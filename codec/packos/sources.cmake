# Paths are relative to codec/.
set(PACKOS_SOURCES
  packos/access.cpp
  packos/codec.cpp
  packos/format.cpp
  packos/frame.cpp
  packos/frame_writer.cpp
  packos/put_value.cpp
  packos/record.cpp
  packos/take_value.cpp)

# For every target of codec/ that follows.
link_libraries(fmt::fmt)
