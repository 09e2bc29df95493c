package dev.pointsman.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs seeds on both sides and compares the outcomes. Seeds with findings run a second time, and only a finding that
 * occurs again counts: a machine under load causes some that do not.
 */
final class Differential {
  /** The list of intended differences. */
  static final Path EXPECTED = Path.of("testdata/differential/expected.yaml");
  /** The fixed set of seeds. */
  static final Path SEEDS = Path.of("testdata/differential/seeds.txt");
  /** The folder for manifests and outcomes of seeds with findings, one subfolder per seed. */
  static final Path FOLDER = Path.of("target/differential");

  private final Consumer<String> progress;
  private final Expected expected = Expected.read(EXPECTED);
  private final List<String> complaints = new ArrayList<>();
  private int runs;

  Differential(Consumer<String> progress) {
    this.progress = progress;
  }

  /** The seeds of the fixed set. */
  static List<Long> fixedSeeds() throws IOException {
    return seeds(Files.readAllLines(SEEDS));
  }

  /** The seeds of the fixed set that the test command runs: those above {@code # All:}. */
  static List<Long> shortSeeds() throws IOException {
    return seeds(Files.readAllLines(SEEDS).stream()
        .takeWhile(line -> !line.startsWith("# All:"))
        .toList());
  }

  private static List<Long> seeds(List<String> lines) {
    return lines.stream()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .map(Long::valueOf)
        .toList();
  }

  /** Runs and compares seeds; one verdict per seed. */
  List<Verdict> judge(List<Long> seeds) throws Exception {
    List<Verdict> verdicts = run(seeds);
    List<Long> differing = verdicts.stream()
        .filter(verdict -> !verdict.findings().isEmpty())
        .map(verdict -> verdict.situation().seed())
        .toList();
    if (differing.isEmpty()) {
      return verdicts;
    }
    progress.accept("second run: " + differing);
    List<Verdict> again = run(differing);
    return verdicts.stream()
        .map(verdict -> again.stream()
            .filter(other -> other.situation().equals(verdict.situation()))
            .findFirst()
            .map(verdict::and)
            .orElse(verdict))
        .toList();
  }

  private List<Verdict> run(List<Long> seeds) throws Exception {
    List<Situation> situations = seeds.stream().map(SituationDraw::of).toList();
    Path parts = FOLDER.resolve("parts-" + ProcessHandle.current().pid() + "-" + runs++);
    Observations pointsman = SideRun.run(Side.POINTSMAN, situations, parts, progress);
    Observations stock = SideRun.run(Side.STOCK, situations, parts, progress);
    complaints.addAll(pointsman.complaints());
    List<Verdict> verdicts = new ArrayList<>();
    for (Situation situation : situations) {
      Verdict verdict = Verdict.of(situation, pointsman, stock, expected);
      verdicts.add(verdict);
      if (seeds.size() == 1 || !verdict.findings().isEmpty()) {
        Path folder = FOLDER.resolve(Long.toString(situation.seed()));
        Report.write(verdict, pointsman, stock, folder);
      }
    }
    return verdicts;
  }

  /** Updates that Envoy rejected and snapshots that Envoy Gateway withheld, with Pointsman. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Entries of the list of expected differences that matched nothing. */
  List<String> unused() {
    return expected.unused();
  }
}
