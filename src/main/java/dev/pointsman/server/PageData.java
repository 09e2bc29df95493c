package dev.pointsman.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.EndpointsNow;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.explain.GatewayOverview;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.page.PoolOverview;
import dev.pointsman.server.TranslationHistory.PastTranslation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /debug/topology}: all that the page shows, as one JSON document. It is made when somebody asks, at most once a
 * second.
 */
final class PageData {
  private static final int MOST_RULES = 2_000;
  private static final int MOST_POOLS = 1_000;
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private final LastTranslations translations;
  private final Supplier<ClusterSnapshot> snapshots;
  private final Supplier<List<Diagnostic>> problems;
  private final Supplier<Readiness.Report> readiness;
  private final PageVersion version;
  private Optional<Made> last = Optional.empty();

  PageData(
      LastTranslations translations,
      Supplier<ClusterSnapshot> snapshots,
      Supplier<List<Diagnostic>> problems,
      Supplier<Readiness.Report> readiness,
      PageVersion version) {
    this.translations = translations;
    this.snapshots = snapshots;
    this.problems = problems;
    this.readiness = readiness;
    this.version = version;
  }

  /** A document, the number of its data, the state of the server in it, and the time when it was made. */
  private record Made(long version, String state, String json, long nanos) {}

  /**
   * The document.
   *
   * @param state of the server, in words
   * @param diagnostics of the last translations and of objects, one line each
   * @param poolsInAll the number of pools, of which some may be left out
   */
  record Topology(
      long version,
      boolean ready,
      String state,
      List<GatewayOverview> gateways,
      List<PoolOverview> pools,
      int poolsInAll,
      List<String> diagnostics,
      List<PastTranslation> translations) {}

  /** The document; the earlier one if nothing has changed. */
  synchronized String json() throws InterruptedException {
    if (last.isPresent() && !isCurrent(last.get())) {
      long age = System.nanoTime() - last.get().nanos();
      version.pause(BETWEEN.minusNanos(age)); // callers wait for one document together
    }
    if (last.isEmpty() || !isCurrent(last.get())) {
      long number = version.get(); // read before the data, which may be newer
      Readiness.Report report = readiness.get();
      String json = JsonMapper.shared().writeValueAsString(topology(number, report));
      last = Optional.of(new Made(number, report.text(), json, System.nanoTime()));
    }
    return last.get().json();
  }

  private boolean isCurrent(Made made) {
    return made.version() == version.get()
        && made.state().equals(readiness.get().text());
  }

  private Topology topology(long number, Readiness.Report report) {
    ClusterSnapshot snapshot = snapshots.get();
    EndpointsNow endpoints = LastTranslations.endpoints(snapshot);
    try {
      List<GatewayOverview> gateways = new ArrayList<>();
      int left = MOST_RULES;
      for (ExplainableGateway gateway : ExplainableTranslations.of(translations.all())) {
        GatewayOverview overview = GatewayOverview.of(gateway, endpoints, left);
        gateways.add(overview);
        left -= overview.rules();
      }
      return new Topology(
          number,
          report.ready(),
          report.text(),
          gateways,
          PoolOverview.of(snapshot, MOST_POOLS),
          snapshot.pools().size(),
          diagnostics(),
          translations.history().all());
    } catch (InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException("Envoy Gateway has sent a resource that is none", unreadable);
    }
  }

  private List<String> diagnostics() {
    Stream<Diagnostic> translated =
        translations.all().stream().flatMap(result -> result.diagnostics().stream());
    return new TreeSet<>(Stream.concat(translated, problems.get().stream()).toList())
        .stream().map(Diagnostic::toString).toList();
  }
}
