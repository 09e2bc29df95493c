package dev.pointsman.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every folder of testdata/status. {@code -Dgolden.update=true} rewrites what is expected. */
class StatusCasesTest {
  static List<StatusCase> cases() {
    return StatusCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhatIsRecorded(StatusCase one) throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(one.golden(), one.said());
    }
    assertThat(one.said()).isEqualTo(Files.readString(one.golden()));
  }

  /** Envoy Gateway does not send a policy without a target, so that no translation has its diagnostic. */
  @ParameterizedTest
  @MethodSource("cases")
  void missingTargetsAndMirrorsToPoolsAreDiagnosticsOfThePlan(StatusCase one) {
    assertThat(one.plan().diagnostics())
        .extracting(Diagnostic::reason)
        .as("as in the statuses and Events")
        .containsOnly(Stream.of(Reason.TargetNotFound, Reason.MirrorToInferencePool)
            .filter(reason -> one.said().contains("(" + reason.code() + ")"))
            .toArray(Reason[]::new));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writesNothingTwice(StatusCase one) {
    for (ObjectStatus status : one.plan().statuses()) {
      JsonNode object = one.object(status.object());
      JsonNode written = written(status, object);
      assertThat(StatusUpdate.of(status, written).apply(written, StatusCase.NOW.plusSeconds(60)))
          .as("%s", status.object())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theOrderOfObjectsChangesNothing(StatusCase one) {
    StatusPlan plan = one.plan();
    StatusPlan shuffled = one.shuffledPlan();
    assertThat(shuffled.statuses()).containsExactlyInAnyOrderElementsOf(plan.statuses());
    assertThat(shuffled.events()).containsExactlyInAnyOrderElementsOf(plan.events());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void othersEntriesStayAsTheyAre(StatusCase one) {
    for (ObjectStatus status : one.plan().statuses()) {
      JsonNode object = one.object(status.object());
      List<JsonNode> foreign = foreign(status, object);
      assertThat(foreign(status, written(status, object))).containsAll(foreign);
    }
  }

  @Test
  void thereAreCases() {
    assertThat(cases())
        .extracting(StatusCase::toString)
        .contains("pool-two-gateways")
        .hasSizeGreaterThan(15);
  }

  private static JsonNode written(ObjectStatus status, JsonNode object) {
    return StatusUpdate.of(status, object)
        .apply(object, StatusCase.NOW)
        .map(JsonNode.class::cast)
        .orElse(object);
  }

  private static List<JsonNode> foreign(ObjectStatus status, JsonNode object) {
    List<JsonNode> foreign = new ArrayList<>();
    for (JsonNode entry : object.path("status").path(status.object().kind().list())) {
      String kind = entry.path(status.object().kind().ref()).path("kind").asString("");
      boolean marked = entry.toString().contains("pointsman.dev/Controller");
      boolean ours = entry.path("controllerName").asString("").equals(StatusUpdate.CONTROLLER);
      if (entry instanceof ObjectNode && !kind.equals("Status") && !marked && !ours) {
        foreign.add(entry);
      }
    }
    return foreign;
  }
}
