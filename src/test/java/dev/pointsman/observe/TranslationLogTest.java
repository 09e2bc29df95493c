package dev.pointsman.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.ReadResults;
import dev.pointsman.translate.TranslatedGateways;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The present number of diagnostics. */
class TranslationLogTest {
  private final Set<ObjectRef> gone = new HashSet<>();
  private final Metrics metrics = new Metrics();
  private List<Diagnostic> ofObjects = List.of();
  private int poolClusters;
  private final TranslationLog log =
      new TranslationLog(metrics.hooks(), gone::contains, () -> ofObjects);

  /** A translation of these listeners, with so many diagnostics. */
  private void translated(int diagnostics, String... listeners) {
    translatedFor(
        TranslatedGateways.of(request(listeners).getListenersList(), List.of()),
        diagnostics,
        listeners);
  }

  private static PostTranslateModifyRequest request(String... listeners) {
    PostTranslateModifyRequest.Builder request = PostTranslateModifyRequest.newBuilder();
    for (String name : listeners) {
      request.addListeners(Listener.newBuilder().setName(name).build().toByteString());
    }
    return request.build();
  }

  /** The same, where virtual hosts tell the Gateways. */
  private void translatedFor(Set<ObjectRef> gateways, int diagnostics, String... listeners) {
    List<Diagnostic> reported = IntStream.range(0, diagnostics)
        .mapToObj(i -> new Diagnostic(
            Reason.UnknownWeights, new ObjectRef("HTTPRoute", "ml", "r" + i), "", "for a test"))
        .toList();
    log.log(
        request(listeners),
        new TranslationResult(
            PostTranslateModifyResponse.getDefaultInstance(),
            reported,
            ReadResults.NONE,
            new TranslationResult.Summary(poolClusters, 0, 0, 0),
            gateways),
        Duration.ZERO);
  }

  private void assertDiagnostics(int count) {
    assertThat(metrics.scrape())
        .contains(
            "pointsman_diagnostics{code=\"PM0012\",reason=\"UnknownWeights\"} " + count + ".0\n");
  }

  @Test
  void problemsOfObjectsCountOnceWhetherATranslationTellsThemOrNot() {
    ObjectRef object = new ObjectRef("HTTPRoute", "ml", "r0");
    ofObjects = List.of(
        new Diagnostic(Reason.UnknownWeights, object, "", "for a test"),
        new Diagnostic(Reason.UnknownWeights, object, "", "and of a file"));
    assertDiagnostics(2);
    translated(1, "ml/a/http");
    assertDiagnostics(2);
    ofObjects = List.of();
    assertDiagnostics(1);
  }

  @Test
  void eachGatewayCountsWithItsLastTranslation() {
    assertDiagnostics(0);
    translated(2, "ml/a/http");
    translated(1, "ml/b/http", "envoy-gateway-proxy-ready-0.0.0.0-19003");
    assertDiagnostics(3);
    translated(1, "ml/a/http");
    assertDiagnostics(2);
    translated(0, "ml/b/http");
    assertDiagnostics(1);
  }

  @Test
  void aGatewayWithOtherListenersIsTheSameOne() {
    translated(2, "ml/a/http");
    translated(1, "ml/a/http", "ml/a/https");
    assertDiagnostics(1);
    translated(2, "ml/a/https", "ml/a/team/more/http");
    assertDiagnostics(2);
  }

  @Test
  void gatewaysWhoseListenersHaveTheSameNamesAreDistinguished() {
    Set<ObjectRef> a = Set.of(new ObjectRef("Gateway", "ml", "a"));
    translatedFor(a, 2, "tcp-80");
    translatedFor(Set.of(new ObjectRef("Gateway", "ml", "b")), 1, "tcp-80");
    assertDiagnostics(3);
    translatedFor(a, 0, "tcp-80");
    assertDiagnostics(1);
  }

