#pragma once
#include "base/error.hpp"
#include "packstream/dialect.hpp"
#include "protocol/request.hpp"
#include "protocol/version.hpp"

namespace packhouse::protocol {

/// What decoding depends on beside the message.
struct DecodeContext {
  Features features;
  packstream::Dialect dialect;
  bool in_transaction = false;  ///< then RUN's extra map is not looked into
};

/// The request with this tag in `message`, checked for number, types and presence of its fields
/// (BOLT.md sections 5 and 6.1). Views point into `message`. Bytes behind the structure are ignored.
Result<RequestBody> decode(Tag tag, Message& message, const DecodeContext& context);

/// Severity and disabled categories, under the names that the version gives them.
class Extra;
Result<NotificationFilter> decode_filter(const Extra& extra, const Features& features);

}  // namespace packhouse::protocol
