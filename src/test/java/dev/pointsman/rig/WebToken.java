package dev.pointsman.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens of {@code https://example.com}, signed with the key in the SecurityPolicies of the tests. */
public final class WebToken {
  private static final String KEY = "secret-secret-secret-secret-secret";
  private static final String ALGORITHM = "HmacSHA256";

  private WebToken() {}

  /** The value of the header {@code authorization}, with more claims as members of a JSON object; empty for none. */
  public static String bearer(String claims) {
    String all = "{\"iss\":\"https://example.com\"" + (claims.isEmpty() ? "" : "," + claims) + "}";
    String signed = base64("{\"alg\":\"HS256\",\"kid\":\"a\"}".getBytes(UTF_8)) + "."
        + base64(all.getBytes(UTF_8));
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(KEY.getBytes(UTF_8), ALGORITHM));
      return "Bearer " + signed + "." + base64(mac.doFinal(signed.getBytes(UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
