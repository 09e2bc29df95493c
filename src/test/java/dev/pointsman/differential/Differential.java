package dev.pointsman.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Plays seeds on both sides and judges them. On the command line ({@code hack/differential.sh}): {@code --seed N} plays
 * one, a number that many from {@code --from N} (1000) on.
 */
final class Differential {
  /** Differences that are meant. */
  static final Path EXPECTED = Path.of("testdata/differential/expected.yaml");
  /** The fixed set. */
  static final Path SEEDS = Path.of("testdata/differential/seeds.txt");

  private final Path folder;
  private final Expected expected;
  private List<String> complaints = List.of();

  private Differential(Path folder) {
    this.folder = folder;
    this.expected = Expected.read(EXPECTED);
  }

  /** Where manifests and answers of failed seeds go. */
  static Differential in(Path folder) {
    return new Differential(folder);
  }

  /** The seeds of the fixed set. */
  static List<Long> fixedSeeds() throws IOException {
    return Files.readAllLines(SEEDS).stream()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .map(Long::valueOf)
        .toList();
  }

  /** Plays and judges; keeps the manifests and answers of seeds that fail. */
  List<Verdict> play(List<Long> seeds, boolean keepAll, Consumer<String> progress)
      throws Exception {
    List<Situation> situations = seeds.stream().map(SituationDraw::of).toList();
    Files.createDirectories(folder);
    Path parts = folder.resolve("parts-" + ProcessHandle.current().pid());
    Seen pointsman = Stage.play(Side.POINTSMAN, situations, parts, progress);
    Seen stock = Stage.play(Side.STOCK, situations, parts, progress);
    complaints = pointsman.complaints();
    List<Verdict> verdicts = new ArrayList<>();
    for (Situation situation : situations) {
      Verdict verdict = Verdict.of(situation, pointsman, stock, expected);
      verdicts.add(verdict);
      if (keepAll || !verdict.findings().isEmpty()) {
        Report.write(verdict, pointsman, stock, folder.resolve(Long.toString(situation.seed())));
      }
    }
    return verdicts;
  }

  /** Rejected updates and withheld snapshots with Pointsman; none is right. */
  List<String> complaints() {
    return complaints;
  }

  /** Entries of the list of expected differences that nothing has needed. */
  List<String> unused() {
    return expected.unused();
  }

  /** See the class. */
  public static void main(String[] args) throws Exception {
    List<Long> seeds = seeds(args);
    Differential differential = in(Path.of("target/differential"));
    List<Verdict> verdicts =
        differential.play(seeds, seeds.size() == 1, line -> System.out.println(line));
    List<Verdict> failed =
        verdicts.stream().filter(verdict -> !verdict.findings().isEmpty()).toList();
    failed.forEach(verdict -> System.out.println(Report.text(verdict)));
    differential.complaints().forEach(line -> System.out.println("complaint: " + line));
    System.out.println(failed.stream()
        .map(verdict -> Long.toString(verdict.situation().seed()))
        .collect(Collectors.joining(
            " ", seeds.size() + " seeds, " + failed.size() + " with differences: ", "")));
    System.exit(failed.isEmpty() && differential.complaints().isEmpty() ? 0 : 1);
  }

  private static List<Long> seeds(String[] args) throws IOException {
    if (args.length == 0) {
      return fixedSeeds();
    }
    if (args[0].equals("--seed")) {
      return List.of(Long.valueOf(args[1]));
    }
    long from = args.length > 2 && args[1].equals("--from") ? Long.parseLong(args[2]) : 1000;
    return LongStream.range(from, from + Long.parseLong(args[0])).boxed().toList();
  }
}
