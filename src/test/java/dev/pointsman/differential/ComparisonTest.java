package dev.pointsman.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.differential.ClientResponse.End;
import dev.pointsman.rig.PickerCall;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A planted difference is found, and only a narrow entry of the list explains it. */
class ComparisonTest {
  private static final DrawnRequest REQUEST = new DrawnRequest(
      0,
      0,
      0,
      "POST",
      "/v1",
      false,
      DrawnRequest.Framing.LENGTH,
      200,
      "m0",
      Map.of(),
      Map.of(),
      PodInstructions.PLAIN,
      DrawnRequest.Behavior.NORMAL,
      1);
  private static final ClientResponse RESPONSE =
      new ClientResponse(End.WHOLE, 200, Map.of("x-a", List.of("1")), "40 bytes", Map.of(), 1, 5);
  private static final ReceivedRequest RECEIVED = new ReceivedRequest(
      "id", "b0", "b0-0", "POST", "/v1", Map.of("x-b", "2"), "200 bytes", Map.of(), true);
  private static final PickerCall PICK =
      new PickerCall("id", "POST", "/v1", "m0", 200, 1, 200, "127.0.0.1:8000", "", "200");
  private static final Outcome OUTCOME = new Outcome(
      "id",
      RESPONSE,
      List.of(RECEIVED),
      List.of(),
      List.of(PICK),
      List.of(new ProcessedRequest("id", "POST /v1", "m0", "200 whole", "200", "40 whole")),
      List.of(new AccessLine("id", 200, "-", 1, "r0")),
      "");

  @Test
  void equalOutcomesDoNotDiffer() {
    assertThat(Comparison.of(REQUEST, OUTCOME, OUTCOME)).isEmpty();
    assertThat(Comparison.of(
            REQUEST,
            OUTCOME,
            response(one -> new ClientResponse(
                one.end(),
                200,
                Map.of("x-a", List.of("1"), "date", List.of("now")),
                one.body(),
                one.trailers(),
                3,
                700))))
        .as("times and dates")
        .isEmpty();
  }

  @Test
  void plantedDifferencesAreFound() {
    finds(
        "client.status",
        response(one ->
            new ClientResponse(one.end(), 503, one.headers(), one.body(), one.trailers(), 1, 5)));
    finds(
        "client.header.x-a",
        response(
            one -> new ClientResponse(one.end(), 200, Map.of(), one.body(), one.trailers(), 1, 5)));
    finds(
        "client.trailers",
        response(one ->
            new ClientResponse(one.end(), 200, one.headers(), one.body(), Map.of("t", "1"), 1, 5)));
    finds(
        "client.millis",
        response(one -> new ClientResponse(
            one.end(), 200, one.headers(), one.body(), one.trailers(), 1, 15_000)));
    finds(
        "pod.count",
        new Outcome(
            "id",
            RESPONSE,
            List.of(RECEIVED, RECEIVED),
            List.of(),
            List.of(),
            OUTCOME.processed(),
            OUTCOME.access(),
            ""));
    finds(
        "copy.count",
        new Outcome(
            "id",
            RESPONSE,
            List.of(RECEIVED),
            List.of(RECEIVED),
            List.of(),
            OUTCOME.processed(),
            OUTCOME.access(),
            ""));
    finds(
        "pod.body",
        new Outcome(
            "id",
            RESPONSE,
            List.of(new ReceivedRequest(
                "id", "b0", "b0-1", "POST", "/v1", Map.of("x-b", "2"), "", Map.of(), true)),
            List.of(),
            List.of(),
            OUTCOME.processed(),
            OUTCOME.access(),
            ""));
    finds(
        "processor.count",
        new Outcome(
            "id",
            RESPONSE,
            List.of(RECEIVED),
            List.of(),
            List.of(),
            List.of(),
            OUTCOME.access(),
            ""));
    finds(
        "session",
        new Outcome(
            "id",
            RESPONSE,
            List.of(RECEIVED),
            List.of(),
            List.of(),
            OUTCOME.processed(),
            OUTCOME.access(),
            "given, jumps"));
  }

  private static void finds(String field, Outcome other) {
    assertThat(Comparison.of(REQUEST, OUTCOME, other))
        .extracting(Difference::field)
        .containsExactly(field);
  }

  private static Outcome response(UnaryOperator<ClientResponse> change) {
    return new Outcome(
        "id",
        change.apply(RESPONSE),
        OUTCOME.received(),
        List.of(),
        OUTCOME.picks(),
        OUTCOME.processed(),
        OUTCOME.access(),
        "");
  }

  @Test
  void brokenInvariantsAreFound() {
    Situation situation = new Situation(
        1,
        List.of(new Rule(
            0,
            "m0",
            "/v1",
            false,
            List.of(),
            List.of(new Backend(0, Backend.Kind.POOL, 1)),
            List.of(),
            List.of(0),
            false,
            false,
            false)),
        List.of(),
        List.of(REQUEST));
    assertThat(Invariants.broken(situation, OUTCOME)).isEmpty();
    assertThat(Invariants.broken(
            situation,
            new Outcome(
                "id",
                RESPONSE,
                List.of(RECEIVED),
                List.of(),
                List.of(PICK, PICK),
                List.of(),
                List.of(),
                "")))
        .extracting(Difference::field)
        .containsExactly("invariant.picks", "invariant.access-lines", "invariant.arrivals");
  }

  @Test
  void onlyWhatAnEntryNamesIsExplained() {
    Difference status = new Difference("client.status", "502", "200");
    Difference body = new Difference("client.body", "", "40 bytes");
    Difference copies = new Difference("copy.count", "0", "1");
    Expected expected = new Expected(List.of(new Expected.Entry(
        Pattern.compile("client\\.status"),
        Pattern.compile("502"),
        Pattern.compile("200"),
        Map.of("size", ">= 100", "cut", "true"),
        Pattern.compile("client\\..*"),
        "for a reason")));
    List<Difference> all = List.of(status, body, copies);
    assertThat(expected.unexplained(all, Map.of("size", "99", "cut", "true"))).isEqualTo(all);
    assertThat(expected.unused()).containsExactly("for a reason");
    assertThat(expected.unexplained(all, Map.of("size", "100", "cut", "true")))
        .containsExactly(copies);
    assertThat(expected.unexplained(List.of(body), Map.of("size", "100", "cut", "true")))
        .as("what is hidden needs its cause")
        .containsExactly(body);
    assertThat(expected.unused()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "60, 120, 0.9, true", // equal shares for weights of 9 and 1
    "108, 120, 0.9, false",
    "95, 120, 0.9, false",
    "0, 120, 0.5, true",
    "45, 120, 0.5, false",
    "120, 120, 1, false",
    "119, 120, 1, true"
  })
  void sharesThatWeightsExclude(int hits, int tries, double share, boolean excluded) {
    assertThat(Shares.isExcluded(hits, tries, share)).isEqualTo(excluded);
  }

  @Test
  void theListIsReadable() {
    assertThat(Expected.read(Differential.EXPECTED).unused())
        .doesNotHaveDuplicates()
        .allSatisfy(reason -> assertThat(reason).isNotBlank());
  }
}
