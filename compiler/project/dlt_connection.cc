#include "compiler/project/dlt_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <system_error>
#include <utility>

namespace wapc::compiler {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "dlt:";
constexpr std::string_view kSection = "destination";
constexpr std::string_view kCredentials = "credentials";
constexpr std::string_view kTypePrefix = "dlt.destinations.";

// A field of dlt's credentials and wapc's word for it.
struct Field {
  std::string_view dlt;
  std::string_view wapc;
};

constexpr auto kServer = std::to_array<Field>({{"host", "host"},
                                               {"port", "port"},
                                               {"database", "database"},
                                               {"username", "user"},
                                               {"password", "password"},
                                               {"connect_timeout", "connect_timeout"},
                                               {"sslmode", "sslmode"}});
constexpr auto kSnowflake = std::to_array<Field>({{"host", "account"},
                                                  {"database", "database"},
                                                  {"username", "user"},
                                                  {"password", "password"},
                                                  {"warehouse", "warehouse"},
                                                  {"role", "role"},
                                                  {"authenticator", "authenticator"},
                                                  {"token", "token"},
                                                  {"private_key", "private_key"},
                                                  {"private_key_path", "private_key_path"},
                                                  {"private_key_passphrase", "private_key_passphrase"}});
constexpr auto kDuckDb = std::to_array<Field>({{"database", "database"}});

std::span<const Field> FieldsOf(std::string_view type) {
  if (type == "duckdb") return kDuckDb;
  if (type == "snowflake") return kSnowflake;
  return kServer;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string Unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool code = text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0;
    out += code ? static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])) : text[i];
    if (code) i += 2;
  }
  return out;
}

// The parts of "driver://user:password@host:port/database?key=value" by dlt's names; nothing for what is no such text.
std::optional<std::map<std::string, std::string>> UrlParts(std::string_view text) {
  const size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  std::map<std::string, std::string> out;
  text.remove_prefix(scheme + 3);
  if (const size_t query = text.find('?'); query != std::string_view::npos) {
    std::string_view rest = text.substr(query + 1);
    text = text.substr(0, query);
    while (!rest.empty()) {
      const std::string_view pair = rest.substr(0, rest.find('&'));
      rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
      const size_t equal = pair.find('=');
      if (equal != std::string_view::npos) {
        out.emplace(Unescaped(pair.substr(0, equal)), Unescaped(pair.substr(equal + 1)));
      }
    }
  }
  const size_t slash = text.find('/');
  std::string_view server = text.substr(0, slash);
  if (slash != std::string_view::npos && slash + 1 < text.size()) out["database"] = text.substr(slash + 1);
  if (const size_t at = server.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = server.substr(0, at);
    const size_t colon = user.find(':');
    out["username"] = Unescaped(user.substr(0, colon));
    if (colon != std::string_view::npos) out["password"] = Unescaped(user.substr(colon + 1));
    server.remove_prefix(at + 1);
  }
  const size_t port = server.starts_with('[') ? server.find("]:") : server.find(':');
  const size_t colon = port == std::string_view::npos ? port : port + (server.starts_with('[') ? 1 : 0);
  if (colon != std::string_view::npos) out["port"] = server.substr(colon + 1);
  if (const std::string_view host = server.substr(0, colon); !host.empty()) {
    out["host"] = host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
  }
  return out;
}

class Resolver {
 public:
  Resolver(const DltReference& reference, fs::path folder, const Environment& environment, const DltSettings& settings)
      : reference_(reference), folder_(std::move(folder)), environment_(environment), settings_(settings) {}

  DltConnection Resolve() {
    type_ = reference_.destination;
    if (auto type = settings_.Find(reference_.pipeline, Sections(), "", "destination_type"); type && type->is_text) {
      type_ = type->text;
      if (type_.starts_with(kTypePrefix)) type_.erase(0, kTypePrefix.size());
      type->text = type_;
      Add("type", std::move(*type));
    } else {
      Add("type", {type_, "the name of the destination", false, true});
    }
    ReadString();
    for (const Field& field : FieldsOf(type_)) ReadField(field);
    if (type_ == "duckdb") PlaceDatabase();
    if (out_.settings.size() == 1 && out_.problem.empty()) {
      out_.problem = fmt::format("dlt's configuration in {} has no credentials of the destination '{}'",
                                 (folder_ / ".dlt").string(), reference_.destination);
    }
    return std::move(out_);
  }

