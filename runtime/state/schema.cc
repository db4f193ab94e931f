#include "runtime/state/schema.h"

#include <charconv>
#include <string>

#include "runtime/state/records.h"

namespace wapc::runtime {

base::Result<int64_t> StateFormat(Warehouse& warehouse) {
  auto meta = warehouse.Find({"wapc", "meta"});
  if (!meta) return meta.error();
  if (!meta->has_value()) return int64_t{0};
  auto rows = warehouse.Query("SELECT value FROM wapc.meta WHERE key = 'format'");
  if (!rows) return rows.error();
  int64_t format = 0;
  if (!rows->rows.empty()) {
    const std::string& text = rows->rows[0][0].value();
    std::from_chars(text.data(), text.data() + text.size(), format);
  }
  if (format == 0)
    return base::Error{base::ErrorKind::kWarehouse, "the table wapc.meta does not say the state's format"};
  if (format <= kStateFormat) return format;
  return base::Error{base::ErrorKind::kUsage, "state was written by a newer wapc: it has format " +
                                                  std::to_string(format) + ", this one knows up to " +
                                                  std::to_string(kStateFormat) + "; use the newer wapc here too"};
}

base::Status CheckStateFormat(int64_t format) {
  if (format == 0 || format == kStateFormat) return {};
  return base::Error{base::ErrorKind::kUsage, "state was written by an older wapc: it has format " +
                                                  std::to_string(format) + ", this one works with " +
                                                  std::to_string(kStateFormat) +
                                                  "; run wapc state migrate, which keeps a copy of it"};
}

}  // namespace wapc::runtime
