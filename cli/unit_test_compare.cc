#include "cli/unit_test_compare.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace wapc::cli {
namespace {

bool IsFloat(const std::string& type) { return type == "DOUBLE" || type == "FLOAT"; }

std::optional<double> Number(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end) return std::nullopt;
  return value;
}

bool IsClose(double expected, double actual) {
  constexpr double kRelative = 1e-5;
  constexpr double kAbsolute = 1e-8;
  if (std::isnan(expected) || std::isnan(actual)) return std::isnan(expected) && std::isnan(actual);
  if (std::isinf(expected) || std::isinf(actual)) return expected == actual;
  return std::abs(expected - actual) <= kAbsolute + kRelative * std::abs(expected);
}

size_t CountSame(const TestRow& a, const TestRow& b, const std::vector<std::string>& types) {
  size_t out = 0;
  for (size_t i = 0; i < a.size(); ++i) out += SameValue(a[i], b[i], types[i]) ? 1 : 0;
  return out;
}

class Comparison {
 public:
  Comparison(const runtime::Rows& expected, const runtime::Rows& actual)
      : types_(actual.types), expected_(expected.rows), actual_(actual.rows) {
    out_.columns = actual.columns;
  }

  RowsDifference Run(bool ordered) {
    const bool in_place = InPlace();
    if (ordered && in_place) return std::move(out_);
    DropEqual();
    DropClose();
    if (ordered && expected_.empty() && actual_.empty()) {
      out_.reordered = true;
      return std::move(out_);
    }
    PairAlike();
    out_.missing = std::move(expected_);
    out_.unexpected = std::move(actual_);
    return std::move(out_);
  }

 private:
  bool Same(const TestRow& a, const TestRow& b) const { return CountSame(a, b, types_) == a.size(); }

  bool InPlace() const {
    return std::equal(expected_.begin(), expected_.end(), actual_.begin(), actual_.end(),
                      [this](const TestRow& a, const TestRow& b) { return Same(a, b); });
  }

  // Rows that are the same to the letter, as often as both have them.
  void DropEqual() {
    std::map<TestRow, size_t> left;
    for (const TestRow& row : expected_) ++left[row];
    std::map<TestRow, size_t> found;
    std::vector<TestRow> kept;
    for (TestRow& row : actual_) {
      const auto at = left.find(row);
      if (at == left.end() || at->second == 0) {
        kept.push_back(std::move(row));
        continue;
      }
      --at->second;
      ++found[row];
    }
    actual_ = std::move(kept);
    std::erase_if(expected_, [&found](const TestRow& row) {
      const auto at = found.find(row);
      if (at == found.end() || at->second == 0) return false;
      --at->second;
      return true;
    });
  }

  void DropClose() {
    if (std::none_of(types_.begin(), types_.end(), IsFloat)) return;
    std::erase_if(expected_, [this](const TestRow& row) {
      const auto at =
          std::find_if(actual_.begin(), actual_.end(), [&](const TestRow& other) { return Same(row, other); });
      if (at == actual_.end()) return false;
      actual_.erase(at);
      return true;
    });
  }

  // Each expected row goes with the actual one that shares the most values, if any is shared.
  void PairAlike() {
    constexpr size_t kTooMany = 400;
    if (expected_.size() > kTooMany || actual_.size() > kTooMany) return;
    const size_t least = out_.columns.size() == 1 ? 0 : 1;
    for (size_t same = out_.columns.size(); same-- > least;) {
      std::erase_if(expected_, [&](const TestRow& row) {
        const auto at = std::find_if(actual_.begin(), actual_.end(),
                                     [&](const TestRow& other) { return CountSame(row, other, types_) == same; });
        if (at == actual_.end()) return false;
        out_.changed.emplace_back(row, *at);
        actual_.erase(at);
        return true;
      });
    }
  }

  std::vector<std::string> types_;
  std::vector<TestRow> expected_;
  std::vector<TestRow> actual_;
  RowsDifference out_;
};

}  // namespace

bool SameValue(const std::optional<std::string>& a, const std::optional<std::string>& b, const std::string& type) {
  if (a == b) return true;
  if (!a || !b || !IsFloat(type)) return false;
  const auto expected = Number(*a);
  const auto actual = Number(*b);
  return expected && actual && IsClose(*expected, *actual);
}

RowsDifference CompareRows(const runtime::Rows& expected, const runtime::Rows& actual, bool ordered) {
  return Comparison(expected, actual).Run(ordered);
}

}  // namespace wapc::cli
