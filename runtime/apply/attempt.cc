#include "runtime/apply/attempt.h"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include "runtime/sql_text.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

using Json = nlohmann::json;

std::string EntryToJson(const std::vector<RelationName>& relations, const std::string& note) {
  Json json{{"relations", Json::array()}, {"note", note}};
  for (const RelationName& name : relations) json["relations"].push_back({name.schema, name.name});
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Status ReadEntry(std::string_view text, JournalEntry& entry) {
  try {
    const Json json = Json::parse(text);
    entry.note = json.at("note").get<std::string>();
    for (const Json& name : json.at("relations")) {
      entry.relations.push_back({name.at(0).get<std::string>(), name.at(1).get<std::string>()});
    }
    return {};
  } catch (const Json::exception& error) {
    return base::Error{base::ErrorKind::kWarehouse,
                       "the journal entry " + entry.key + " cannot be read: " + error.what()};
  }
}

std::string Lease(const Run& run) { return run.warehouse.Literal("environment:" + run.plan.environment); }

std::string ThisAttempt(const Run& run, std::string_view sha_column) {
  return std::string(sha_column) + " = " + run.warehouse.Literal(run.options.sha256) +
         " AND attempt = " + std::to_string(run.attempt.number);
}

/// The moment in UTC to the microsecond, as engines and people read it.
std::string NowText() {
  const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%d %H:%M:}{:09.6f}+00", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     static_cast<double>(now.time_since_epoch().count() % 60'000'000) / 1e6);
}

/// Relations that are recorded as published builds: never dropped here.
base::Result<std::set<std::pair<std::string, std::string>>> PublishedRelations(Warehouse& warehouse) {
  auto rows = warehouse.Query("SELECT relation_schema, relation_name FROM wapc.builds");
  if (!rows) return rows.error();
  std::set<std::pair<std::string, std::string>> names;
  for (auto& row : rows->rows) names.emplace(row[0].value_or(""), row[1].value_or(""));
  return names;
}

/// Drops what the entries made, the newest first, and takes the entries out of the journal.
base::Status Clear(Warehouse& warehouse, std::vector<JournalEntry> entries) {
  if (entries.empty()) return {};
  std::reverse(entries.begin(), entries.end());
  const auto published = PublishedRelations(warehouse);
  if (!published) return published.error();
  std::vector<RelationName> relations;
  std::set<std::pair<std::string, int64_t>> attempts;
  for (const JournalEntry& entry : entries) {
    attempts.emplace(entry.plan_sha256, entry.attempt);
    for (const RelationName& name : entry.relations) {
      if (!published->contains({name.schema, name.name})) relations.push_back(name);
    }
  }
  if (auto status = DropRelations(warehouse, relations); !status) return status;
  for (const auto& [sha256, attempt] : attempts) {
    auto status = warehouse.Execute("DELETE FROM wapc.journal WHERE plan_sha256 = " + warehouse.Literal(sha256) +
                                    " AND attempt = " + std::to_string(attempt));
    if (!status) return status;
  }
  return {};
}

base::Status TakeLease(Run& run) {
  auto rows = run.warehouse.Query("SELECT token FROM wapc.leases WHERE resource = " + Lease(run));
  if (!rows) return rows.error();
  run.attempt.token = rows->rows.empty() ? 1 : CellNumber(rows->rows[0][0]) + 1;
  if (auto status = run.warehouse.Execute("DELETE FROM wapc.leases WHERE resource = " + Lease(run)); !status)
    return status;
  SqlRow row(run.warehouse);
  row.Raw(Lease(run)).Text("pid " + std::to_string(getpid())).Number(run.attempt.token).Raw("now()");
  return InsertRows(run.warehouse, "wapc.leases", {row.text()});
}

/// Whether everything that the killed attempt froze is still there; without it, it cannot go on with the same loads.
base::Result<bool> CanResume(Run& run, const std::vector<JournalEntry>& mine) {
  for (const JournalEntry& entry : mine) {
    if (!entry.key.starts_with("loads:")) continue;
    for (const RelationName& name : entry.relations) {
      auto found = run.warehouse.Find(name);
      if (!found) return found.error();
      if (!found->has_value()) return false;
    }
  }
  return true;
}

base::Status RecordAttempt(Run& run) {
  auto status = run.warehouse.Execute(
      "UPDATE wapc.plans SET status = 'failed', error = 'given up for a later apply', finished_at = now() "
      "WHERE environment = " +
      run.warehouse.Literal(run.plan.environment) + " AND status = 'running' AND NOT (" + ThisAttempt(run, "sha256") +
      ")");
  if (!status || run.attempt.resumed) return status;
  SqlRow row(run.warehouse);
  row.Text(run.options.sha256).Number(run.attempt.number).Text(run.plan.environment).Text("running");
  row.Text(run.attempt.execution_ts).Text(run.plan.wapc_version).Text("").Raw("now()").Raw("NULL");
  return InsertRows(run.warehouse, "wapc.plans", {row.text()});
}

