package dev.pointsman.explain;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Envoy's conditions on strings. */
final class StringConditions {
  private static final int MOST_PATTERNS = 10_000;
  private static final Map<String, Optional<Pattern>> PATTERNS = new ConcurrentHashMap<>();

  private StringConditions() {}

  /** Whether the value meets the condition. */
  static boolean meets(StringMatcher matcher, String value) {
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> fold(matcher, value).equals(fold(matcher, matcher.getExact()));
      case PREFIX -> fold(matcher, value).startsWith(fold(matcher, matcher.getPrefix()));
      case SUFFIX -> fold(matcher, value).endsWith(fold(matcher, matcher.getSuffix()));
      case CONTAINS -> fold(matcher, value).contains(fold(matcher, matcher.getContains()));
      case SAFE_REGEX -> isWhole(matcher.getSafeRegex().getRegex(), value);
      case CUSTOM, MATCHPATTERN_NOT_SET -> false;
    };
  }

  /** The condition in words, to follow {@code must}. */
  static String words(StringMatcher matcher) {
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> "be " + quoted(matcher.getExact());
      case PREFIX -> "begin with " + quoted(matcher.getPrefix());
      case SUFFIX -> "end with " + quoted(matcher.getSuffix());
      case CONTAINS -> "contain " + quoted(matcher.getContains());
      case SAFE_REGEX -> "match " + quoted(matcher.getSafeRegex().getRegex());
      case CUSTOM, MATCHPATTERN_NOT_SET -> "meet a condition of an extension";
    };
  }

  /** Whether the expression of RE2 matches the whole value; false for an invalid expression, which Envoy refuses. */
  static boolean isWhole(String regex, String value) {
    if (PATTERNS.size() > MOST_PATTERNS) {
      PATTERNS.clear();
    }
    return PATTERNS
        .computeIfAbsent(regex, StringConditions::compiled)
        .map(pattern -> pattern.matches(value))
        .orElse(false);
  }

  private static Optional<Pattern> compiled(String regex) {
    try {
      // RE2/J has no \C, which is any byte for RE2: the expressions have it only in repetitions.
      return Optional.of(Pattern.compile(regex.replace("\\C", "(?s:.)")));
    } catch (PatternSyntaxException _) {
      return Optional.empty();
    }
  }

  static String quoted(String value) {
    return "'" + value + "'";
  }

  private static String fold(StringMatcher matcher, String value) {
    return matcher.getIgnoreCase() ? value.toLowerCase(Locale.ROOT) : value;
  }
}
