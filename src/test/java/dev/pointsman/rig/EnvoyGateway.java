package dev.pointsman.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A real Envoy Gateway in standalone mode, and the Envoy that it starts. */
final class EnvoyGateway implements AutoCloseable {
  /** It binds these whatever its configuration says: xDS, rate limit, wasm, health, admin, metrics, Envoy's readiness. */
  static final List<Integer> FIXED_PORTS = List.of(18000, 18001, 18002, 8081, 19000, 19001, 19003);

  private static final Duration START = Duration.ofMinutes(10);

  private final Path home;
  private final Proc process;

  private EnvoyGateway(Path home, Proc process) {
    this.home = home;
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param pointsmanPart what {@code pointsman gateway-config} prints
   * @param resources the folder of YAML that it reads
   */
  static EnvoyGateway start(Parts parts, Path folder, String pointsmanPart, Path resources) {
    Path home = folder.resolve("envoy-gateway");
    Path config = folder.resolve("envoy-gateway.yaml");
    linkEnvoy(parts, home);
    String provider = TextFiles.read(parts.root().resolve("testdata/rig/envoy-gateway.yaml"))
        .replace("RESOURCES", resources.toString())
        .replace("HOME", home.toString())
        .replace("ENVOY_VERSION", parts.envoyVersion())
        .replace("CONCURRENCY", Integer.toString(parts.envoyConcurrency()));
    TextFiles.write(config, merged(pointsmanPart, provider));
    String binary = parts.envoyGateway().toString();
    Path certgenLog = folder.resolve("certgen.log");
    try (Proc certgen = Proc.start(
        "certgen",
        certgenLog,
        Map.of(),
        List.of(
            binary,
            "certgen",
            "--local",
            "--config-home",
            home.resolve("config").toString()))) {
      certgen.awaitEnd(START);
    }
    return new EnvoyGateway(
        home,
        Proc.start(
            "Envoy Gateway",
            folder.resolve("envoy-gateway.log"),
            Map.of(),
            List.of(binary, "server", "--config-path", config.toString())));
  }

  /** Puts Envoy into the place where Envoy Gateway looks before it downloads one. */
  private static void linkEnvoy(Parts parts, Path home) {
    Path bin = home.resolve("data/envoy-versions/" + parts.envoyVersion() + "/bin");
    try {
      Files.createDirectories(bin);
      Files.createSymbolicLink(bin.resolve("envoy"), parts.envoy().toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String merged(String pointsmanPart, String provider) {
    ObjectNode config = (ObjectNode) Manifests.YAML.readTree(pointsmanPart);
    merge(config, Manifests.YAML.readTree(provider));
    return Manifests.YAML.writeValueAsString(config);
  }

  private static void merge(ObjectNode into, JsonNode from) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      if (into.get(field.getKey()) instanceof ObjectNode inner
          && field.getValue().isObject()) {
        merge(inner, field.getValue());
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  /** Waits for its Envoy; where its admin port is. */
  EnvoyAdmin awaitEnvoy() {
    return awaitEnvoys(1).getFirst();
  }

  /** Waits for so many Envoys, one for each Gateway, in no order. */
  List<EnvoyAdmin> awaitEnvoys(int count) {
    process.await("to start Envoy", START, () -> adminAddresses().size() >= count);
    return adminAddresses().stream().map(EnvoyAdmin::new).toList();
  }

  private List<String> adminAddresses() {
    Pattern address = Pattern.compile("[^:]+:\\d+");
    try (Stream<Path> files = Files.walk(Files.createDirectories(home.resolve("run")))) {
      return files
          .filter(file -> file.endsWith("admin-address.txt"))
          .map(file -> address.matcher(TextFiles.read(file).strip()))
          .filter(Matcher::matches)
          .map(Matcher::group)
          .toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of(); // a file of the run that went away while we looked
    }
  }

  CompletableFuture<String> onEnd() {
    return process.onEnd();
  }

  String tail() {
    return process.tail();
  }

  @Override
  public void close() {
    process.close();
  }
}
