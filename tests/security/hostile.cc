// hostile_runner TOOLS_FOLDERS ROUNDS SEED: names and values that an enemy chose, from the catalog of a warehouse
// through pull, generate, compile, plan, apply and audit. What is published has to be what the raw table holds, and
// nothing else may have happened: a table that every injected statement would drop is still there, and no file stands
// outside of the project's folder.
#include <duckdb.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/golden/sandbox.h"

namespace wapc::security {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFragments = {"a",
                                   "order",
                                   "\"",
                                   "'",
                                   ";",
                                   "\n",
                                   "--",
                                   "/*",
                                   "*/",
                                   "@{rel:main.canary}",
                                   "@{at}",
                                   "@x",
                                   "\\",
                                   "\xC3\xBC",
                                   "\xE6\x97\xA5",
                                   "$$",
                                   "$1",
                                   "{{ x }}",
                                   "{0}",
                                   "%s",
                                   "?",
                                   " ",
                                   "\t",
                                   ":",
                                   "#",
                                   "select",
                                   "); drop table main.canary; --",
                                   "\"; drop table main.canary; --",
                                   "'; drop table main.canary; --",
                                   "*/ drop table main.canary; /*",
                                   "\n: x\n- y",
                                   "a_very_long_part_of_a_name_that_no_engine_of_sixty_three_bytes_takes_as_it_is"};

class Chooser {
 public:
  explicit Chooser(unsigned seed) : random_(seed) {}

  // Names stay apart by their number, whatever an engine makes of letter case or blanks. A brace in the name of a
  // relation would end a token of the plan, and apply refuses it; a slash or a line break is no part of a path.
  std::string Name(bool relation) {
    std::string out = "n" + std::to_string(++count_);
    for (unsigned i = Below(3) + 1; i > 0; --i) {
      const std::string fragment = kFragments[Below(kFragments.size())];
      if (!relation || fragment.find_first_of("}/\n\t") == std::string::npos) out += fragment;
    }
    return out;
  }
  std::string Value() {
    std::string out;
    for (unsigned i = Below(4); i > 0; --i) out += kFragments[Below(kFragments.size())];
    return out;
  }
  unsigned Below(size_t limit) { return static_cast<unsigned>(random_() % limit); }

