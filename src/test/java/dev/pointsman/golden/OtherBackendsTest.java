package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.xds.PoolClusters;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.filters.http.admission_control.v3.AdmissionControl;
import io.envoyproxy.envoy.extensions.filters.http.credential_injector.v3.CredentialInjector;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clusters of pods and of policies' Services have nothing of a rule's other backends. */
class OtherBackendsTest {
  private static final GoldenCase BESIDE = GoldenCase.named("policy-beside-other-backends");

  private static final String CREDENTIAL = type(CredentialInjector.getDefaultInstance());
  private static final String ADMISSION = type(AdmissionControl.getDefaultInstance());
  private static final String CODEC = type(UpstreamCodec.getDefaultInstance());
  private static final String LUA = type(Lua.getDefaultInstance());

  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noCredentialOfAnotherBackend(GoldenCase golden) {
    assertNoCredential(golden.seen(), golden);
  }

  /** Without the Endpoints hook, a pool may take the cluster of another backend of its rule. */
  @Test
  void noCredentialWithoutWeights() {
    assertNoCredential(new Seen(BESIDE.seen().request(), List.of()), BESIDE);
  }

  private static void assertNoCredential(Seen seen, GoldenCase golden) {
    assertThat(clusters(seen.answer(golden.snapshot()))
            .filter(OtherBackendsTest::leadsToPods)
            .filter(cluster -> filters(cluster).contains(CREDENTIAL)))
        .extracting(Cluster::getName)
        .isEmpty();
  }

  /** The settings of a BackendTrafficPolicy stay, and so do our own filters. */
  @Test
  void otherFiltersOfUpstreamsStay() {
    String key = "httproute/default/key/rule/0";
    assertThat(filters(cluster(key + "/backend/0")))
        .as("the backend's own")
        .containsExactly(CREDENTIAL, ADMISSION, CODEC);
    assertThat(filters(cluster(key + "/model/0/backend/0"))).containsExactly(ADMISSION, CODEC);
    assertThat(filters(cluster(key + "/model/2/backend/0"))).containsExactly(LUA, ADMISSION, CODEC);
    assertThat(filters(cluster("httproute/default/tls/rule/0/model/0/backend/0")))
        .isEmpty();
  }

  private static boolean leadsToPods(Cluster cluster) {
    return PoolClusters.pool(cluster).isPresent()
        || cluster.getName().matches(".*/(model|fallback)/\\d+.*");
  }

  private static Stream<Cluster> clusters(TranslationResult answer) {
    return answer.response().getClustersList().stream()
        .flatMap(bytes -> Named.readIfPossible(Cluster.parser(), bytes).stream());
  }

  private static Cluster cluster(String name) {
    return clusters(BESIDE.answer())
        .filter(cluster -> cluster.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no cluster " + name));
  }

  private static String type(Message message) {
    return Any.pack(message).getTypeUrl();
  }

  private static HttpProtocolOptions options(Cluster cluster) {
    try {
      return cluster
          .getTypedExtensionProtocolOptionsOrDefault(
              "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
              Any.pack(HttpProtocolOptions.getDefaultInstance()))
          .unpack(HttpProtocolOptions.class);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> filters(Cluster cluster) {
    return options(cluster).getHttpFiltersList().stream()
        .map(HttpFilter::getTypedConfig)
        .map(Any::getTypeUrl)
        .toList();
  }
}
