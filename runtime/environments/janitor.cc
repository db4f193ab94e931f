#include "runtime/environments/janitor.h"

#include <algorithm>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "runtime/environments/drop.h"
#include "runtime/environments/hold.h"
#include "runtime/sql_text.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "runtime/state/tables.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

/// A relation of which a view's text may speak.
struct Relation {
  RelationName name;
  std::string build_id;  ///< empty: kept for undoing, or nothing that state knows as a build
  bool is_view = false;
};

struct ViewText {
  RelationName name;
  std::string text;
};

/// One cleaning: what its steps hand on to each other.
struct Cleaning {
  Warehouse& warehouse;
  const JanitorOptions& options;
  JanitorReport report;

  /// `CAST('2026-01-31 12:00:00+00' AS timestamptz)`, so long before now.
  std::string Before(std::chrono::seconds age) const {
    const int64_t seconds = options.now / 1'000'000 - age.count();
    const std::string text = fmt::format("{:%Y-%m-%d %H:%M:%S}+00", fmt::gmtime(static_cast<std::time_t>(seconds)));
    return "CAST(" + warehouse.Literal(text) + " AS timestamptz)";
  }
};

base::Result<std::vector<std::string>> Column(Warehouse& warehouse, const std::string& sql) {
  auto rows = warehouse.Query(sql);
  if (!rows) return rows.error();
  std::vector<std::string> out;
  for (auto& row : rows->rows) out.push_back(row.at(0).value_or(""));
  return out;
}

base::Status Expire(Cleaning& cleaning) {
  const auto names = Column(cleaning.warehouse, "SELECT name FROM wapc.environments AS e WHERE updated_at < " +
                                                    cleaning.Before(cleaning.options.environment_ttl) +
                                                    " AND EXISTS (SELECT 1 FROM wapc.environment_models AS m WHERE "
                                                    "m.environment = e.name) ORDER BY name");
  if (!names) return names.error();
  for (const std::string& name : *names) {
    if (cleaning.options.pinned.contains(name)) continue;
    if (!cleaning.options.dry_run) {
      const auto dropped = DropEnvironment(cleaning.warehouse, name, cleaning.options.lock_timeout);
      if (!dropped) return dropped.error();
    }
    cleaning.report.expired.push_back(name);
  }
  return {};
}

/// Publishes that can still be rolled back; the versions before and after them are needed.
std::string LivePublishes(const Cleaning& cleaning) {
  return "(p.action = 'publish' AND p.status = 'done' AND p.created_at >= " +
         cleaning.Before(cleaning.options.version_ttl) + ")";
}

/// Builds that no environment serves, that none can be rolled back to, and of which that is so for long enough.
base::Result<std::vector<Relation>> UnusedBuilds(const Cleaning& cleaning) {
  const std::string grace = cleaning.Before(cleaning.options.grace);
  const std::string named = fmt::format(
      "FROM wapc.publish_models AS m JOIN wapc.publishes AS p ON p.environment = m.environment AND p.seq = m.seq "
      "WHERE p.created_at >= {} OR {}",
      grace, LivePublishes(cleaning));
  auto rows = cleaning.warehouse.Query(fmt::format(
      "SELECT build_id, kind, relation_schema, relation_name FROM wapc.builds WHERE updated_at < {} AND build_id NOT "
      "IN "
      "(SELECT build_id FROM wapc.environment_models) AND build_id NOT IN (SELECT m.build_before {} UNION SELECT "
      "m.build_after {}) ORDER BY relation_schema, relation_name",
      grace, named, named));
  if (!rows) return rows.error();
  std::vector<Relation> out;
  for (const auto& row : rows->rows) {
    out.push_back({{row[2].value_or(""), row[3].value_or("")}, row[0].value_or(""), row[1].value_or("") == "VIEW"});
  }
  return out;
}

