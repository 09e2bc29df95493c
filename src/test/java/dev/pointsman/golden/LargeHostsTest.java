package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * A virtual host with hundreds of routes that users edit again and again: hooks that have seen all of that answer each
 * time like hooks that have seen none. {@code -Dmutations=N} tries more.
 */
class LargeHostsTest {
  private static final int ROUTES = 130;
  private static final long EDITS = Math.max(2, Long.getLong("mutations", 1_000) / 500);

  @Test
  void warmHooksAnswerLikeColdOnes() {
    Random random = new Random(1);
    int rewritten = 0;
    for (GoldenCase one : GoldenCase.all().toList()) {
      Seen seen = one.seen();
      List<ByteString> routes = routes(seen.request());
      if (!routes.isEmpty()) {
        rewritten += edit(one, seen, copies(routes), random);
      }
    }
    assertThat(rewritten).isPositive();
  }

  private static int edit(GoldenCase one, Seen seen, List<ByteString> routes, Random random) {
    AtomicReference<ClusterSnapshot> snapshot = new AtomicReference<>(one.snapshot());
    Hooks warm = new Hooks(XdsSettings.DEFAULT, snapshot::get);
    int rewritten = 0;
    for (long i = 0; i < EDITS; i++) {
      snapshot.set(random.nextInt(4) == 0 ? ClusterSnapshot.EMPTY : one.snapshot());
      Seen next = new Seen(
          with(others(seen.request(), random), routes),
          WarmTest.toldAgain(seen.endpoints(), random));
      TranslationResult answer = WarmTest.answer(warm, next);
      assertThat(answer).as("edit %d of %s", i, one.name()).isEqualTo(next.answer(snapshot.get()));
      rewritten += answer.summary().routes();
      for (int edits = random.nextInt(3); edits > 0; edits--) {
        edit(routes, random);
      }
    }
    return rewritten;
  }

  /** The rest of a request: at times the Gateway's policies, and clusters that eject hosts or do not. */
  private static PostTranslateModifyRequest others(
      PostTranslateModifyRequest request, Random random) {
    PostTranslateModifyRequest.Builder others = request.toBuilder();
    if (random.nextInt(3) == 0) {
      others.clearPostTranslateContext();
    }
    for (int i = 0; i < request.getClustersCount(); i++) {
      if (random.nextInt(4) == 0) {
        Cluster.Builder cluster = Named.read(Cluster.parser(), request.getClusters(i)).toBuilder();
        cluster.getOutlierDetectionBuilder();
        others.setClusters(i, cluster.build().toByteString());
      }
    }
    return others.build();
  }

  /** As a user's change to HTTPRoutes would: some routes come, go, move or say something else. */
  private static void edit(List<ByteString> routes, Random random) {
    int from = random.nextInt(routes.size());
    List<ByteString> some =
        routes.subList(from, Math.min(routes.size(), from + 1 + random.nextInt(100)));
    ByteString first = some.getFirst();
    switch (random.nextInt(6)) {
      case 0 -> routes.add(from, copy(first, "new/" + random.nextInt()));
      case 1 -> routes.remove(from);
      case 2 -> some.clear();
      case 3 -> Collections.rotate(some, 1 + random.nextInt(some.size()));
      case 4 -> routes.set(from, slower(first, random.nextInt(1_000)));
      default -> routes.addAll(random.nextInt(routes.size()), List.copyOf(some));
    }
    if (routes.isEmpty()) {
      routes.add(first);
    }
  }

  private static List<ByteString> copies(List<ByteString> routes) {
    List<ByteString> copies = new ArrayList<>(routes);
    for (int i = 0; copies.size() < ROUTES; i++) {
      copies.add(copy(routes.get(i % routes.size()), "copy/" + i));
    }
    return copies;
  }

  /** The route for another model, if it asks for one. */
  private static ByteString copy(ByteString bytes, String name) {
    Route.Builder route = Named.read(Route.parser(), bytes).toBuilder();
    route.setName(route.getName() + "/" + name);
    for (HeaderMatcher.Builder header : route.getMatchBuilder().getHeadersBuilderList()) {
      if (header.getStringMatch().hasExact()) {
        header.getStringMatchBuilder().setExact(header.getStringMatch().getExact() + name);
      }
    }
    return route.build().toByteString();
  }

  private static ByteString slower(ByteString bytes, int seconds) {
    Route.Builder route = Named.read(Route.parser(), bytes).toBuilder();
    if (route.hasRoute()) {
      route.getRouteBuilder().getTimeoutBuilder().setSeconds(seconds);
    }
    return route.build().toByteString();
  }

  /** The routes of the first virtual host. */
  private static List<ByteString> routes(PostTranslateModifyRequest request) {
    if (request.getRoutesCount() == 0) {
      return List.of();
    }
    ShallowRouteConfiguration table =
        Named.read(ShallowRouteConfiguration.parser(), request.getRoutes(0));
    return table.getVirtualHostsCount() == 0
        ? List.of()
        : Named.read(ShallowVirtualHost.parser(), table.getVirtualHosts(0)).getRoutesList();
  }

  private static PostTranslateModifyRequest with(
      PostTranslateModifyRequest request, List<ByteString> routes) {
    ShallowRouteConfiguration.Builder table =
        Named.read(ShallowRouteConfiguration.parser(), request.getRoutes(0)).toBuilder();
    ShallowVirtualHost host = Named.read(ShallowVirtualHost.parser(), table.getVirtualHosts(0));
    table.setVirtualHosts(
        0, host.toBuilder().clearRoutes().addAllRoutes(routes).build().toByteString());
    return request.toBuilder().setRoutes(0, table.build().toByteString()).build();
  }
}