  @Test
  void mergedGatewaysHaveOneTranslation() {
    translated(1, "ml/a/http");
    translated(1, "ml/b/http");
    translated(2, "ml/a/http", "ml/b/http");
    assertDiagnostics(2);
    gone.add(new ObjectRef("Gateway", "ml", "a"));
    assertDiagnostics(2);
  }

  @Test
  void aGatewayThatIsGoneCountsNoMore() {
    translated(2, "ml/a/http");
    translated(1, "ml/b/http");
    gone.add(new ObjectRef("Gateway", "ml", "a"));
    assertDiagnostics(1);
    gone.clear(); // it is there again, or was not seen yet
    assertDiagnostics(3);
  }

  @Test
  void clustersOfPoolsAreCountedForGatewaysWithProxiesOfTheirOwn() {
    translated(0, "ml/empty/http");
    poolClusters = 3;
    translated(0, "ml/a/http");
    translated(0, "ml/b/http", "ml/c/http");
    translated(0, "tcp-80");
    assertThat(log.byGateway().entrySet().stream()
            .filter(gateway -> gateway.getValue().poolClusters() > 0)
            .map(gateway -> Map.entry(gateway.getKey(), gateway.getValue().poolClusters())))
        .containsExactly(Map.entry("ml/a", 3));
    gone.add(new ObjectRef("Gateway", "ml", "a"));
    assertThat(log.byGateway()).doesNotContainKey("ml/a");
  }

  @Test
  void replicasCanBeComparedByTheTimeOfEachGatewaysTranslation() {
    metrics.gateways().translations(log::byGateway, () -> ofObjects);
    ofObjects = List.of(new Diagnostic(
        Reason.TargetNotFound, new ObjectRef("InferencePolicy", "ml", "p"), "", "for a test"));
    long before = System.currentTimeMillis();
    translated(2, "ml/a/http");
    translated(1, "ml/b/http", "ml/c/http");
    assertThat(log.byGateway()).containsOnlyKeys("ml/a", "ml/b", "ml/c");
    assertThat(log.byGateway().values()).allMatch(one -> one.time().toEpochMilli() >= before);
    String labels = "code=\"PM0012\",gateway=\"ml/%s\",reason=\"UnknownWeights\"} %s.0\n";
    assertThat(metrics.scrape())
        .contains("pointsman_gateway_diagnostics{" + labels.formatted("a", 2))
        .contains("pointsman_gateway_diagnostics{" + labels.formatted("b", 1))
        .contains("pointsman_gateway_diagnostics{" + labels.formatted("c", 1))
        .contains("pointsman_gateway_translated_seconds{gateway=\"ml/a\"} ")
        .contains("pointsman_object_diagnostics{code=\"PM0031\",reason=\"TargetNotFound\"} 1.0\n");
    translated(0, "ml/a/http");
    ofObjects = List.of();
    assertThat(metrics.scrape())
        .doesNotContain("gateway_diagnostics{" + labels.formatted("a", 2))
        .doesNotContain("pointsman_object_diagnostics{");
  }

  @Test
  void theWriterOfStatusesCountsWhatOnlyItKnowsAsLongAsItWrites() {
    List<Diagnostic> missing = List.of(new Diagnostic(
        Reason.TargetNotFound, new ObjectRef("InferencePolicy", "ml", "p"), "", "for a test"));
    metrics.api().leader(true);
    metrics.api().diagnostics(missing);
    assertThat(metrics.problems()).isEqualTo(missing);
    metrics.api().leader(false);
    metrics.api().diagnostics(missing); // the last pass ends after the leadership
    assertThat(metrics.problems()).isEmpty();
  }

  @Test
  void listenersWithoutTheirGatewayAreDistinguishedByAllTheirNames() {
    translated(1, "tcp-80");
    translated(1, "tcp-80", "tcp-443");
    assertDiagnostics(2);
    translated(0, "tcp-443", "tcp-80");
    assertDiagnostics(1);
    translated(1);
    translated(2);
    assertDiagnostics(3);
  }
}
