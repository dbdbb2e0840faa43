// Boost.JSON is compiled once, for the vectors.
#include <boost/json/src.hpp>
