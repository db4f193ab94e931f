#ifndef WAPC_BASE_DIGEST_H_
#define WAPC_BASE_DIGEST_H_

#include <string>
#include <string_view>

namespace wapc::base {

/// SHA-256 of the bytes, as 64 lower-case hex digits.
std::string Sha256Hex(std::string_view bytes);

/// The first 16 characters of the lower-case base32 (RFC 4648 alphabet) of the SHA-256 of the bytes: 80 bits, short
/// enough for a relation's name in every engine.
std::string ShortId(std::string_view bytes);

/// SHA3-256 of the bytes in standard base64, the form of dlt's version_hash.
std::string Sha3Base64(std::string_view bytes);

}  // namespace wapc::base

#endif  // WAPC_BASE_DIGEST_H_
