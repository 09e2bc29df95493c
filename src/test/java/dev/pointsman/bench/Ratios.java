package dev.pointsman.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs {@link TranslationBenchmark} for each server in turn, several times, each time in a process of its own, so that
 * whatever else the machine does falls on all of them; and prints how we compare.
 */
final class Ratios {
  private static final List<String> SERVERS = List.of("echo", "pointsman", "decodeAll");

  private Ratios() {}

  /** With the number of rounds. */
  public static void main(String[] arguments) throws RunnerException {
    int rounds = Integer.parseInt(arguments[0]);
    for (String hosts : List.of("1", "100")) {
      Map<String, List<Statistics>> times = new HashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (String server : SERVERS) {
          times.computeIfAbsent(server, _ -> new ArrayList<>()).add(run(server, hosts));
        }
      }
      print(hosts, "p50", 50, times);
      print(hosts, "p10", 10, times); // what another process disturbs least
    }
  }

  private static Statistics run(String server, String hosts) throws RunnerException {
    RunResult result = new Runner(new OptionsBuilder()
            .include(TranslationBenchmark.class.getName())
            .param("server", server)
            .param("hosts", hosts)
            .verbosity(VerboseMode.SILENT)
            .build())
        .runSingle();
    return result.getPrimaryResult().getStatistics();
  }

  private static void print(
      String hosts, String name, double percentile, Map<String, List<Statistics>> times) {
    double[] ms = SERVERS.stream()
        .mapToDouble(server -> median(times.getOrDefault(server, List.of()), percentile))
        .toArray();
    System.out.printf(
        "%3s hostnames, %s: echo %.1f ms, pointsman %.1f ms = %.2f x echo, decode and encode %.1f ms = %.2f x that%n",
        hosts, name, ms[0], ms[1], ms[1] / ms[0], ms[2], ms[1] / ms[2]);
  }

  private static double median(List<Statistics> runs, double percentile) {
    double[] sorted =
        runs.stream().mapToDouble(run -> run.getPercentile(percentile)).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
