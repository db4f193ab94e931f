#include "compiler/translate/translate.h"

#include <gtest/gtest.h>

#include "compiler/translate/map.h"
#include "grammar/dialect.h"

namespace wapc::compiler::translate {
namespace {

TEST(DialectMap, EveryLineOfEveryMapIsGood) {
  for (const grammar::Dialect* const dialect : grammar::AllDialects()) {
    const DialectMap& map = DialectMap::Of(*dialect);
    EXPECT_GT(map.rules().size(), 100U) << dialect->name;
    for (const std::string& line : map.broken()) ADD_FAILURE() << dialect->name << ".map: " << line;
  }
}

// An operation that only one dialect has words for, and only to write, is one that nothing can read: a misspelling.
TEST(DialectMap, EveryOperationThatIsWrittenIsReadSomewhere) {
  std::set<std::string> read;
  for (const grammar::Dialect* const dialect : grammar::AllDialects()) {
    for (const auto& rule : DialectMap::Of(*dialect).rules()) {
      if (rule->read) read.insert(rule->op);
    }
  }
  // Rules in code make these of parts of the tree that no map reads.
  for (const char* const op : {"array_concat_null", "array_append_null", "array_prepend_null"}) read.insert(op);
  for (const grammar::Dialect* const dialect : grammar::AllDialects()) {
    for (const auto& rule : DialectMap::Of(*dialect).rules()) {
      if (!rule->write) continue;
      EXPECT_TRUE(read.contains(rule->op)) << dialect->name << ".map: " << rule->op;
    }
  }
}

TEST(StoredIn, FoldsWhatNeedsNoQuotes) {
  const grammar::Dialect& duckdb = *grammar::FindDialect("duckdb");
  const grammar::Dialect& postgres = *grammar::FindDialect("postgres");
  const grammar::Dialect& snowflake = *grammar::FindDialect("snowflake");
  EXPECT_EQ(StoredIn("OrderId", duckdb, postgres), "orderid");
  EXPECT_EQ(StoredIn("Order Id", duckdb, postgres), "Order Id");
  EXPECT_EQ(StoredIn("order_id", postgres, snowflake), "ORDER_ID");
  EXPECT_EQ(StoredIn("OrderId", postgres, snowflake), "OrderId");
  EXPECT_EQ(StoredIn("ORDER_ID", snowflake, postgres), "order_id");
}

}  // namespace
}  // namespace wapc::compiler::translate
