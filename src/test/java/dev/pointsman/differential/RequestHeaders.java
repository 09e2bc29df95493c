package dev.pointsman.differential;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The headers of a request to one side. */
final class RequestHeaders {
  /** The model header, which clients of the stock gateway set themselves. */
  static final String MODEL = "x-gateway-model-name";

  /** A forged {@link #MODEL} of a client of Pointsman's side. */
  static final String FORGED = "x-forged-model";

  private static final Pattern JSON = Pattern.compile("application/([^;]*\\+)?json(;.*)?");

  private RequestHeaders() {}

  /**
   * The headers without host and framing.
   *
   * @param id the id of the request's copy
   */
  static Map<String, String> of(DrawnRequest request, Side side, String id) {
    Map<String, String> headers = new TreeMap<>(request.headers());
    headers.put("x-test-request", id);
    headers.put(PodInstructions.HEADER, request.instructions().text());
    if (request.framing() != DrawnRequest.Framing.NONE) {
      headers.putIfAbsent("content-type", "application/json");
    }
    String forged = headers.remove(FORGED);
    if (side == Side.STOCK && hasReadableModel(request)) {
      headers.put(MODEL, request.model());
    } else if (side == Side.POINTSMAN && forged != null) {
      headers.put(MODEL, forged);
    }
    return headers;
  }

  private static boolean hasReadableModel(DrawnRequest request) {
    return !request.model().isEmpty()
        && JSON.matcher(request.headers().getOrDefault("content-type", "application/json"))
            .matches();
  }
}
