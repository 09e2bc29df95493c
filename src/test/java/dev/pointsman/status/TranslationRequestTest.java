package dev.pointsman.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.TranslationDemand.Cause;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class TranslationRequestTest {
  static List<StatusCase> cases() {
    return StatusCase.all();
  }

  /** Each object is changed, each time anew, and afterwards it is as it should be. */
  @ParameterizedTest
  @MethodSource("cases")
  void changesObjectsAndTheNextWriteUndoesIt(StatusCase one) {
    for (ObjectStatus request : requests(one, "first")) {
      ObjectStatus planned = one.plan().statuses().stream()
          .filter(status -> status.object().equals(request.object()))
          .findFirst()
          .orElseThrow();
      JsonNode before = write(planned, one.object(request.object()))
          .map(JsonNode.class::cast)
          .orElse(one.object(request.object()));
      Optional<ObjectNode> asked = write(request, before);
      if (one.toString().equals("entries-32-of-others")) {
        assertThat(asked).as("there is no room").isEmpty();
        continue;
      }
      assertThat(said(asked)).contains("first");
      ObjectStatus again = requests(one, "second").stream()
          .filter(status -> status.object().equals(request.object()))
          .findFirst()
          .orElseThrow();
      assertThat(said(write(again, asked.orElseThrow()))).contains("second");
      assertThat(said(write(planned, asked.orElseThrow())))
          .isNotEmpty()
          .doesNotContain(TranslationRequest.REQUESTED);
    }
  }

  private static String said(Optional<ObjectNode> written) {
    return written.map(object -> object.path("status").toString()).orElse("");
  }

  @Test
  void ofPoolsThoseThatRulesNameAsBackends() {
    assertThat(objects("pool-two-gateways")).containsExactly("inferencepools models/qwen");
    assertThat(objects("pool-weight-0")).isEmpty();
    assertThat(objects("pool-unused")).isEmpty();
    assertThat(objects("route-not-accepted")).isEmpty();
    assertThat(objects("cross-namespace-not-granted")).isEmpty();
  }

  /** The statuses of one namespace may all fail. */
  @Test
  void ofSeveralNamespacesWhereThereAreSome() {
    assertThat(objects("request-of-many-teams"))
        .containsExactlyInAnyOrder(
            "inferencepools a-team/a", "inferencepools a-team/b", "inferencepools b-team/q");
  }

  @Test
  void policiesWhereThereIsNoPool() {
    assertThat(objects("policy-on-gateway-without-routes"))
        .containsExactly("inferencepolicies infra/names");
    assertThat(objects("policy-target-gone"))
        .containsExactly("inferencepools models/qwen", "inferencepolicies models/lost-rule");
  }

  private static List<String> objects(String name) {
    return requests(new StatusCase(Path.of("testdata", "status", name)), "why").stream()
        .map(status -> status.object().toString())
        .toList();
  }

  private static List<ObjectStatus> requests(StatusCase one, String message) {
    StatusInputs inputs = one.inputs(one.objects());
    return TranslationRequest.of(inputs, StatusPlan.of(inputs), Cause.STARTED, message);
  }

  private static Optional<ObjectNode> write(ObjectStatus status, JsonNode object) {
    return StatusUpdate.of(status, object).apply(object, StatusCase.NOW);
  }
}
