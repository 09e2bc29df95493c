package dev.pointsman.differential;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The headers of an ask on its way to one side. */
final class Head {
  /** The model's header, which the stock gateway's clients set themselves. */
  static final String MODEL = "x-gateway-model-name";

  /** In place of {@link #MODEL}, a name that a client with Pointsman pretends to ask for. */
  static final String SPOOFED = "x-spoofed-model";

  private static final Pattern JSON = Pattern.compile("application/([^;]*\\+)?json(;.*)?");

  private Head() {}

  /**
   * Headers but host and framing.
   *
   * @param id of the ask's copy
   */
  static Map<String, String> of(Ask ask, Side side, String id) {
    Map<String, String> headers = new TreeMap<>(ask.headers());
    headers.put("x-ask", id);
    headers.put(Orders.HEADER, ask.tell().text());
    if (ask.framing() != Ask.Framing.NONE) {
      headers.putIfAbsent("content-type", "application/json");
    }
    String spoofed = headers.remove(SPOOFED);
    if (side == Side.STOCK && saysModel(ask)) {
      headers.put(MODEL, ask.model());
    } else if (side == Side.POINTSMAN && spoofed != null) {
      headers.put(MODEL, spoofed);
    }
    return headers;
  }

  private static boolean saysModel(Ask ask) {
    return !ask.model().isEmpty()
        && JSON.matcher(ask.headers().getOrDefault("content-type", "application/json"))
            .matches();
  }
}
