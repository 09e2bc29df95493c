package dev.pointsman.server;

import dev.pointsman.config.ServeSettings;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The page of a server: it keeps the last translations, and reads everything else when somebody asks. */
final class Page {
  private final PageVersion version = new PageVersion();
  private final LastTranslations translations;
  private final Supplier<ClusterSnapshot> snapshots;

  /**
   * A page without translations.
   *
   * @param gone whether a Gateway is known to be deleted
   */
  Page(Supplier<ClusterSnapshot> snapshots, Predicate<ObjectRef> gone) {
    this.snapshots = snapshots;
    this.translations = new LastTranslations(snapshots, gone);
  }

  void translated(TranslationResult result, Duration took) {
    translations.add(result, Instant.now(), took);
    version.changed();
  }

  /** Tells listeners that objects have changed. */
  void changed() {
    version.changed();
  }

  /**
   * The paths of the page.
   *
   * @param hosts the names by which clients of other hosts may ask
   * @param recording the folder of recorded requests, if there is one
   * @param problems of objects, which no translation reports
   */
  PageRoutes routes(
      Set<String> hosts,
      Optional<ServeSettings.Record> recording,
      Supplier<List<Diagnostic>> problems,
      Supplier<Readiness.Report> readiness) {
    return new PageRoutes(
        LocalClients.and(hosts),
        new PageData(translations, snapshots, problems, readiness, version),
        new ChangeStream(version),
        new XdsPage(translations::all, snapshots),
        new ExplainPage(translations),
        new RecordingPage(recording));
  }

  /** Ends the streams of listeners. */
  void close() {
    version.close();
  }
}
