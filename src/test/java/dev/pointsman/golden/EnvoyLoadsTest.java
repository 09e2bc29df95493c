package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Envoy that we support loads what we answer, in every case. */
@Tag("envoy")
class EnvoyLoadsTest {
  private static final int AT_ONCE = 2;

  @TempDir
  private static Path folder;

  static Stream<String> versions() {
    return RealEnvoy.VERSIONS.stream();
  }

  @BeforeAll
  static void writeBootstraps() throws IOException {
    for (GoldenCase golden : GoldenCase.all().toList()) {
      Files.write(config(golden), withoutCertificates(golden.bootstrap()));
    }
  }

  /** Certificates for Envoy Gateway's rate limit service are in every proxy's own folder, and not here. */
  private static byte[] withoutCertificates(byte[] bytes) throws IOException {
    Bootstrap.Builder bootstrap = Bootstrap.parseFrom(bytes).toBuilder();
    bootstrap.getStaticResourcesBuilder().getClustersBuilderList().stream()
        .filter(cluster -> cluster.getName().equals("ratelimit_cluster"))
        .forEach(Cluster.Builder::clearTransportSocket);
    return bootstrap.build().toByteArray();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void loadsEveryCase(String version) throws InterruptedException, ExecutionException {
    Map<String, Future<RealEnvoy.Validation>> running = new TreeMap<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
      for (GoldenCase golden : GoldenCase.all().toList()) {
        running.put(golden.name(), pool.submit(() -> RealEnvoy.validate(version, config(golden))));
      }
    }
    Map<String, String> refused = new TreeMap<>();
    for (Map.Entry<String, Future<RealEnvoy.Validation>> one : running.entrySet()) {
      RealEnvoy.Validation validation = one.getValue().get();
      if (!validation.ok()) {
        refused.put(one.getKey(), validation.output());
      }
    }
    assertThat(refused).as("what Envoy %s refuses", version).isEmpty();
  }

  /** Without room for its namespace, a route with processors of bodies answers 413 to large bodies. */
  @ParameterizedTest
  @MethodSource("versions")
  void loadsRoutesWithoutTheirCopies(String version) throws Exception {
    byte[] bootstrap =
        GoldenCase.named("processors-of-bodies").bootstrap("--max-message-size", "1");
    assertThat(new String(bootstrap, StandardCharsets.UTF_8)).contains("request_too_large");
    Path config = Files.write(folder.resolve("bounded.pb"), withoutCertificates(bootstrap));
    assertThat(RealEnvoy.validate(version, config))
        .matches(RealEnvoy.Validation::ok, "Envoy loads it");
  }

  /** Their loops have the same sockets; an Envoy that could not bind one of them would end. */
  @ParameterizedTest
  @MethodSource("versions")
  void aSecondProxyOfTheGatewayOnTheSameMachineHasItsLoopsToo(String version) throws IOException {
    byte[] bootstrap = onLoopback(GoldenCase.named("model-routes-two-pools").bootstrap());
    try (RealEnvoy first = RealEnvoy.start(version, bootstrap);
        RealEnvoy second = RealEnvoy.start(version, bootstrap)) {
      for (RealEnvoy envoy : List.of(first, second)) {
        assertThat(envoy.admin("/listeners")).contains("::/dev/shm/pointsman-");
      }
    }
  }

  private static byte[] onLoopback(byte[] bytes) throws IOException {
    Bootstrap.Builder bootstrap = Bootstrap.parseFrom(bytes).toBuilder();
    bootstrap.getStaticResourcesBuilder().getListenersBuilderList().stream()
        .map(listener -> listener.getAddressBuilder())
        .filter(Address.Builder::hasSocketAddress)
        .forEach(
            address -> address.getSocketAddressBuilder().setAddress("127.0.0.1").setPortValue(0));
    return bootstrap.build().toByteArray();
  }

  @Test
  void wouldSayIfItDidNot() throws IOException {
    Path broken = Files.writeString(
        folder.resolve("broken.yaml"), "static_resources: {clusters: [{name: a, type: EDS}]}");
    RealEnvoy.Validation validation = RealEnvoy.validate(RealEnvoy.NEWEST, broken);
    assertThat(validation.ok()).isFalse();
    assertThat(validation.output()).contains("EDS");
  }

  private static Path config(GoldenCase golden) {
    return folder.resolve(golden.name() + ".pb");
  }
}
