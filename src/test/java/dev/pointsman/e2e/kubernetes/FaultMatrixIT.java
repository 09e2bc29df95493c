package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Faults of all parts under traffic. No request fails for a fault of the control plane. Times until all is whole are printed
 * and kept in {@code target/chaos.json}, not asserted: they depend on the machine. {@code -Dfaults=all} runs the long form, another
 * value the rows whose names match it.
 */
@OnKubernetes
class FaultMatrixIT {
  private static final Path FILE = Path.of("target", "chaos.json");
  private static final List<FaultRow> ROWS = new ArrayList<>();
  private static FaultScene scene;

  @BeforeAll
  static void set(Cluster cluster) {
    cluster.awaitRollout(Cluster.SYSTEM, Replica.DEPLOYMENT);
    scene = FaultScene.set(cluster, "faults");
  }

  static Stream<Fault> faults() {
    String which = System.getProperty("faults", "");
    Pattern names = Pattern.compile(which.equals("all") ? "" : which);
    return Faults.all()
        .filter(fault ->
            which.isEmpty() ? fault.isShort() : names.matcher(fault.name()).find());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void requestsGoOn(Fault fault) throws InterruptedException {
    FaultRow row = FaultRow.of(fault, scene);
    ROWS.add(row);
    System.out.println(row.line());
    assertThat(row.excess()).as("failures of: %s", fault.name()).isEmpty();
    assertThat(row.requests()).isGreaterThan(20);
  }

  @AfterAll
  static void print() throws IOException, InterruptedException {
    System.out.println(
        "| fault | for | requests | failed | of a Service | longest gap | whole after | bound | |\n"
            + "|---|---|---|---|---|---|---|---|---|");
    ROWS.forEach(row -> System.out.println(row.line()));
    JsonMapper json =
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    Files.writeString(
        FILE, json.writeValueAsString(ROWS.stream().map(FaultRow::values).toList()));
    scene.close();
  }
}
