package dev.pointsman.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Plays seeds on both sides and judges them. Seeds with findings are played once more, by themselves: a finding counts
 * when it comes again, as a machine under load makes some that do not.
 */
final class Differential {
  /** Differences that are meant. */
  static final Path EXPECTED = Path.of("testdata/differential/expected.yaml");
  /** The fixed set. */
  static final Path SEEDS = Path.of("testdata/differential/seeds.txt");
  /** The folder for manifests and answers of seeds with findings, a folder for each seed. */
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
    return Files.readAllLines(SEEDS).stream()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .map(Long::valueOf)
        .toList();
  }

  /** Plays and judges seeds, one verdict each. */
  List<Verdict> judge(List<Long> seeds) throws Exception {
    List<Verdict> verdicts = play(seeds);
    List<Long> differing = verdicts.stream()
        .filter(verdict -> !verdict.findings().isEmpty())
        .map(verdict -> verdict.situation().seed())
        .toList();
    if (differing.isEmpty()) {
      return verdicts;
    }
    progress.accept("once more: " + differing);
    List<Verdict> again = play(differing);
    return verdicts.stream()
        .map(verdict -> again.stream()
            .filter(other -> other.situation().equals(verdict.situation()))
            .findFirst()
            .map(verdict::and)
            .orElse(verdict))
        .toList();
  }

  private List<Verdict> play(List<Long> seeds) throws Exception {
    List<Situation> situations = seeds.stream().map(SituationDraw::of).toList();
    Path parts = FOLDER.resolve("parts-" + ProcessHandle.current().pid() + "-" + runs++);
    Seen pointsman = Stage.play(Side.POINTSMAN, situations, parts, progress);
    Seen stock = Stage.play(Side.STOCK, situations, parts, progress);
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

  /** Entries of the list of expected differences that nothing has needed. */
  List<String> unused() {
    return expected.unused();
  }
}