 private:
  std::vector<std::string> Sections() const { return {std::string(kSection), reference_.destination}; }

  void Add(std::string_view key, DltValue value) { out_.settings.push_back({std::string(key), std::move(value)}); }

  // Credentials in one text: a connection string, or DuckDB's file.
  void ReadString() {
    const auto whole = settings_.Find(reference_.pipeline, Sections(), "", kCredentials);
    if (!whole || !whole->is_text) return;
    auto parts = UrlParts(whole->text);
    if (!parts && type_ == "duckdb") parts = {{"database", whole->text}};
    if (!parts) {
      out_.problem =
          fmt::format("the credentials of '{}' ({}) are no connection string", reference_.destination, whole->origin);
      return;
    }
    for (auto& [name, text] : *parts) given_[name] = {std::move(text), whole->origin, whole->from_secrets, true};
  }

  void ReadField(const Field& field) {
    if (const auto given = given_.find(std::string(field.dlt)); given != given_.end()) {
      Add(field.wapc, given->second);
      return;
    }
    auto value = settings_.Find(reference_.pipeline, Sections(), kCredentials, field.dlt);
    if (value && value->is_text) Add(field.wapc, std::move(*value));
  }

  std::string DefaultFile() const {
    const bool named = reference_.destination != type_;
    const std::string& stem = named || reference_.pipeline.empty() ? reference_.destination : reference_.pipeline;
    return stem + ".duckdb";
  }

  // dlt takes a relative file from where it runs, and ":pipeline:" for one in the pipeline's working folder.
  void PlaceDatabase() {
    auto found = std::find_if(out_.settings.begin(), out_.settings.end(),
                              [](const DltSetting& setting) { return setting.key == "database"; });
    if (found == out_.settings.end()) {
      Add("database", {DefaultFile(), "dlt's default", false, true});
      found = out_.settings.end() - 1;
    }
    std::string& database = found->value.text;
    if (database == ":pipeline:") {
      out_.problem = fmt::format(
          "the database of '{}' ({}) is in the working folder of a pipeline; write `database:` under the connection",
          reference_.destination, found->value.origin);
      return;
    }
    if (database.find("://") != std::string::npos || database.starts_with(":") || database.starts_with("md:")) return;
    const auto local = VariableOf(environment_, "DLT_LOCAL_DIR");
    std::error_code ignored;
    const fs::path base = fs::absolute(local && !local->empty() ? fs::path(*local) : folder_, ignored);
    database = (base / database).lexically_normal().string();
  }

  const DltReference& reference_;
  fs::path folder_;
  const Environment& environment_;
  const DltSettings& settings_;
  std::string type_;
  std::map<std::string, DltValue> given_;
  DltConnection out_;
};

}  // namespace

std::optional<DltReference> ParseDltReference(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  DltReference out;
  const std::string marker = fmt::format("{}.", kSection);
  if (!text.starts_with(marker)) {
    const size_t at = text.find("." + marker);
    if (at == std::string_view::npos || at == 0) return std::nullopt;
    out.pipeline = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  out.destination = text.substr(marker.size());
  const bool plain = !out.destination.empty() && out.destination.find_first_of(" ./") == std::string::npos;
  return plain ? std::optional(std::move(out)) : std::nullopt;
}

DltConnection ResolveDltConnection(const DltReference& reference, const fs::path& folder,
                                   const Environment& environment) {
  const auto settings = DltSettings::Read(folder, environment);
  if (!settings) {
    return {{{"type", {reference.destination, "the name of the destination", false, true}}}, settings.error().message};
  }
  return Resolver(reference, folder, environment, *settings).Resolve();
}

}  // namespace wapc::compiler
