package dev.pointsman.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A string literal of Lua 5.1 between double quotes (section 2.1 of its manual), read apart from the code that prints it.
 *
 * @param value the bytes that Lua sees
 * @param end the index after the closing quote
 */
public record LuaText(byte[] value, int end) {
  private static final String LETTERS = "abfnrtv";
  private static final String MEANT = "\u0007\b\f\n\r\t\u000b";

  /** Reads the literal at the beginning of a text. */
  public static LuaText read(String text) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    if (text.isEmpty() || text.charAt(0) != '"') {
      throw new AssertionError("no literal");
    }
    int at = 1;
    while (text.charAt(at) != '"') {
      char one = text.charAt(at++);
      if (one == '\n' || one == '\r' || one == 0 || one > 0x7f) {
        throw new AssertionError("a literal may not have U+" + Integer.toHexString(one));
      }
      if (one != '\\') {
        value.write(one);
        continue;
      }
      int digits = at;
      while (digits < at + 3 && Character.isDigit(text.charAt(digits))) {
        digits++;
      }
      if (digits > at) {
        int number = Integer.parseInt(text.substring(at, digits));
        if (number > 255) {
          throw new AssertionError("escape sequence too large");
        }
        value.write(number);
        at = digits;
      } else {
        int letter = LETTERS.indexOf(text.charAt(at));
        value.write(letter < 0 ? text.charAt(at) : MEANT.charAt(letter));
        at++;
      }
    }
    return new LuaText(value.toByteArray(), at + 1);
  }

  /** Whether Lua sees these bytes. */
  public boolean hasBytes(byte[] bytes) {
    return Arrays.equals(value, bytes);
  }
}
