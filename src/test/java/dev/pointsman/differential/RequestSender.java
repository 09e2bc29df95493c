package dev.pointsman.differential;

import dev.pointsman.differential.DrawnRequest.Behavior;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Sends the requests of a situation to one side, one after the other. */
record RequestSender(Situation situation, Addresses addresses, Side side) {
  /** The id of a request's copy, in a header and in all logs. */
  static String id(Situation situation, DrawnRequest request, int copy) {
    return "s" + situation.seed() + "-" + request.number() + "-" + copy;
  }

  /** Sends all requests; {@code responded} receives each response with its id. */
  void sendAll(BiConsumer<String, ClientResponse> responded) throws InterruptedException {
    for (DrawnRequest request : situation.requests()) {
      Map<String, String> session = new TreeMap<>();
      for (int copy = 0; copy < request.copies(); copy++) {
        String id = id(situation, request, copy);
        Map<String, String> headers = RequestHeaders.of(request, side, id);
        headers.putAll(session);
        ClientResponse response = send(request, headers);
        responded.accept(id, response);
        if (request.behavior() == Behavior.RETURNS) {
          session.putAll(session(response));
        }
      }
    }
  }

  private ClientResponse send(DrawnRequest request, Map<String, String> headers)
      throws InterruptedException {
    return request.http2()
        ? Http2Client.send(
            addresses.listener(request.gateway()), situation.host(), request, headers)
        : Http1Client.send(
            addresses.listener(request.gateway()), situation.host(), request, headers);
  }

  /** The request headers for the session of a response; none if it has no session. */
  static Map<String, String> session(ClientResponse response) {
    String cookie = response.header("set-cookie");
    if (cookie.startsWith(Filters.Persistence.NAME)) {
      return Map.of("cookie", cookie.split(";", 2)[0]);
    }
    String header = response.header(Filters.Persistence.NAME);
    return header.isEmpty() ? Map.of() : Map.of(Filters.Persistence.NAME, header);
  }

  /** A description of the session: whether the first response has one, and whether the others are from its pod. */
  static String session(List<ClientResponse> responses) {
    Set<String> pods = new HashSet<>();
    responses.forEach(response -> pods.add(response.header("x-served-by")));
    boolean given = !session(responses.getFirst()).isEmpty();
    return (given ? "given" : "not given")
        + (given ? pods.size() == 1 ? ", sticks" : ", jumps" : "");
  }
}
