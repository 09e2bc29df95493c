package dev.pointsman.model;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Headers and query parameters whose values may be credentials, by their names. */
public final class SecretHeaders {
  private static final Set<String> NAMES =
      Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");
  private static final Pattern WORDS = Pattern.compile(
      "(?:^|.*[-_])(?:api-?)?(?:keys?|tokens?|secrets?|passwords?|credentials?)(?:[-_].*|$)|apikey");

  private SecretHeaders() {}

  /** Whether values of the header or query parameter may be credentials. */
  public static boolean contains(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAMES.contains(lower) || WORDS.matcher(lower).matches();
  }
}
