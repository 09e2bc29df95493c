package dev.pointsman.differential;

import static org.awaitility.Awaitility.await;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.Parts;
import dev.pointsman.rig.Standalone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Runs all situations on one side. The real parts start once; batches run one after the other. */
final class SideRun {
  private static final int ENVOY_CONCURRENCY = 2;
  private static final int PARALLEL = 8;
  private static final Logger GRPC = Logger.getLogger("io.grpc");
  private static final Duration SOON = Duration.ofMinutes(10);
  /** Statuses of the route that identifies a batch; a policy on the listener may refuse, but not without a route. */
  private static final Set<Integer> SERVED = Set.of(200, 401, 403);

  private final Side side;
  private final Path folder;
  private final Consumer<String> progress;
  private final TrafficLog log = new TrafficLog();
  private final Map<String, ClientResponse> responses = new ConcurrentHashMap<>();
  private final List<String> complaints = new ArrayList<>();

  private SideRun(Side side, Path folder, Consumer<String> progress) {
    this.side = side;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Runs the situations.
   *
   * @param folder the folder for files and logs
   */
  static Observations run(
      Side side, List<Situation> situations, Path folder, Consumer<String> progress)
      throws Exception {
    // gRPC logs the closed connections of a stopped proxy at length.
    GRPC.setLevel(Level.SEVERE);
    SideRun run = new SideRun(side, folder.resolve(side.name()), progress);
    run.run(situations);
    return new Observations(run.responses, run.log, run.accessLines(), run.complaints);
  }

  private void run(List<Situation> situations) throws Exception {
    Files.createDirectories(folder);
    Authority.Issued certificate = Authority.selfSigned();
    List<List<Rendering>> batches = batches(situations);
    Parts parts = Parts.find(ENVOY_CONCURRENCY);
    int gateways =
        situations.stream().map(Situation::gateways).max(Integer::compare).orElse(1);
    Standalone gateway = Standalone.start(
        parts.withEnvoy(parts.root().resolve("hack/envoy-alone.sh")),
        folder,
        side == Side.POINTSMAN,
        settings(),
        gateways,
        BatchObjects.of(batches.getFirst(), 0, gateways));
    try (gateway) {
      for (int number = 0; number < batches.size(); number++) {
        List<Rendering> batch = batches.get(number);
        try (BatchServers servers = new BatchServers(batch, certificate, log)) {
          if (number > 0) {
            gateway.replace(BatchObjects.of(batch, number, gateways));
          }
          for (int each = 0; each < gateways; each++) {
            awaitServing(gateway, each, servers, batch, number);
          }
          progress.accept("%s: batch %d of %d, %d situations"
              .formatted(side, number + 1, batches.size(), batch.size()));
          sendAll(batch);
        }
      }
      for (int each = 0; each < gateways; each++) {
        awaitAccessLog(BatchObjects.on(batches.getLast(), each).getFirst().addresses(), each);
      }
      gateway.rejectedUpdates().forEach((name, count) -> complaints.add(name + ": " + count));
      complaints.addAll(gateway.withheldSnapshots());
    }
  }

  private List<List<Rendering>> batches(List<Situation> situations) {
    List<List<Rendering>> batches = new ArrayList<>();
    for (int from = 0; from < situations.size(); from += Addresses.SLOTS) {
      List<Rendering> batch = new ArrayList<>();
      for (int i = from; i < Math.min(from + Addresses.SLOTS, situations.size()); i++) {
        batch.add(new Rendering(situations.get(i), new Addresses(batches.size(), i - from), side));
      }
      batches.add(batch);
    }
    return batches;
  }

  /** Envoy writes the access log with a delay: waits for the line of a last request. */
  private void awaitAccessLog(Addresses addresses, int gateway) throws InterruptedException {
    DrawnRequest last = probe("/last");
    String id = "last-" + gateway;
    ClientResponse _ = Http1Client.send(
        addresses.listener(gateway), BatchObjects.READY, last, Map.of("x-test-request", id));
    await("the access log").atMost(SOON).until(() -> accessLines().containsKey(id));
  }

  private static DrawnRequest probe(String path) {
    return new DrawnRequest(
        0,
        0,
        -1,
        "GET",
        path,
        false,
        DrawnRequest.Framing.NONE,
        0,
        "",
        Map.of(),
        Map.of(),
        PodInstructions.PLAIN,
        DrawnRequest.Behavior.NORMAL,
        1);
  }

  private void awaitServing(
      Standalone gateway, int each, BatchServers servers, List<Rendering> batch, int number) {
    DrawnRequest ready = probe("/batch-" + number);
    for (Rendering one : BatchObjects.on(batch, each)) {
      await("the listener of s" + one.situation().seed()).atMost(SOON).until(() -> {
        try {
          return SERVED.contains(
              Http1Client.send(one.addresses().listener(each), BatchObjects.READY, ready, Map.of())
                  .status());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      });
    }
    gateway.awaitHosts("default/" + BatchObjects.name(each), servers.hosts(each));
  }

  private void sendAll(List<Rendering> batch) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(PARALLEL)) {
      List<Future<?>> sent = new ArrayList<>();
      for (Rendering one : batch) {
        sent.add(threads.submit(() -> {
          new RequestSender(one.situation(), one.addresses(), side).sendAll(responses::put);
          return true;
        }));
      }
      for (Future<?> each : sent) {
        var _ = each.get();
      }
    }
  }

  private String settings() {
    return """
        extensionApis: {enableLua: true}
        envoyProxy:
          telemetry:
            accessLog:
              settings:
              - format: {type: Text, text: "%s\\n"}
                sinks: [{type: File, file: {path: "%s"}}]
        """.formatted(AccessLine.FORMAT, accessLog().toAbsolutePath());
  }

  private Path accessLog() {
    return folder.resolve("access.log");
  }

  private Map<String, List<AccessLine>> accessLines() {
    try {
      String text = Files.readString(accessLog());
      return text.substring(0, text.lastIndexOf('\n') + 1) // without a line that is being written
          .lines()
          .map(AccessLine::parse)
          .collect(Collectors.groupingBy(AccessLine::id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
