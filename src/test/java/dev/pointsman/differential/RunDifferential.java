package dev.pointsman.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The program of {@code hack/differential.sh}. It runs the fixed set, with {@code --short} its short form, with {@code
 * --seed N...} these seeds, with {@code COUNT --from N} as many seeds from N (1000) on. It prints findings and writes {@link #RESULTS}.
 */
final class RunDifferential {
  /** A line for each seed, {@code SEED ok} or {@code SEED differs}, and {@code complaint TEXT} for each complaint. */
  static final Path RESULTS = Differential.FOLDER.resolve("results.txt");

  private RunDifferential() {}

  /** Runs the program; the exit code is 0 without findings, else 1. */
  public static void main(String[] args) {
    int code = 1;
    try {
      code = run(seeds(args));
    } catch (Exception | AssertionError e) {
      e.printStackTrace();
    }
    System.exit(code);
  }

  private static int run(List<Long> seeds) throws Exception {
    Files.createDirectories(Differential.FOLDER);
    Files.deleteIfExists(RESULTS);
    Differential differential = new Differential(System.out::println);
    List<Verdict> verdicts = differential.judge(seeds);
    List<String> results = new ArrayList<>();
    List<Long> failed = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      long seed = verdict.situation().seed();
      results.add(seed + (verdict.findings().isEmpty() ? " ok" : " differs"));
      if (!verdict.findings().isEmpty()) {
        failed.add(seed);
        System.out.println(Report.text(verdict));
      }
      verdict
          .unsteady()
          .forEach(line -> System.out.println("seed " + seed + ", once only: " + line));
    }
    for (String complaint : differential.complaints()) {
      results.add("complaint " + complaint);
      System.out.println("complaint: " + complaint);
    }
    if (seeds.equals(Differential.fixedSeeds())) {
      differential.unused().forEach(reason -> System.out.println("never needed: " + reason));
    }
    Files.write(RESULTS, results);
    System.out.println(seeds.size() + " seeds, " + failed.size() + " with differences: "
        + failed.stream().map(seed -> Long.toString(seed)).collect(Collectors.joining(" ")));
    return failed.isEmpty() && differential.complaints().isEmpty() ? 0 : 1;
  }

  private static List<Long> seeds(String[] args) throws IOException {
    if (args.length == 0) {
      return Differential.fixedSeeds();
    }
    if (args[0].equals("--short")) {
      return Differential.shortSeeds();
    }
    if (args[0].equals("--seed")) {
      return Stream.of(args).skip(1).map(Long::valueOf).toList();
    }
    long from = args.length > 2 && args[1].equals("--from") ? Long.parseLong(args[2]) : 1000;
    return LongStream.range(from, from + Long.parseLong(args[0])).boxed().toList();
  }
}
