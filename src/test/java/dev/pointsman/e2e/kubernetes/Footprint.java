package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The resources that Pointsman's replicas and a proxy hold while nothing changes.
 *
 * @param amounts by name
 */
record Footprint(Map<String, Amount> amounts) {
  static final String JCMD =
      Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
  private static final long MIB = 1L << 20;

  /**
   * An amount of something.
   *
   * @param growth by which it may grow: the noise of a process that keeps nothing
   */
  record Amount(long value, long growth) {
    /** Memory, which may grow by a fourth or by so many bytes. */
    static Amount bytes(long value, long growth) {
      return new Amount(value, Math.max(growth, value / 4));
    }
  }

  /**
   * A line of the table.
   *
   * @param before the warm-up's end
   * @param after the end of all changes
   * @param most the bound of {@code after}
   */
  record Line(String of, long before, long after, long most) {
    boolean kept() {
      return after <= most;
    }
  }

  /** Measures after a full garbage collection. */
  static Footprint of(String namespace, List<Replica> replicas, ProxyPod proxy) {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    for (int i = 0; i < replicas.size(); i++) {
      Replica replica = replicas.get(i);
      String name = "Pointsman " + (i + 1) + ": ";
      long pid = replica.process().pid();
      amounts.put(name + "heap after GC, bytes", Amount.bytes(heap(replica, pid), 6 * MIB));
      amounts.put(name + "threads", new Amount(entries(pid, "task"), 6));
      amounts.put(name + "open files", new Amount(entries(pid, "fd"), 6));
    }
    long streams = (long) replicas.stream()
        .flatMap(replica -> replica.metrics("pointsman_gateway_eds_streams{"))
        .filter(line -> line.contains("\"" + namespace + "/" + FaultScene.GATEWAY + "\""))
        .mapToDouble(Replica::value)
        .sum();
    amounts.put("streams of endpoint discovery", new Amount(streams, 0));
    long allocated =
        proxy.counters("^server.memory_allocated$").getOrDefault("server.memory_allocated", 0L);
    amounts.put("Envoy: memory in use, bytes", Amount.bytes(allocated, 3 * MIB));
    return new Footprint(amounts);
  }

  private static long heap(Replica replica, long pid) {
    // Soft references and finished tasks of the first collection go with the second one.
    for (int i = 0; i < 2; i++) {
      var _ = Commands.run(Map.of(), "", JCMD, List.of(String.valueOf(pid), "GC.run"));
    }
    return (long) replica
        .metrics("jvm_memory_used_bytes{")
        .filter(line -> line.contains("area=\"heap\""))
        .mapToDouble(Replica::value)
        .sum();
  }

  private static long entries(long pid, String folder) {
    try (Stream<Path> entries = Files.list(Path.of("/proc", String.valueOf(pid), folder))) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The streams of endpoint discovery. */
  long streams() {
    return amounts
        .getOrDefault("streams of endpoint discovery", new Amount(-1, 0))
        .value();
  }

  /** The growth since an earlier measurement. */
  List<Line> since(Footprint earlier) {
    List<Line> lines = new ArrayList<>();
    earlier.amounts.forEach((name, before) -> {
      Amount after = amounts.get(name);
      long value = after == null ? Long.MAX_VALUE : after.value();
      lines.add(new Line(name, before.value(), value, before.value() + before.growth()));
    });
    return lines;
  }
}
