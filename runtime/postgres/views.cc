#include "runtime/postgres/views.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "runtime/postgres/catalog.h"
#include "runtime/postgres/locks.h"

namespace wapc::runtime::postgres_adapter {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;
using NameKey = std::pair<std::string, std::string>;
using Relations = std::map<NameKey, CatalogRelation>;

NameKey KeyOf(const RelationName& name) { return {name.schema, name.name}; }
std::string Quoted(const RelationName& name) { return QuoteName(name.schema) + "." + QuoteName(name.name); }
std::string Dotted(const RelationName& name) { return name.schema + "." + name.name; }

/// Each swapped view is locked, its relation too, and so was each table whose rows were counted before.
constexpr int64_t kLocksPerView = 3;

/// The server's lock table is shared by all sessions and cannot grow: running over it would fail the publish midway.
base::Status CheckLockTable(Session& session, size_t views) {
  constexpr size_t kAlwaysFit = 500;
  if (views <= kAlwaysFit) return {};
  auto rows = session.Query(
      "SELECT current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint + "
      "current_setting('max_prepared_transactions')::bigint) >= " +
      std::to_string(static_cast<int64_t>(views) * kLocksPerView) + ", current_setting('max_locks_per_transaction')");
  if (!rows) return rows.error();
  if (rows->rows.at(0).at(0).value_or("") == "true") return {};
  return Error{ErrorKind::kWarehouse,
               "PostgreSQL cannot lock " + std::to_string(views) +
                   " views in one transaction: raise its setting max_locks_per_transaction (now " +
                   rows->rows[0].at(1).value_or("") + ") and restart it, or publish fewer models at once"};
}

/// Whether CREATE OR REPLACE VIEW takes the new columns: it may only append some.
bool IsReplaceable(const std::vector<ColumnType>& old_columns, const std::vector<ColumnType>& new_columns) {
  if (old_columns.size() > new_columns.size()) return false;
  return std::equal(old_columns.begin(), old_columns.end(), new_columns.begin(), [](const auto& a, const auto& b) {
    const bool same_type = a.type.empty() || b.type.empty() || a.type == b.type;
    return a.name == b.name && same_type && (a.collation.empty() || b.collation.empty() || a.collation == b.collation);
  });
}

/// The planned types in the server's own spelling; none for what it does not know.
base::Result<std::map<std::string, std::string>> SpellTypes(Session& session, const Warehouse::ViewChange& change) {
  std::map<std::string, std::string> out;
  for (const auto& swap : change.swaps) {
    for (const std::string& type : swap.types) {
      if (!type.empty()) out.emplace(type, "");
    }
  }
  if (out.empty()) return out;
  std::string sql;
  for (const auto& [type, spelled] : out)
    sql += (sql.empty() ? "SELECT CAST(NULL AS " : ", CAST(NULL AS ") + type + ")";
  const auto described = session.Describe(sql);
  if (!described) return described.error();
  size_t next = 0;
  for (auto& [type, spelled] : out) spelled = described->at(next++);
  return out;
}

std::vector<ColumnType> PlannedColumns(const Warehouse::ViewSwap& swap,
                                       const std::map<std::string, std::string>& spelled) {
  std::vector<ColumnType> out;
  for (size_t i = 0; i < swap.columns.size(); ++i) {
    const bool typed = i < swap.types.size() && !swap.types[i].empty();
    out.push_back({swap.columns[i], typed ? spelled.at(swap.types[i]) : "", ""});
  }
  return out;
}

/// The columns that the view will have over the relation as it stands.
std::vector<ColumnType> ActualColumns(const Warehouse::ViewSwap& swap, const CatalogRelation& relation) {
  if (swap.columns.empty()) return relation.columns;
  std::vector<ColumnType> out;
  for (const std::string& name : swap.columns) {
    const auto found = std::find_if(relation.columns.begin(), relation.columns.end(),
                                    [&](const ColumnType& column) { return column.name == name; });
    out.push_back(found == relation.columns.end() ? ColumnType{name, "", ""} : *found);
  }
  return out;
}

std::set<NameKey> Keys(const std::vector<RelationName>& names) {
  std::set<NameKey> out;
  for (const RelationName& name : names) out.insert(KeyOf(name));
  return out;
}

/// One change of views, from what the catalog says to the statements that do it.
class Swap {
 public:
  Swap(Session& session, const Warehouse::ViewChange& change) : session_(session), change_(change) {}

  base::Status Plan() {
    if (auto status = CheckLockTable(session_, change_.swaps.size() + change_.drops.size()); !status) return status;
    if (auto status = Look(); !status) return status;
    if (auto status = PlanDependents(); !status) return status;
    for (const auto& swap : change_.swaps) {
      const auto found = relations_.find(KeyOf(swap.view));
      if (found == relations_.end() || !remade_.contains(KeyOf(swap.view))) continue;
      if (auto status = Save(found->second.oid); !status) return status;
    }
    return {};
  }

