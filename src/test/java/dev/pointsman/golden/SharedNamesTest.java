package dev.pointsman.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.xds.PoolClusters;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clusters whose names Envoy Gateway gives to several rules, or to a rule with several policies. */
class SharedNamesTest {
  private static final GoldenCase MERGED = GoldenCase.named("tenants-merged-backends");
  private static final GoldenCase LISTENERS = GoldenCase.named("listeners-with-different-policies");

  /** Two tenants have rules for one Backend, and Envoy Gateway one cluster for it. */
  @Test
  void aTenantsRequestsReachItsOwnPods() {
    Map<String, Cluster> clusters = clusters(MERGED.answer());
    assertThat(clusters).containsKey("backend/egress/hosted/0/http");
    assertThat(clusters.keySet())
        .filteredOn(name -> name.startsWith("backend/"))
        .hasSize(1);
    for (String tenant : List.of("a", "b")) {
      for (String rule : List.of("0", "1")) {
        String name = "httproute/" + tenant + "/llm/rule/" + rule;
        assertThat(clusters).containsKey(name + "/model/0/backend/0");
      }
      assertThat(clusters).containsKey("httproute/" + tenant + "/llm/rule/0/fallback/0");
    }
    assertThat(clusters.values())
        .filteredOn(one -> PoolClusters.pool(one).isPresent())
        .allSatisfy(one -> assertThat(one.getName())
            .startsWith(
                "httproute/" + PoolClusters.pool(one).orElseThrow().replace("/own", "/llm/")));
  }

  @Test
  void aRuleWithTwoSecuritiesTrustsNoPod() throws InvalidProtocolBufferException {
    TranslationResult answer = LISTENERS.answer();
    CertificateValidationContext disputed = validation(answer, "httproute/default/all/rule/0");
    assertThat(disputed.getVerifyCertificateHashList()).containsExactly("0".repeat(64));
    CertificateValidationContext agreed = validation(answer, "httproute/default/agreed/rule/0");
    assertThat(agreed.getMatchTypedSubjectAltNames(0).getMatcher().getExact())
        .isEqualTo("pods.example.com");
    assertThat(answer.diagnostics())
        .filteredOn(one -> one.reason().code().equals("PM0035"))
        .extracting(Diagnostic::about)
        .extracting(Object::toString)
        .singleElement()
        .asString()
        .contains("httproute/default/all/rule/0");
  }

  @Test
  void theOrderOfListenersMakesNoDifference() {
    Seen seen = LISTENERS.seen();
    List<ByteString> routes = new ArrayList<>(seen.request().getRoutesList());
    assertThat(routes).hasSize(3);
    PostTranslateModifyRequest reversed =
        seen.request().toBuilder().clearRoutes().addAllRoutes(routes.reversed()).build();
    assertThat(clusters(seen.with(reversed).answer(LISTENERS.snapshot())))
        .isEqualTo(clusters(LISTENERS.answer()));
  }

  private static CertificateValidationContext validation(TranslationResult answer, String name)
      throws InvalidProtocolBufferException {
    return requireNonNull(clusters(answer).get(name), name)
        .getTransportSocket()
        .getTypedConfig()
        .unpack(UpstreamTlsContext.class)
        .getCommonTlsContext()
        .getValidationContext();
  }

  private static Map<String, Cluster> clusters(TranslationResult answer) {
    Map<String, Cluster> clusters = new HashMap<>();
    answer.response().getClustersList().stream()
        .flatMap(bytes -> Named.readIfPossible(Cluster.parser(), bytes).stream())
        .forEach(cluster -> clusters.put(cluster.getName(), cluster));
    return clusters;
  }
}
