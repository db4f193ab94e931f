#include "compiler/plan/steps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/diagnostics.h"
#include "base/digest.h"
#include "compiler/passes/binder.h"
#include "compiler/plan/emit.h"
#include "compiler/plan/intervals.h"
#include "compiler/plan/names.h"
#include "compiler/project/csv.h"

namespace wapc::compiler {

using runtime::Action;
using runtime::PlanModel;
using runtime::RelationName;
using runtime::Step;

namespace {

// Writes the statements of one model. Texts are templates (runtime/plan.h).
class StepWriter {
 public:
  StepWriter(const Project& project, const Model& model, const ModelChange& change, PlanModel& planned)
      : project_(project), model_(model), change_(change), planned_(planned) {}

  void Build() {
    AddHooks(model_.hooks.before);
    Create();
    AddHooks(model_.hooks.after);
  }

  void Create() {
    if (model_.kind == ModelKind::kIncrementalByTimeRange) {
      MakeAndFill("create", planned_.relation);
      return;
    }
    if (model_.kind == ModelKind::kSeed) {
      AddBuild("create", fmt::format("CREATE TABLE {} AS\n{}", Relation(planned_.relation), SeedQuery()));
      return;
    }
    AddBuild("create", fmt::format("CREATE TABLE {} AS\n{}", Relation(planned_.relation),
                                   EmitQuery(model_, project_, Reads::kCandidates)));
    if (!model_.hold_source.empty()) planned_.hold_sql = HoldQuery();
  }

  void View() {
    AddHooks(model_.hooks.before);
    AddBuild("create", fmt::format("CREATE VIEW {} AS\n{}", Relation(planned_.relation),
                                   EmitQuery(model_, project_, Reads::kCandidates)));
    AddHooks(model_.hooks.after);
    AddPublish("final", fmt::format("CREATE OR REPLACE VIEW {} AS\n{}", Relation(planned_.relation),
                                    EmitQuery(model_, project_, Reads::kPublished)));
  }

  // New rows and the keys they replace, each in a table of its own; the candidate is a view over them and the table.
  // The publish moves both into the table.
  void Delta(const RelationName& parent_delta) {
    AddHooks(model_.hooks.before);
    const RelationName delta = Aside("delta");
    const std::string columns = ColumnList(ColumnNames(), "");
    if (model_.kind == ModelKind::kIncrementalByTimeRange) {
      MakeAndFill("delta", delta);
    } else {
      AddBuild("delta", fmt::format("CREATE TABLE {} AS\n{}{}", Relation(delta), Rows(), NewLoadsFilter()));
    }
    planned_.temporary = {planned_.candidate};
    const std::string table = Relation(planned_.relation);
    std::string kept;
    if (model_.kind == ModelKind::kIncrementalByUniqueKey) {
      const RelationName replaced = Aside("replaced");
      AddBuild("replaced",
               fmt::format("CREATE TABLE {} AS\n{}", Relation(replaced), ReplacedQuery(delta, parent_delta)));
      const std::string match = fmt::format("EXISTS (SELECT 1 FROM {} AS r WHERE {})", Relation(replaced),
                                            SameKey(model_.unique_key, "r", "t"));
      kept = "\nWHERE NOT " + match;
      AddPublish("remove", fmt::format("DELETE FROM {} AS t\nWHERE {}", table, match));
      planned_.temporary.push_back(replaced);
    }
    if (model_.kind == ModelKind::kIncrementalByTimeRange) {
      const std::string replaced = InRanges("t");
      kept = fmt::format("\nWHERE NOT ({})", replaced);
      AddPublish("remove", fmt::format("DELETE FROM {} AS t\nWHERE {}", table, replaced));
    }
    planned_.temporary.push_back(delta);
    AddBuild("candidate",
             fmt::format("CREATE VIEW {} AS\nSELECT {}\nFROM {} AS t{}\nUNION ALL\nSELECT {}\nFROM {} AS d",
                         Relation(planned_.candidate), ColumnList(ColumnNames(), "t"), table, kept,
                         ColumnList(ColumnNames(), "d"), Relation(delta)));
    AddPublish("add", fmt::format("INSERT INTO {} ({})\nSELECT {}\nFROM {}", table, columns, columns, Relation(delta)));
    // What follows the new rows must not be seen before they are.
    for (size_t i = 0; i < model_.hooks.after.size(); ++i) {
      AddPublish(fmt::format("after-{}", i + 1), EmitHook(model_.hooks.after[i].text, table));
    }
  }

  // Relations that exist only until the publish, named after the candidate.
  RelationName Aside(std::string_view role) const {
    return PhysicalName(model_.schema, model_.table, base::ShortId(planned_.candidate.name + " " + std::string(role)));
  }

