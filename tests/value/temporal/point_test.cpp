#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "../support.hpp"

using namespace packhouse;
using namespace packhouse::testing;

namespace {

Point at(Crs crs, double x, double y, double z = 0) {
  return {crs, x, y, z};
}

}  // namespace

TEST_CASE("point: from maps") {
  struct Row {
    Value map;
    const char* result;
  };
  for (const Row& r : std::initializer_list<Row>{
           {map({{"x", 1}, {"y", 2.5}}), "point({x: 1.0, y: 2.5, crs: 'cartesian'})"},
           {map({{"x", 1}, {"y", 2}, {"z", 3}}), "point({x: 1.0, y: 2.0, z: 3.0, crs: 'cartesian-3d'})"},
           {map({{"longitude", 13.4}, {"latitude", 52.5}}), "point({x: 13.4, y: 52.5, crs: 'wgs-84'})"},
           {map({{"longitude", 13.4}, {"latitude", 52.5}, {"height", 34}}),
            "point({x: 13.4, y: 52.5, z: 34.0, crs: 'wgs-84-3d'})"},
           {map({{"longitude", 13.4}, {"latitude", 52.5}, {"z", 34}}),
            "point({x: 13.4, y: 52.5, z: 34.0, crs: 'wgs-84-3d'})"},
           {map({{"x", 13.4}, {"y", 52.5}, {"crs", "WGS-84"}}), "point({x: 13.4, y: 52.5, crs: 'wgs-84'})"},
           {map({{"x", 1}, {"y", 2}, {"srid", 7203}, {"name", "ignored"}}),
            "point({x: 1.0, y: 2.0, crs: 'cartesian'})"},
           {map({{"x", 1}, {"y", 2}, {"z", 3}, {"srid", 4979}}), "point({x: 1.0, y: 2.0, z: 3.0, crs: 'wgs-84-3d'})"},
           {map({{"longitude", 190}, {"latitude", 0}}), "point({x: -170.0, y: 0.0, crs: 'wgs-84'})"},
           {map({{"longitude", 180}, {"latitude", 90}}), "point({x: 180.0, y: 90.0, crs: 'wgs-84'})"},
           {map({{"x", 1}, {"y", null}}), "null"},
           {map({{"longitude", null}, {"latitude", 1}}), "null"},
           {map({}), "! SyntaxError"},  // as Neo4j has it (BOLT.md section 8)
           {map({{"x", 1}}), "! SyntaxError"},
           {map({{"x", 1}, {"latitude", 2}}), "! SyntaxError"},
           {map({{"x", 1}, {"y", 2}, {"crs", "flat"}}), "! ArgumentError"},
           {map({{"x", 1}, {"y", 2}, {"srid", 1}}), "! ArgumentError"},
           {map({{"x", 1}, {"y", 2}, {"crs", "cartesian-3d"}}), "! ArgumentError"},
           {map({{"x", 1}, {"y", 2}, {"z", 3}, {"crs", "cartesian"}}), "! ArgumentError"},
           {map({{"longitude", 1}, {"latitude", 2}, {"crs", "cartesian"}}), "! ArgumentError"},
           {map({{"longitude", 1}, {"latitude", 90.5}}), "! ArgumentError"},
           {map({{"x", 1}, {"y", 2}, {"crs", "wgs-84"}, {"srid", 4326}}), "! ArgumentError"},
           {map({{"x", "1"}, {"y", 2}}), "! TypeError"},
           {map({{"x", std::numeric_limits<double>::infinity()}, {"y", 2}}), "! ArgumentError"}}) {
    CAPTURE(print(r.map));
    CHECK(show(point_from_map(r.map.as_map(), arena())) == r.result);
  }
}

TEST_CASE("point: components") {
  const Point place = at(Crs::wgs84_3d, 1, 2, 3), flat = at(Crs::cartesian_2d, 4, 5);
  for (const auto& [name, value] :
       {std::pair{"x", 1.0}, {"longitude", 1.0}, {"y", 2.0}, {"latitude", 2.0}, {"z", 3.0}, {"height", 3.0}}) {
    REQUIRE(point_component(place, name).has_value());
    CHECK(point_component(place, name)->as_real() == value);
  }
  CHECK(point_component(place, "srid")->as_integer() == 4979);
  CHECK(point_component(flat, "crs")->as_string() == "cartesian");
  for (const char* name : {"z", "height", "longitude", "latitude", "w"})
    CHECK_FALSE(point_component(flat, name).has_value());
}

TEST_CASE("point: distances") {
  CHECK(point_distance(at(Crs::cartesian_2d, 0, 0), at(Crs::cartesian_2d, 3, 4)) == 5.0);
  CHECK(point_distance(at(Crs::cartesian_3d, 0, 0, 0), at(Crs::cartesian_3d, 2, 3, 6)) == 7.0);
  CHECK_FALSE(point_distance(at(Crs::cartesian_2d, 0, 0), at(Crs::wgs84_2d, 3, 4)).has_value());
  CHECK(point_distance(at(Crs::wgs84_2d, 7, 8), at(Crs::wgs84_2d, 7, 8)) == 0.0);
  // A quarter of the equator, and across the 180th meridian.
  CHECK(*point_distance(at(Crs::wgs84_2d, 0, 0), at(Crs::wgs84_2d, 90, 0)) ==
        doctest::Approx(6'378'140.0 * 3.14159265358979 / 2));
  CHECK(*point_distance(at(Crs::wgs84_2d, 179, 0), at(Crs::wgs84_2d, -179, 0)) ==
        doctest::Approx(6'378'140.0 * 3.14159265358979 / 90));
  CHECK(*point_distance(at(Crs::wgs84_3d, 10, 20, 0), at(Crs::wgs84_3d, 10, 20, 50)) == doctest::Approx(50));
}

TEST_CASE("point: boxes") {
  const auto in = [](Point p, Point a, Point b) { return point_within_box(p, a, b); };
  const Crs flat = Crs::cartesian_2d, globe = Crs::wgs84_2d;
  CHECK(in(at(flat, 1, 1), at(flat, 0, 0), at(flat, 1, 1)) == true);
  CHECK(in(at(flat, 1, 1.5), at(flat, 0, 0), at(flat, 1, 1)) == false);
  CHECK(in(at(flat, 0.5, 0.5), at(flat, 1, 1), at(flat, 0, 0)) == false);
  CHECK(in(at(globe, 179, 1), at(globe, 170, 0), at(globe, -170, 10)) == true);
  CHECK(in(at(globe, -175, 1), at(globe, 170, 0), at(globe, -170, 10)) == true);
  CHECK(in(at(globe, 0, 1), at(globe, 170, 0), at(globe, -170, 10)) == false);
  CHECK(in(at(globe, 175, 20), at(globe, 170, 0), at(globe, -170, 10)) == false);
  CHECK(in(at(Crs::cartesian_3d, 1, 1, 5), at(Crs::cartesian_3d, 0, 0, 0), at(Crs::cartesian_3d, 2, 2, 2)) == false);
  CHECK_FALSE(in(at(flat, 1, 1), at(globe, 0, 0), at(globe, 1, 1)).has_value());
}
