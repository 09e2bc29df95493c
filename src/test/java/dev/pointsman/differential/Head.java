package dev.pointsman.differential;

import java.util.Map;
import java.util.TreeMap;

/** The headers of an ask on its way to one side. */
final class Head {
  /** The model's header, which the stock gateway's clients set themselves. */
  static final String MODEL = "x-gateway-model-name";

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
    if (side == Side.STOCK && saysModel(ask)) {
      headers.put(MODEL, ask.model());
    }
    return headers;
  }

  private static boolean saysModel(Ask ask) {
    return !ask.model().isEmpty()
        && ask.headers().getOrDefault("content-type", "application/json").contains("json");
  }
}
