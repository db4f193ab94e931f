#include "runtime/postgres/catalog.h"

#include <initializer_list>
#include <utility>

namespace wapc::runtime::postgres_adapter {
namespace {

using Cells = std::vector<std::optional<std::string>>;

std::string Cell(const Cells& row, size_t i) { return row.at(i).value_or(""); }

std::string Dotted(const RelationName& name) { return QuoteName(name.schema) + "." + QuoteName(name.name); }

std::string Joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

/// A column of a query as statements.
base::Result<std::vector<std::string>> Statements(Session& session, const std::string& sql) {
  auto rows = session.Query(sql);
  if (!rows) return rows.error();
  std::vector<std::string> out;
  for (const auto& row : rows->rows) out.push_back(Cell(row, 0));
  return out;
}

/// The rights on a relation and on its columns but for the owner's own, as GRANT or REVOKE statements. %s is what
/// stands behind the privilege.
std::string RightsQuery(const std::string& oid, bool revoke) {
  const std::string format = revoke ? "'REVOKE %s%s ON %I.%I FROM %s'" : "'GRANT %s%s ON %I.%I TO %s'";
  const std::string option = revoke ? "''" : "CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";
  return "SELECT format(" + format +
         ", x.privilege_type, x.columns, n.nspname, c.relname, CASE WHEN x.grantee = 0 THEN 'PUBLIC' "
         "ELSE quote_ident(pg_get_userbyid(x.grantee)) END) || " +
         option +
         " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace CROSS JOIN LATERAL ("
         "SELECT e.grantee, e.privilege_type, e.is_grantable, '' AS columns FROM aclexplode(c.relacl) AS e UNION ALL "
         "SELECT e.grantee, e.privilege_type, e.is_grantable, format('(%I)', a.attname) FROM pg_attribute AS a "
         "CROSS JOIN LATERAL aclexplode(a.attacl) AS e WHERE a.attrelid = c.oid AND a.attnum > 0 "
         "AND NOT a.attisdropped) AS x WHERE x.grantee <> c.relowner AND c.oid = " +
         oid + " ORDER BY 1";
}

std::string CommentsQuery(const std::string& oid) {
  return "SELECT format('COMMENT ON ' || CASE WHEN d.objsubid > 0 THEN 'COLUMN %1$I.%2$I.%4$I' WHEN c.relkind = 'm' "
         "THEN 'MATERIALIZED VIEW %1$I.%2$I' ELSE 'VIEW %1$I.%2$I' END || ' IS %3$L', n.nspname, c.relname, "
         "d.description, a.attname) FROM pg_description AS d JOIN pg_class AS c ON c.oid = d.objoid "
         "JOIN pg_namespace AS n ON n.oid = c.relnamespace LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid "
         "AND a.attnum = d.objsubid AND d.objsubid > 0 WHERE d.classoid = 'pg_class'::regclass AND d.objoid = " +
         oid + " ORDER BY d.objsubid";
}

/// What depends on these relations, and on their row types, directly. Rules of other relations are how views depend; a
/// trigger on a view would go with it.
std::string DirectQuery(const std::string& oids) {
  return "SELECT x.base, r.ev_class, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' "
         "ELSE pg_describe_object(x.classid, x.objid, 0) END, n.nspname, c.relname, pg_get_userbyid(c.relowner) FROM ("
         "SELECT d.refobjid AS base, d.classid, d.objid, d.deptype FROM pg_depend AS d "
         "WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid IN (" +
         oids +
         ") UNION ALL "
         "SELECT b.oid, d.classid, d.objid, d.deptype FROM pg_class AS b JOIN pg_type AS t ON t.oid = b.reltype "
         "JOIN pg_depend AS d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray) "
         "WHERE b.oid IN (" +
         oids +
         ")) AS x LEFT JOIN pg_rewrite AS r ON x.classid = 'pg_rewrite'::regclass AND r.oid = x.objid "
         "LEFT JOIN pg_class AS c ON c.oid = r.ev_class AND c.relkind IN ('v', 'm') "
         "LEFT JOIN pg_namespace AS n ON n.oid = c.relnamespace "
         "WHERE (x.deptype = 'n' OR x.classid = 'pg_trigger'::regclass) AND (r.ev_class IS NULL OR r.ev_class <> "
         "x.base) "
         "GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 4, 5, 3";
}

}  // namespace

base::Result<std::map<std::pair<std::string, std::string>, CatalogRelation>> ReadRelations(
    Session& session, const std::vector<RelationName>& names) {
  std::map<std::pair<std::string, std::string>, CatalogRelation> out;
  if (names.empty()) return out;
  std::string list;
  for (const RelationName& name : names) {
    list += (list.empty() ? "(" : ", (") + QuoteText(name.schema) + ", " + QuoteText(name.name) + ")";
  }
  auto rows = session.Query(
      "SELECT n.nspname, c.relname, c.oid, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation "
      "FROM (VALUES " +
      list +
      ") AS v(s, t) JOIN pg_namespace AS n ON n.nspname = v.s JOIN pg_class AS c ON c.relnamespace = n.oid "
      "AND c.relname = v.t AND c.relkind NOT IN ('i', 'I', 'c') LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid "
      "AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.oid, a.attnum");
  if (!rows) return rows.error();
  for (const auto& row : rows->rows) {
    CatalogRelation& relation = out[{Cell(row, 0), Cell(row, 1)}];
    relation.oid = Cell(row, 2);
    relation.is_view = Cell(row, 3) == "v";
    if (row[4]) relation.columns.push_back({*row[4], Cell(row, 5), Cell(row, 6)});
  }
  return out;
}

base::Result<std::vector<CatalogDependent>> ReadDependents(Session& session, const std::vector<std::string>& oids) {
  std::vector<CatalogDependent> out;
  std::map<std::string, std::string> roots;
  for (const std::string& oid : oids) roots[oid] = oid;
  std::vector<std::string> level = oids;
  while (!level.empty()) {
    auto rows = session.Query(DirectQuery(Joined(level)));
    if (!rows) return rows.error();
    level.clear();
    for (const auto& row : rows->rows) {
      const std::string& root = roots[Cell(row, 0)];
      CatalogDependent one{root, row[4] ? Cell(row, 1) : "", Cell(row, 2), {Cell(row, 3), Cell(row, 4)}, Cell(row, 5)};
      // What is found again stands above what was found since: it moves up, and what stands on it after it.
      std::erase_if(out, [&](const CatalogDependent& known) { return known.oid == one.oid && known.kind == one.kind; });
      if (!one.oid.empty()) level.push_back(one.oid);
      roots.emplace(one.oid, root);
      out.push_back(std::move(one));
    }
  }
  return out;
}

base::Result<SavedView> SaveView(Session& session, const std::string& oid) {
  auto rows = session.Query(
      "SELECT n.nspname, c.relname, c.relkind, pg_get_viewdef(c.oid), quote_ident(pg_get_userbyid(c.relowner)), "
      "array_to_string(c.reloptions, ', '), c.relispopulated FROM pg_class AS c "
      "JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = " +
      oid);
  if (!rows) return rows.error();
  if (rows->rows.empty()) return base::Error{base::ErrorKind::kRace, "a view was dropped while it was replaced"};
  const Cells& row = rows->rows[0];
  SavedView out{{Cell(row, 0), Cell(row, 1)}, Cell(row, 2) == "m", Cell(row, 3), Cell(row, 4), Cell(row, 5)};
  out.populated = Cell(row, 6) == "true";
  const std::string indexes =
      "SELECT pg_get_indexdef(i.indexrelid) FROM pg_index AS i WHERE i.indrelid = " + oid + " ORDER BY 1";
  for (const auto& [list, sql] : std::initializer_list<std::pair<std::vector<std::string>*, std::string>>{
           {&out.grants, RightsQuery(oid, false)}, {&out.comments, CommentsQuery(oid)}, {&out.indexes, indexes}}) {
    auto statements = Statements(session, sql);
    if (!statements) return statements.error();
    *list = std::move(*statements);
  }
  return out;
}

base::Result<std::string> RightsSql(Session& session, const SavedView& saved) {
  // A role's default rights may have come with the new view: it shall have what the old one had, and no more.
  const std::string oid = QuoteText(Dotted(saved.name)) + "::regclass";
  auto revoked = Statements(session, RightsQuery(oid, true));
  if (!revoked) return revoked.error();
  std::string sql;
  for (const std::vector<std::string>& list : {*revoked, saved.grants, saved.comments}) {
    for (const std::string& statement : list) sql += statement + ";\n";
  }
  return sql;
}

}  // namespace wapc::runtime::postgres_adapter
