package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bound of one tenant's objects: Envoy Gateway accepts 64 MiB for all of a Gateway, and publishes nothing of any
 * Gateway where an answer is larger.
 */
class BoundedCostTest {
  private static final GoldenCase ADAPTERS = GoldenCase.named("base-model-from-adapters");
  private static final GoldenCase POLICY = GoldenCase.named("policy-200-models");
  private static final int MATCHES = 8;
  private static final int NAMESPACES_SHARE = 4 << 20;

  @Test
  void aConfigMapOfThirtyThousandAdaptersCostsNoMoreThanItsNamespacesShare() {
    Seen seen = withMatches(ADAPTERS.seen());
    TranslationResult result = seen.answer(knowing(30_000));
    assertThat(result.response().getSerializedSize())
        .isLessThan(NAMESPACES_SHARE + 4 * seen.request().getSerializedSize() + 100_000);
    assertThat(tooLarge(result))
        .singleElement()
        .satisfies(
            diagnostic -> assertThat(diagnostic)
                .startsWith("HTTPRoute default/llm: loses ")
                .endsWith(
                    " bytes of the Gateway's configuration, and 4194304 are allowed (PM0024 TooLarge)"));
  }

  /** The names of a policy travel with a route, and do not get past the policy's own bound. */
  @Test
  void aPolicyAsLargeAsItsDefinitionAllowsIsCarriedInPart() {
    List<RecordedRequest> requests = POLICY.requests().stream()
        .map(
            request -> request.hook().equals("PostRouteModify") ? withManyModels(request) : request)
        .toList();
    Seen seen = withMatches(Seen.lastOf(requests));
    assertThat(seen.request().getSerializedSize()).isLessThan((16 << 10) + MATCHES * 1_000 + 8_000);
    TranslationResult result = seen.answer(POLICY.snapshot());
    assertThat(result.response().getSerializedSize()).isLessThan(300_000);
    assertThat(result.diagnostics())
        .extracting(Diagnostic::toString)
        .anySatisfy(diagnostic -> assertThat(diagnostic)
            .contains("spec.models: has 256 models, of which the last ")
            .contains("a policy has at most 16384 bytes")
            .endsWith("(PM0024 TooLarge)"));
  }

  @Test
  void onlyTheNamespaceAboveTheBoundLoses() {
    Seen good = ADAPTERS.seen();
    ClusterSnapshot known = knowing(1_000);
    TranslationResult alone = good.answer(known);
    Seen both = SecondTenant.harmless().joining(withMatches(good), ADAPTERS.requests());
    ClusterSnapshot evil = ManyAdapters.added(known, ManyAdapters.many("evil", 30_000));
    TranslationResult shared = both.answer(evil);
    TranslationResult spared = withMatches(good).answer(known);
    assertThat(alone.diagnostics()).isEmpty();
    assertThat(hosts(shared)).containsAllEntriesOf(hosts(spared));
    assertThat(tooLarge(shared))
        .isNotEmpty()
        .allSatisfy(diagnostic -> assertThat(diagnostic).startsWith("HTTPRoute evil/llm: loses "));
  }

  /** A tenant with thousands of routes to pools has no room for their copies; its neighbour keeps what it has. */
  @Test
  void copiesForLargeBodiesAreTheFirstToGo() {
    GoldenCase pools = GoldenCase.named("model-routes-two-pools");
    Seen good = pools.seen();
    Seen both = new SecondTenant(
            new HostileStrings(new java.util.Random(1), List.of("x")), 1 << 24, 1 << 24)
        .joining(good, pools.requests());
    Seen crowded = withRoutes(both, "/evil", 2_000);
    long room = crowded.request().getSerializedSize() + 500L * 4_000;
    TranslationResult alone = good.answer(pools.snapshot());
    Hooks tight = new Hooks(XdsSettings.DEFAULT.withLargestAnswer(room * 16 / 15), pools::snapshot);
    TranslationResult shared = WarmTest.answer(tight, crowded);
    assertThat(shared.response().getSerializedSize()).isLessThan((int) room);
    assertThat(tooLarge(shared))
        .isNotEmpty()
        .allSatisfy(diagnostic -> assertThat(diagnostic)
            .startsWith("HTTPRoute evil/")
            .contains(" fails requests with bodies of 4,000,000 bytes and more"));
    assertThat(hosts(shared)).containsAllEntriesOf(hosts(alone));
    assertThat(tooLarge(WarmTest.answer(new Hooks(XdsSettings.DEFAULT, pools::snapshot), crowded)))
        .as("with the usual room")
        .isEmpty();
    Hooks warm = new Hooks(XdsSettings.DEFAULT.withLargestAnswer(room * 16 / 15), pools::snapshot);
    var _ = WarmTest.answer(warm, both);
    assertThat(WarmTest.answer(warm, crowded)).isEqualTo(shared);
    assertThat(WarmTest.answer(warm, both)).isEqualTo(both.answer(pools.snapshot()));
  }

  /** The translation with each route of some hosts so many times, for as many paths. */
  private static Seen withRoutes(Seen seen, String hosts, int times) {
    PostTranslateModifyRequest.Builder request = seen.request().toBuilder().clearRoutes();
    for (RouteConfiguration table :
        Named.read(RouteConfiguration.parser(), seen.request().getRoutesList())) {
      RouteConfiguration.Builder more = table.toBuilder();
      for (VirtualHost.Builder host : more.getVirtualHostsBuilderList()) {
        if (host.getName().endsWith(hosts)) {
          List<Route> routes = host.getRoutesList().stream()
              .flatMap(route -> IntStream.range(0, times).mapToObj(i -> forPath(route, i)))
              .toList();
          host.clearRoutes().addAllRoutes(routes);
        }
      }
      request.addRoutes(more.build().toByteString());
    }
    return seen.with(request.build());
  }

