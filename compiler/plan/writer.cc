#include "compiler/plan/writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/digest.h"
#include "compiler/passes/binder.h"
#include "compiler/plan/emit.h"
#include "compiler/plan/names.h"

namespace wapc::compiler {

using runtime::RelationName;

std::string StepWriter::StepId(std::string_view phase, std::string_view name) const {
  return fmt::format("{}/{}/{}", model_.name, phase, name);
}

void StepWriter::AddBuild(std::string_view name, std::string sql, std::vector<runtime::Batch> batches) {
  planned_.build.push_back({StepId("build", name), std::move(sql), std::move(batches)});
}

void StepWriter::AddPublish(std::string_view name, std::string sql) {
  planned_.publish.push_back({StepId("publish", name), std::move(sql), {runtime::Batch{}}});
}

void StepWriter::AddUndo(std::string_view name, std::string sql) {
  planned_.undo.push_back({StepId("undo", name), std::move(sql), {runtime::Batch{}}});
}

void StepWriter::AddHooks(const std::vector<HookStatement>& hooks) {
  for (const HookStatement& hook : hooks) {
    AddBuild(fmt::format("statement-{}", ++statements_), EmitHook(hook.text, Relation(planned_.relation)));
  }
}

void StepWriter::PublishHooks(const std::vector<HookStatement>& hooks) {
  for (size_t i = 0; i < hooks.size(); ++i) {
    AddPublish(fmt::format("after-{}", i + 1), EmitHook(hooks[i].text, Relation(planned_.relation)));
  }
}

RelationName StepWriter::Aside(std::string_view role) const {
  return PhysicalName(model_.schema, model_.table, base::ShortId(planned_.candidate.name + " " + std::string(role)));
}

// What undoing needs is made by the publish, so that it is there exactly when there is something to undo.
RelationName StepWriter::Keep(std::string_view role, const std::string& query) {
  const RelationName kept = Aside(role);
  AddPublish(role, fmt::format("CREATE TABLE {} AS\n{}", Relation(kept), query));
  planned_.kept.push_back(kept);
  return kept;
}

void StepWriter::Move(const RelationName& delta, const std::string& goes, const std::string& added) {
  const std::string table = Relation(planned_.relation);
  const std::string columns = ColumnList(ColumnNames(), "");
  const std::string stays = goes.empty() ? "" : fmt::format("\nWHERE NOT ({})", goes);
  AddBuild("candidate", fmt::format("CREATE VIEW {} AS\nSELECT {}\nFROM {} AS t{}\nUNION ALL\nSELECT {}\nFROM {} AS d",
                                    Relation(planned_.candidate), ColumnList(ColumnNames(), "t"), table, stays,
                                    ColumnList(ColumnNames(), "d"), Relation(delta)));
  AddUndo("remove", fmt::format("DELETE FROM {} AS t\nWHERE {}", table, added));
  if (!goes.empty()) {
    const RelationName kept =
        Keep("keep", fmt::format("SELECT {}\nFROM {} AS t\nWHERE {}", ColumnList(ColumnNames(), "t"), table, goes));
    AddPublish("remove", fmt::format("DELETE FROM {} AS t\nWHERE {}", table, goes));
    AddUndo("add", fmt::format("INSERT INTO {} ({})\nSELECT {}\nFROM {}", table, columns, columns, Relation(kept)));
  }
  AddPublish("add", fmt::format("INSERT INTO {} ({})\nSELECT {}\nFROM {}", table, columns, columns, Relation(delta)));
}

void StepWriter::MoveByKeys(const RelationName& delta, const RelationName& keys, const std::vector<std::string>& key) {
  const RelationName kept = Keep("keep-keys", fmt::format("SELECT {}\nFROM {}", ColumnList(key, ""), Relation(keys)));
  Move(delta, InKeys(keys, key), InKeys(kept, key));
}

std::string StepWriter::InKeys(const RelationName& keys, const std::vector<std::string>& key) const {
  return fmt::format("EXISTS (SELECT 1 FROM {} AS r WHERE {})", Relation(keys), SameKey(key, "r", "t"));
}

std::string StepWriter::Query() const { return EmitQuery(model_, project_, Reads::kCandidates); }

std::string StepWriter::Rows() const {
  return fmt::format("SELECT {}\nFROM (\n{}\n) AS q", ColumnList(ColumnNames(), "q"), Query());
}

std::string StepWriter::Name(std::string_view name) const { return Quoted(name, project_); }

std::string StepWriter::Relation(const RelationName& name) const { return Quoted(name, project_); }

std::vector<std::string> StepWriter::ColumnNames() const {
  std::vector<std::string> out;
  for (const Column& column : model_.columns) out.push_back(column.name);
  return out;
}

std::string StepWriter::ColumnList(const std::vector<std::string>& names, std::string_view alias) const {
  std::vector<std::string> out;
  for (const std::string& name : names)
    out.push_back(alias.empty() ? Name(name) : fmt::format("{}.{}", alias, Name(name)));
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string StepWriter::SameKey(const std::vector<std::string>& key, std::string_view left,
                                std::string_view right) const {
  std::vector<std::string> out;
  for (const std::string& column : key) {
    out.push_back(SameValue(fmt::format("{}.{}", left, Name(column)), fmt::format("{}.{}", right, Name(column))));
  }
  return fmt::format("{}", fmt::join(out, " AND "));
}

// PostgreSQL hashes no IS NOT DISTINCT FROM, and compares arrays with NULL as one would wish.
std::string StepWriter::SameValue(const std::string& left, const std::string& right) const {
  const bool arrays = project_.config.target().name == "postgres";
  return fmt::format(fmt::runtime(arrays ? "ARRAY[{}] = ARRAY[{}]" : "{} IS NOT DISTINCT FROM {}"), left, right);
}

std::string StepWriter::Comparable(const std::string& expr, std::string_view column) const {
  const Column* const found = model_.Find(column);
  const bool json = found != nullptr && found->type.kind == metadata::TypeKind::kJson;
  return json ? fmt::format("CAST({} AS text)", expr) : expr;
}

std::string StepWriter::ComparableList(std::string_view alias) const {
  std::vector<std::string> out;
  for (const Column& column : model_.columns) {
    const std::string expr = fmt::format("{}.{}", alias, Name(column.name));
    const std::string text = Comparable(expr, column.name);
    out.push_back(text == expr ? expr : fmt::format("{} AS {}", text, Name(column.name)));
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

std::string StepWriter::RestoredList(std::string_view alias) const {
  std::vector<std::string> out;
  for (const Column& column : model_.columns) {
    const std::string expr = fmt::format("{}.{}", alias, Name(column.name));
    const bool changed = Comparable(expr, column.name) != expr;
    out.push_back(changed ? fmt::format("CAST({} AS {})", expr, TypeInDialect(column.type, project_.config.target()))
                          : expr);
  }
  return fmt::format("{}", fmt::join(out, ", "));
}

void StepWriter::CreateEmpty(std::string_view name, const RelationName& relation) {
  std::vector<std::string> columns;
  for (const Column& column : model_.columns) {
    columns.push_back(fmt::format("{} {}", Name(column.name), TypeInDialect(column.type, project_.config.target())));
  }
  AddBuild(name, fmt::format("CREATE TABLE {} ({})", Relation(relation), fmt::join(columns, ", ")));
}

std::string StepWriter::InsertRows(const RelationName& relation, const std::string& rows) const {
  return fmt::format("INSERT INTO {} ({})\n{}", Relation(relation), ColumnList(ColumnNames(), ""), rows);
}

void StepWriter::MakeRows(std::string_view name, const RelationName& relation) {
  AddBuild(name, fmt::format("CREATE TABLE {} AS\n{}{}", Relation(relation), Rows(), NewLoadsFilter()));
}

void CreateTable(StepWriter& steps) {
  const RelationName& relation = steps.planned().relation;
  if (steps.model().reads_itself) {
    steps.CreateEmpty("create", relation);
    if (steps.change().copy_of == nullptr) steps.AddBuild("fill", steps.InsertRows(relation, steps.Rows()));
  } else {
    steps.AddBuild("create", fmt::format("CREATE TABLE {} AS\n{}", steps.Relation(relation), steps.Query()));
  }
}

std::string StepWriter::NewLoadsFilter() const {
  if (model_.load_column.empty() || change_.datasets.empty()) return "";
  std::vector<std::string> loads;
  for (const std::string& dataset : change_.datasets) {
    loads.push_back(fmt::format("(SELECT l.load_id FROM {} AS l EXCEPT SELECT r.load_id FROM {} AS r)",
                                Token("loads", dataset), Token("recorded", model_.name)));
  }
  return fmt::format("\nWHERE q.{} IN (\n{}\n)", Name(model_.load_column), fmt::join(loads, "\nUNION\n"));
}

}  // namespace wapc::compiler
