#pragma once

namespace packhouse::cypher::plan {
struct Node;
}
