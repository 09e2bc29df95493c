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
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
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

  private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
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

  /** Requests come to these clusters over HTTP/2 from a loop, whatever the client speaks. */
  @ParameterizedTest
  @MethodSource("cases")
  void oneVersionOfHttp(GoldenCase golden) {
    assertThat(clusters(golden.answer())
            .filter(OtherBackendsTest::leadsToPods)
            .filter(cluster -> cluster.containsTypedExtensionProtocolOptions(OPTIONS))
            .filter(cluster -> !options(cluster).hasExplicitHttpConfig()))
        .extracting(Cluster::getName)
        .isEmpty();
  }

  /** Services get HTTP/1.1. */
  @Test
  void theVersionOfHttpIsThePools() {
    String client = "httproute/default/client/rule/0";
    assertThat(options(cluster(client)).getExplicitHttpConfig().hasHttpProtocolOptions())
        .isTrue();
    assertThat(options(cluster(client + "/fallback/0"))
            .getExplicitHttpConfig()
            .hasHttp2ProtocolOptions())
        .isTrue();
    assertThat(options(cluster(client + "/fallback/1"))
            .getExplicitHttpConfig()
            .hasHttpProtocolOptions())
        .isTrue();
  }

  /** Envoy Gateway's cluster of a backend with TLS has a socket of TLS, and selects HTTP by ALPN. */
  @Test
  void noTlsOfAnotherBackend() {
    String tls = "httproute/default/tls/rule/0";
    assertThat(cluster(tls).hasTransportSocket()).isTrue();
    assertThat(options(cluster(tls)).hasAutoConfig()).isTrue();
    for (String pods : List.of(
        "/model/0/backend/0",
        "/model/1/backend/0",
        "/model/2/backend/0",
        "/fallback/0",
        "/fallback/1")) {
      assertThat(cluster(tls + pods).hasTransportSocket()).as(pods).isFalse();
      assertThat(options(cluster(tls + pods)).hasUpstreamHttpProtocolOptions()).isFalse();
    }
  }

  @Test
  void theProxyProtocolOfATrafficPolicyStays() {
    String proxy = "httproute/default/proxy/rule/";
    assertThat(inside(proxy + 0)).isEqualTo(type(UpstreamTlsContext.getDefaultInstance()));
    for (String plaintext : List.of("1", "2/fallback/0")) {
      assertThat(inside(proxy + plaintext)).isEqualTo(type(RawBuffer.getDefaultInstance()));
    }
  }

  /** The type of the socket inside that of the PROXY protocol. */
  private static String inside(String cluster) {
    try {
      return cluster(cluster)
          .getTransportSocket()
          .getTypedConfig()
          .unpack(ProxyProtocolUpstreamTransport.class)
          .getTransportSocket()
          .getTypedConfig()
          .getTypeUrl();
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(cluster, e);
    }
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
              OPTIONS, Any.pack(HttpProtocolOptions.getDefaultInstance()))
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
