package dev.pointsman.docs;

import dev.pointsman.incremental.TranslationCache;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.SourceState;
import dev.pointsman.observe.CertificateMetrics;
import dev.pointsman.observe.GatewayTranslation;
import dev.pointsman.observe.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Our metrics as {@code /metrics} prints them, with one pool and one Gateway. */
public final class MetricsTable {
  private static final Pattern HELP = Pattern.compile("# HELP (pointsman_\\w+) ?(.*)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (pointsman_\\w+) (\\w+)");
  private static final Pattern SERIES = Pattern.compile("(pointsman_\\w+)\\{(.*)} .*");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  private MetricsTable() {}

  static String table() throws IOException {
    Map<String, String> help = new TreeMap<>();
    Map<String, String> types = new TreeMap<>();
    Map<String, TreeSet<String>> labels = new TreeMap<>();
    for (String line : scrape().lines().toList()) {
      Matcher helped = HELP.matcher(line);
      Matcher typed = TYPE.matcher(line);
      Matcher series = SERIES.matcher(line);
      if (helped.matches()) {
        help.put(helped.group(1), helped.group(2));
      } else if (typed.matches()) {
        types.put(typed.group(1), typed.group(2));
      } else if (series.matches()) {
        String name = series.group(1).replaceFirst("_(bucket|sum|count)$", "");
        String known = types.containsKey(name) ? name : series.group(1);
        TreeSet<String> all = labels.computeIfAbsent(known, _ -> new TreeSet<>());
        LABEL.matcher(series.group(2)).results().forEach(label -> all.add(label.group(1)));
        all.remove("le");
      }
    }
    StringBuilder table =
        new StringBuilder("| metric | type | labels | meaning |\n|---|---|---|---|\n");
    types.forEach((name, type) -> table.append("| `%s` | %s | %s | %s |\n"
        .formatted(
            name,
            type,
            String.join(", ", labels.getOrDefault(name, new TreeSet<>())),
            help.getOrDefault(name, "").replace("|", "\\|"))));
    return table.toString();
  }

  /** A scrape in which each metric has a series. */
  public static String scrape() throws IOException {
    Metrics metrics = new Metrics();
    metrics.hooks().diagnostics(Map::of);
    metrics.hooks().poolClusters(() -> 0);
    metrics.hooks().reuse(() -> Map.of("routes", TranslationCache.Counts.NONE));
    GatewayTranslation last =
        new GatewayTranslation(Map.of(Diagnostic.Reason.InvalidPolicy, 1L), 1, Instant.EPOCH);
    Diagnostic ofObject =
        new Diagnostic(Diagnostic.Reason.NoPods, new ObjectRef("InferencePool", "a", "b"), "", "");
    metrics
        .gateways()
        .translations(() -> Map.of("default/inference", last), () -> List.of(ofObject));
    metrics.certificates().expires(CertificateMetrics.Certificate.values()[0], Instant::now);
    metrics.shadow().differences(() -> Map.of("default/inference", 0));
    metrics.source().state(() -> SourceState.CONNECTED);
    metrics
        .pools()
        .changed(ResourceFiles.read(Path.of("testdata/status/pool-pods-two-of-three"))
            .snapshot());
    return metrics.scrape();
  }
}
