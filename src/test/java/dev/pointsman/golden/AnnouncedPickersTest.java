package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.Certificates;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.FailureMode;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Service;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies know the pickers of pools that no rule names yet, in the namespaces of the rules' pools. */
class AnnouncedPickersTest {
  private final Seen seen = GoldenCase.named("model-routes-two-pools").seen();

  private static ClusterSnapshot snapshot(String namespace, int pools) {
    ClusterObjects objects = new ClusterObjects();
    for (int i = 0; i < pools; i++) {
      ServicePort service = new ServicePort(namespace, "next-%03d".formatted(i), 9002);
      objects.add(new Service(
          namespace,
          service.name(),
          false,
          Map.of("app", "next"),
          List.of(new Service.Port("grpc", 9002, 9002))));
      objects.add(new InferencePool(
          new PoolRef(PoolRef.V1, namespace, service.name()),
          Map.of("app", "next"),
          List.of(8000),
          AppProtocol.HTTP,
          Optional.of(new EndpointPicker(service, FailureMode.FAIL_CLOSE))));
    }
    return objects.snapshot();
  }

  private static List<String> pickers(TranslationResult answer) {
    return answer.response().getClustersList().stream()
        .map(cluster -> Named.read(Cluster.parser(), cluster).getName())
        .filter(name -> name.startsWith("pointsman/picker/"))
        .toList();
  }

  @Test
  void aPoolWithoutARule() {
    assertThat(pickers(seen.answer(snapshot("default", 1))))
        .containsExactlyInAnyOrder(
            "pointsman/picker/default/deepseek-ext-proc/9002",
            "pointsman/picker/default/next-000/9002",
            "pointsman/picker/default/qwen-ext-proc/9002");
  }

  @Test
  void aNamespaceHasItsPart() {
    assertThat(pickers(seen.answer(snapshot("default", 40)))).hasSize(2 + 16);
  }

  @Test
  void poolsOfOtherNamespacesAreNotTold() {
    assertThat(pickers(seen.answer(snapshot("elsewhere", 3)))).hasSize(2);
  }

  /** As one CA of 60 KB, which each picker's cluster repeats. */
  @Test
  void anAnnouncementMakesNoAnswerTooLarge() {
    GoldenCase golden = GoldenCase.named("policy-picker-verified-tls");
    ClusterSnapshot known = withLargeAuthority(golden.snapshot());
    ClusterSnapshot more = known.and(snapshot("default", 16).pools());
    Map<ObjectName, Service> services = new HashMap<>(known.services());
    services.putAll(snapshot("default", 16).services());
    ClusterSnapshot all = with(more, services, more.certificates());
    Seen large = golden.seen();
    large = large.with(large.request().toBuilder()
        .addSecrets(ByteString.copyFrom(new byte[1_700_000]))
        .build());
    XdsSettings settings = XdsSettings.DEFAULT.withLargestAnswer(2 << 20);
    TranslationResult alone = WarmTest.answer(new Hooks(settings, () -> known), large);
    TranslationResult answer = WarmTest.answer(new Hooks(settings, () -> all), large);
    assertThat(answer.response().getSerializedSize()).isLessThanOrEqualTo(2 << 20);
    assertThat(answer.diagnostics()).isEqualTo(alone.diagnostics());
    assertThat(pickers(answer)).containsAll(pickers(alone).subList(0, 3)).hasSizeBetween(4, 5);
    assertThat(golden.seen().answer(all).response().getSerializedSize())
        .as("of 64 MiB")
        .isLessThan(golden.seen().answer(known).response().getSerializedSize() + (4 << 20));
  }

  @Test
  void announcementsTakeWhatFits() {
    for (int largest = 10_000; largest < 100_000; largest += 2_000) {
      XdsSettings settings = XdsSettings.DEFAULT.withLargestAnswer(largest);
      TranslationResult alone =
          WarmTest.answer(new Hooks(settings, () -> ClusterSnapshot.EMPTY), seen);
      ClusterSnapshot many = snapshot("default", 16);
      TranslationResult answer = WarmTest.answer(new Hooks(settings, () -> many), seen);
      assertThat(answer.response().getSerializedSize())
          .isLessThanOrEqualTo(Math.max(largest, alone.response().getSerializedSize()));
      assertThat(answer.diagnostics()).isEqualTo(alone.diagnostics());
    }
  }