/// Tables that publishes kept for undoing them, once those cannot be undone any more.
base::Result<std::vector<Relation>> UnusedKept(const Cleaning& cleaning) {
  auto rows = cleaning.warehouse.Query(
      "SELECT u.kept_schema, u.kept_name FROM wapc.publish_undo AS u JOIN wapc.publishes AS p "
      "ON p.environment = u.environment AND p.seq = u.seq WHERE u.kept_name <> '' AND NOT " +
      LivePublishes(cleaning) + " AND p.created_at < " + cleaning.Before(cleaning.options.grace) + " ORDER BY 1, 2");
  if (!rows) return rows.error();
  std::vector<Relation> out;
  for (const auto& row : rows->rows) out.push_back({{row[0].value_or(""), row[1].value_or("")}, ""});
  return out;
}

base::Result<std::vector<ViewText>> Views(Warehouse& warehouse) {
  auto rows = warehouse.Query("SELECT table_schema, table_name, view_definition FROM information_schema.views");
  if (!rows) return rows.error();
  std::vector<ViewText> out;
  for (auto& row : rows->rows) {
    out.push_back({{row[0].value_or(""), row[1].value_or("")}, row[2].value_or("")});
  }
  return out;
}

/// Takes out of `unused` what a view reads that stays, until nothing more is to be taken out: a view of wapc's that
/// stays makes what it reads stay. Engines that know who reads what would refuse the drop; this tells beforehand, on
/// all.
void KeepWhatIsRead(const std::vector<ViewText>& views, std::vector<Relation>& unused, JanitorReport& report) {
  const auto stays = [&](const ViewText& view) {
    return std::none_of(unused.begin(), unused.end(),
                        [&](const Relation& relation) { return relation.name == view.name; });
  };
  bool changed = true;
  while (changed) {
    changed = false;
    for (const ViewText& view : views) {
      if (!stays(view)) continue;
      changed =
          std::erase_if(unused,
                        [&](const Relation& relation) {
                          if (view.text.find(relation.name.name) == std::string::npos) return false;
                          report.kept.push_back(fmt::format("{}.{} is read by the view {}.{}", relation.name.schema,
                                                            relation.name.name, view.name.schema, view.name.name));
                          return true;
                        }) > 0 ||
          changed;
    }
  }
}

base::Status Forget(Warehouse& warehouse, const Relation& relation) {
  const std::string id = warehouse.Literal(relation.build_id);
  for (const char* table : {"builds", "table_loads", "intervals", "evaluations"}) {
    if (relation.build_id.empty()) break;
    auto status = warehouse.Execute(std::string("DELETE FROM wapc.") + table + " WHERE build_id = " + id);
    if (!status) return status;
  }
  return warehouse.Execute(
      "DELETE FROM wapc.publish_undo WHERE kept_schema = " + warehouse.Literal(relation.name.schema) +
      " AND kept_name = " + warehouse.Literal(relation.name.name));
}

/// One relation and its records, in one transaction that does not wait long for a reader.
base::Status DropOne(Warehouse& warehouse, const Relation& relation) {
  return InTransaction(warehouse, [&]() -> base::Status {
    if (auto status = BoundLocks(warehouse); !status) return status;
    auto found = warehouse.Find(relation.name);
    if (!found) return found.error();
    if (found->has_value()) {
      const std::string_view kind = (*found)->kind == RelationKind::kView ? "VIEW " : "TABLE ";
      auto status = warehouse.Execute("DROP " + std::string(kind) + warehouse.Quote(relation.name));
      if (!status) return status;
    }
    return Forget(warehouse, relation);
  });
}

base::Status DropUnused(Cleaning& cleaning) {
  auto unused = UnusedBuilds(cleaning);
  if (!unused) return unused.error();
  auto kept = UnusedKept(cleaning);
  if (!kept) return kept.error();
  unused->insert(unused->end(), kept->begin(), kept->end());
  // Views first: they read the others.
  std::stable_partition(unused->begin(), unused->end(), [](const Relation& relation) { return relation.is_view; });
  const auto views = Views(cleaning.warehouse);
  if (!views) return views.error();
  KeepWhatIsRead(*views, *unused, cleaning.report);
  for (const Relation& relation : *unused) {
    const std::string name = relation.name.schema + "." + relation.name.name;
    const auto status = cleaning.options.dry_run ? base::Status() : DropOne(cleaning.warehouse, relation);
    if (status) {
      cleaning.report.dropped.push_back(name);
    } else {
      cleaning.report.kept.push_back(name + ": " + status.error().message);
    }
  }
  return {};
}

