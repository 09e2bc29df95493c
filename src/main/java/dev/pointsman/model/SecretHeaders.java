package dev.pointsman.model;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Headers and query parameters whose values may be credentials, by their names. Conditions are told unless the name says
 * that it is a secret: an explanation needs them. Values that a configuration sets are told only for names that are known
 * to be harmless, since nothing needs them: services choose any name for the header with their key.
 */
public final class SecretHeaders {
  /** The words of credentials, anywhere in a name. */
  private static final Pattern WORDS = Pattern.compile(
      "auth|bearer|cookie|credential|jwt|key|passphrase|passw|secret|session|signature|token"
          + "|(?:^|[-_.])(?:otp|pass|pin|pwd|sas|sid|sig)(?:[-_.]|$)|^code$");

  private static final Set<String> HARMLESS = Set.of(
      ":authority",
      ":method",
      ":path",
      ":scheme",
      ":status",
      "accept",
      "accept-encoding",
      "accept-language",
      "cache-control",
      "connection",
      "content-encoding",
      "content-language",
      "content-length",
      "content-type",
      "date",
      "expires",
      "host",
      "keep-alive",
      "pragma",
      "retry-after",
      "server",
      "strict-transport-security",
      "te",
      "transfer-encoding",
      "upgrade",
      "user-agent",
      "vary",
      "via",
      "x-accel-buffering",
      "x-content-type-options",
      "x-forwarded-host",
      "x-forwarded-port",
      "x-forwarded-proto",
      "x-frame-options",
      "x-request-id");

  private static final String OF_MODELS = "x-gateway-";

  private SecretHeaders() {}

  /** Whether the name says that values of the header or query parameter may be credentials. */
  public static boolean contains(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !HARMLESS.contains(lower) && WORDS.matcher(lower).find();
  }

  /** Whether values of the header are known to be no credentials. */
  public static boolean isHarmless(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return HARMLESS.contains(lower) || (lower.startsWith(OF_MODELS) && !contains(lower));
  }
}
