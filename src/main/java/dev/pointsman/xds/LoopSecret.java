package dev.pointsman.xds;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;

/**
 * The key of the tokens that open the loop listeners. Only the routes that lead there carry a token, so that nobody can
 * enter who does not know the key.
 *
 * @param key at least one byte
 */
public record LoopSecret(ByteString key) {
  /** Known to everybody: for output that has to be reproducible and that no proxy serves. */
  public static final LoopSecret PUBLIC = new LoopSecret(ByteString.copyFromUtf8("not a secret"));

  /** Keeps the key apart from other uses of the same private key. */
  private static final String LABEL = "pointsman loop listeners";

  private static final int TOKEN_BYTES = 16;

  /**
   * Derives the secret from a private key: replicas with one key agree, and a restart changes nothing.
   *
   * @param privateKey its encoding
   */
  public static LoopSecret derivedFrom(byte[] privateKey) {
    return new LoopSecret(ByteString.copyFrom(
        Hashing.hmacSha256(privateKey).hashString(LABEL, StandardCharsets.UTF_8).asBytes()));
  }

  /**
   * The token of the place that has these names: 32 hexadecimal digits. Different names give different tokens, however
   * they are split.
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

  /** Without the key: it must not reach a log. */
  @Override
  public String toString() {
    return "LoopSecret";
  }
}