/// Counts the rows that a condition takes, and deletes them unless nothing is to be done.
base::Result<int64_t> Delete(Cleaning& cleaning, const std::string& table, const std::string& where) {
  const std::string from = " FROM wapc." + table + " AS t WHERE " + where;
  const auto count = cleaning.warehouse.Query("SELECT count(*)" + from);
  if (!count) return count.error();
  if (!cleaning.options.dry_run) {
    if (auto status = cleaning.warehouse.Execute("DELETE" + from); !status) return status.error();
  }
  return CellNumber(count->rows.at(0).at(0));
}

/// History that cannot be gone back to, and whose kept tables are gone.
base::Status ForgetPublishes(Cleaning& cleaning) {
  const auto count = Delete(cleaning, "publishes",
                            "created_at < " + cleaning.Before(cleaning.options.version_ttl) +
                                " AND NOT EXISTS (SELECT 1 FROM wapc.publish_undo AS u WHERE u.environment = "
                                "t.environment AND u.seq = t.seq AND u.kept_name <> '')");
  if (!count) return count.error();
  cleaning.report.publishes = *count;
  for (const char* table : {"publish_models", "publish_undo"}) {
    const auto gone = Delete(cleaning, table,
                             "NOT EXISTS (SELECT 1 FROM wapc.publishes AS p WHERE p.environment = t.environment AND "
                             "p.seq = t.seq)");
    if (!gone) return gone.error();
  }
  return {};
}

/// Of finished plans the one that an environment serves stays, of audits the last result on each build.
base::Status ForgetRecords(Cleaning& cleaning) {
  const std::string old = cleaning.Before(cleaning.options.record_ttl);
  const std::pair<const char*, std::string> rules[] = {
      {"audit_results", "checked_at < " + old +
                            " AND EXISTS (SELECT 1 FROM wapc.audit_results AS n WHERE n.build_id = t.build_id AND "
                            "n.audit_digest = t.audit_digest AND n.checked_at > t.checked_at)"},
      {"audit_results",
       "checked_at < " + old + " AND NOT EXISTS (SELECT 1 FROM wapc.builds AS b WHERE b.build_id = t.build_id)"},
      {"plans", "finished_at < " + old +
                    " AND NOT EXISTS (SELECT 1 FROM wapc.environments AS e WHERE e.plan_sha256 = t.sha256) AND NOT "
                    "EXISTS (SELECT 1 FROM wapc.journal AS j WHERE j.plan_sha256 = t.sha256)"},
      {"table_versions",
       "created_at < " + old +
           " AND NOT EXISTS (SELECT 1 FROM wapc.builds AS b WHERE b.table_version = t.table_version)"}};
  for (const auto& [table, where] : rules) {
    const auto count = Delete(cleaning, table, where);
    if (!count) return count.error();
    cleaning.report.records += *count;
  }
  return {};
}

base::Status CleanHeld(Cleaning& cleaning) {
  if (auto status = DropUnused(cleaning); !status) return status;
  return InTransaction(cleaning.warehouse, [&]() -> base::Status {
    if (auto status = ForgetPublishes(cleaning); !status) return status;
    if (auto status = ForgetRecords(cleaning); !status) return status;
    return cleaning.options.dry_run ? base::Status() : SealState(cleaning.warehouse);
  });
}

}  // namespace

base::Result<JanitorReport> Clean(Warehouse& warehouse, const JanitorOptions& options) {
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  if (*format == 0) return JanitorReport{};
  if (auto status = CheckStateFormat(*format); !status) return status.error();
  Cleaning cleaning{.warehouse = warehouse, .options = options};
  if (auto status = Expire(cleaning); !status) return status.error();
  if (options.dry_run) {
    if (auto status = CleanHeld(cleaning); !status) return status.error();
    return std::move(cleaning.report);
  }
  // No apply may be about to use what is found unused.
  const auto environments = Column(warehouse, "SELECT name FROM wapc.environments ORDER BY name");
  if (!environments) return environments.error();
  const auto status =
      WithLocks(warehouse, *environments, "janitor", options.lock_timeout, [&] { return CleanHeld(cleaning); });
  if (!status) return status.error();
  return std::move(cleaning.report);
}

}  // namespace wapc::runtime
