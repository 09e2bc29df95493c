package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import dev.pointsman.rig.TrailerClient;
import dev.pointsman.rig.TrailerClient.Protocol;
import dev.pointsman.rig.TrailerClient.TrailerAnswer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Trailers behind a request's and an answer's body pass, in the loop for large bodies too. */
@EndToEnd
class TrailersIT {
  private static final Scenario TRAILERS = Scenario.read(Path.of("testdata/e2e-trailers"));
  private static final int LISTENER = 10093;

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(TRAILERS);
    for (String model : List.of("pool", "backend")) {
      await(model)
          .atMost(Duration.ofSeconds(30))
          .until(() -> Client.send(Client.json(rig.url(LISTENER, CHAT))
                      .POST(BodyPublishers.ofString(Client.body(model))))
                  .status()
              == 200);
    }
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(TRAILERS);
  }

  static Stream<Arguments> requests() {
    return Stream.of(Protocol.values())
        .flatMap(protocol -> Stream.of("pool", "backend")
            .flatMap(model -> Stream.of(100, 200 << 10, 5 << 20)
                .map(bytes -> Arguments.of(protocol, model, bytes))));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void passBothWays(Protocol protocol, String model, int bytes) throws Exception {
    try (TrailerClient client = new TrailerClient()) {
      TrailerAnswer answer = client.post(
          protocol,
          LISTENER,
          CHAT,
          Client.body(model, bytes),
          Map.of("te", "trailers", "x-stub-report", "yes", "x-stub-trailer", "of the pod"),
          Map.of("x-behind", "of the client"));
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      JsonNode stub = JsonMapper.shared().readTree(answer.body()).path("stub");
      assertThat(stub.path("body_bytes").asInt()).isEqualTo(bytes);
      assertThat(stub.path("trailers").path("x-behind").asString("")).isEqualTo("of the client");
      assertThat(answer.trailers()).containsEntry("x-stub-trailer", "of the pod");
    }
  }
}
