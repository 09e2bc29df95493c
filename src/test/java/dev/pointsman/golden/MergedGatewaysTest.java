package dev.pointsman.golden;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import dev.pointsman.eds.EndpointsByName;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.ClusterSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Two teams have a Gateway each, and Envoy Gateway merges them on one proxy: one translation has both. Each team's
 * listeners, virtual hosts, clusters and endpoints are the bytes that they are without the other. The second team has the
 * objects of another case, in a namespace of its own. {@code -Dmutations=N} tries more, {@code -Dmutations.seed=N} one again.
 */
class MergedGatewaysTest {
  private static final long TRIES = Long.getLong("mutations", 25);

  private static final String FIRST = "default";

  /** As long as the first one: names in recorded messages can be replaced without a change to any length. */
  private static final String SECOND = "hostile";

  /** The namespace in names, metadata and values, not the key of that name in policies. */
  private static final Pattern NAMESPACE = Pattern.compile(FIRST + "(?!\":)");

  private static final List<GoldenCase> CASES = GoldenCase.all()
      .filter(GoldenCase::hasResources)
      .filter(golden -> !golden.name().startsWith("tenants-"))
      .filter(golden -> !golden.name().startsWith("kserve-"))
      .filter(golden -> !golden.name().startsWith("pool-in-other-namespace"))
      .toList();

  @TempDir
  private Path folder;

  @Test
  void gatewaysOnOneProxyKeepApart() throws IOException {
    assertThat(CASES).hasSizeGreaterThan(10);
    Long one = Long.getLong("mutations.seed");
    for (long seed = one == null ? 0 : one; seed < (one == null ? TRIES : one + 1); seed++) {
      Random random = new Random(seed);
      GoldenCase first = CASES.get(random.nextInt(CASES.size()));
      GoldenCase second = CASES.get(random.nextInt(CASES.size()));
      try {
        check(first, second);
      } catch (AssertionError | RuntimeException e) {
        fail("-Dmutations.seed=" + seed + " (" + first + " beside " + second + ")", e);
      }
    }
  }

  private void check(GoldenCase first, GoldenCase second) throws IOException {
    Path cluster = Files.createTempDirectory(folder, "cluster");
    copyResources(first, cluster, "first");
    ClusterSnapshot alone = ResourceFiles.read(cluster).snapshot();
    renameResources(second, cluster);
    ClusterSnapshot known = ResourceFiles.read(cluster).snapshot();
    Seen other = Seen.lastOf(second.requests().stream()
        .map(request ->
            new RecordedRequest(request.file(), request.hook(), renamed(request.bytes())))
        .toList());
    Seen both = merged(first.seen(), other);
    int _ = HostileStringsTest.assertUnharmed(first, both, known);
    assertThat(EndpointsByName.of(known)).containsAllEntriesOf(EndpointsByName.of(alone));
  }

  /** One translation of both; resources that both have, such as a rate limit service's cluster, are there once. */
  private static Seen merged(Seen first, Seen second) {
    PostTranslateModifyRequest.Builder merged = PostTranslateModifyRequest.newBuilder();
    merged
        .getPostTranslateContextBuilder()
        .mergeFrom(first.request().getPostTranslateContext())
        .mergeFrom(second.request().getPostTranslateContext());
    merged
        .addAllClusters(once(first.request().getClustersList(), second.request().getClustersList()))
        .addAllSecrets(once(first.request().getSecretsList(), second.request().getSecretsList()))
        .addAllListeners(
            once(first.request().getListenersList(), second.request().getListenersList()))
        .addAllRoutes(once(first.request().getRoutesList(), second.request().getRoutesList()));
    return new Seen(
        merged.build(),
        Stream.concat(first.endpoints().stream(), second.endpoints().stream()).toList());
  }

  private static List<ByteString> once(List<ByteString> first, List<ByteString> second) {
    Map<String, ByteString> byName = new LinkedHashMap<>();
    Stream.concat(first.stream(), second.stream())
        .forEach(resource -> byName.putIfAbsent(Named.nameOf(resource), resource));
    return new ArrayList<>(byName.values());
  }

  private static ByteString renamed(ByteString bytes) {
    return ByteString.copyFrom(
        NAMESPACE.matcher(bytes.toString(ISO_8859_1)).replaceAll(SECOND), ISO_8859_1);
  }

  private static void copyResources(GoldenCase golden, Path cluster, String prefix)
      throws IOException {
    try (Stream<Path> files = Files.list(golden.folder().resolve("resources"))) {
      for (Path file : files.toList()) {
        Files.copy(file, cluster.resolve(prefix + "-" + file.getFileName()));
      }
    }
  }

  private static void renameResources(GoldenCase golden, Path cluster) throws IOException {
    try (Stream<Path> files = Files.list(golden.folder().resolve("resources"))) {
      for (Path file : files.toList()) {
        StringBuilder documents = new StringBuilder();
        try (MappingIterator<JsonNode> read =
            YAMLMapper.shared().readerFor(JsonNode.class).readValues(file.toFile())) {
          read.forEachRemaining(object -> documents.append(renamed(object)).append('\n'));
        }
        Files.writeString(cluster.resolve("second-" + file.getFileName() + ".json"), documents);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static JsonNode renamed(JsonNode object) {
    if (object.path("metadata") instanceof ObjectNode metadata && !metadata.has("namespace")) {
      metadata.put("namespace", FIRST);
    }
    object.findParents("namespace").forEach(parent -> {
      if (parent instanceof ObjectNode fields
          && fields.path("namespace").asString("").equals(FIRST)) {
        fields.put("namespace", SECOND);
      }
    });
    return object;
  }
}
