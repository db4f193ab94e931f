#ifndef WAPC_RUNTIME_APPLY_TEMPLATE_H_
#define WAPC_RUNTIME_APPLY_TEMPLATE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// What stands for each "@{key}" in the SQL of a plan, by key: "rel:marts.delays", "execution_ts", ...
using TemplateValues = std::map<std::string, std::string, std::less<>>;

/// Puts a moment's text as the quoted `key`, and its first 10 and 26 characters (its day, and all but the zone) as
/// `key:10` and `key:26`.
void PutMoment(TemplateValues& values, const Warehouse& warehouse, const std::string& key, const std::string& moment);

/// The SQL with every "@{key}" replaced. A key that is not there is an error (kUsage) that names it. A key may itself
/// hold a closing brace, if that is what a model is called.
base::Result<std::string> ResolveTemplate(std::string_view sql, const TemplateValues& values);
/// The same; what `first` has comes before `values`.
base::Result<std::string> ResolveTemplate(std::string_view sql, const TemplateValues& first,
                                          const TemplateValues& values);

/// The models that a template names by rel, table or recorded, as often as it does.
std::vector<std::string> ModelsInTemplate(std::string_view sql);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_TEMPLATE_H_
