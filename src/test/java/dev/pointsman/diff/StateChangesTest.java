package dev.pointsman.diff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.UnknownFieldSet;
import dev.pointsman.cli.RecordedFiles;
import dev.pointsman.diff.StateChanges.Translated;
import dev.pointsman.envoy.newer.NewerRouteMatch;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Replay;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The lines about two answers, as the page has them. */
class StateChangesTest {
  private static PostTranslateModifyResponse answer() throws IOException {
    return answer("weights-two-pools");
  }

  private static PostTranslateModifyResponse answer(String recording) throws IOException {
    Replay replay = new Replay(XdsSettings.DEFAULT, ClusterSnapshot.EMPTY);
    RecordedFiles.play(Path.of("testdata", "translate", recording), replay);
    return replay.last().orElseThrow().response();
  }

  private static List<String> lines(
      PostTranslateModifyResponse before, PostTranslateModifyResponse after, int most)
      throws InvalidProtocolBufferException {
    return StateChanges.between(state(before), state(after)).lines(most);
  }

  private static GatewayState state(PostTranslateModifyResponse answer) {
    return new GatewayState(Set.of(), answer, List.of());
  }

  /** The answer with another first weight in each route that has weights. */
  private static PostTranslateModifyResponse withWeight(
      PostTranslateModifyResponse answer, int weight) throws InvalidProtocolBufferException {
    return withRoutes(answer, route -> {
      if (route.getRoute().hasWeightedClusters()) {
        ClusterWeight.Builder first =
            route.getRouteBuilder().getWeightedClustersBuilder().getClustersBuilder(0);
        first.setWeight(UInt32Value.of(weight));
      }
    });
  }

  private static PostTranslateModifyResponse withRoutes(
      PostTranslateModifyResponse answer, Consumer<Route.Builder> change)
      throws InvalidProtocolBufferException {
    PostTranslateModifyResponse.Builder changed = answer.toBuilder().clearRoutes();
    for (ByteString bytes : answer.getRoutesList()) {
      RouteConfiguration.Builder routes = RouteConfiguration.parseFrom(bytes).toBuilder();
      routes
          .getVirtualHostsBuilderList()
          .forEach(host -> host.getRoutesBuilderList().forEach(change));
      changed.addRoutes(routes.build().toByteString());
    }
    return changed.build();
  }

  @Test
  void changedWeightsAreToldInPercentAndPoolsByTheirNames() throws IOException {
    PostTranslateModifyResponse before = answer();
    assertThat(lines(withWeight(before, 90), withWeight(before, 0), 50))
        .singleElement()
        .asString()
        .contains("changed its shares from ", " % default/", " to 0 % default/")
        .doesNotContain("httproute/");
  }

  @Test
  void clustersAreNamedAndTheListIsBounded() throws IOException {
    PostTranslateModifyResponse.Builder more = answer().toBuilder();
    for (int i = 0; i < 60; i++) {
      more.addClusters(Cluster.newBuilder().setName("more-" + i).build().toByteString());
    }
    assertThat(lines(answer(), more.build(), 50))
        .hasSize(51)
        .contains("cluster more-0 added")
        .last()
        .isEqualTo("and 10 more changes");
  }

  @Test
  void anotherHostNameOfABackendIsTold() throws IOException {
    PostTranslateModifyResponse before = answer("weights-pool-and-fqdn-backend");
    PostTranslateModifyResponse.Builder after = before.toBuilder().clearClusters();
    for (ByteString cluster : before.getClustersList()) {
      after.addClusters(ByteString.copyFrom(
          cluster.toString(ISO_8859_1).replace("models.example.com", "others.example.com"),
          ISO_8859_1));
    }
    assertThat(lines(before, after.build(), 50))
        .anySatisfy(
            line -> assertThat(line).contains("from models.example.com", "to others.example.com"));
  }

  private static PostTranslateModifyResponse withCookie(String value) throws IOException {
    NewerRouteMatch.Builder condition = NewerRouteMatch.newBuilder();
    condition.addCookiesBuilder().setName("beta").getStringMatchBuilder().setExact(value);
    UnknownFieldSet fields = UnknownFieldSet.parseFrom(condition.build().toByteString());
    return withRoutes(answer(), route -> route.getMatchBuilder().setUnknownFields(fields));
  }

  @Test
  void aConditionOnACookieIsToldAndAnotherValueOfItIsAChange() throws IOException {
    assertThat(lines(answer(), withCookie("1"), 50))
        .anySatisfy(line -> assertThat(line)
            .contains("(cookie beta must have a value)", "added: ")
            .doesNotContain("'1'"));
    assertThat(lines(withCookie("1"), withCookie("2"), 50))
        .singleElement()
        .asString()
        .startsWith("routes ")
        .endsWith(" changed");
    assertThat(lines(withCookie("1"), withCookie("1"), 50)).isEmpty();
  }

  @Test
  void aGatewayThatJoinsAnotherChangesNoneOfItsResources() throws IOException {
    ObjectRef first = new ObjectRef("Gateway", "default", "inference-gateway");
    ObjectRef second = new ObjectRef("Gateway", "ml", "second");
    PostTranslateModifyResponse ofSecond = PostTranslateModifyResponse.newBuilder()
        .addClusters(Cluster.newBuilder().setName("of-second").build().toByteString())
        .build();
    Translated alone = translated(new GatewayState(Set.of(first), answer(), List.of()));
    Translated apart = translated(
        new GatewayState(Set.of(first), answer(), List.of()),
        new GatewayState(Set.of(second), ofSecond, List.of()));
    Translated merged = translated(new GatewayState(
        Set.of(first, second), answer().toBuilder().mergeFrom(ofSecond).build(), List.of()));
    assertThat(StateChanges.between(alone, merged).lines(50))
        .containsExactly("cluster of-second added");
    assertThat(StateChanges.between(merged, alone).lines(50))
        .containsExactly("cluster of-second removed");
    assertThat(StateChanges.between(apart, merged).isEmpty()).isTrue();
    assertThat(StateChanges.between(merged, apart).isEmpty()).isTrue();
  }

  private static Translated translated(GatewayState... gateways) {
    return new Translated(List.of(gateways), _ -> Optional.empty());
  }

  @Test
  void anotherOrderOfAMapIsNoChange() throws IOException {
    assertThat(lines(answer(), answer(), 50)).isEmpty();
    assertThat(StateChanges.between(state(answer()), state(answer())).isEmpty()).isTrue();
  }
}
