package dev.pointsman.xds;

import com.google.common.base.CharMatcher;
import tools.jackson.databind.node.JsonNodeFactory;

/** Strings in JSON. A host may have thousands of models, and most names need no escape, so that they are only copied. */
final class JsonStrings {
  /** Characters that JSON does not escape, of one byte each. */
  private static final CharMatcher UNESCAPED =
      CharMatcher.inRange(' ', '~').and(CharMatcher.noneOf("\"\\")).precomputed();

  private JsonStrings() {}

  /** The text as a JSON string, with its quotes. */
  static String quoted(String text) {
    return UNESCAPED.matchesAllOf(text)
        ? '"' + text + '"'
        : JsonNodeFactory.instance.stringNode(text).toString();
  }
}
