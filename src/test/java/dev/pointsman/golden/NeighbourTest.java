package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.protobuf.ByteString;
import dev.pointsman.eds.EndpointsByName;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.isolation.Neighbour;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.ClusterSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A neighbour on the same Gateway writes anything in its own namespace: the other team's routes, clusters, answers and
 * endpoints are the bytes that they are without it. {@code -Dmutations=N} tries more, {@code -Dmutations.seed=N} one again.
 */
class NeighbourTest {
  private static final long TRIES = Long.getLong("mutations", 60);

  /** Cases of one team that knows its objects, with routes of its own. */
  private static final List<GoldenCase> CASES = GoldenCase.all()
      .filter(GoldenCase::hasResources)
      .filter(golden -> !golden.name().startsWith("tenants-"))
      .filter(golden -> !golden.name().startsWith("pool-in-other-namespace"))
      .filter(golden ->
          golden.requests().stream().anyMatch(request -> request.hook().equals("PostRouteModify")))
      .toList();

  @TempDir
  private Path folder;

  @Test
  void anythingInItsOwnNamespaceHarmsNobodyElse() throws IOException {
    assertThat(CASES).hasSizeGreaterThan(10);
    Long one = Long.getLong("mutations.seed");
    for (long seed = one == null ? 0 : one; seed < (one == null ? TRIES : one + 1); seed++) {
      Random random = new Random(seed);
      GoldenCase golden = CASES.get(random.nextInt(CASES.size()));
      try {
        check(golden, random);
      } catch (AssertionError | RuntimeException e) {
        fail("-Dmutations.seed=" + seed + " (" + golden + ")", e);
      }
    }
  }

  private void check(GoldenCase golden, Random random) throws IOException {
    Neighbour neighbour = new Neighbour(random, objects(golden));
    HostileStrings words = new HostileStrings(random, neighbour.words());
    SecondTenant tenant = new SecondTenant(words, 1 + random.nextInt(8), 1 + random.nextInt(8));
    Seen both = withPolicies(tenant.joining(golden.seen(), golden.requests()), neighbour);
    ClusterSnapshot known = known(golden, neighbour);
    HostileStringsTest.assertUnharmed(golden, both, known);
    assertThat(EndpointsByName.of(known))
        .containsAllEntriesOf(EndpointsByName.of(golden.snapshot()));
  }

  /** All manifests of a case. */
  private static List<JsonNode> objects(GoldenCase golden) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    try (Stream<Path> files = Files.walk(golden.folder())) {
      for (Path file :
          files.filter(path -> path.toString().endsWith(".yaml")).sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.equals("objects.yaml") || file.toString().contains("/resources/")) {
          try (MappingIterator<JsonNode> read =
              YAMLMapper.shared().readerFor(JsonNode.class).readValues(file.toFile())) {
            read.forEachRemaining(objects::add);
          }
        }
      }
    }
    return objects.stream().filter(object -> object.has("metadata")).toList();
  }

  /** The objects of the case with the neighbour's before and behind them, as one cluster has them. */
  private ClusterSnapshot known(GoldenCase golden, Neighbour neighbour) throws IOException {
    Path cluster = Files.createTempDirectory(folder, "cluster");
    try (Stream<Path> files = Files.list(golden.folder().resolve("resources"))) {
      for (Path file : files.toList()) {
        Files.copy(file, cluster.resolve(file.getFileName()));
      }
    }
    for (String name : List.of("0.json", "z.json")) {
      StringBuilder documents = new StringBuilder();
      neighbour.objects().forEach(object -> documents.append(object).append('\n'));
      Files.writeString(cluster.resolve(name), documents);
    }
    return ResourceFiles.read(cluster).snapshot();
  }

  /** The translation with policies on Gateways that are called as the other team's. */
  private static Seen withPolicies(Seen both, Neighbour neighbour) {
    PostTranslateModifyRequest.Builder request = both.request().toBuilder();
    for (int i = 0; i < 2; i++) {
      request
          .getPostTranslateContextBuilder()
          .addExtensionResources(
              i == 0 ? 0 : request.getPostTranslateContext().getExtensionResourcesCount(),
              ExtensionResource.newBuilder()
                  .setUnstructuredBytes(
                      ByteString.copyFromUtf8(neighbour.gatewayPolicy().toString())));
    }
    return both.with(request.build());
  }
}
