package dev.pointsman.fuzz;

import dev.pointsman.cli.CommandLineFuzz;
import dev.pointsman.config.PemFuzz;
import dev.pointsman.eds.DiscoveryFuzz;
import dev.pointsman.golden.ExplainedRequestsFuzz;
import dev.pointsman.golden.HookStructuresFuzz;
import dev.pointsman.kube.api.KubeconfigFuzz;
import dev.pointsman.kube.api.StoredObjectsFuzz;
import dev.pointsman.kube.files.ManifestsFuzz;
import dev.pointsman.observe.MetricsTextFuzz;
import dev.pointsman.page.ShownResourcesFuzz;
import dev.pointsman.server.HookCallsFuzz;
import dev.pointsman.wire.MessagesFuzz;
import dev.pointsman.xds.JsonTextFuzz;
import dev.pointsman.xds.LuaTextFuzz;
import dev.pointsman.xds.NamesFuzz;
import dev.pointsman.xds.PatternsFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The targets of {@code hack/fuzz.sh}: what others send, and what is printed into somebody else's language. */
enum FuzzTarget {
  HookCalls(HookCallsFuzz::fuzzerTestOneInput),
  HookStructures(HookStructuresFuzz::fuzzerTestOneInput),
  Messages(MessagesFuzz::fuzzerTestOneInput),
  StoredObjects(StoredObjectsFuzz::fuzzerTestOneInput),
  Manifests(ManifestsFuzz::fuzzerTestOneInput),
  Discovery(DiscoveryFuzz::fuzzerTestOneInput),
  Kubeconfig(KubeconfigFuzz::fuzzerTestOneInput),
  Pem(PemFuzz::fuzzerTestOneInput),
  CommandLine(CommandLineFuzz::fuzzerTestOneInput),
  ExplainedRequests(ExplainedRequestsFuzz::fuzzerTestOneInput),
  ShownResources(ShownResourcesFuzz::fuzzerTestOneInput),
  MetricsText(MetricsTextFuzz::fuzzerTestOneInput),
  LuaText(LuaTextFuzz::fuzzerTestOneInput),
  JsonText(JsonTextFuzz::fuzzerTestOneInput),
  Patterns(PatternsFuzz::fuzzerTestOneInput),
  Names(NamesFuzz::fuzzerTestOneInput);

  /** One execution. */
  interface Execution {
    void of(byte[] input) throws Exception;
  }

  private static final Path CORPORA = Path.of("src/test/resources/fuzz");

  private final Execution execution;

  FuzzTarget(Execution execution) {
    this.execution = execution;
  }

  void execute(byte[] input) throws Exception {
    execution.of(input);
  }

  /** The kept inputs: seeds, and inputs that once were findings. */
  List<Path> corpus() throws IOException {
    try (Stream<Path> files = Files.list(CORPORA.resolve(name()))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
