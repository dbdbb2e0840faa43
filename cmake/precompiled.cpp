// Nothing: only what is included by itself before it (cmake/targets.cmake) matters.
