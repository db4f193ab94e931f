#ifndef WAPC_BASE_BYTES_H_
#define WAPC_BASE_BYTES_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace wapc::base {

/// Writes numbers and texts one after the other, in the form that ByteReader reads back: numbers as LEB128, texts
/// behind their length. For files that only wapc reads.
class ByteWriter {
 public:
  void Number(uint64_t value);
  void Text(std::string_view text);
  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads what a ByteWriter wrote. Past the end, or where the bytes are not such a text, it gives zeros and empty texts,
/// and `ok` says so: check it once, after reading.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  uint64_t Number();
  /// A view into the bytes.
  std::string_view Text();
  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace wapc::base

#endif  // WAPC_BASE_BYTES_H_