 private:
  void AddHooks(const std::vector<HookStatement>& hooks) {
    for (const HookStatement& hook : hooks) {
      AddBuild(fmt::format("statement-{}", ++statements_), EmitHook(hook.text, Relation(planned_.relation)));
    }
  }
  void AddBuild(std::string_view name, std::string sql, std::vector<runtime::Batch> batches = {runtime::Batch{}}) {
    planned_.build.push_back({fmt::format("{}/build/{}", model_.name, name), std::move(sql), std::move(batches)});
  }

  // The model's query with its columns in their order, open for a condition on "q".
  std::string Rows() const {
    return fmt::format("SELECT {}\nFROM (\n{}\n) AS q", ColumnList(ColumnNames(), "q"),
                       EmitQuery(model_, project_, Reads::kCandidates));
  }

  // An empty table of the query's columns, then the rows of each batch: only those whose time lies in it.
  void MakeAndFill(std::string_view name, const RelationName& relation) {
    const RuntimeVariable time{RuntimeVariable::Moment::kStart, *TimeForm(model_)};
    const std::string column = "q." + Name(model_.properties.time_column);
    const std::string filled =
        fmt::format("{}\nWHERE {} >= {} AND {} < {}", Rows(), column, RuntimeTemplate(time, "@{batch_start}"), column,
                    RuntimeTemplate(time, "@{batch_end}"));
    // What a query gives no rows for needs a range all the same.
    const std::string epoch = MomentText(0);
    AddBuild(name, fmt::format("CREATE TABLE {} AS\n{}\nLIMIT 0", Relation(relation), filled),
             {runtime::Batch{epoch, epoch, epoch}});
    AddBuild("fill", fmt::format("INSERT INTO {} ({})\n{}", Relation(relation), ColumnList(ColumnNames(), ""), filled),
             change_.batches);
  }

  // Whether a row lies in what is filled anew. Batches that touch are one range.
  std::string InRanges(std::string_view alias) const {
    const RuntimeVariable time{RuntimeVariable::Moment::kStart, *TimeForm(model_)};
    const std::string column = fmt::format("{}.{}", alias, Name(model_.properties.time_column));
    std::vector<std::string> out;
    for (size_t i = 0; i < change_.batches.size(); ++i) {
      const std::string& start = change_.batches[i].start;
      while (i + 1 < change_.batches.size() && change_.batches[i + 1].start == change_.batches[i].end) ++i;
      out.push_back(fmt::format("({} >= {} AND {} < {})", column, RuntimeLiteral(time, *ReadMoment(start, false)),
                                column, RuntimeLiteral(time, *ReadMoment(change_.batches[i].end, false))));
    }
    return fmt::format("{}", fmt::join(out, " OR "));
  }
  void AddPublish(std::string_view name, std::string sql) {
    planned_.publish.push_back({fmt::format("{}/publish/{}", model_.name, name), std::move(sql), {runtime::Batch{}}});
  }

  std::string Name(std::string_view name) const { return Quoted(name, project_); }
  std::string Relation(const RelationName& name) const { return Quoted(name, project_); }

  std::vector<std::string> ColumnNames() const {
    std::vector<std::string> out;
    for (const Column& column : model_.columns) out.push_back(column.name);
    return out;
  }

  std::string ColumnList(const std::vector<std::string>& names, std::string_view alias) const {
    std::vector<std::string> out;
    for (const std::string& name : names)
      out.push_back(alias.empty() ? Name(name) : fmt::format("{}.{}", alias, Name(name)));
    return fmt::format("{}", fmt::join(out, ", "));
  }

  std::string SameKey(const std::vector<std::string>& key, std::string_view left, std::string_view right) const {
    std::vector<std::string> out;
    for (const std::string& column : key) {
      out.push_back(fmt::format("{0}.{2} IS NOT DISTINCT FROM {1}.{2}", left, right, Name(column)));
    }
    return fmt::format("{}", fmt::join(out, " AND "));
  }

  // Rows of loads that the table does not hold yet.
  std::string NewLoadsFilter() const {
    if (model_.load_column.empty() || change_.datasets.empty()) return "";
    std::vector<std::string> loads;
    for (const std::string& dataset : change_.datasets) {
      loads.push_back(fmt::format("(SELECT l.load_id FROM {} AS l EXCEPT SELECT r.load_id FROM {} AS r)",
                                  Token("loads", dataset), Token("recorded", model_.name)));
    }
    return fmt::format("\nWHERE q.{} IN (\n{}\n)", Name(model_.load_column), fmt::join(loads, "\nUNION\n"));
  }

