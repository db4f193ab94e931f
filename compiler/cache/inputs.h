#ifndef WAPC_COMPILER_CACHE_INPUTS_H_
#define WAPC_COMPILER_CACHE_INPUTS_H_

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/files.h"
#include "base/source.h"

/// What a compile depends on, and whether it is still the same.
namespace wapc::compiler {

/// One file that a compile reads, or could read.
struct InputFile {
  base::FileStamp stamp;
  std::string digest;  ///< of its bytes (SHA-256)
};

/// Every file that a compile of a project may read, by its path relative to the project folder. A file that is gone is
/// one with an empty digest.
using Inputs = std::map<std::string, InputFile, std::less<>>;

/// The stamps, without digests, of what lies in the folders and files that wapc reads; and of `more`, which an earlier
/// compile read elsewhere (seeds).
Inputs StampInputs(const std::filesystem::path& folder, const std::vector<std::string>& more);

/// Adds the files that a compile read and `inputs` lacks, and the digests of all: of texts as they were read, of others
/// as they are.
void CompleteInputs(const std::filesystem::path& folder, const base::SourceMap& sources, Inputs& inputs);

/// The paths of the files that differ between an earlier compile and now: new, gone, or with other bytes. Bytes are
/// read only where the stamp differs, or is so young against `written` (nanoseconds since 1970, when the earlier inputs
/// were kept) that a write within one tick of the file system's clock could hide behind it. Gives `now` its digests.
std::vector<std::string> ChangedInputs(const std::filesystem::path& folder, const Inputs& before, int64_t written,
                                       Inputs& now);

void WriteInputs(const Inputs& inputs, base::ByteWriter& out);
Inputs ReadInputs(base::ByteReader& in);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_CACHE_INPUTS_H_
