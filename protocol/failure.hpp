#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/buffer.hpp"
#include "base/error.hpp"
#include "protocol/message.hpp"
#include "protocol/version.hpp"

namespace packhouse::protocol {

/// Appends a FAILURE in the shape of the version: {code, message}, or from 5.7 on {neo4j_code, message,
/// gql_status, description, diagnostic_record, cause} (BOLT.md section 8).
void write_failure(Buffer& out, const Error& error, const Features& features);

/// The condition and subcondition of a GQLSTATUS: "data exception - division by zero". A status that
/// isn't in the table gets the condition of its class.
std::string gql_condition(std::string_view status);
/// "error: <condition> - <subcondition>. <text>"; without `text` up to the subcondition.
std::string gql_description(std::string_view status, std::string_view text);

// The errors of the protocol itself, with the status chains of BOLT.md section 8.

/// 08N06 > 08N10: `message` (its name) is not allowed in `state`.
Error wrong_state(std::string_view message, std::string_view state);
/// 08N06 > 22N97: the version has no such message.
Error unknown_message(std::uint8_t tag, Version version);
/// 08N06 > 22004: PULL or DISCARD without such a result.
Error unknown_result(std::int64_t qid);
/// 08N06 > 22G03 > 22N01: "`n` of PULL must be an integer, but is a STRING".
Error wrong_type(std::string_view what, std::string_view expected, std::string_view found);
/// 08N06 > 22N05 > 22004: a mandatory key isn't there.
Error missing_key(std::string_view key, std::string_view message);
/// 08N06 > 22N05: a key's value is of the right type, but not one of those allowed.
Error bad_value(std::string_view what, std::string_view found, std::string_view expected);
/// 08N11 > 22N57: too few or too many fields.
Error wrong_field_count(std::string_view message, std::size_t expected, std::size_t found);
/// 22N56.
Error message_too_large(std::size_t limit);

}  // namespace packhouse::protocol
