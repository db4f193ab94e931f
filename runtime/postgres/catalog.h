#ifndef WAPC_RUNTIME_POSTGRES_CATALOG_H_
#define WAPC_RUNTIME_POSTGRES_CATALOG_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "runtime/postgres/session.h"

/// What the server's catalog says of views. For the .cc files of this adapter only.
namespace wapc::runtime::postgres_adapter {

/// A column, as far as CREATE OR REPLACE VIEW compares them.
struct ColumnType {
  std::string name;
  std::string type;
  std::string collation;  ///< empty: not known
};

struct CatalogRelation {
  std::string oid;
  bool is_view = false;
  std::vector<ColumnType> columns;
};

/// What stands under each of these names; those under which nothing stands are absent.
base::Result<std::map<std::pair<std::string, std::string>, CatalogRelation>> ReadRelations(
    Session& session, const std::vector<RelationName>& names);

/// One thing that depends on a view, directly or through other views.
struct CatalogDependent {
  std::string root;  ///< oid of the view it was found from
  std::string oid;   ///< of a relation; empty for anything else
  std::string kind;  ///< "view", "materialized view", else the server's description
  RelationName name;
  std::string owner;
};

/// Everything that depends on the views with these oids, what others stand on first.
base::Result<std::vector<CatalogDependent>> ReadDependents(Session& session, const std::vector<std::string>& oids);

/// What it takes to make a view as it was.
struct SavedView {
  RelationName name;
  bool materialized = false;
  std::string query;
  std::string owner;
  std::string options;                ///< "security_barrier=true, ..."; empty: none
  std::vector<std::string> grants;    ///< whole statements, of the columns too
  std::vector<std::string> comments;  ///< whole statements
  std::vector<std::string> indexes;   ///< whole statements
  bool populated = true;
};

/// Reads the definition and everything that hangs on the view with that oid.
base::Result<SavedView> SaveView(Session& session, const std::string& oid);

/// Statements that put back what a view made anew has lost: rights (and only those it had) and comments.
base::Result<std::string> RightsSql(Session& session, const SavedView& saved);

}  // namespace wapc::runtime::postgres_adapter

#endif  // WAPC_RUNTIME_POSTGRES_CATALOG_H_
