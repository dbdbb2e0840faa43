#pragma once
#include <memory>

#include "objects/serializer.hpp"

// The serializers that ship, one file each beside this one. docs/OBJECTS.md has the table.
namespace packhouse::objects {

using SerializerPtr = std::shared_ptr<const Serializer>;
using StreamSerializerPtr = std::shared_ptr<const StreamSerializer>;

SerializerPtr json_serializer();             ///< packhouse.json.value@v1
StreamSerializerPtr json_stream_serializer();     ///< packhouse.json.stream@v1
SerializerPtr msgpack_serializer();          ///< packhouse.msgpack.value@v1
StreamSerializerPtr msgpack_stream_serializer();  ///< packhouse.msgpack.stream@v1
SerializerPtr cbor_serializer();             ///< packhouse.cbor.value@v1
SerializerPtr packstream_serializer();       ///< packhouse.packstream.value@v1
SerializerPtr packos_serializer();           ///< packhouse.packos.value@v1
SerializerPtr datapacker_serializer();       ///< packhouse.datapacker@v1
SerializerPtr npy_serializer();              ///< packhouse.npy@v1
SerializerPtr bytes_serializer();            ///< packhouse.bytes@v1
StreamSerializerPtr bytes_stream_serializer();    ///< packhouse.bytes.stream@v1
SerializerPtr text_serializer();             ///< packhouse.text@v1
StreamSerializerPtr text_stream_serializer();     ///< packhouse.text.stream@v1
StreamSerializerPtr records_serializer();         ///< packhouse.records.stream@v1
SerializerPtr csv_serializer();              ///< packhouse.csv@v1
StreamSerializerPtr csv_stream_serializer();      ///< packhouse.csv.stream@v1
SerializerPtr datetime_serializer();         ///< packhouse.datetime.iso8601@v1

}  // namespace packhouse::objects