 private:
  std::mt19937 random_;
  int count_ = 0;
};

std::string Doubled(const std::string& text, char quote) {
  std::string out(1, quote);
  for (const char c : text) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}
std::string Quote(const std::string& name) { return Doubled(name, '"'); }
std::string Literal(const std::string& text) { return Doubled(text, '\''); }
std::string Shell(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// One connection to the warehouse of a round, without wapc.
class Engine {
 public:
  explicit Engine(const fs::path& file) {
    if (duckdb_open(file.c_str(), &database_) != DuckDBSuccess ||
        duckdb_connect(database_, &connection_) != DuckDBSuccess) {
      std::cerr << "cannot open " << file << "\n";
      std::exit(2);
    }
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }

  // The first value of the last row, or the engine's error behind a "!".
  std::string Run(const std::string& sql) {
    duckdb_result result;
    std::string out;
    if (duckdb_query(connection_, sql.c_str(), &result) != DuckDBSuccess) {
      out = std::string("!") + duckdb_result_error(&result);
    } else if (duckdb_row_count(&result) > 0) {
      char* const text = duckdb_value_varchar(&result, 0, duckdb_row_count(&result) - 1);
      out = text == nullptr ? "" : text;
      duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    return out;
  }

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

struct Raw {
  std::string schema, table, key, text, number;
};

void MakeRaw(const fs::path& file, const Raw& raw, Chooser& choose) {
  Engine engine(file);
  const std::string table = Quote(raw.schema) + "." + Quote(raw.table);
  std::string sql =
      "CREATE TABLE main.canary AS SELECT 1 AS alive; CREATE SCHEMA " + Quote(raw.schema) + "; CREATE TABLE " + table +
      " (" + Quote(raw.key) + " VARCHAR PRIMARY KEY, " + Quote(raw.text) + " VARCHAR, " + Quote(raw.number) +
      " BIGINT NOT NULL, _dlt_load_id VARCHAR NOT NULL, _dlt_id VARCHAR NOT NULL); CREATE TABLE " + Quote(raw.schema) +
      "._dlt_loads AS SELECT 'l1' AS load_id, 'shop' AS schema_name, 0::BIGINT AS status, TIMESTAMPTZ "
      "'2024-01-01' AS inserted_at, 'h' AS schema_version_hash;";
  for (int i = 0; i < 8; ++i) {
    sql += "INSERT INTO " + table + " VALUES (" + Literal("k" + std::to_string(i) + choose.Value()) + ", " +
           Literal(choose.Value()) + ", " + std::to_string(i) + ", 'l1', " + Literal("d" + std::to_string(i)) + ");";
  }
  if (const std::string failed = engine.Run(sql); failed.starts_with("!")) {
    std::cerr << "the raw table was not made: " << failed << "\n" << sql << "\n";
    std::exit(2);
  }
}

// The load is one of the schema that pull made up for the catalog.
void NameLoads(const fs::path& file, const Raw& raw, const std::string& pulled) {
  const size_t begin = pulled.find("\nname: ") + 7;
  const std::string written = pulled.substr(begin, pulled.find('\n', begin) - begin);
  std::string name;
  for (size_t i = 0; i < written.size(); ++i) {
    if (written[0] != '\'' || written[i] != '\'') {
      name += written[i];
    } else if (i > 0 && i + 2 < written.size()) {  // a quote inside of quotes is doubled
      name += written[i++];
    }
  }
  Engine(file).Run("UPDATE " + Quote(raw.schema) + "._dlt_loads SET schema_name = " + Literal(name));
}

// A model beside the staging, with every name quoted as a user has to.
std::string ModelText(const Raw& raw) {
  return "MODEL (name marts.copy, kind FULL, grain (" + Quote(raw.key) + "),\n  audits (not_null(columns := (" +
         Quote(raw.number) + ")), accepted_range(column := " + Quote(raw.number) +
         ", min_v := 1, quarantine := true),\n    not_accepted_values(column := " + Quote(raw.text) +
         ", is_in := ('never', " + Literal(raw.text) + "))));\nSELECT * FROM " + Quote(raw.schema + "_staging") + "." +
         Quote("stg_" + raw.table) + ";\n";
}

std::set<std::string> Entries(const fs::path& folder) {
  std::set<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder)) out.insert(entry.path().filename().string());
  return out;
}

bool Check(bool holds, const std::string& what, const Raw& raw) {
  if (holds) return true;
  std::cout << "FAILED " << what << "\n  schema " << Literal(raw.schema) << "\n  table " << Literal(raw.table)
            << "\n  key " << Literal(raw.key) << "\n  text " << Literal(raw.text) << "\n  number "
            << Literal(raw.number) << "\n";
  return false;
}

bool RunRound(unsigned seed) {
  Chooser choose(seed);
  const Raw raw{choose.Name(true), choose.Name(true), choose.Name(false), choose.Name(false), choose.Name(false)};
  const golden::Sandbox sandbox;
  const fs::path file = sandbox.project() / "warehouse.duckdb";
  golden::WriteAll(sandbox.project() / "wapc.yaml",
                   "name: demo\ngateways:\n  local:\n    connection: {type: duckdb, database: warehouse.duckdb}\n");
  MakeRaw(file, raw, choose);
  const golden::Output pulled = sandbox.Run("wapc pull " + Shell(raw.schema) + " --from local");
  const auto outside = Entries(sandbox.project().parent_path());
  if (!Check(pulled.exit_code == 0, "pull: " + pulled.err, raw)) return false;
  golden::WriteAll(sandbox.project() / "metadata" / raw.schema / "staging.yml", "rules: []\n");
  NameLoads(file, raw, golden::ReadAll(sandbox.project() / "metadata" / raw.schema / "schema.yml"));
  golden::WriteAll(sandbox.project() / "models" / "copy.sql", ModelText(raw));
  for (const char* const verb :
       {"generate", "compile", "plan", "apply plan.json", "audit", "plan", "render marts.copy"}) {
    const golden::Output done = sandbox.Run(std::string("wapc ") + verb);
    if (!Check(done.exit_code == 0, std::string(verb) + ": " + done.out + done.err, raw)) return false;
  }
  Engine engine(file);
  const std::string table = Quote(raw.schema) + "." + Quote(raw.table);
  const std::string columns = Quote(raw.key) + ", " + Quote(raw.text) + ", " + Quote(raw.number);
  const auto differs = [&](const std::string& served, const std::string& where) {
    const std::string left = "SELECT " + columns + " FROM " + table + where;
    const std::string right = "SELECT " + columns + " FROM " + served;
    return engine.Run("SELECT count(*) FROM ((" + left + " EXCEPT ALL " + right + ") UNION ALL (" + right +
                      " EXCEPT ALL " + left + ")) AS d");
  };
  const std::string staged = Quote(raw.schema + "_staging") + "." + Quote("stg_" + raw.table);
  const std::string found = differs(staged, "");
  const std::string kept = differs("marts.copy", " WHERE " + Quote(raw.number) + " >= 1");
  const std::string aside = differs("marts.copy__quarantine", " WHERE " + Quote(raw.number) + " < 1");
  return Check(engine.Run("SELECT alive FROM main.canary") == "1", "the canary is gone", raw) &&
         Check(found == "0", "staging differs from the raw table: " + found, raw) &&
         Check(kept == "0", "the model differs from the raw table: " + kept, raw) &&
         Check(aside == "0", "the quarantine differs from the raw table: " + aside, raw) &&
         Check(Entries(sandbox.project().parent_path()) == outside, "a file stands outside of the project", raw);
}

}  // namespace
}  // namespace wapc::security

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: hostile_runner TOOLS_FOLDERS ROUNDS SEED\n";
    return 2;
  }
  wapc::golden::PrepareEnvironment(argv[1]);
  const auto rounds = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
  const auto seed = static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10));
  unsigned failed = 0;
  for (unsigned i = 0; i < rounds; ++i) {
    if (wapc::security::RunRound(seed + i)) continue;
    ++failed;
    std::cout << "  seed " << seed + i << "\n";
  }
  std::cout << rounds << " rounds, " << failed << " failed\n";
  return failed == 0 && rounds > 0 ? 0 : 1;
}
