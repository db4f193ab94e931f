#include "base/digest.h"

#include <gtest/gtest.h>

namespace wapc::base {
namespace {

// Vectors of FIPS 180-4 and FIPS 202.
TEST(Digest, Sha256) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, Sha3InBase64) {
  EXPECT_EQ(Sha3Base64(""), "p//G+L8e12ZRwUdWoGHWYvWA/03kO0n6gtgKS4D4Q0o=");
  EXPECT_EQ(Sha3Base64("abc"), "Ophdp0/iJbIEXBcta9OQvYVfCG4+nVJbRr/iRRFDFTI=");
}

TEST(Digest, ShortIdIsTheHeadOfTheDigestInBase32) {
  EXPECT_EQ(ShortId("abc"), "xj4bnp4pahh6uqkb");
  EXPECT_EQ(ShortId(""), "4oymiquy7qobjgx3");
}

}  // namespace
}  // namespace wapc::base
