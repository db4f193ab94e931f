#ifndef WAPC_BASE_RESULT_H_
#define WAPC_BASE_RESULT_H_

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace wapc::base {

/// Why an operation failed, as far as a caller acts on it. The value is the exit code that a command ends with.
enum class ErrorKind : int {
  kProject = 1,    ///< the project or its data is wrong
  kUsage = 2,      ///< usage or configuration
  kWarehouse = 3,  ///< the warehouse or state could not be reached or failed
  kRace = 4,       ///< lost a race: stale plan, lock held
};

/// A failure outside the texts that a user wrote (those go to Diagnostics): one clear sentence, never a secret.
struct Error {
  ErrorKind kind = ErrorKind::kWarehouse;
  std::string message;
};

/// A value or an Error. `if (!result) return result.error();`
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor): return value; reads best
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return std::holds_alternative<T>(state_); }
  T& operator*() { return std::get<T>(state_); }
  const T& operator*() const { return std::get<T>(state_); }
  T* operator->() { return &std::get<T>(state_); }
  const T* operator->() const { return &std::get<T>(state_); }
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return !error_.has_value(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace wapc::base

#endif  // WAPC_BASE_RESULT_H_
