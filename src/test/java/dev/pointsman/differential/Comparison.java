package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Compares the outcomes of one request on both sides. */
final class Comparison {
  /** Headers whose values depend on the time, or on the choice between equal pods. */
  private static final Set<String> VARYING = Set.of(
      "date",
      "connection", // depends on whether the request was complete before the response
      "x-request-id",
      "x-test-request",
      "x-served-by",
      "x-envoy-upstream-service-time",
      "x-ratelimit-reset",
      Filters.Persistence.NAME,
      "set-cookie",
      "cookie");

  private static final long TIME_OFF_MS = 4000;
  private static final long STREAMED_MS = 60;

  private final List<Difference> differences = new ArrayList<>();

  private Comparison() {}

  /** The differences. */
  static List<Difference> of(DrawnRequest request, Outcome pointsman, Outcome stock) {
    Comparison comparison = new Comparison();
    if (request.behavior() != DrawnRequest.Behavior.ABORTS) {
      comparison.responses(request, pointsman.response(), stock.response());
    }
    comparison.received("pod", pointsman.received(), stock.received());
    comparison.received("copy", pointsman.copies(), stock.copies());
    comparison.processed(pointsman.processed(), stock.processed());
    comparison.equal("access.lines", pointsman.access().size(), stock.access().size());
    comparison.equal("access.route", pointsman.route(), stock.route());
    comparison.equal("session", pointsman.session(), stock.session());
    return comparison.differences;
  }

  private void responses(DrawnRequest request, ClientResponse one, ClientResponse other) {
    equal("client.end", one.end(), other.end());
    equal("client.status", one.status(), other.status());
    equal("client.body", one.body(), other.body());
    headers("client.header.", joined(one), joined(other));
    equal("client.trailers", one.trailers(), other.trailers());
    if (Math.abs(one.millis() - other.millis()) > TIME_OFF_MS) {
      differences.add(new Difference("client.millis", "" + one.millis(), "" + other.millis()));
    }
    if (request.instructions().isStream()) {
      equal("client.streamed", streamed(one), streamed(other));
    }
  }

  /** Whether the client received the first chunk of a stream before the last one was sent. */
  private static boolean streamed(ClientResponse response) {
    return response.firstMillis() != ClientResponse.NO_BODY
        && response.millis() - response.firstMillis() > STREAMED_MS;
  }

  private static Map<String, String> joined(ClientResponse response) {
    Map<String, String> joined = new TreeMap<>();
    response.headers().forEach((name, values) -> joined.put(name, String.join(" | ", values)));
    return joined;
  }

  private void received(String prefix, List<ReceivedRequest> ones, List<ReceivedRequest> others) {
    equal(prefix + ".count", ones.size(), others.size());
    if (ones.isEmpty() || others.isEmpty()) {
      return;
    }
    ReceivedRequest one = ones.getLast();
    ReceivedRequest other = others.getLast();
    equal(prefix + ".whole", one.whole(), other.whole());
    equal(prefix + ".method", one.method(), other.method());
    equal(prefix + ".path", one.path(), other.path());
    headers(prefix + ".header.", one.headers(), other.headers());
    equal(prefix + ".body", one.body(), other.body());
    equal(prefix + ".trailers", one.trailers(), other.trailers());
  }

  private void processed(List<ProcessedRequest> ones, List<ProcessedRequest> others) {
    equal("processor.count", ones.size(), others.size());
    if (ones.isEmpty() || others.isEmpty()) {
      return;
    }
    Map<String, Function<ProcessedRequest, String>> fields = new TreeMap<>(Map.of(
        "processor.request", ProcessedRequest::request,
        "processor.model", ProcessedRequest::model,
        "processor.request-body", ProcessedRequest::requestBody,
        "processor.status", ProcessedRequest::status,
        "processor.response-body", ProcessedRequest::responseBody));
    fields.forEach(
        (field, value) -> equal(field, value.apply(ones.getLast()), value.apply(others.getLast())));
  }

  private void headers(String prefix, Map<String, String> ones, Map<String, String> others) {
    Set<String> names = new TreeSet<>(ones.keySet());
    names.addAll(others.keySet());
    names.removeAll(VARYING);
    for (String name : names) {
      equal(
          prefix + name,
          ones.getOrDefault(name, Difference.NONE),
          others.getOrDefault(name, Difference.NONE));
    }
  }

  private void equal(String field, Object one, Object other) {
    if (!Objects.equals(one, other)) {
      differences.add(new Difference(field, text(one), text(other)));
    }
  }

  private static String text(Object value) {
    return value instanceof Object[] array ? Arrays.toString(array) : value.toString();
  }
}
