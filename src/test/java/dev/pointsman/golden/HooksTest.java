package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hooks over several calls, connections and translations. */
class HooksTest {
  private static final int MIB = 1 << 20;

  @Test
  void aConnectionForgetsTheWeightsAfterTheTranslation() {
    Seen seen = GoldenCase.named("weights-two-pools").seen();
    Hooks.Connection connection = connect();
    report(connection, seen.endpoints());
    assertThat(reasons(connection.translation(seen.request()))).isEmpty();
    assertThat(reasons(connection.translation(seen.request())))
        .containsExactly(Reason.UnknownWeights);
  }

  @Test
  void aConnectionDoesNotKnowTheWeightsOfAnother() {
    Seen seen = GoldenCase.named("weights-two-pools").seen();
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
    report(hooks.connect(), seen.endpoints());
    assertThat(reasons(hooks.connect().translation(seen.request())))
        .containsExactly(Reason.UnknownWeights);
  }

  /** A replica that dies between Endpoints and Translation takes the weights along; the route says them, too. */
  @Test
  void anotherReplicaTakesTheWeightsFromTheRoute(@TempDir Path manifests) throws Exception {
    GoldenCase golden = GoldenCase.named("weights-two-pools");
    Seen seen = golden.seen();
    Files.copy(golden.objects(), manifests.resolve("objects.yaml"));
    ClusterSnapshot snapshot = ResourceFiles.read(manifests).snapshot();
    report(new Hooks(XdsSettings.DEFAULT, () -> snapshot).connect(), seen.endpoints());
    TranslationResult other =
        new Hooks(XdsSettings.DEFAULT, () -> snapshot).connect().translation(seen.request());
    assertThat(reasons(other)).isEmpty();
    SameAnswers.assertSame(golden.name(), seen.answer(snapshot).response(), other.response());
  }

  @Test
  void anEarlierTranslationMakesNoDifference() {
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
    for (GoldenCase golden : GoldenCase.all().filter(one -> !one.hasResources()).toList()) {
      Seen seen = golden.seen();
      Hooks.Connection connection = hooks.connect();
      report(connection, seen.endpoints());
      SameAnswers.assertSame(
          golden.name(),
          seen.answer(ClusterSnapshot.EMPTY).response(),
          connection.translation(seen.request()).response());
    }
  }

  /**
   * Cases with a pool on each listener: the first one on a listener does change it. In one case the listener follows a
   * Gateway's policy, of which the other tenant would have a copy that is nobody's.
   */
  static Stream<GoldenCase> casesWithPools() {
    return GoldenCase.all().filter(golden -> {
      if (golden.name().equals("policy-on-listener")) {
        return false;
      }
      List<ByteString> tables = golden.seen().request().getRoutesList();
      return !tables.isEmpty() && tables.stream().allMatch(HooksTest::hasPools);
    });
  }

  private static boolean hasPools(ByteString table) {
    return Named.readIfPossible(RouteConfiguration.parser(), table).stream()
        .flatMap(read -> read.getVirtualHostsList().stream())
        .flatMap(host -> host.getRoutesList().stream())
        .anyMatch(Ours::hasPools);
  }

  @Test
  void mostCasesHaveAPoolOnEachListener() {
    assertThat(casesWithPools()).hasSizeGreaterThan(50);
  }

  /** A listener that changes is drained, and the streams on it end. */
  @ParameterizedTest
  @MethodSource("casesWithPools")
  void poolsOfAnotherNamespaceDoNotChangeTheListeners(GoldenCase golden) {
    Seen alone = golden.seen();
    Seen shared = SecondTenant.harmless().joining(alone, golden.requests());
    TranslationResult more = shared.answer(golden.snapshot());
    assertThat(more.response().getRoutesList())
        .isNotEqualTo(alone.answer(golden.snapshot()).response().getRoutesList());
    assertThat(more.response().getListenersList())
        .isEqualTo(alone.answer(golden.snapshot()).response().getListenersList());
  }

