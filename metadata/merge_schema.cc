#include "metadata/merge_schema.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/yaml_write.h"
#include "metadata/version_hash.h"
#include "metadata/x_wapc.h"

namespace wapc::metadata {
namespace {

using base::YamlEntry;
using base::YamlNode;

// Hints that dlt itself writes under x-: upstream alone says what they are.
constexpr std::array<std::string_view, 10> kDltHints{
    "x-normalizer", "x-merge-strategy",          "x-loader",      "x-extractor",        "x-valid-from",
    "x-valid-to",   "x-active-record-timestamp", "x-row-version", "x-replace-strategy", "x-boundary-timestamp"};

YamlNode* FindMutable(YamlNode& node, std::string_view key) {
  const auto found = std::find_if(node.entries.begin(), node.entries.end(),
                                  [key](const YamlEntry& entry) { return entry.key == key; });
  return found == node.entries.end() ? nullptr : &found->value;
}

void Remove(YamlNode& node, std::string_view key) {
  std::erase_if(node.entries, [key](const YamlEntry& entry) { return entry.key == key; });
}

bool RepeatsKey(const YamlEntry& child, std::string_view key) {
  return child.key == "name" && child.value.is_scalar() && child.value.scalar == key;
}

void DropRepeatedName(YamlEntry& named) {
  std::erase_if(named.value.entries, [&named](const YamlEntry& child) { return RepeatsKey(child, named.key); });
  Remove(named.value, kXWapc);
}

// One level of the file, and what to do with its keys.
enum class Level : uint8_t { kRoot, kSettings, kTables, kTable, kColumns, kColumn, kOther };

Level Below(Level level, std::string_view key) {
  switch (level) {
    case Level::kRoot:
      if (key == "tables") return Level::kTables;
      return key == "settings" ? Level::kSettings : Level::kOther;
    case Level::kTables: return Level::kTable;
    case Level::kTable: return key == "columns" ? Level::kColumns : Level::kOther;
    case Level::kColumns: return Level::kColumn;
    default: return Level::kOther;
  }
}

class Merger {
 public:
  Merger(bool edited, bool prune) : edited_(edited), prune_(prune) {}

  YamlNode Merge(const YamlNode& mine, const YamlNode& upstream, Level level, const std::string& path) {
    if (!mine.is_map() || !upstream.is_map()) return base::SameYaml(mine, upstream) ? mine : upstream;
    const bool follow = level == Level::kColumns && !edited_;
    YamlNode out = mine;
    out.entries = follow ? InOrderOf(upstream, mine, level, path) : InOwnOrder(mine, upstream, level, path);
    return out;
  }

  std::vector<KeptPart> TakeKept() { return std::move(kept_); }

 private:
  static std::string PathOf(Level level, const std::string& path, const std::string& key) {
    if (level == Level::kRoot || level == Level::kSettings) return level == Level::kRoot && key == "tables" ? "" : key;
    if (level == Level::kTable && key == "columns") return path;
    return path.empty() ? key : path + "." + key;
  }

  // A key that people write, and that upstream does not overrule once somebody has.
  bool IsOwnHint(Level level, std::string_view key) const {
    if (!edited_ || level == Level::kOther || level == Level::kTables || level == Level::kColumns) return false;
    if (key == "description" || key == "schema_contract") return true;
    return key.starts_with("x-") && std::find(kDltHints.begin(), kDltHints.end(), key) == kDltHints.end();
  }

  void Keep(const YamlEntry& entry, Level level, const std::string& path) {
    using What = KeptPart::What;
    const What what = level == Level::kTables      ? What::kTable
                      : level == Level::kColumns   ? What::kColumn
                      : entry.key == "description" ? What::kDescription
                                                   : What::kHint;
    kept_.push_back({what, PathOf(level, path, entry.key), entry.key_span});
  }

  // What stays of a key that upstream does not have.
  bool StaysAlone(const YamlEntry& entry, Level level, const std::string& path) {
    if (entry.key == kXWapc) return true;
    const std::string_view whole = path;
    const std::string_view last = whole.substr(whole.rfind('.') + 1);
    if ((level == Level::kTable || level == Level::kColumn) && RepeatsKey(entry, last)) return true;
    const bool gone = (level == Level::kTables || level == Level::kColumns) && !prune_;
    if (!gone && !IsOwnHint(level, entry.key)) return false;
    Keep(entry, level, path);
    return true;
  }

