#ifndef WAPC_RUNTIME_DUCKDB_API_H_
#define WAPC_RUNTIME_DUCKDB_API_H_

#include <duckdb.h>

#include "base/result.h"

/// The functions of DuckDB's C API that wapc calls, found in its library when the first of them is needed: loading it
/// takes longer than compiling a thousand models that did not change, and most verbs never ask a warehouse anything.
/// Each has the name that duckdb.h gives it, which it hides within this namespace.
namespace wapc::runtime {

/// Loads the library, once a process. Everything below may be called only after that; an Error says where it was looked
/// for.
base::Status LoadDuckDb();

namespace duckdb_library {

/// The address of a function of the library that LoadDuckDb loaded.
void* Symbol(const char* name);

}  // namespace duckdb_library

// An object that is called like the function: found on its first call.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): only a macro can take a name as such and as text
#define WAPC_DUCKDB_FUNCTION(name)                                                                       \
  inline constexpr struct name##_lazy {                                                                  \
    template <class... Arguments>                                                                        \
    auto operator()(Arguments... arguments) const {                                                      \
      static auto* const kFunction = reinterpret_cast<decltype(&::name)>(duckdb_library::Symbol(#name)); \
      return kFunction(arguments...);                                                                    \
    }                                                                                                    \
  } name{};

// clang-format off
WAPC_DUCKDB_FUNCTION(duckdb_array_type_array_size)
WAPC_DUCKDB_FUNCTION(duckdb_array_type_child_type)
WAPC_DUCKDB_FUNCTION(duckdb_close)
WAPC_DUCKDB_FUNCTION(duckdb_column_count)
WAPC_DUCKDB_FUNCTION(duckdb_column_logical_type)
WAPC_DUCKDB_FUNCTION(duckdb_column_name)
WAPC_DUCKDB_FUNCTION(duckdb_connect)
WAPC_DUCKDB_FUNCTION(duckdb_create_config)
WAPC_DUCKDB_FUNCTION(duckdb_data_chunk_get_size)
WAPC_DUCKDB_FUNCTION(duckdb_data_chunk_get_vector)
WAPC_DUCKDB_FUNCTION(duckdb_decimal_scale)
WAPC_DUCKDB_FUNCTION(duckdb_decimal_width)
WAPC_DUCKDB_FUNCTION(duckdb_destroy_config)
WAPC_DUCKDB_FUNCTION(duckdb_destroy_data_chunk)
WAPC_DUCKDB_FUNCTION(duckdb_destroy_extracted)
WAPC_DUCKDB_FUNCTION(duckdb_destroy_logical_type)
WAPC_DUCKDB_FUNCTION(duckdb_destroy_prepare)
WAPC_DUCKDB_FUNCTION(duckdb_destroy_result)
WAPC_DUCKDB_FUNCTION(duckdb_disconnect)
WAPC_DUCKDB_FUNCTION(duckdb_enum_dictionary_size)
WAPC_DUCKDB_FUNCTION(duckdb_enum_dictionary_value)
WAPC_DUCKDB_FUNCTION(duckdb_execute_prepared)
WAPC_DUCKDB_FUNCTION(duckdb_extract_statements)
WAPC_DUCKDB_FUNCTION(duckdb_extract_statements_error)
WAPC_DUCKDB_FUNCTION(duckdb_fetch_chunk)
WAPC_DUCKDB_FUNCTION(duckdb_free)
WAPC_DUCKDB_FUNCTION(duckdb_get_type_id)
WAPC_DUCKDB_FUNCTION(duckdb_interrupt)
WAPC_DUCKDB_FUNCTION(duckdb_library_version)
WAPC_DUCKDB_FUNCTION(duckdb_list_type_child_type)
WAPC_DUCKDB_FUNCTION(duckdb_logical_type_get_alias)
WAPC_DUCKDB_FUNCTION(duckdb_map_type_key_type)
WAPC_DUCKDB_FUNCTION(duckdb_map_type_value_type)
WAPC_DUCKDB_FUNCTION(duckdb_open_ext)
WAPC_DUCKDB_FUNCTION(duckdb_prepare)
WAPC_DUCKDB_FUNCTION(duckdb_prepare_error)
WAPC_DUCKDB_FUNCTION(duckdb_prepare_extracted_statement)
WAPC_DUCKDB_FUNCTION(duckdb_prepared_statement_column_count)
WAPC_DUCKDB_FUNCTION(duckdb_prepared_statement_column_logical_type)
WAPC_DUCKDB_FUNCTION(duckdb_prepared_statement_column_name)
WAPC_DUCKDB_FUNCTION(duckdb_prepared_statement_type)
WAPC_DUCKDB_FUNCTION(duckdb_query)
WAPC_DUCKDB_FUNCTION(duckdb_result_error)
WAPC_DUCKDB_FUNCTION(duckdb_set_config)
WAPC_DUCKDB_FUNCTION(duckdb_string_t_data)
WAPC_DUCKDB_FUNCTION(duckdb_string_t_length)
WAPC_DUCKDB_FUNCTION(duckdb_struct_type_child_count)
WAPC_DUCKDB_FUNCTION(duckdb_struct_type_child_name)
WAPC_DUCKDB_FUNCTION(duckdb_struct_type_child_type)
WAPC_DUCKDB_FUNCTION(duckdb_union_type_member_count)
WAPC_DUCKDB_FUNCTION(duckdb_union_type_member_name)
WAPC_DUCKDB_FUNCTION(duckdb_union_type_member_type)
WAPC_DUCKDB_FUNCTION(duckdb_validity_row_is_valid)
WAPC_DUCKDB_FUNCTION(duckdb_vector_get_data)
WAPC_DUCKDB_FUNCTION(duckdb_vector_get_validity)
// clang-format on

#undef WAPC_DUCKDB_FUNCTION

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_DUCKDB_API_H_
