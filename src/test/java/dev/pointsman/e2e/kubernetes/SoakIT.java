package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.kubernetes.FaultClients.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Routes, pools, pods and policies change all the time, with traffic on routes that do not. Nothing piles up, no change is
 * lost, no request fails, and the end is as if it had been the beginning. {@code -Dsoak.minutes=30} runs the long form, and
 * {@code -Dsoak.plant=heap} one that has to fail.
 */
@OnKubernetes
class SoakIT {
  private static final String NAMESPACE = "soak";
  private static final Path FILE = Path.of("target", "soak.json");
  private static final long SEED = 20261130;

  /** The short form. */
  private static final Duration SHORT = Duration.ofSeconds(90);

  private static FaultScene scene;

  @BeforeAll
  static void set(Cluster cluster) {
    cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
    scene = FaultScene.set(cluster, NAMESPACE);
  }

  @AfterAll
  static void remove() throws InterruptedException {
    scene.close();
  }

  private static Duration length() {
    String minutes = System.getProperty("soak.minutes", "");
    return minutes.isEmpty() ? SHORT : Duration.ofMinutes(Long.parseLong(minutes));
  }

  @Test
  void nothingPilesUpAndNothingIsLost(Cluster cluster) throws Exception {
    List<Replica> replicas = Replica.all(cluster);
    double errorsBefore = Replica.errors(replicas);
    SoakRun run = SoakRun.begin(cluster, NAMESPACE, scene, SEED);
    String leak = System.getProperty("soak.plant", "");
    if (!leak.isEmpty()) {
      PlantedLeak.plant(leak, cluster, NAMESPACE);
    }
    run.change(length().dividedBy(3));
    List<String> lostBefore = run.awaitHeld();
    Footprint before = Footprint.of(NAMESPACE, replicas, run.proxy());
    run.change(length().minus(length().dividedBy(3)));
    List<String> lost = run.awaitHeld();
    Footprint after = Footprint.of(NAMESPACE, replicas, run.proxy());
    HeldConfig held = HeldConfig.of(run.proxy());
    Map<String, Long> rejected = run.proxy().counters("update_rejected$");
    double errors = Replica.errors(replicas) - errorsBefore;
    scene.clients().close();
    List<Sample> requests = scene.clients().since(run.begun());
    List<String> differences = FreshProxy.of(cluster, NAMESPACE).differences(held);

    List<Footprint.Line> growth = after.since(before);
    List<String> failed = requests.stream()
        .filter(Sample::failed)
        .map(Sample::complaint)
        .distinct()
        .toList();
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("seconds", length().toSeconds());
    result.put("changes", run.changes());
    result.put("changesPerSecond", run.changes() / length().toSeconds());
    result.put("requests", requests.size());
    result.put("failed", failed);
    result.put("lostUpdates", lost);
    result.put("differencesFromAFreshTranslation", differences);
    result.put("rejectedUpdates", rejected);
    result.put("failedHooksNacksAndSelfChecks", errors);
    result.put("growth", growth);
    write(result, growth);

    assertThat(lostBefore).as("updates lost in the warm-up").isEmpty();
    assertThat(lost).as("lost updates").isEmpty();
    assertThat(failed).as("failed requests on routes that did not change").isEmpty();
    assertThat(requests).hasSizeGreaterThan(100);
    assertThat(differences).as("differences from a fresh translation").isEmpty();
    assertThat(rejected).as("updates that Envoy rejected").isEmpty();
    assertThat(errors).as("failed hooks, nacks and self-checks").isZero();
    assertThat(after.streams())
        .as("one stream for each cluster of a pool or a picker")
        .isEqualTo(held.discovered());
    assertThat(growth).filteredOn(line -> !line.kept()).as("growth").isEmpty();
  }

  private static void write(Map<String, Object> result, List<Footprint.Line> growth)
      throws IOException {
    result.forEach((name, value) -> {
      if (!name.equals("growth")) {
        System.out.println("soak: " + name + ": " + value);
      }
    });
    System.out.println(
        "| of | after the warm-up | at the end | at most | |\n|---|---|---|---|---|");
    growth.forEach(line -> System.out.printf(
        "| %s | %,d | %,d | %,d | %s |%n",
        line.of(), line.before(), line.after(), line.most(), line.kept() ? "kept" : "missed"));
    JsonMapper json =
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(FILE, json.writeValueAsString(result));
  }
}
