package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.EnvoyRules;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For any strings of a tenant, the answer passes the rules of Envoy's API, which Envoy Gateway runs over it, and the
 * other tenant's routes, clusters and endpoints are the bytes that they are without it.
 * {@code -Dmutations=N} tries more, {@code -Dmutations.seed=N} one again.
 */
class HostileStringsTest {
  /** The tenant's objects are those of namespace default once more: cases of several tenants do not fit. */
  private static final List<GoldenCase> CASES = GoldenCase.all()
      .filter(golden -> !golden.name().startsWith("tenants-"))
      .filter(golden -> !golden.name().startsWith("kserve-")) // of another namespace
      .filter(golden ->
          golden.requests().stream().anyMatch(request -> request.hook().equals("PostRouteModify")))
      .toList();

  private static final long TRIES = Long.getLong("mutations", 500);

  /** The cases are small: whatever is written in their objects, their answers have no reason to be large. */
  private static final int LARGEST_ANSWER = 8 << 20;

  /** One in so many places, of which no case has half as many. */
  private static final int NEVER = 1 << 24;

  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyCasesAnswerPassesTheRules(GoldenCase golden) {
    assertPasses(golden.answer().response());
  }

  @Test
  void theRulesWouldSaySo() {
    assertThat(EnvoyRules.brokenBy(RouteConfiguration.newBuilder()
            .addVirtualHosts(
                io.envoyproxy.envoy.config.route.v3.VirtualHost.newBuilder().setName("host"))
            .build()))
        .isPresent();
  }

  @Test
  void hostileStringsHarmNobodyElse() {
    Long one = Long.getLong("mutations.seed");
    int refused = 0;
    for (long seed = one == null ? 0 : one; seed < (one == null ? TRIES : one + 1); seed++) {
      try {
        refused += check(new Random(seed));
      } catch (AssertionError | RuntimeException | StackOverflowError e) {
        fail("-Dmutations.seed=" + seed, e);
      }
    }
    assertThat(refused).as("diagnostics about the hostile tenant").isPositive();
  }

  static Stream<String> strings() {
    return HostileStrings.ALL.stream();
  }

  /** Each string in every place at once, in each of the cases whose strings go the furthest. */
  @ParameterizedTest
  @MethodSource("strings")
  void eachStringAloneHarmsNobodyElse(String string) {
    for (String name : List.of(
        "base-model-from-adapters",
        "policy-models-split-and-aliases",
        "policy-picker-verified-tls")) {
      HostileStrings strings = new HostileStrings(new Random(1), List.of(string));
      int _ = check(GoldenCase.named(name), new SecondTenant(strings, 1, 1));
      int _ = check(GoldenCase.named(name), new SecondTenant(strings, 2, 2));
      int _ =
          check(GoldenCase.named(name), new SecondTenant(strings, NEVER, 1)); // pools stay usable
      int _ = check(GoldenCase.named(name), new SecondTenant(strings, 4, NEVER));
    }
  }

  private static int check(Random random) {
    GoldenCase golden = CASES.get(random.nextInt(CASES.size()));
    HostileStrings strings = new HostileStrings(random, HostileStrings.ALL);
    return check(golden, new SecondTenant(strings, 1 + random.nextInt(8), 1 + random.nextInt(8)));
  }

  /** @return how many diagnostics there are about the hostile tenant */
  private static int check(GoldenCase golden, SecondTenant tenant) {
    Seen both = tenant.joining(golden.seen(), golden.requests());
    return assertUnharmed(golden, both, tenant.joining(golden.snapshot()));
  }

  /**
   * The case's own hosts, clusters and endpoints are the same with another team on the Gateway.
   *
   * @param both the translation with the other team
   * @param known the objects of both
   * @return how many diagnostics there are about the other team
   */
  static int assertUnharmed(GoldenCase golden, Seen both, ClusterSnapshot known) {
    ClusterSnapshot snapshot = golden.snapshot();
    TranslationResult alone = golden.seen().answer(snapshot);
    TranslationResult shared = both.answer(known);
    assertPasses(shared.response());
    assertThat(shared.response().getSerializedSize()).isLessThan(LARGEST_ANSWER);
    assertThat(hosts(shared.response()))
        .as("virtual hosts, and routes behind the loop, of %s", golden)
        .containsAllEntriesOf(hosts(alone.response()));
    assertThat(Named.of(shared.response().getClustersList()))
        .as("clusters of %s", golden)
        .containsAllEntriesOf(Named.of(alone.response().getClustersList()));
    assertThat(Named.of(shared.response().getListenersList()))
        .as("listeners of %s", golden)
        .containsAllEntriesOf(Named.of(alone.response().getListenersList()));
    snapshot
        .pools()
        .keySet()
        .forEach(pool -> assertThat(known.endpointsOf(pool)).isEqualTo(snapshot.endpointsOf(pool)));
    List<Diagnostic> about = shared.diagnostics().stream()
        .filter(diagnostic -> !alone.diagnostics().contains(diagnostic))
        .toList();
    assertThat(about).allSatisfy(diagnostic -> {
      assertThat(diagnostic.toString()).matches("[^\\p{Cntrl}]{1,1500}");
      assertThat(diagnostic.about().namespace()).isNotEqualTo("default");
    });
    return about.size();
  }

  private static void assertPasses(PostTranslateModifyResponse answer) {
    List<Message> resources = new ArrayList<>();
    resources.addAll(read(RouteConfiguration.parser(), answer.getRoutesList()));
    resources.addAll(read(Listener.parser(), answer.getListenersList()));
    assertThat(resources).allSatisfy(one -> assertThat(EnvoyRules.brokenBy(one)).isEmpty());
    assertThat(read(Cluster.parser(), answer.getClustersList()))
        .allSatisfy(one -> assertThat(EnvoyRules.brokenBy(one)).isEmpty());
  }

  private static <T> List<T> read(Parser<T> parser, List<ByteString> resources) {
    return resources.stream()
        .flatMap(bytes -> Named.readIfPossible(parser, bytes).stream())
        .toList();
  }

  private static Map<String, ByteString> hosts(PostTranslateModifyResponse answer) {
    Map<String, ByteString> hosts = new HashMap<>();
    for (ByteString bytes : answer.getRoutesList()) {
      ShallowRouteConfiguration table = Named.read(ShallowRouteConfiguration.parser(), bytes);
      for (ByteString host : table.getVirtualHostsList()) {
        if (table.getName().startsWith("pointsman/large/")) { // one host for all tenants
          hosts.putAll(byName(
              Named.read(ShallowVirtualHost.parser(), host).getRoutesList(), Route.parser()));
        } else {
          hosts.put(table.getName() + " " + Named.nameOf(host), host);
        }
      }
    }
    return hosts;
  }

  private static Map<String, ByteString> byName(List<ByteString> routes, Parser<Route> parser) {
    Map<String, ByteString> byName = new HashMap<>();
    routes.forEach(route -> byName.put(Named.read(parser, route).getName(), route));
    return byName;
  }
}
