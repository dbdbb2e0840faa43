#pragma once

namespace packhouse {

/// For intermediate results that leave 64 bits. A compiler extension, hence the marker.
__extension__ typedef __int128 int128;

}  // namespace packhouse