  // Keys whose rows in the table are not kept: those with a new row, and those that are gone.
  std::string ReplacedQuery(const RelationName& delta, const RelationName& parent_delta) const {
    const std::string keys = ColumnList(model_.unique_key, "t");
    const std::string table = Relation(planned_.relation);
    std::string out = fmt::format("SELECT {} FROM {} AS t", keys, Relation(delta));
    if (model_.removed.keys_query != nullptr) {
      out += fmt::format("\nUNION\nSELECT {} FROM {} AS t\nWHERE NOT EXISTS (SELECT 1 FROM (\n{}\n) AS s WHERE {})",
                         keys, table, EmitKeysQuery(model_, project_), SameKey(model_.unique_key, "s", "t"));
    }
    if (model_.removed.parent.empty()) return out;
    const std::string same = fmt::format("p.{} IS NOT DISTINCT FROM t.{}", Name(model_.removed.parent_key),
                                         Name(model_.removed.parent_column));
    out += fmt::format("\nUNION\nSELECT {} FROM {} AS t\nWHERE NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})", keys,
                       table, Token("rel", model_.removed.parent), same);
    if (!parent_delta.name.empty()) {
      out += fmt::format("\nUNION\nSELECT {} FROM {} AS t\nWHERE EXISTS (SELECT 1 FROM {} AS p WHERE {})", keys, table,
                         Relation(parent_delta), same);
    }
    return out;
  }

  // How many rows of the raw table belong to a load which is not complete, and its name.
  std::string HoldQuery() const {
    const Model& raw = *project_.Find(model_.hold_source);
    return fmt::format("SELECT count(*), {} FROM {} AS t\nWHERE t.{} NOT IN (SELECT l.load_id FROM {} AS l)",
                       grammar::QuoteString(raw.name, project_.config.target()), Relation({raw.schema, raw.table}),
                       Name("_dlt_load_id"), Token("loads", raw.schema));
  }

  std::string SeedQuery() const {
    base::Diagnostics reported;  // the file was read once already, so there is nothing new to report
    const auto csv = ReadCsv(model_.seed_bytes, model_.seed_delimiter, base::kNoSource, reported);
    std::vector<std::string> items;
    for (const Column& column : model_.columns) {
      items.push_back(fmt::format("CAST(s.{0} AS {1}) AS {0}", Name(column.name),
                                  TypeInDialect(column.type, project_.config.target())));
    }
    std::vector<std::string> rows;
    for (const auto& row : csv->rows) rows.push_back(SeedRow(row));
    const bool empty = rows.empty();
    if (empty) rows.push_back(SeedRow(std::vector<std::optional<std::string>>(model_.columns.size())));
    return fmt::format("SELECT\n    {}\nFROM (VALUES\n    {}\n) AS s ({}){}", fmt::join(items, ",\n    "),
                       fmt::join(rows, ",\n    "), ColumnList(ColumnNames(), ""), empty ? "\nWHERE false" : "");
  }

  std::string SeedRow(const std::vector<std::optional<std::string>>& row) const {
    std::vector<std::string> fields;
    for (const auto& field : row) {
      std::string text = field ? grammar::QuoteString(*field, project_.config.target()) : "NULL";
      for (size_t at = text.find("@{"); at != std::string::npos; at = text.find("@{", at + 5))
        text.insert(at + 1, "{at}");
      fields.push_back(std::move(text));
    }
    return fmt::format("({})", fmt::join(fields, ", "));
  }

  const Project& project_;
  const Model& model_;
  const ModelChange& change_;
  PlanModel& planned_;
  int statements_ = 0;
};

}  // namespace

void AddSteps(const Project& project, const Model& model, const ModelChange& change, const RelationName& parent_delta,
              PlanModel& planned) {
  StepWriter writer(project, model, change, planned);
  switch (change.action) {
    case Action::kBuild: writer.Build(); break;
    case Action::kView: writer.View(); break;
    case Action::kDelta: writer.Delta(parent_delta); break;
    case Action::kReuse:
    case Action::kAudit:
    case Action::kMetadata:
    case Action::kRemove: break;
  }
  if (change.run_audits) planned.audits = PlanAudits(project, model, change.batches);
}

std::vector<runtime::PlanAudit> PlanAudits(const Project& project, const Model& model,
                                           const std::vector<runtime::Batch>& batches) {
  std::vector<runtime::PlanAudit> out;
  for (const AuditCall& audit : model.audits) {
    if (audit.query == nullptr) continue;
    runtime::PlanAudit planned{audit.title, audit.digest, audit.blocking, EmitAudit(model, audit, batches, project)};
    planned.count = EmitAuditCount(model, audit, batches, project);
    planned.standalone = audit.standalone;
    planned.max_rows = audit.max_rows;
    planned.max_share = audit.max_share;
    out.push_back(std::move(planned));
  }
  return out;
}

runtime::PlanLoads FreezeLoads(const Project& project, const std::string& dataset, const std::string& id) {
  runtime::PlanLoads out;
  out.dataset = dataset;
  out.snapshot = PhysicalName(dataset, "_dlt_loads", id);
  out.freeze.id = dataset + "/freeze";
  out.freeze.sql = fmt::format("CREATE TABLE {} AS\nSELECT *\nFROM {}\nWHERE status = 0", Quoted(out.snapshot, project),
                               Quoted(runtime::RelationName{dataset, "_dlt_loads"}, project));
  return out;
}

}  // namespace wapc::compiler
