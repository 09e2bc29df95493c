package dev.pointsman.model;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks the strings of users that become part of Envoy's configuration. Envoy Gateway publishes nothing for a Gateway
 * while one of its resources breaks a rule of Envoy's API, so every such string is checked before its use. Each check
 * returns the reason for a refusal, as a predicate about the field, or empty for a valid string.
 */
public final class UserStrings {
  /** The longest name of a model, in bytes of its header. */
  public static final int LONGEST_MODEL = 256;

  private static final int MAX_LABEL = 63;
  private static final int MAX_SUBDOMAIN = 253;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern METACHARACTER = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");

  private UserStrings() {}

  /** Checks a model's name as clients send it: it becomes the match and the value of a header. */
  public static Optional<String> refusedModel(String name) {
    if (name.isEmpty()) {
      return Optional.of("is empty");
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      return Optional.of("has a control character");
    }
    if (name.codePoints().anyMatch(UserStrings::isSurrogate)) {
      return Optional.of("is not Unicode: it has half of a surrogate pair");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return bytes > LONGEST_MODEL
        ? Optional.of("has " + bytes + " bytes, but at most " + LONGEST_MODEL + " are allowed")
        : Optional.empty();
  }

  /** The string with its control characters escaped, which would change a terminal or break a line. */
  public static String legible(String text) {
    return text.codePoints().noneMatch(Character::isISOControl)
        ? text
        : text.codePoints()
            .mapToObj(point -> Character.isISOControl(point)
                ? "\\u%04x".formatted(point)
                : Character.toString(point))
            .collect(Collectors.joining());
  }

  /** The same, cut to so many characters before. */
  public static String legible(String text, int longest) {
    return legible(text.length() > longest ? text.substring(0, longest) + "..." : text);
  }

  /** The string escaped for a header's value in Envoy's configuration, in which {@code %} begins a command. */
  public static String headerValue(String value) {
    return value.replace("%", "%%");
  }

  /** Checks the name of an object of most kinds: a DNS subdomain. */
  public static Optional<String> refusedName(String name) {
    return refused(name, SUBDOMAIN, MAX_SUBDOMAIN, "a DNS subdomain in lower case");
  }

  /** Checks the name of a Service or a namespace: a DNS label. */
  public static Optional<String> refusedLabel(String name) {
    return refused(name, LABEL, MAX_LABEL, "a DNS label in lower case");
  }

  /** Checks a host name, which becomes a server name in TLS; Envoy limits its length. */
  public static Optional<String> refusedHostname(String name) {
    return refused(name, SUBDOMAIN, MAX_SUBDOMAIN, "a DNS name in lower case");
  }

  /** A regular expression for RE2 that matches exactly these strings. */
  public static String regexOf(Collection<String> strings) {
    return strings.stream().map(UserStrings::quoted).collect(Collectors.joining("|"));
  }

  /** The string quoted for RE2. */
  public static String quoted(String string) {
    return METACHARACTER.matcher(string).replaceAll("\\\\$0");
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  private static Optional<String> refused(String name, Pattern pattern, int max, String what) {
    if (name.length() > max) {
      return Optional.of(
          "has " + name.length() + " characters, but at most " + max + " are allowed");
    }
    return pattern.matcher(name).matches()
        ? Optional.empty()
        : Optional.of("is \"" + name + "\": not " + what);
  }
}
