#ifndef WAPC_RUNTIME_POSTGRES_API_H_
#define WAPC_RUNTIME_POSTGRES_API_H_

#include <libpq-fe.h>

#include "base/result.h"

/// The functions of libpq that wapc calls, found in the library when the first of them is needed: it brings two dozen
/// other libraries along, and most verbs never ask a server anything. Each has the name that libpq-fe.h gives it, which
/// it hides within this namespace.
namespace wapc::runtime {

/// Loads the library, once a process. Everything below may be called only after that.
base::Status LoadLibpq();

namespace libpq_library {

/// The address of a function of the library that LoadLibpq loaded.
void* Symbol(const char* name);

}  // namespace libpq_library

// An object that is called like the function: found on its first call.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): only a macro can take a name as such and as text
#define WAPC_LIBPQ_FUNCTION(name)                                                                       \
  inline constexpr struct name##_lazy {                                                                 \
    template <class... Arguments>                                                                       \
    auto operator()(Arguments... arguments) const {                                                     \
      static auto* const kFunction = reinterpret_cast<decltype(&::name)>(libpq_library::Symbol(#name)); \
      return kFunction(arguments...);                                                                   \
    }                                                                                                   \
  } name{}; /* NOLINT(bugprone-macro-parentheses): a name is declared */

// clang-format off
WAPC_LIBPQ_FUNCTION(PQbackendPID)
WAPC_LIBPQ_FUNCTION(PQcancel)
WAPC_LIBPQ_FUNCTION(PQclear)
WAPC_LIBPQ_FUNCTION(PQcmdStatus)
WAPC_LIBPQ_FUNCTION(PQconnectdbParams)
WAPC_LIBPQ_FUNCTION(PQdescribePrepared)
WAPC_LIBPQ_FUNCTION(PQerrorMessage)
WAPC_LIBPQ_FUNCTION(PQexec)
WAPC_LIBPQ_FUNCTION(PQfinish)
WAPC_LIBPQ_FUNCTION(PQfmod)
WAPC_LIBPQ_FUNCTION(PQfname)
WAPC_LIBPQ_FUNCTION(PQfreeCancel)
WAPC_LIBPQ_FUNCTION(PQftype)
WAPC_LIBPQ_FUNCTION(PQgetCancel)
WAPC_LIBPQ_FUNCTION(PQgetisnull)
WAPC_LIBPQ_FUNCTION(PQgetlength)
WAPC_LIBPQ_FUNCTION(PQgetvalue)
WAPC_LIBPQ_FUNCTION(PQnfields)
WAPC_LIBPQ_FUNCTION(PQntuples)
WAPC_LIBPQ_FUNCTION(PQparameterStatus)
WAPC_LIBPQ_FUNCTION(PQprepare)
WAPC_LIBPQ_FUNCTION(PQresultErrorField)
WAPC_LIBPQ_FUNCTION(PQresultStatus)
WAPC_LIBPQ_FUNCTION(PQserverVersion)
WAPC_LIBPQ_FUNCTION(PQsetNoticeReceiver)
WAPC_LIBPQ_FUNCTION(PQstatus)
WAPC_LIBPQ_FUNCTION(PQtransactionStatus)
// clang-format on

#undef WAPC_LIBPQ_FUNCTION

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_POSTGRES_API_H_
