#include "handlers/session.hpp"

namespace packhouse::handlers {

/// One server in all three roles, under the name by which the client knows it (BOLT.md section 14).
Reply Session::route(const protocol::Route& request) {
  if (auto known = check_database(request.database); !known) {
    const std::string message = known.error().message();
    return Reply::failed(std::move(known).error().with_gql("22000").caused_by(Error(Status::database_not_found, message).with_gql("22N51")));
  }
  if (!request.impersonated_user.empty()) return Reply::failed(no_impersonation());
  const std::string_view address = protocol::text_of(request.routing, "address").value_or(server_.advertised_address);
  constexpr std::string_view roles[] = {"WRITE", "READ", "ROUTE"};
  constexpr std::int64_t time_to_live_s = 300;
  const bool named = features_.has(protocol::Feature::route_map);

  protocol::SuccessFrame frame(out_, dialect_);
  packstream::Writer& w = frame.value("rt");
  w.write_map_header(named ? 3 : 2);
  w.write_string("ttl");
  w.write_integer(time_to_live_s);
  if (named) {
    w.write_string("db");
    w.write_string(request.database.empty() ? std::string_view(server_.database) : request.database);
  }
  w.write_string("servers");
  w.write_list_header(std::size(roles));
  for (const std::string_view role : roles) {
    w.write_map_header(2);
    w.write_string("addresses");
    w.write_list_header(1);
    w.write_string(address);
    w.write_string("role");
    w.write_string(role);
  }
  frame.close();
  return Reply::done();
}

}  // namespace packhouse::handlers
