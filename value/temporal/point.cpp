#include <array>
#include <cmath>
#include <numbers>

#include "value/print.hpp"
#include "value/temporal/parts.hpp"

namespace packhouse {

namespace {

constexpr double earth_radius = 6'378'140.0;  // metres, as Neo4j has it

struct CrsRow {
  Crs crs;
  std::string_view name;
};
constexpr std::array<CrsRow, 4> systems{{
    {Crs::cartesian_2d, "cartesian"},
    {Crs::cartesian_3d, "cartesian-3d"},
    {Crs::wgs84_2d, "wgs-84"},
    {Crs::wgs84_3d, "wgs-84-3d"},
}};

bool is_geographic(Crs crs) {
  return crs == Crs::wgs84_2d || crs == Crs::wgs84_3d;
}
bool is_3d(Crs crs) {
  return crs == Crs::wgs84_3d || crs == Crs::cartesian_3d;
}

template <class... T>
tl::unexpected<Error> wrong(T&&... text) {
  std::string message;
  (message.append(text), ...);
  return fail(Status::argument_error, std::move(message));
}

/// What a map for point() may name.
struct PointFields {
  std::optional<Value> x, y, z, longitude, latitude, height, crs, srid;

  std::optional<Value>* named(std::string_view name) {
    if (name == "x") return &x;
    if (name == "y") return &y;
    if (name == "z") return &z;
    if (name == "longitude") return &longitude;
    if (name == "latitude") return &latitude;
    if (name == "height") return &height;
    if (name == "crs") return &crs;
    if (name == "srid") return &srid;
    return nullptr;
  }
};

Result<double> coordinate(const Value& v, std::string_view name) {
  if (!v.is_number()) return fail(Status::type_error, std::string(name) + " must be a number, but was " + print(v, 60));
  if (!std::isfinite(v.number())) return wrong("the coordinate ", name, " must be finite, but was ", print(v, 60));
  return v.number();
}

Result<std::optional<Crs>> asked_for(const PointFields& f) {
  if (f.crs && f.srid) return wrong("Cannot specify both CRS and SRID");
  if (f.crs) {
    const auto crs = f.crs->is(Kind::string) ? crs_from_name(f.crs->as_string()) : std::nullopt;
    if (!crs) return wrong("Unknown coordinate reference system: ", print(*f.crs, 60));
    return crs;
  }
  if (f.srid) {
    const auto crs = f.srid->is(Kind::integer) ? crs_from_srid(f.srid->as_integer()) : std::nullopt;
    if (!crs) return wrong("Unknown coordinate reference system code: ", print(*f.srid, 60));
    return crs;
  }
  return std::optional<Crs>();
}

/// Longitudes go round; latitudes end at the poles.
Result<void> normalise(Point& p) {
  if (!is_geographic(p.crs)) return ok;
  if (p.y < -90 || p.y > 90) {
    return wrong("Cannot create WGS84 point with invalid coordinate: latitude ", real_to_text(p.y),
                 " is outside of -90 to 90");
  }
  if (p.x < -180 || p.x > 180) p.x = std::remainder(p.x, 360.0);
  return ok;
}

Result<Point> make_point(const PointFields& f) {
  const bool plane = f.x && f.y;
  const bool globe = f.longitude && f.latitude;
  if (!plane && !globe) {
    constexpr const char* message = "A point must contain either 'x' and 'y' or 'latitude' and 'longitude'";
    return tl::make_unexpected(Error(Status::syntax_error, message).caused_by(Error(Status::syntax_error, message).with_gql("42I16")));
  }
  const std::optional<Value>& up = f.z ? f.z : f.height;
  PACKHOUSE_TRY(const auto asked, asked_for(f));
  const Crs usual =
      plane && !globe ? (up ? Crs::cartesian_3d : Crs::cartesian_2d) : (up ? Crs::wgs84_3d : Crs::wgs84_2d);
  Point p;
  p.crs = asked.value_or(usual);
  if (!plane && !is_geographic(p.crs)) {
    return wrong("Geographic points does not support coordinate reference system: ", crs_name(p.crs));
  }
  if (is_3d(p.crs) != up.has_value()) {
    return wrong("Cannot create point with ", is_3d(p.crs) ? "3D" : "2D", " coordinate reference system and ",
                 up ? "3" : "2", " coordinates");
  }
  PACKHOUSE_TRY(p.x, plane ? coordinate(*f.x, "x") : coordinate(*f.longitude, "longitude"));
  PACKHOUSE_TRY(p.y, plane ? coordinate(*f.y, "y") : coordinate(*f.latitude, "latitude"));
  if (up) {
    PACKHOUSE_TRY(p.z, coordinate(*up, f.z ? "z" : "height"));
  }
  PACKHOUSE_CHECK(normalise(p));
  return p;
}

double radians(double degrees) {
  return degrees * std::numbers::pi / 180.0;
}

/// The angle between two places as seen from the centre of the earth (haversine).
double central_angle(const Point& a, const Point& b) {
  const double north = std::sin((radians(b.y) - radians(a.y)) / 2), east = std::sin((radians(b.x) - radians(a.x)) / 2);
  const double h = north * north + east * east * std::cos(radians(a.y)) * std::cos(radians(b.y));
  return 2.0 * std::atan2(std::sqrt(h), std::sqrt(1 - h));
}

}  // namespace

Result<Value> point_from_map(std::span<const MapEntry> components, Arena& arena) {
  PointFields fields;
  for (const auto& [key, value] : components) {
    // Other keys are ignored, so that a node's properties can be passed as they are.
    std::optional<Value>* field = fields.named(temporal::lower(key));
    if (!field) continue;
    if (value.is_null()) return Value();
    *field = value;
  }
  PACKHOUSE_TRY(const Point p, make_point(fields));
  return Value::point(arena.make<Point>(p));
}

std::optional<Value> point_component(const Point& p, std::string_view name) {
  const std::string wanted = temporal::lower(name);
  const bool geographic = is_geographic(p.crs);
  if (wanted == "x" || (geographic && wanted == "longitude")) return Value::real(p.x);
  if (wanted == "y" || (geographic && wanted == "latitude")) return Value::real(p.y);
  if (p.three_d() && (wanted == "z" || (geographic && wanted == "height"))) return Value::real(p.z);
  if (wanted == "crs") return Value::string(crs_name(p.crs));
  if (wanted == "srid") return Value::integer(static_cast<std::int64_t>(p.crs));
  return std::nullopt;
}

std::optional<double> point_distance(const Point& a, const Point& b) {
  if (a.crs != b.crs) return std::nullopt;
  if (!is_geographic(a.crs)) return std::hypot(a.x - b.x, a.y - b.y, a.three_d() ? a.z - b.z : 0.0);
  const double angle = central_angle(a, b);
  if (!a.three_d()) return earth_radius * angle;
  return std::hypot((earth_radius + (a.z + b.z) / 2) * angle, a.z - b.z);
}

std::optional<bool> point_within_box(const Point& p, const Point& lower_left, const Point& upper_right) {
  if (p.crs != lower_left.crs || p.crs != upper_right.crs) return std::nullopt;
  const auto between = [](double low, double n, double high) { return low <= n && n <= high; };
  const bool across = is_geographic(p.crs) && lower_left.x > upper_right.x;
  const bool in_x = across ? p.x >= lower_left.x || p.x <= upper_right.x : between(lower_left.x, p.x, upper_right.x);
  return in_x && between(lower_left.y, p.y, upper_right.y) &&
         (!p.three_d() || between(lower_left.z, p.z, upper_right.z));
}

std::string_view crs_name(Crs crs) {
  for (const CrsRow& row : systems) {
    if (row.crs == crs) return row.name;
  }
  return "unknown";
}

std::optional<Crs> crs_from_name(std::string_view name) {
  const std::string wanted = temporal::lower(name);
  for (const CrsRow& row : systems) {
    if (row.name == wanted) return row.crs;
  }
  return std::nullopt;
}

std::optional<Crs> crs_from_srid(std::int64_t srid) {
  for (const CrsRow& row : systems) {
    if (static_cast<std::int64_t>(row.crs) == srid) return row.crs;
  }
  return std::nullopt;
}

}  // namespace packhouse
