package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.pointsman.xds.HostNames;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hooks over several calls, connections and translations. */
class HooksTest {
  private static final int MIB = 1 << 20;

  @Test
  void aConnectionForgetsTheWeightsAfterTheTranslation() {
    Seen seen = GoldenCase.named("weights-two-pools").seen();
    Hooks.Connection connection = connect();
    tell(connection, seen.endpoints());
    assertThat(reasons(connection.translation(seen.request()))).isEmpty();
    assertThat(reasons(connection.translation(seen.request())))
        .containsExactly(Reason.UnknownWeights);
  }

  @Test
  void aConnectionDoesNotKnowTheWeightsOfAnother() {
    Seen seen = GoldenCase.named("weights-two-pools").seen();
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
    tell(hooks.connect(), seen.endpoints());
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
    tell(new Hooks(XdsSettings.DEFAULT, () -> snapshot).connect(), seen.endpoints());
    TranslationResult other =
        new Hooks(XdsSettings.DEFAULT, () -> snapshot).connect().translation(seen.request());
    assertThat(reasons(other)).isEmpty();
    Answers.assertSame(golden.name(), seen.answer(snapshot).response(), other.response());
  }

  @Test
  void anEarlierTranslationMakesNoDifference() {
    Hooks hooks = new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY);
    for (GoldenCase golden : GoldenCase.all().filter(one -> !one.hasResources()).toList()) {
      Seen seen = golden.seen();
      Hooks.Connection connection = hooks.connect();
      tell(connection, seen.endpoints());
      Answers.assertSame(
          golden.name(),
          seen.answer(ClusterSnapshot.EMPTY).response(),
          connection.translation(seen.request()).response());
    }
  }

  @Test
  void aPoolMoreDoesNotChangeTheListener() {
    assertThat(listeners("failure-mode-open-and-close"))
        .isEqualTo(listeners("target-ports-several"));
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

  private static void tell(
      Hooks.Connection connection, List<PostEndpointsModifyRequest> endpoints) {
    for (PostEndpointsModifyRequest one : endpoints) {
      assertThat(connection.endpoints(one).getLoadAssignment()).isEqualTo(addresses(one));
    }
  }

  /** All that was told, but host names next to pools. */
  private static ByteString addresses(PostEndpointsModifyRequest told) {
    ClusterLoadAssignment assignment =
        Named.read(ClusterLoadAssignment.parser(), told.getLoadAssignment());
    return HostNames.areNextToPools(assignment)
        ? HostNames.remove(assignment).toByteString()
        : told.getLoadAssignment();
  }

  private static List<Reason> reasons(TranslationResult result) {
    return result.diagnostics().stream().map(Diagnostic::reason).toList();
  }

  /** As they are printed: Envoy Gateway writes its maps in any order. */
  private static String listeners(String name) {
    return GoldenCase.named(name)
        .translate()
        .out()
        .replaceAll("(?s)^.*\nlisteners:|\nroutes:.*$", "");
  }
}