  /** The policy that each route carries is not counted as the route's own. */
  @Test
  void twoHundredModelsLoseNothing() {
    assertThat(tooLarge(withMatches(POLICY.seen()).answer(POLICY.snapshot()))).isEmpty();
  }

  /** Results of earlier translations change nothing. */
  @Test
  void theSameIsLeftOutEachTime() {
    Seen seen = withMatches(ADAPTERS.seen());
    ClusterSnapshot known = knowing(30_000);
    Hooks warm = new Hooks(XdsSettings.DEFAULT, () -> known);
    var _ = WarmTest.answer(warm, ADAPTERS.seen());
    var _ = WarmTest.answer(warm, seen);
    assertThat(WarmTest.answer(warm, seen)).isEqualTo(seen.answer(known));
  }

  /** A Gateway that is nearly too large without models gets none; what it has stays as it is. */
  @Test
  void modelsHaveTheRoomThatTheRestLeaves() {
    Seen seen = withMatches(ADAPTERS.seen());
    int request = seen.request().getSerializedSize();
    ClusterSnapshot known = knowing(10);
    Hooks tight = new Hooks(XdsSettings.DEFAULT.withLargestAnswer(2L * request), () -> known);
    TranslationResult result = WarmTest.answer(tight, seen);
    assertThat(tooLarge(result))
        .anySatisfy(diagnostic -> assertThat(diagnostic).contains("and 0 are allowed"));
  }

  /** The count of what models add is never below what they add, or an answer would be above its bound. */
  @ParameterizedTest
  @MethodSource("dev.pointsman.golden.GoldenCase#all")
  void noAnswerIsAboveItsBoundForWhatModelsAdd(GoldenCase given) {
    Seen seen = withMatches(given.seen());
    ClusterSnapshot known = ManyAdapters.added(given.snapshot(), ManyAdapters.many("default", 200));
    long least = bytes(seen, known, 1);
    long most =
        Math.max(least, bytes(seen, known, 1L << 40)); // a picker that trusts nobody adds a hash
    for (int part = 1; part <= 8; part++) {
      long bound = least + (most - least) * part / 8;
      assertThat(bytes(seen, known, bound)).isLessThanOrEqualTo(bound);
    }
  }

  private static long bytes(Seen seen, ClusterSnapshot known, long largest) {
    Hooks hooks = new Hooks(XdsSettings.DEFAULT.withLargestAnswer(largest), () -> known);
    return WarmTest.answer(hooks, seen).response().getSerializedSize();
  }

  private static List<String> tooLarge(TranslationResult result) {
    return result.diagnostics().stream()
        .filter(diagnostic -> diagnostic.reason() == Reason.TooLarge)
        .map(Diagnostic::toString)
        .toList();
  }

  /** The routes of each virtual host; behind the loop, where all tenants have one, each route by itself. */
  private static Map<String, Object> hosts(TranslationResult result) {
    Map<String, Object> hosts = new HashMap<>();
    for (RouteConfiguration table :
        Named.read(RouteConfiguration.parser(), result.response().getRoutesList())) {
      for (VirtualHost host : table.getVirtualHostsList()) {
        if (table.getName().startsWith("pointsman/large/")) {
          host.getRoutesList().forEach(route -> hosts.put(route.getName(), route));
        } else {
          hosts.put(table.getName() + host.getName(), host);
        }
      }
    }
    return hosts;
  }

  private static ClusterSnapshot knowing(int adapters) {
    return ManyAdapters.added(ADAPTERS.snapshot(), ManyAdapters.many("default", adapters));
  }

  /** The translation with each route of a rule eight times, for as many paths. */
  private static Seen withMatches(Seen seen) {
    return withRoutes(seen, "", MATCHES);
  }

  private static Route forPath(Route route, int i) {
    Route.Builder other = route.toBuilder().setName(route.getName() + "/" + i);
    other.getMatchBuilder().setPrefix("/v" + i + "/");
    return InBand.recordOf(route)
        .filter(_ -> i > 0) // the first one carries the policies
        .map(record -> record.toBuilder().removeFields("carried").build())
        .map(record -> InBand.withRecord(other.build(), record))
        .orElseGet(other::build);
  }

  private static RecordedRequest withManyModels(RecordedRequest request) {
    PostRouteModifyRequest.Builder many = request.as(PostRouteModifyRequest.parser()).toBuilder();
    many.getPostRouteContextBuilder().getExtensionPoliciesBuilderList().forEach(policy -> {
      ObjectNode object = (ObjectNode)
          JsonMapper.shared().readTree(policy.getUnstructuredBytes().toByteArray());
      ArrayNode models = object.withObject("spec").putArray("models");
      for (int i = 0; i < 256; i++) {
        ArrayNode aliases =
            models.addObject().put("name", "model-%03d".formatted(i)).putArray("aliases");
        for (int j = 0; j < 64; j++) {
          aliases.add("model-%03d-alias-%02d".formatted(i, j));
        }
      }
      policy.setUnstructuredBytes(ByteString.copyFromUtf8(object.toString()));
    });
    return new RecordedRequest(request.file(), request.hook(), many.build().toByteString());
  }
}