  /// One try, behind a savepoint.
  base::Status Try() {
    if (auto status = session_.Execute("SAVEPOINT wapc_views; SET LOCAL lock_timeout = '5ms';" + LockSql()); !status)
      return status;
    if (auto status = session_.Execute(DropSql() + CreateSql()); !status) return status;
    if (auto status = RestoreAll(); !status) return status;
    return session_.Execute("SET LOCAL lock_timeout TO DEFAULT; RELEASE SAVEPOINT wapc_views");
  }

  /// The sessions that hold what must be swapped.
  base::Error TooLong() {
    std::string oids = "0";
    for (const auto& [name, relation] : relations_) oids += ", " + relation.oid;
    const auto words = InWords(
        session_, "SELECT l.pid FROM pg_locks AS l WHERE l.granted AND l.pid <> pg_backend_pid() AND l.relation IN (" +
                      oids + ")");
    std::string who;
    for (size_t i = 0; words && i < words->size(); ++i) who += (i == 0 ? ": " : ", ") + words->at(i);
    return {ErrorKind::kWarehouse, "readers held views that are to be swapped for longer than " +
                                       std::to_string(change_.patience.count() / 1000) + " s" + who};
  }

 private:
  base::Status Look() {
    std::vector<RelationName> names = change_.drops;
    for (const auto& swap : change_.swaps) {
      names.push_back(swap.view);
      names.push_back(swap.relation);
    }
    auto found = ReadRelations(session_, names);
    if (!found) return found.error();
    for (const RelationName& view : change_.drops) {
      if (found->contains(KeyOf(view))) drops_.push_back(view);
    }
    for (const auto& swap : change_.swaps) {
      const auto view = found->find(KeyOf(swap.view));
      const auto relation = found->find(KeyOf(swap.relation));
      if (view == found->end()) continue;
      if (relation == found->end() || !IsReplaceable(view->second.columns, ActualColumns(swap, relation->second))) {
        remade_.insert(KeyOf(swap.view));
      }
    }
    // Physical relations were looked at for their columns only: they are nobody's to lock.
    for (const auto& swap : change_.swaps) found->erase(KeyOf(swap.relation));
    relations_ = std::move(*found);
    return {};
  }

  base::Status PlanDependents() {
    std::vector<std::string> roots;
    for (const NameKey& name : remade_) roots.push_back(relations_.at(name).oid);
    for (const RelationName& name : drops_) roots.push_back(relations_.at(KeyOf(name)).oid);
    auto dependents = ReadDependents(session_, roots);
    if (!dependents) return dependents.error();
    const std::set<NameKey> own = Keys(change_.own);
    const std::set<NameKey> dropped = Keys(drops_);
    std::set<NameKey> swapped;
    for (const auto& swap : change_.swaps) swapped.insert(KeyOf(swap.view));
    std::string blocking;
    for (const CatalogDependent& one : *dependents) {
      const NameKey name = KeyOf(one.name);
      if (!one.oid.empty() && dropped.contains(name)) continue;
      if (!one.oid.empty() && swapped.contains(name)) {
        remade_.insert(name);
        continue;
      }
      if (!one.oid.empty() && (own.contains(name) || change_.recreate_dependents)) {
        if (auto status = Save(one.oid); !status) return status;
        again_.push_back(saved_.back());
        continue;
      }
      blocking += (blocking.empty() ? "" : ", ") +
                  (one.oid.empty() ? one.kind : one.kind + " " + Dotted(one.name) + " (of " + one.owner + ")");
    }
    order_ = std::move(*dependents);
    if (blocking.empty()) return {};
    return Error{ErrorKind::kProject,
                 "views whose columns change must be dropped, but this stands on them: " + blocking +
                     "; drop it, or set `dependents: recreate` to have views made again"};
  }

  base::Status Save(const std::string& oid) {
    auto saved = SaveView(session_, oid);
    if (!saved) return saved.error();
    saved_.push_back(std::move(*saved));
    return {};
  }

  std::string LockSql() const {
    std::string sql;
    for (const auto& [name, relation] : relations_) {
      if (!relation.is_view) continue;
      sql += "ALTER VIEW " + Quoted({name.first, name.second}) + " RESET (security_barrier);\n";
    }
    return sql;
  }

  std::string DropSql() const {
    std::string sql;
    std::set<NameKey> gone;
    const auto drop = [&](const RelationName& name, bool materialized) {
      if (!gone.insert(KeyOf(name)).second) return;
      sql += std::string("DROP ") + (materialized ? "MATERIALIZED VIEW " : "VIEW ") + Quoted(name) + ";\n";
    };
    // What stands highest goes first.
    std::for_each(order_.rbegin(), order_.rend(), [&](const CatalogDependent& one) {
      if (!one.oid.empty()) drop(one.name, one.kind != "view");
    });
    for (const NameKey& name : remade_) drop({name.first, name.second}, false);
    for (const RelationName& name : drops_) drop(name, false);
    return sql;
  }

