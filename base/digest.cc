#include "base/digest.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace wapc::base {
namespace {

using Bytes = std::array<unsigned char, 32>;

Bytes Digest256(const EVP_MD* algorithm, std::string_view bytes) {
  Bytes out{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm, nullptr) != 1 || size != out.size()) {
    throw std::runtime_error("OpenSSL could not compute a 256-bit digest");
  }
  return out;
}

}  // namespace

std::string Sha256Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : Digest256(EVP_sha256(), bytes)) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
  return out;
}

std::string ShortId(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  constexpr int kBytes = 10;  // 80 bits are 16 characters of 5 bits
  const Bytes digest = Digest256(EVP_sha256(), bytes);
  std::string out;
  uint32_t buffer = 0;
  int bits = 0;
  for (int i = 0; i < kBytes; ++i) {
    buffer = (buffer << 8U) | digest[static_cast<size_t>(i)];
    for (bits += 8; bits >= 5; bits -= 5) out += kAlphabet[(buffer >> static_cast<unsigned>(bits - 5)) & 31U];
  }
  return out;
}

std::string Sha3Base64(std::string_view bytes) {
  const Bytes digest = Digest256(EVP_sha3_256(), bytes);
  std::vector<unsigned char> out(64);
  const int size = EVP_EncodeBlock(out.data(), digest.data(), static_cast<int>(digest.size()));
  return {out.begin(), out.begin() + size};
}

}  // namespace wapc::base
