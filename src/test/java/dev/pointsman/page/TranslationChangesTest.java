package dev.pointsman.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import dev.pointsman.extension.PostTranslateModifyResponse;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The words for the changes between two answers. */
class TranslationChangesTest {
  private static final Cluster OLD = Cluster.newBuilder().setName("old").build();
  private static final Cluster KEPT = Cluster.newBuilder().setName("kept").build();

  private static PostTranslateModifyResponse answer(Cluster cluster, Route... routes) {
    RouteConfiguration table = RouteConfiguration.newBuilder()
        .setName("http-80")
        .addVirtualHosts(VirtualHost.newBuilder().addAllRoutes(List.of(routes)))
        .build();
    return PostTranslateModifyResponse.newBuilder()
        .addClusters(cluster.toByteString())
        .addClusters(KEPT.toByteString())
        .addRoutes(table.toByteString())
        .build();
  }

  private static Route route(String name, int stable, int canary) {
    WeightedCluster.Builder weighted = WeightedCluster.newBuilder();
    weighted.addClusters(weight("stable", stable));
    weighted.addClusters(weight("canary", canary));
    return Route.newBuilder()
        .setName(name)
        .setRoute(RouteAction.newBuilder().setWeightedClusters(weighted))
        .build();
  }

  private static ClusterWeight weight(String name, int weight) {
    return ClusterWeight.newBuilder()
        .setName(name)
        .setWeight(UInt32Value.of(weight))
        .build();
  }

  @Test
  void changedWeightsAreToldInPercent() throws InvalidProtocolBufferException {
    assertThat(TranslationChanges.of(
            answer(KEPT, route("qwen", 9, 1)), answer(KEPT, route("qwen", 8, 2))))
        .containsExactly("route qwen of Route qwen changed its shares from 90 % stable, 10 % canary"
            + " to 80 % stable, 20 % canary");
  }

  @Test
  void poolsHaveTheirOwnNames() throws InvalidProtocolBufferException {
    Cluster.Builder pool = Cluster.newBuilder().setName("stable");
    pool.getMetadataBuilder()
        .putFilterMetadata(
            "pointsman",
            Struct.newBuilder()
                .putFields(
                    "pool", Value.newBuilder().setStringValue("models/qwen").build())
                .build());
    assertThat(TranslationChanges.of(
            answer(pool.build(), route("qwen", 9, 1)), answer(pool.build(), route("qwen", 1, 0))))
        .containsExactly(
            "route qwen of Route qwen changed its shares from 90 % models/qwen, 10 % canary"
                + " to 100 % models/qwen, 0 % canary");
  }

  @Test
  void resourcesThatComeAndGoAreNamed() throws InvalidProtocolBufferException {
    assertThat(TranslationChanges.of(
            answer(OLD, route("a", 1, 1)),
            answer(OLD.toBuilder().setName("new").build(), route("b", 1, 0))))
        .containsExactly(
            "route a of Route a removed",
            "route b of Route b added: 100 % stable, 0 % canary",
            "cluster new added",
            "cluster old removed");
  }

  @Test
  void copiesOfPointsmansOwnAreNotNamed() throws InvalidProtocolBufferException {
    assertThat(TranslationChanges.of(
            answer(KEPT, route("pointsman/large/qwen", 9, 1)),
            answer(KEPT, route("pointsman/large/qwen", 8, 2))))
        .isEmpty();
  }

  @Test
  void theListOfChangesIsBounded() throws InvalidProtocolBufferException {
    Route[] many = new Route[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = route("r" + i, 1, 1);
    }
    assertThat(TranslationChanges.of(answer(KEPT), answer(KEPT, many)))
        .hasSize(51)
        .last()
        .isEqualTo("and 10 more changes");
  }
}