  @Test
  void routesThatNoModelRequestCanMeetAreUntouchedToTheByte() {
    Seen seen = GoldenCase.named("model-routes-beside-other-paths").seen();
    PostTranslateModifyResponse answer = seen.answer(ClusterSnapshot.EMPTY).response();
    ByteString all = answer.getRoutes(0);
    RouteConfiguration given =
        Named.read(RouteConfiguration.parser(), seen.request().getRoutes(0));
    RouteConfiguration answered = Named.read(RouteConfiguration.parser(), all);
    assertThat(given.getVirtualHosts(0).getRoutesList())
        .filteredOn(route -> !Ours.hasPools(route))
        .hasSize(4)
        .allSatisfy(
            route -> assertThat(answered.getVirtualHosts(0).getRoutesList()).contains(route));
  }

  @Test
  void nothingIsAnsweredWithNothing() {
    PostTranslateModifyRequest nothing = PostTranslateModifyRequest.getDefaultInstance();
    assertThat(connect().translation(nothing).response())
        .isEqualTo(PostTranslateModifyResponse.getDefaultInstance());
    assertThat(connect()
            .endpoints(PostEndpointsModifyRequest.getDefaultInstance())
            .hasLoadAssignment())
        .isFalse();
  }

  @Test
  void aTranslationOf64MiBIsRewrittenLikeASmallOne() {
    Seen seen = GoldenCase.named("model-routes-two-pools").seen();
    PostTranslateModifyRequest.Builder large = seen.request().toBuilder();
    String filling = "x".repeat(MIB / 2);
    for (int i = 0; i < 64; i++) {
      large.addClusters(Cluster.newBuilder()
          .setName("other/" + i)
          .setAltStatName(filling)
          .build()
          .toByteString());
      RouteConfiguration.Builder table = RouteConfiguration.newBuilder().setName("other/" + i);
      table.addVirtualHostsBuilder().addRoutesBuilder().setName(filling);
      large.addRoutes(table.build().toByteString());
    }
    Seen filled = seen.with(large.build());
    assertThat(filled.request().getSerializedSize()).isGreaterThan(64 * MIB);

    XdsSettings settings = XdsSettings.DEFAULT.withLargestAnswer(128L * MIB);
    PostTranslateModifyResponse answer = WarmTest.answer(
            new Hooks(settings, () -> ClusterSnapshot.EMPTY), filled)
        .response();
    Untouched.assertUntouched(filled.request(), answer);
    PostTranslateModifyResponse small = seen.answer(ClusterSnapshot.EMPTY).response();
    assertThat(Named.of(answer.getClustersList()))
        .containsAllEntriesOf(Named.of(small.getClustersList()));
    assertThat(Named.of(answer.getRoutesList()))
        .containsAllEntriesOf(Named.of(small.getRoutesList()));
    assertThat(answer.getListenersList()).isEqualTo(small.getListenersList());
  }

  private static Hooks.Connection connect() {
    return new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY).connect();
  }

  private static void report(
      Hooks.Connection connection, List<PostEndpointsModifyRequest> endpoints) {
    for (PostEndpointsModifyRequest one : endpoints) {
      assertThat(connection.endpoints(one).getLoadAssignment()).isEqualTo(withoutNames(one));
    }
  }

  /** Host names beside a pool are left out: a pool has no endpoints there. */
  private static ByteString withoutNames(PostEndpointsModifyRequest reported) {
    ClusterLoadAssignment.Builder assignment =
        Named.read(ClusterLoadAssignment.parser(), reported.getLoadAssignment()).toBuilder();
    boolean hasPool = assignment.getEndpointsList().stream()
        .anyMatch(locality -> locality.getLbEndpointsCount() == 0);
    boolean changed = false;
    for (LocalityLbEndpoints.Builder locality : assignment.getEndpointsBuilderList()) {
      List<LbEndpoint> addresses = locality.getLbEndpointsList().stream()
          .filter(endpoint -> InetAddresses.isInetAddress(
              endpoint.getEndpoint().getAddress().getSocketAddress().getAddress()))
          .toList();
      if (hasPool && addresses.size() < locality.getLbEndpointsCount()) {
        changed = true;
        locality.clearLbEndpoints().addAllLbEndpoints(addresses);
      }
    }
    return changed ? assignment.build().toByteString() : reported.getLoadAssignment();
  }

  private static List<Reason> reasons(TranslationResult result) {
    return result.diagnostics().stream().map(Diagnostic::reason).toList();
  }
}