  /** A team with sixteen settings of one shared picker; the other team has the default. */
  @ParameterizedTest
  @ValueSource(strings = {"a-team", "team-x"})
  void aTeamWithManySettingsTakesNothingFromAnother(String namespace) {
    List<String> shared = pickers(withLimits(namespace, 16).answer(snapshot("default", 3)));
    assertThat(shared)
        .contains(
            "pointsman/picker/default/next-000/9002",
            "pointsman/picker/default/next-001/9002",
            "pointsman/picker/default/next-002/9002");
    assertThat(shared.stream().filter(name -> name.matches(".*/next-\\d+/9002/.+")))
        .as("its own part")
        .hasSize(16);
  }

  @Test
  void pickersThatRulesUseDoNotCount() {
    assertThat(pickers(withLimits("team-x", 16).answer(ClusterSnapshot.EMPTY))).hasSize(2 + 16);
    assertThat(pickers(withLimits("default", 1).answer(snapshot("default", 20))))
        .filteredOn(name -> name.endsWith("/9002"))
        .hasSize(2 + 16);
  }

  /** With routes of a team to a pool of the other, with as many limits of its picker. */
  private Seen withLimits(String namespace, int limits) {
    RecordedRequest first =
        GoldenCase.named("model-routes-two-pools").requests().getFirst();
    Hooks.Connection connection =
        new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY).connect();
    RouteConfiguration.Builder table =
        Named.read(RouteConfiguration.parser(), seen.request().getRoutes(0)).toBuilder();
    for (int i = 1; i <= limits; i++) {
      PostRouteModifyRequest.Builder request =
          first.as(PostRouteModifyRequest.parser()).toBuilder();
      Route.Builder route = Named.read(Route.parser(), request.getRoute()).toBuilder();
      route.setName(route.getName() + "/" + i);
      route.setMetadata(
          (Metadata) HostileStrings.renamed(route.getMetadata(), "default", namespace));
      route.getMatchBuilder().setPrefix("/limit-" + i);
      request.setRoute(route.build().toByteString());
      request
          .getPostRouteContextBuilder()
          .addExtensionPolicies(ExtensionResource.newBuilder()
              .setUnstructuredBytes(ByteString.copyFromUtf8("""
                  {"apiVersion": "pointsman.dev/v1alpha1", "kind": "InferencePolicy",
                   "metadata": {"namespace": "%s", "name": "limit-%d"},
                   "spec": {"targetRefs": [
                     {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": "inference-route"}],
                     "endpointPicker": {"maxConcurrentRequests": %d}}}""".formatted(namespace, i, i))));
      table
          .getVirtualHostsBuilder(0)
          .addRoutes(
              Named.read(Route.parser(), connection.route(request.build()).getRoute()));
    }
    return seen.with(
        seen.request().toBuilder().setRoutes(0, table.build().toByteString()).build());
  }

  private static ClusterSnapshot withLargeAuthority(ClusterSnapshot known) {
    return with(
        known,
        known.services(),
        Map.of(
            "default",
            Map.of(
                new CertificateRef("ConfigMap", "picker-ca"), authority("x".repeat(60_000)),
                new CertificateRef("Secret", "nowhere"), authority("x"))));
  }

  private static Certificates authority(String pem) {
    return new Certificates(
        "default", new CertificateRef("", ""), Optional.of(pem), Optional.empty());
  }

  private static ClusterSnapshot with(
      ClusterSnapshot known,
      Map<ObjectName, Service> services,
      Map<String, Map<CertificateRef, Certificates>> certificates) {
    return new ClusterSnapshot(
        known.synced(),
        known.pools(),
        known.pods(),
        services,
        known.slices(),
        known.routes(),
        known.models(),
        known.adapters(),
        known.grants(),
        certificates);
  }

  @Test
  void aNewPoolOutdatesTheTranslation() {
    TranslationResult before = seen.answer(snapshot("default", 1));
    assertThat(before.reads().demands(snapshot("default", 1))).isEmpty();
    assertThat(before.reads().demands(snapshot("default", 2)))
        .containsExactly(new TranslationDemand(
            Cause.ANNOUNCED, Set.of(new ObjectRef("Namespace", "", "default"))));
  }
}
