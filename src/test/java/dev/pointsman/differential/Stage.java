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
import java.util.stream.Stream;

/** Plays all situations on one side: one start of the real parts, batch after batch. */
final class Stage {
  private static final int ENVOY_CONCURRENCY = 2;
  private static final int AT_A_TIME = 8;
  private static final Logger GRPC = Logger.getLogger("io.grpc");
  private static final Duration SOON = Duration.ofMinutes(10);
  /** Of the route that tells a batch; a policy of the whole listener may refuse, but not where there is no route. */
  private static final Set<Integer> SERVED = Set.of(200, 401, 403);

  private final Side side;
  private final Path folder;
  private final Consumer<String> progress;
  private final Log log = new Log();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new ArrayList<>();

  private Stage(Side side, Path folder, Consumer<String> progress) {
    this.side = side;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Plays them.
   *
   * @param folder for files and logs
   */
  static Seen play(Side side, List<Situation> situations, Path folder, Consumer<String> progress)
      throws Exception {
    // A proxy that ends cuts its connections to pickers, which gRPC tells at length.
    GRPC.setLevel(Level.SEVERE);
    Stage stage = new Stage(side, folder.resolve(side.name()), progress);
    stage.play(situations);
    return new Seen(stage.answers, stage.log, stage.accessLines(), stage.complaints);
  }

  private void play(List<Situation> situations) throws Exception {
    Files.createDirectories(folder);
    Authority.Issued certificate = Authority.selfSigned(folder.resolve("certificate"));
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
        Rendering.batch(batches.getFirst(), 0, gateways));
    try (gateway) {
      for (int number = 0; number < batches.size(); number++) {
        List<Rendering> batch = batches.get(number);
        try (Crew crew = new Crew(batch, certificate, log)) {
          if (number > 0) {
            gateway.replace(Rendering.batch(batch, number, gateways));
          }
          for (int each = 0; each < gateways; each++) {
            awaitServing(gateway, each, crew, batch, number);
          }
          progress.accept("%s: batch %d of %d, %d situations"
              .formatted(side, number + 1, batches.size(), batch.size()));
          playAll(batch);
        }
      }
      for (int each = 0; each < gateways; each++) {
        awaitAccessLog(batches.getLast().getFirst().site(), each);
      }
      gateway.rejectedUpdates().forEach((name, count) -> complaints.add(name + ": " + count));
      complaints.addAll(gateway.withheldSnapshots());
    }
  }

  private List<List<Rendering>> batches(List<Situation> situations) {
    List<List<Rendering>> batches = new ArrayList<>();
    for (int from = 0; from < situations.size(); from += Site.SLOTS) {
      List<Rendering> batch = new ArrayList<>();
      for (int i = from; i < Math.min(from + Site.SLOTS, situations.size()); i++) {
        batch.add(new Rendering(situations.get(i), new Site(batches.size(), i - from), side));
      }
      batches.add(batch);
    }
    return batches;
  }

  /** Envoy writes every ten seconds: waits for the line of a last request. */
  private void awaitAccessLog(Site site, int gateway) throws InterruptedException {
    Ask last = probe("/last");
    String id = "last-" + gateway;
    Answer _ = Http1Client.send(site.listener(gateway), Rendering.READY, last, Map.of("x-ask", id));
    await("the access log").atMost(SOON).until(() -> accessLines().containsKey(id));
  }

  private static Ask probe(String path) {
    return new Ask(
        0,
        0,
        -1,
        "GET",
        path,
        false,
        Ask.Framing.NONE,
        0,
        "",
        Map.of(),
        Map.of(),
        Orders.PLAIN,
        Ask.Ending.NORMAL,
        1);
  }

  private void awaitServing(
      Standalone gateway, int each, Crew crew, List<Rendering> batch, int number) {
    Ask ready = probe("/batch-" + number);
    for (Rendering one : batch) {
      await("the listener of s" + one.situation().seed()).atMost(SOON).until(() -> {
        try {
          return SERVED.contains(
              Http1Client.send(one.site().listener(each), Rendering.READY, ready, Map.of())
                  .status());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      });
    }
    gateway.awaitHosts("default/" + Rendering.name(each), crew.addresses(each));
  }

  private void playAll(List<Rendering> batch) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
      List<Future<?>> plays = new ArrayList<>();
      for (Rendering one : batch) {
        plays.add(threads.submit(() -> {
          new Play(one.situation(), one.site(), side).all(answers::put);
          return true;
        }));
      }
      for (Future<?> play : plays) {
        play.get();
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
    try (Stream<String> lines = Files.lines(accessLog())) {
      return lines.map(AccessLine::parse).collect(Collectors.groupingBy(AccessLine::id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
