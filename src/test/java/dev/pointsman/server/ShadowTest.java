package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.observe.Metrics;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shadow beside an active Pointsman, called as Envoy Gateway calls a chain of extension managers. */
class ShadowTest {
  private static final Path RECORDING = Path.of("testdata/translate/model-routes-two-pools");

  @TempDir
  private Path resources;

  private final Metrics metrics = new Metrics();
  private final List<AutoCloseable> open = new ArrayList<>();
  private List<EnvoyGatewayExtensionBlockingStub> chain = List.of();

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Path recorded = RECORDING.resolve("resources");
    if (Files.isDirectory(recorded)) {
      try (Stream<Path> files = Files.list(recorded)) {
        for (Path file : files.toList()) {
          Files.copy(file, resources.resolve(file.getFileName()));
        }
      }
    }
    PointsmanServer active = TestServer.over(resources).start(new Metrics());
    PointsmanServer shadow = TestServer.over(resources).shadow().start(metrics);
    open.add(active);
    open.add(shadow);
    chain = List.of(
        stub(shadow.ports().grpc()),
        stub(active.ports().grpc()),
        stub(shadow.ports().shadow()));
  }

  private EnvoyGatewayExtensionBlockingStub stub(int port) {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    open.add(channel::shutdownNow);
    return EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  /** Plays the recording through the chain; each server gets what the one before it returned. */
  private PostTranslateModifyResponse play(UnaryOperator<PostTranslateModifyRequest> between)
      throws IOException {
    Map<String, ByteString> routes = new HashMap<>();
    PostTranslateModifyResponse last = PostTranslateModifyResponse.getDefaultInstance();
    List<Path> files;
    try (Stream<Path> all = Files.list(RECORDING)) {
      files = all.filter(file -> file.toString().endsWith(".pb")).sorted().toList();
    }
    for (Path file : files) {
      ByteString bytes = ByteString.copyFrom(Files.readAllBytes(file));
      String name = file.getFileName().toString();
      if (name.endsWith("PostRouteModify.pb")) {
        PostRouteModifyRequest request = PostRouteModifyRequest.parseFrom(bytes);
        for (EnvoyGatewayExtensionBlockingStub stub : chain) {
          request = request.toBuilder()
              .setRoute(stub.postRouteModify(request).getRoute())
              .build();
        }
        routes.put(Route.parseFrom(request.getRoute()).getName(), request.getRoute());
      } else if (name.endsWith("PostEndpointsModify.pb")) {
        PostEndpointsModifyRequest request = PostEndpointsModifyRequest.parseFrom(bytes);
        for (EnvoyGatewayExtensionBlockingStub stub : chain) {
          request = request.toBuilder()
              .setLoadAssignment(stub.postEndpointsModify(request).getLoadAssignment())
              .build();
        }
      } else if (name.endsWith("PostTranslateModify.pb")) {
        PostTranslateModifyRequest request =
            withRoutes(PostTranslateModifyRequest.parseFrom(bytes), routes);
        for (EnvoyGatewayExtensionBlockingStub stub : chain) {
          if (stub == chain.getLast()) {
            request = between.apply(request);
          }
          last = stub.postTranslateModify(request);
          if (stub != chain.get(1)) {
            assertThat(last.getClustersList()).isEqualTo(request.getClustersList());
            assertThat(last.getRoutesList()).isEqualTo(request.getRoutesList());
            assertThat(last.getListenersList()).isEqualTo(request.getListenersList());
          }
          request = request.toBuilder()
              .clearClusters()
              .addAllClusters(last.getClustersList())
              .clearListeners()
              .addAllListeners(last.getListenersList())
              .clearRoutes()
              .addAllRoutes(last.getRoutesList())
              .build();
        }
      }
    }
    return last;
  }

  /** Envoy Gateway puts the answers of the Route hook into the translation. */
  private static PostTranslateModifyRequest withRoutes(
      PostTranslateModifyRequest request, Map<String, ByteString> routes) throws IOException {
    PostTranslateModifyRequest.Builder answered = request.toBuilder().clearRoutes();
    for (ByteString table : request.getRoutesList()) {
      RouteConfiguration.Builder builder = RouteConfiguration.parseFrom(table).toBuilder();
      for (var host : builder.getVirtualHostsBuilderList()) {
        for (int i = 0; i < host.getRoutesCount(); i++) {
          ByteString answer = routes.get(host.getRoutes(i).getName());
          if (answer != null) {
            host.setRoutes(i, Route.parseFrom(answer));
          }
        }
      }
      answered.addRoutes(builder.build().toByteString());
    }
    return answered.build();
  }

  private void assertSeries(String series) {
    await().untilAsserted(() -> assertThat(metrics.scrape()).contains(series));
  }

  @Test
  void theSameBuildTranslatesEqually() throws IOException {
    PostTranslateModifyResponse answer = play(UnaryOperator.identity());
    assertThat(answer.getClustersList()).isNotEmpty();
    assertSeries("pointsman_shadow_comparisons_total{result=\"equal\"} 1.0");
    assertSeries("pointsman_shadow_differences{gateway=\"default/");
    assertThat(metrics.scrape())
        .contains("pointsman_shadow_comparisons_total{result=\"different\"} 0.0")
        .containsPattern("pointsman_shadow_differences\\{gateway=\"[^\"]+\"} 0\\.0");
  }

  @Test
  void aClusterOfTheOtherBuildThatDiffersIsCountedAndPassedOn() throws IOException {
    PostTranslateModifyResponse answer = play(request -> {
      try {
        Cluster first = Cluster.parseFrom(request.getClusters(0));
        return request.toBuilder()
            .setClusters(0, first.toBuilder().setAltStatName("other").build().toByteString())
            .build();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    assertThat(Cluster.parseFrom(answer.getClusters(0)).getAltStatName()).isEqualTo("other");
    assertSeries("pointsman_shadow_comparisons_total{result=\"different\"} 1.0");
    assertThat(metrics.scrape())
        .containsPattern("pointsman_shadow_differences\\{gateway=\"[^\"]+\"} 1\\.0");
  }

  @Test
  void aChainWithoutTheFirstCallIsNotCompared() throws IOException {
    chain = chain.subList(1, 3);
    chain = List.of(chain.getFirst(), chain.getFirst(), chain.getLast());
    PostTranslateModifyRequest request = PostTranslateModifyRequest.getDefaultInstance();
    var _ = chain.getLast().postTranslateModify(request);
    assertSeries("pointsman_shadow_comparisons_total{result=\"failed\"} 1.0");
  }
}