  std::string CreateSql() const {
    std::string sql;
    for (const auto& swap : change_.swaps) {
      std::string columns;
      for (const std::string& column : swap.columns) columns += (columns.empty() ? "" : ", ") + QuoteName(column);
      sql += "CREATE OR REPLACE VIEW " + Quoted(swap.view) + " AS SELECT " + (columns.empty() ? "*" : columns) +
             " FROM " + Quoted(swap.relation) + ";\n";
    }
    for (const SavedView& saved : again_) {
      sql += std::string("CREATE ") + (saved.materialized ? "MATERIALIZED VIEW " : "VIEW ") + Quoted(saved.name);
      if (!saved.options.empty()) sql += " WITH (" + saved.options + ")";
      std::string query = saved.query;
      while (!query.empty() && (query.back() == ';' || query.back() == ' ' || query.back() == '\n')) query.pop_back();
      sql += " AS " + query + (saved.materialized && !saved.populated ? " WITH NO DATA;\n" : ";\n");
      for (const std::string& index : saved.indexes) sql += index + ";\n";
    }
    return sql;
  }

  base::Status RestoreAll() {
    std::string sql;
    for (const SavedView& saved : saved_) {
      const auto rights = RightsSql(session_, saved);
      if (!rights) return rights.error();
      sql += *rights;
      sql += std::string("ALTER ") + (saved.materialized ? "MATERIALIZED VIEW " : "VIEW ") + Quoted(saved.name) +
             " OWNER TO " + saved.owner + ";\n";
    }
    return sql.empty() ? base::Status() : session_.Execute(sql);
  }

  Session& session_;
  const Warehouse::ViewChange& change_;
  Relations relations_;                  ///< views that stand now
  std::vector<RelationName> drops_;      ///< those of the change that stand
  std::set<NameKey> remade_;             ///< views of the change that are dropped and made again
  std::vector<CatalogDependent> order_;  ///< everything on top of what is dropped
  std::vector<SavedView> again_;         ///< what is made again though the change does not name it
  std::vector<SavedView> saved_;         ///< whose rights and comments are put back
};

}  // namespace

base::Result<std::vector<Dependent>> FindDependents(Session& session, const Warehouse::ViewChange& change) {
  if (auto status = CheckLockTable(session, change.swaps.size() + change.drops.size()); !status) return status.error();
  std::vector<RelationName> names = change.drops;
  for (const auto& swap : change.swaps) names.push_back(swap.view);
  const auto relations = ReadRelations(session, names);
  if (!relations) return relations.error();
  const auto spelled = SpellTypes(session, change);
  if (!spelled) return spelled.error();
  std::set<NameKey> known = Keys(change.own);
  std::map<std::string, RelationName> roots;
  for (const RelationName& name : change.drops) {
    known.insert(KeyOf(name));
    if (const auto found = relations->find(KeyOf(name)); found != relations->end()) roots[found->second.oid] = name;
  }
  for (const auto& swap : change.swaps) {
    known.insert(KeyOf(swap.view));
    const auto found = relations->find(KeyOf(swap.view));
    if (found == relations->end() || swap.columns.empty()) continue;
    if (!IsReplaceable(found->second.columns, PlannedColumns(swap, *spelled))) roots[found->second.oid] = swap.view;
  }
  std::vector<std::string> oids;
  oids.reserve(roots.size());
  for (const auto& [oid, name] : roots) oids.push_back(oid);
  const auto dependents = ReadDependents(session, oids);
  if (!dependents) return dependents.error();
  std::vector<Dependent> out;
  for (const CatalogDependent& one : *dependents) {
    if (one.oid.empty() || !known.contains(KeyOf(one.name)))
      out.push_back({roots[one.root], one.name, one.kind, one.owner});
  }
  return out;
}

base::Status SwapViews(Session& session, const Warehouse::ViewChange& change) {
  if (change.swaps.empty() && change.drops.empty()) return {};
  Swap swap(session, change);
  if (auto status = swap.Plan(); !status) return status;
  const auto deadline = std::chrono::steady_clock::now() + change.patience;
  milliseconds pause{1};
  while (true) {
    auto status = swap.Try();
    if (status || session.sqlstate() != "55P03") return status;
    if (auto back = session.Execute("ROLLBACK TO SAVEPOINT wapc_views"); !back) return back;
    if (std::chrono::steady_clock::now() >= deadline) return swap.TooLong();
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, milliseconds(50));
  }
}

}  // namespace wapc::runtime::postgres_adapter