base::Status StartInTransaction(Run& run, const std::optional<AttemptRecord>& last) {
  if (auto status = TakeLease(run); !status) return status;
  auto journal = ReadJournal(run.warehouse, run.plan.environment);
  if (!journal) return journal.error();
  const auto is_mine = [&](const JournalEntry& entry) {
    return last && last->status == "running" && entry.plan_sha256 == run.options.sha256 &&
           entry.attempt == last->number;
  };
  const auto others = std::stable_partition(journal->begin(), journal->end(), is_mine);
  const auto resumable = CanResume(run, {journal->begin(), others});
  if (!resumable) return resumable.error();
  run.attempt.resumed = last && last->status == "running" && *resumable;
  run.attempt.number = run.attempt.resumed ? last->number : (last ? last->number + 1 : 1);
  run.attempt.execution_ts = run.attempt.resumed ? last->execution_ts : NowText();
  for (const JournalEntry& entry : *journal) run.journal_seq = std::max(run.journal_seq, entry.seq);
  const auto dead = run.attempt.resumed ? others : journal->begin();
  std::vector<JournalEntry> left(dead, journal->end());
  std::sort(left.begin(), left.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
  if (auto status = Clear(run.warehouse, std::move(left)); !status) return status;
  return RecordAttempt(run);
}

}  // namespace

base::Result<std::optional<AttemptRecord>> LastAttempt(Warehouse& warehouse, const std::string& plan_sha256) {
  auto rows = warehouse.Query("SELECT attempt, status, execution_ts FROM wapc.plans WHERE sha256 = " +
                              warehouse.Literal(plan_sha256) + " ORDER BY attempt DESC LIMIT 1");
  if (!rows) return rows.error();
  if (rows->rows.empty()) return std::optional<AttemptRecord>();
  const auto& row = rows->rows[0];
  return std::optional<AttemptRecord>({CellNumber(row[0]), row[1].value_or(""), row[2].value_or("")});
}

base::Result<std::vector<JournalEntry>> ReadJournal(Warehouse& warehouse, const std::string& environment) {
  auto rows = warehouse.Query(
      "SELECT j.plan_sha256, j.attempt, j.seq, j.key, j.value FROM wapc.journal AS j JOIN wapc.plans AS p "
      "ON p.sha256 = j.plan_sha256 AND p.attempt = j.attempt WHERE p.environment = " +
      warehouse.Literal(environment) + " ORDER BY j.seq");
  if (!rows) return rows.error();
  std::vector<JournalEntry> entries;
  for (auto& row : rows->rows) {
    JournalEntry entry{row[0].value_or(""), CellNumber(row[1]), CellNumber(row[2]), row[3].value_or("")};
    if (auto status = ReadEntry(row[4].value_or(""), entry); !status) return status.error();
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string JournalRow(Run& run, const std::string& key, const std::vector<RelationName>& relations,
                       const std::string& note) {
  const std::lock_guard lock(run.mutex);
  SqlRow row(run.warehouse);
  row.Text(run.options.sha256).Number(run.attempt.number).Number(++run.journal_seq).Text(key);
  row.Text(EntryToJson(relations, note));
  return row.text();
}

base::Status AddJournal(Warehouse& warehouse, const std::vector<std::string>& rows) {
  return InsertRows(warehouse, "wapc.journal", rows);
}

base::Status StartAttempt(Run& run, const std::optional<AttemptRecord>& last) {
  return InTransaction(run.warehouse, [&] { return StartInTransaction(run, last); });
}

base::Status CheckLease(const Run& run) {
  auto rows = run.warehouse.Query("SELECT token FROM wapc.leases WHERE resource = " + Lease(run));
  if (!rows) return rows.error();
  if (!rows->rows.empty() && CellNumber(rows->rows[0][0]) == run.attempt.token) return {};
  return base::Error{base::ErrorKind::kRace,
                     "another apply took the environment '" + run.plan.environment + "' over; nothing was published"};
}

base::Status FailAttempt(Run& run, const std::string& error) {
  return InTransaction(run.warehouse, [&]() -> base::Status {
    if (auto status = CheckLease(run); !status) return status;
    auto journal = ReadJournal(run.warehouse, run.plan.environment);
    if (!journal) return journal.error();
    std::erase_if(*journal, [&](const JournalEntry& entry) { return entry.plan_sha256 != run.options.sha256; });
    if (auto status = Clear(run.warehouse, std::move(*journal)); !status) return status;
    return run.warehouse.Execute("UPDATE wapc.plans SET status = 'failed', finished_at = now(), error = " +
                                 run.warehouse.Literal(error) + " WHERE " + ThisAttempt(run, "sha256"));
  });
}

base::Status ClearPublished(Warehouse& warehouse, const std::string& environment, const std::string& plan_sha256) {
  auto journal = ReadJournal(warehouse, environment);
  if (!journal) return journal.error();
  std::erase_if(*journal, [&](const JournalEntry& entry) { return entry.plan_sha256 != plan_sha256; });
  if (journal->empty()) return {};
  return InTransaction(warehouse, [&] { return Clear(warehouse, std::move(*journal)); });
}

base::Status DropRelations(Warehouse& warehouse, const std::vector<RelationName>& relations) {
  std::string sql;
  for (const RelationName& name : relations) {
    auto found = warehouse.Find(name);
    if (!found) return found.error();
    if (!found->has_value()) continue;
    const std::string_view kind = (*found)->kind == RelationKind::kView ? "VIEW" : "TABLE";
    sql += "DROP " + std::string(kind) + " IF EXISTS " + warehouse.Quote(name) + ";\n";
  }
  return sql.empty() ? base::Status() : warehouse.Execute(sql);
}

}  // namespace wapc::runtime
