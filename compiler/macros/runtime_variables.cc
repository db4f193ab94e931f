#include "compiler/macros/runtime_variables.h"

#include <array>

namespace wapc::compiler {
namespace {

using Form = RuntimeVariable::Form;
using Moment = RuntimeVariable::Moment;
using metadata::Type;
using metadata::TypeKind;

struct MomentName {
  std::string_view prefix;
  Moment moment;
};
constexpr std::array kMoments{MomentName{"start_", Moment::kStart}, MomentName{"end_", Moment::kEnd},
                              MomentName{"execution_", Moment::kExecution}};

struct FormName {
  std::string_view suffix;
  Form form;
};
constexpr std::array kForms{
    FormName{"ds", Form::kDs},     FormName{"ts", Form::kTs},       FormName{"tstz", Form::kTstz},
    FormName{"date", Form::kDate}, FormName{"dt", Form::kDt},       FormName{"dtntz", Form::kDtntz},
    FormName{"hour", Form::kHour}, FormName{"epoch", Form::kEpoch}, FormName{"millis", Form::kMillis}};

}  // namespace

std::optional<RuntimeVariable> ReadRuntimeVariable(std::string_view name) {
  for (const MomentName& moment : kMoments) {
    if (!name.starts_with(moment.prefix)) continue;
    for (const FormName& form : kForms) {
      if (name.substr(moment.prefix.size()) == form.suffix) return RuntimeVariable{moment.moment, form.form};
    }
  }
  return std::nullopt;
}

Type TypeOf(const RuntimeVariable& variable) {
  switch (variable.form) {
    case Form::kDs:
    case Form::kTs:
    case Form::kTstz: return Type::Text();
    case Form::kDate: return Type::Of(TypeKind::kDate);
    case Form::kDt: return Type::TimestampTz();
    case Form::kDtntz: return Type::Timestamp();
    case Form::kHour: return Type::Of(TypeKind::kInt32);
    case Form::kEpoch: return Type::Of(TypeKind::kDouble);
    case Form::kMillis: return Type::Of(TypeKind::kInt64);
  }
  return Type::Text();
}

std::vector<std::string> RuntimeVariables() {
  std::vector<std::string> out;
  for (const MomentName& moment : kMoments) {
    for (const FormName& form : kForms) out.push_back(std::string(moment.prefix) + std::string(form.suffix));
  }
  return out;
}

}  // namespace wapc::compiler
