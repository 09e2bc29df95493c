package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.StaticResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor;
import io.envoyproxy.envoy.extensions.filters.http.ratelimit.v3.RateLimit;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitServiceGrpc;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A global rate limit on a Gateway counts our own answers too, in every Envoy that we support. */
@Tag("envoy")
class CountedAnswersTest {
  private static final int LIMIT = 2;

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void theListOfModelsAndUnknownModelsAreCounted(String version) throws Exception {
    Counter counter = new Counter();
    Server limiter = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
        .addService(counter)
        .build()
        .start();
    try (RealEnvoy envoy = RealEnvoy.start(version, bootstrap(limiter.getPort()));
        HttpClient client = HttpClient.newHttpClient()) {
      URI gateway = URI.create("http://127.0.0.1:" + envoy.listenerPort("default/inference/llm"));
      HttpRequest.Builder list =
          HttpRequest.newBuilder(gateway.resolve("/v1/models")).header("x-user", "a");
      HttpRequest.Builder unknown = HttpRequest.newBuilder(gateway.resolve("/v1/chat/completions"))
          .header("x-user", "b")
          .header("content-type", "application/json")
          .POST(BodyPublishers.ofString("{\"model\":\"unknown\"}"));
      for (int i = 0; i < LIMIT; i++) {
        HttpResponse<String> listed = client.send(list.build(), BodyHandlers.ofString());
        assertThat(listed.statusCode()).isEqualTo(200);
        assertThat(listed.headers().firstValue("content-type")).contains("application/json");
        assertThat(listed.body()).contains("\"id\":\"qwen\"");
        HttpResponse<String> none = client.send(unknown.build(), BodyHandlers.ofString());
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.headers().firstValue("content-type")).contains("application/json");
        assertThat(none.body()).contains("\"code\":\"model_not_found\"");
      }
      assertThat(client.send(list.build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(429);
      assertThat(client.send(unknown.build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(429);
      assertThat(counter.counted).hasSize(2 * (LIMIT + 1));
    } finally {
      limiter.shutdownNow().awaitTermination();
    }
  }

  /** The case's, with its listener on any free port and its rate limit service here, which may take its time. */
  private static byte[] bootstrap(int limiter) throws Exception {
    Bootstrap.Builder bootstrap = Bootstrap.parseFrom(
        GoldenCase.named("gateway-rate-limit-and-unknown-model").bootstrap())
        .toBuilder();
    StaticResources.Builder resources = bootstrap.getStaticResourcesBuilder();
    for (int i = 0; i < resources.getListenersCount(); i++) {
      Listener.Builder listener =
          Managers.edited(resources.getListeners(i), CountedAnswersTest::patient).toBuilder();
      if (listener.getAddress().hasSocketAddress()) {
        listener
            .getAddressBuilder()
            .getSocketAddressBuilder()
            .setAddress("127.0.0.1")
            .setPortValue(0);
      }
      resources.setListeners(i, listener);
    }
    for (Cluster.Builder cluster : resources.getClustersBuilderList()) {
      if (cluster.getName().equals("ratelimit_cluster")) {
        cluster.clearTransportSocket().clearClusterType().setType(Cluster.DiscoveryType.STATIC);
        cluster.getLoadAssignmentBuilder().clearEndpoints().setClusterName(cluster.getName());
        cluster
            .getLoadAssignmentBuilder()
            .addEndpointsBuilder()
            .addLbEndpointsBuilder()
            .getEndpointBuilder()
            .getAddressBuilder()
            .getSocketAddressBuilder()
            .setAddress("127.0.0.1")
            .setPortValue(limiter);
      }
    }
    return bootstrap.build().toByteArray();
  }

  private static HttpConnectionManager patient(HttpConnectionManager manager) {
    HttpConnectionManager.Builder patient = manager.toBuilder();
    for (HttpFilter.Builder filter : patient.getHttpFiltersBuilderList()) {
      if (filter.getTypedConfig().is(RateLimit.class)) {
        try {
          RateLimit.Builder limit = filter.getTypedConfig().unpack(RateLimit.class).toBuilder();
          limit.getTimeoutBuilder().setSeconds(10);
          filter.setTypedConfig(Any.pack(limit.build()));
        } catch (InvalidProtocolBufferException impossible) {
          throw new IllegalStateException(impossible);
        }
      }
    }
    return patient.build();
  }

  /** As Envoy Gateway's rate limit service would: it knows the counters of its routes and no others. */
  private static final class Counter extends RateLimitServiceGrpc.RateLimitServiceImplBase {
    private final List<List<RateLimitDescriptor>> counted = new CopyOnWriteArrayList<>();

    @Override
    public void shouldRateLimit(
        RateLimitRequest request, StreamObserver<RateLimitResponse> answer) {
      List<RateLimitDescriptor> descriptors = request.getDescriptorsList();
      boolean known = descriptors.stream()
          .allMatch(one -> one.getEntries(0).getValue().startsWith("httproute/default/llm/rule/"));
      long before = counted.stream().filter(descriptors::equals).count();
      if (known) {
        counted.add(descriptors);
      }
      answer.onNext(RateLimitResponse.newBuilder()
          .setOverallCode(
              before < LIMIT ? RateLimitResponse.Code.OK : RateLimitResponse.Code.OVER_LIMIT)
          .build());
      answer.onCompleted();
    }
  }
}
