#include "base/bytes.h"

namespace wapc::base {

void ByteWriter::Number(uint64_t value) {
  constexpr uint64_t kMore = 0x80;
  for (; value >= kMore; value >>= 7U) bytes_ += static_cast<char>(static_cast<uint8_t>(value | kMore));
  bytes_ += static_cast<char>(static_cast<uint8_t>(value));
}

void ByteWriter::Text(std::string_view text) {
  Number(text.size());
  bytes_ += text;
}

uint64_t ByteReader::Number() {
  constexpr unsigned kBits = 64;
  uint64_t value = 0;
  for (unsigned shift = 0; shift < kBits && !bytes_.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  ok_ = false;
  bytes_ = {};
  return 0;
}

std::string_view ByteReader::Text() {
  const uint64_t size = Number();
  if (size > bytes_.size()) {
    ok_ = false;
    bytes_ = {};
    return {};
  }
  const std::string_view text = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return text;
}

}  // namespace wapc::base
