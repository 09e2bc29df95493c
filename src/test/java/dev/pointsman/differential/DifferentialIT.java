package dev.pointsman.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The short form of the fixed set of seeds, with {@code -Dall} all of it: the gateway behaves with Pointsman as it does alone, except for the listed differences. Runs in
 * network and mount namespaces of its own, because the rig of other tests uses the same ports.
 */
@Tag("e2e")
class DifferentialIT {
  private static final Path OUTPUT = Path.of("target", "differential.log");
  private static final int LIMIT_MINUTES = 20;
  private static final boolean ALL = System.getProperty("all") != null;

  private static List<String> results = List.of();

  @BeforeAll
  static void runSeeds() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("hack/differential.sh", "--built"));
    if (!ALL) {
      command.add("--short");
    }
    Process process = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(OUTPUT.toFile())
        .start();
    if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    if (!Files.exists(RunDifferential.RESULTS)) {
      fail("the seeds were not run:\n" + Files.readString(OUTPUT));
    }
    results = Files.readAllLines(RunDifferential.RESULTS);
    Files.readAllLines(OUTPUT).stream()
        .filter(line -> line.startsWith("never needed") || line.contains("once only"))
        .forEach(System.out::println);
  }

  @TestFactory
  Stream<DynamicTest> seeds() throws IOException {
    List<Long> seeds = ALL ? Differential.fixedSeeds() : Differential.shortSeeds();
    return seeds.stream()
        .map(seed -> dynamicTest("seed " + seed, () -> {
          if (!results.contains(seed + " ok")) {
            fail(Files.readString(
                Differential.FOLDER.resolve(Long.toString(seed)).resolve("verdict.txt")));
          }
        }));
  }

  /** Envoy accepts each update, and Envoy Gateway publishes each snapshot. */
  @Test
  void nothingIsRejected() {
    assertThat(results).noneMatch(line -> line.startsWith("complaint"));
  }
}
