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

/** Compares what both sides made of one ask. */
final class Comparison {
  /** Headers whose values are of the moment, or name one of several equal pods. */
  private static final Set<String> OF_THE_MOMENT = Set.of(
      "date",
      "connection", // tells whether the request was read to its end when the answer came
      "x-request-id",
      "x-ask",
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

  /** The differences, in the order of a request's way. */
  static List<Difference> of(Ask ask, Outcome pointsman, Outcome stock) {
    Comparison comparison = new Comparison();
    if (ask.ending() != Ask.Ending.ABORTS) {
      comparison.answers(ask, pointsman.answer(), stock.answer());
    }
    comparison.arrivals("pod", pointsman.arrivals(), stock.arrivals());
    comparison.arrivals("copy", pointsman.copies(), stock.copies());
    comparison.processed(pointsman.processed(), stock.processed());
    comparison.equal("access.lines", pointsman.access().size(), stock.access().size());
    comparison.equal("access.route", pointsman.route(), stock.route());
    comparison.equal("session", pointsman.session(), stock.session());
    return comparison.differences;
  }

  private void answers(Ask ask, Answer one, Answer other) {
    equal("client.end", one.end(), other.end());
    equal("client.status", one.status(), other.status());
    equal("client.body", one.body(), other.body());
    headers("client.header.", joined(one), joined(other));
    equal("client.trailers", one.trailers(), other.trailers());
    if (Math.abs(one.millis() - other.millis()) > TIME_OFF_MS) {
      differences.add(new Difference("client.millis", "" + one.millis(), "" + other.millis()));
    }
    if (ask.tell().isStream()) {
      equal("client.streamed", streamed(one), streamed(other));
    }
  }

  /** Whether the first piece of a stream was there before the last one was sent. */
  private static boolean streamed(Answer answer) {
    return answer.firstMillis() != Answer.NO_BODY
        && answer.millis() - answer.firstMillis() > STREAMED_MS;
  }

  private static Map<String, String> joined(Answer answer) {
    Map<String, String> joined = new TreeMap<>();
    answer.headers().forEach((name, values) -> joined.put(name, String.join(" | ", values)));
    return joined;
  }

  private void arrivals(String prefix, List<Arrival> ones, List<Arrival> others) {
    equal(prefix + ".count", ones.size(), others.size());
    if (ones.isEmpty() || others.isEmpty()) {
      return;
    }
    Arrival one = ones.getLast();
    Arrival other = others.getLast();
    equal(prefix + ".whole", one.whole(), other.whole());
    equal(prefix + ".method", one.method(), other.method());
    equal(prefix + ".path", one.path(), other.path());
    headers(prefix + ".header.", one.headers(), other.headers());
    equal(prefix + ".body", one.body(), other.body());
    equal(prefix + ".trailers", one.trailers(), other.trailers());
  }

  private void processed(List<Processed> ones, List<Processed> others) {
    equal("processor.count", ones.size(), others.size());
    if (ones.isEmpty() || others.isEmpty()) {
      return;
    }
    Map<String, Function<Processed, String>> fields = new TreeMap<>(Map.of(
        "processor.request", Processed::request,
        "processor.model", Processed::model,
        "processor.request-body", Processed::requestBody,
        "processor.status", Processed::status,
        "processor.response-body", Processed::responseBody));
    fields.forEach(
        (field, value) -> equal(field, value.apply(ones.getLast()), value.apply(others.getLast())));
  }

  private void headers(String prefix, Map<String, String> ones, Map<String, String> others) {
    Set<String> names = new TreeSet<>(ones.keySet());
    names.addAll(others.keySet());
    names.removeAll(OF_THE_MOMENT);
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