  YamlEntry Both(const YamlEntry& mine, const YamlNode& upstream, Level level, const std::string& path) {
    if (IsOwnHint(level, mine.key)) {
      if (!base::SameYaml(mine.value, upstream)) Keep(mine, level, path);
      return mine;
    }
    YamlEntry out = mine;
    out.value = Merge(mine.value, upstream, Below(level, mine.key), PathOf(level, path, mine.key));
    return out;
  }

  // Mine's order; each new key behind the one that it follows upstream.
  std::vector<YamlEntry> InOwnOrder(const YamlNode& mine, const YamlNode& upstream, Level level,
                                    const std::string& path) {
    const auto by_key = Index(upstream);
    std::vector<YamlEntry> out;
    for (const YamlEntry& entry : mine.entries) {
      const auto found = by_key.find(entry.key);
      if (found != by_key.end()) {
        out.push_back(Both(entry, upstream.entries[found->second].value, level, path));
      } else if (StaysAlone(entry, level, path)) {
        out.push_back(entry);
      }
    }
    Insert(upstream, out);
    return out;
  }

  // Upstream's order; each key of mine alone behind the one that it follows here.
  std::vector<YamlEntry> InOrderOf(const YamlNode& upstream, const YamlNode& mine, Level level,
                                   const std::string& path) {
    const auto by_key = Index(mine);
    const auto theirs = Index(upstream);
    std::vector<YamlEntry> out;
    for (const YamlEntry& entry : upstream.entries) {
      const auto found = by_key.find(entry.key);
      out.push_back(found == by_key.end() ? entry : Both(mine.entries[found->second], entry.value, level, path));
    }
    YamlNode alone = mine;
    std::erase_if(alone.entries, [&](const YamlEntry& entry) {
      return !theirs.contains(entry.key) && !StaysAlone(entry, level, path);
    });
    Insert(alone, out);
    return out;
  }

  static std::unordered_map<std::string_view, size_t> Index(const YamlNode& map) {
    std::unordered_map<std::string_view, size_t> out;
    for (size_t i = 0; i < map.entries.size(); ++i) out.emplace(map.entries[i].key, i);
    return out;
  }

  // Puts the entries of `from` that `out` lacks into it, each behind the nearest one before it that is there.
  static void Insert(const YamlNode& from, std::vector<YamlEntry>& out) {
    std::unordered_map<std::string_view, size_t> known;
    for (size_t i = 0; i < out.size(); ++i) known.emplace(out[i].key, i);
    // By the place that they go behind; 0 is the front.
    std::vector<std::vector<const YamlEntry*>> behind(out.size() + 1);
    size_t place = 0;
    for (const YamlEntry& entry : from.entries) {
      const auto found = known.find(entry.key);
      if (found == known.end()) {
        behind[place].push_back(&entry);
      } else {
        place = found->second + 1;
      }
    }
    std::vector<YamlEntry> merged;
    for (size_t i = 0; i <= out.size(); ++i) {
      for (const YamlEntry* const entry : behind[i]) merged.push_back(*entry);
      if (i < out.size()) merged.push_back(std::move(out[i]));
    }
    out = std::move(merged);
  }

  bool edited_;
  bool prune_;
  std::vector<KeptPart> kept_;
};

}  // namespace

YamlNode NormalizeExport(const YamlNode& root) {
  YamlNode out = root;
  Remove(out, kXWapc);
  Remove(out, "imported_version_hash");
  YamlNode* const tables = FindMutable(out, "tables");
  if (tables == nullptr) return out;
  for (YamlEntry& table : tables->entries) {
    DropRepeatedName(table);
    if (YamlNode* const columns = FindMutable(table.value, "columns")) {
      for (YamlEntry& column : columns->entries) DropRepeatedName(column);
    }
  }
  return out;
}

bool IsAsDltWroteIt(const YamlNode& root) {
  const YamlNode* const stored = root.Find("version_hash");
  return stored != nullptr && stored->is_scalar() && stored->scalar == ComputeVersionHash(root);
}

SchemaMerge MergeSchema(const YamlNode& mine, const YamlNode& upstream, bool prune) {
  Merger merger(!IsAsDltWroteIt(mine), prune);
  SchemaMerge out;
  out.merged = merger.Merge(mine, upstream, Level::kRoot, "");
  out.kept = merger.TakeKept();
  return out;
}

}  // namespace wapc::metadata
