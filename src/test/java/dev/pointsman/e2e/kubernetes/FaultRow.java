package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.Fault.Part;
import dev.pointsman.e2e.kubernetes.FaultClients.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The effects of a fault.
 *
 * @param requests of both pools and of the Service, from the fault's begin until all is whole
 * @param failures by pool
 * @param ofService the failures of the Service with the pods of one pool, which Pointsman does not touch
 * @param gapMs the longest time without a right answer of a pool
 * @param wholeMs the time from the fault's end until a change is served and all requests succeed
 * @param conditions of pools that were not True during the fault
 * @param metrics of Pointsman that changed
 * @param warnings the number of Pointsman's log lines above INFO
 * @param warning the first of them
 */
record FaultRow(
    Fault fault,
    int requests,
    Map<String, PoolFailures> failures,
    int ofService,
    long gapMs,
    long wholeMs,
    List<String> conditions,
    List<String> metrics,
    int warnings,
    String warning) {
  private static final long WHOLE_MS = 5_000;

  /**
   * The failed requests of a pool.
   *
   * @param first the time when the first one was sent
   * @param last the time when the last one was sent
   * @param complaint of the first one
   * @param lastComplaint of the last one
   */
  record PoolFailures(long first, long last, int count, String complaint, String lastComplaint) {
    static PoolFailures of(Sample sample) {
      return new PoolFailures(
          sample.sent(), sample.sent(), 1, sample.complaint(), sample.complaint());
    }

    PoolFailures and(PoolFailures later) {
      return new PoolFailures(
          Math.min(first, later.first),
          Math.max(last, later.last),
          count + later.count,
          later.first < first ? later.complaint : complaint,
          later.last > last ? later.lastComplaint : lastComplaint);
    }

    Duration time() {
      return Duration.ofNanos(last - first);
    }
  }

  /** Makes a fault, waits until it is over and all is whole, and returns its effects. */
  static FaultRow of(Fault fault, FaultScene scene) throws InterruptedException {
    List<String> logged = scene.warnings();
    FaultMetrics before = FaultMetrics.of(scene.cluster());
    long begun = System.nanoTime();
    Fault.Undo undo = fault.injection().begin(scene);
    List<String> conditions = List.of();
    List<String> metrics = List.of();
    long ended;
    try {
      Thread.sleep(fault.lasts());
      if (fault.part() != Part.API_SERVER) {
        metrics = FaultMetrics.of(scene.cluster()).since(before);
        conditions = scene.falseConditions();
      }
    } finally {
      undo.end();
      ended = System.nanoTime();
    }
    scene.awaitWhole(scene.change());
    long whole = System.nanoTime();
    scene.clients().awaitAnswers(ended); // the next fault has failures of its own
    List<String> said = new ArrayList<>(scene.warnings());
    said.removeAll(logged);
    return of(fault, scene.clients().since(begun), ended, whole)
        .with(conditions, metrics, said.size(), said.isEmpty() ? "" : said.getFirst());
  }

  private static FaultRow of(Fault fault, List<Sample> samples, long ended, long whole) {
    Map<String, PoolFailures> failures = new TreeMap<>();
    Map<String, Long> right = new TreeMap<>();
    long gap = 0;
    int ofService = 0;
    for (Sample sample : samples) {
      if (sample.route().equals(FaultScene.SERVICE)) {
        ofService += sample.failed() ? 1 : 0;
      } else if (sample.failed()) {
        failures.merge(sample.route(), PoolFailures.of(sample), PoolFailures::and);
      } else {
        gap = Math.max(gap, sample.answered() - right.getOrDefault(sample.route(), sample.sent()));
        right.put(sample.route(), sample.answered());
      }
    }
    return new FaultRow(
        fault,
        samples.size(),
        failures,
        ofService,
        gap / 1_000_000,
        (whole - ended) / 1_000_000,
        List.of(),
        List.of(),
        0,
        "");
  }

  private FaultRow with(
      List<String> conditions, List<String> metrics, int warnings, String warning) {
    return new FaultRow(
        fault,
        requests,
        failures,
        ofService,
        gapMs,
        wholeMs,
        conditions,
        metrics,
        warnings,
        warning);
  }

  /** The failures beyond the bound, in words; empty if it is kept. */
  List<String> excess() {
    List<String> excess = new ArrayList<>();
    failures.forEach((pool, failed) -> {
      Duration most = fault.mayFail().get(pool);
      if (most == null || failed.time().compareTo(most) > 0) {
        excess.add(pool + " failed for " + failed.time().toMillis() + " ms, first with: "
            + failed.complaint() + ", last with: " + failed.lastComplaint());
      }
    });
    if (gapMs > fault.longestWait().toMillis()) {
      excess.add("a request waited for " + gapMs + " ms");
    }
    return excess;
  }

  private int failed() {
    return failures.values().stream().mapToInt(PoolFailures::count).sum();
  }

  boolean isWholeInTime() {
    return wholeMs <= WHOLE_MS;
  }

  /** The row as JSON writes it. */
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("fault", fault.name());
    values.put("seconds", fault.lasts().toSeconds());
    values.put("requests", requests);
    values.put("failures", failed());
    values.put("failuresOfAService", ofService);
    values.put("longestGapMs", gapMs);
    values.put("wholeAfterMs", wholeMs);
    values.put("bound", fault.bound() + "; whole within 5 s");
    values.put("kept", excess().isEmpty() && isWholeInTime());
    values.put("excess", excess());
    values.put("conditions", conditions);
    values.put("metrics", metrics);
    values.put("warnings", warnings);
    values.put("warning", warning);
    return values;
  }

  /** The row of the table. */
  String line() {
    return "| %s | %d s | %d | %d | %d | %d ms | %d ms | %s | %s |"
        .formatted(
            fault.name(),
            fault.lasts().toSeconds(),
            requests,
            failed(),
            ofService,
            gapMs,
            wholeMs,
            fault.bound(),
            excess().isEmpty() ? isWholeInTime() ? "kept" : "late" : "missed");
  }
}
