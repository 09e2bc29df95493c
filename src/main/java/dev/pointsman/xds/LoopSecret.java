package dev.pointsman.xds;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/**
 * The key of the tokens for the loop listeners. Only routes to a loop set a token, so requests without the key cannot
 * enter it.
 *
 * @param key at least one byte
 */
public record LoopSecret(ByteString key) {
  /** A public key, for output that has to be reproducible and is not served by a proxy. */
  public static final LoopSecret PUBLIC = new LoopSecret(ByteString.copyFromUtf8("not a secret"));

  /** Separates this key from other uses of the same private key. */
  private static final String LABEL = "pointsman loop listeners";

  private static final int TOKEN_BYTES = 16;

  /**
   * Derives the secret from a private key: replicas with one key have the same secret, also after a restart.
   *
   * @param privateKey its encoding
   */
  public static LoopSecret derivedFrom(byte[] privateKey) {
    return new LoopSecret(ByteString.copyFrom(
        Hashing.hmacSha256(privateKey).hashString(LABEL, StandardCharsets.UTF_8).asBytes()));
  }

  /**
   * The token for these names: 32 hexadecimal digits. Different lists of names have different tokens, even if their
   * concatenations are equal.
   */
  String token(String... names) {
    HashFunction hmac = Hashing.hmacSha256(key.toByteArray());
    Hasher hasher = hmac.newHasher();
    for (String name : names) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      hasher.putInt(bytes.length).putBytes(bytes);
    }
    return hasher.hash().toString().substring(0, 2 * TOKEN_BYTES);
  }

  /** Omits the key, which must not be logged. */
  @Override
  public String toString() {
    return "LoopSecret";
  }
}
