package dev.pointsman.cli;

import dev.pointsman.analyze.Analyzer;
import dev.pointsman.analyze.Finding;
import dev.pointsman.analyze.FindingRendering;
import dev.pointsman.analyze.Known;
import dev.pointsman.analyze.SarifRendering;
import dev.pointsman.config.BadInput;
import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.ClusterManifests;
import dev.pointsman.kube.files.FileProblem;
import dev.pointsman.kube.files.ManifestFiles;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Level;
import dev.pointsman.model.Diagnostic.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pointsman analyze}: the mistakes in manifests or in a cluster. */
@Command(
    name = "analyze",
    description =
        "Finds mistakes in the objects of InferencePools on Envoy Gateway: each with a code, the object, the effect on"
            + " traffic and the remedy. A reference to a missing object is a mistake only if the files have another object"
            + " of its kind in its namespace. The annotation pointsman.dev/suppress: CODE[,CODE] leaves out codes of one"
            + " object.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeOnExecutionException = 2,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no finding at or above --fail-on",
      "1:at least one",
      "2:invalid options, an unreadable file, no response from the API server"
    },
    footer = {
      "",
      "Examples:",
      "  pointsman analyze manifests/",
      "  helm template my-chart | pointsman analyze -",
      "  pointsman analyze --kubernetes --namespace ml --fail-on Warning",
      "  pointsman analyze manifests/ --output sarif > pointsman.sarif"
    })
final class AnalyzeCommand implements Callable<Integer> {
  /** The forms of findings. */
  enum FindingForm {
    TEXT,
    JSON,
    SARIF
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR",
      arity = "0..*",
      description = "Manifests (YAML or JSON), and folders with them; - reads YAML from stdin.")
  private List<Path> paths = List.of();

  @Option(names = "--kubernetes", description = "Analyze the objects of a cluster instead.")
  private boolean kubernetes;

  @Mixin
  private final KubeconfigOption kubeconfig = new KubeconfigOption();

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      description = "With --kubernetes: only this namespace; may be repeated (default: all).")
  private List<String> namespaces = List.of();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = "text, json or sarif (default: text).")
  private FindingForm output = FindingForm.TEXT;

  @Option(
      names = "--suppress",
      paramLabel = "CODE",
      split = ",",
      description = "Codes that are not reported, such as PM0102,PM0112; may be repeated.")
  private List<String> suppressed = List.of();

  @Option(
      names = "--fail-on",
      paramLabel = "LEVEL",
      description = "The lowest level with exit code 1: Error, Warning or Info (default: Error).")
  private Level failOn = Level.Error;

  @Override
  public Integer call() {
    Set<Reason> leftOut = EnumSet.noneOf(Reason.class);
    suppressed.forEach(code -> leftOut.add(reason(code)));
    if (kubernetes == !paths.isEmpty()) {
      throw new BadInput(
          kubernetes
              ? "name either files and folders or --kubernetes, not both"
              : "name files or folders, or use --kubernetes");
    }
    Optional<Path> access = kubeconfig.file(kubernetes);
    if (!kubernetes && !namespaces.isEmpty()) {
      throw new BadInput("--namespace needs --kubernetes: add it");
    }
    Analyzed analyzed;
    try (Progress _ = Progress.of(
        spec.commandLine().getErr(),
        kubernetes ? "reading the cluster's objects" : "reading manifests")) {
      analyzed = kubernetes ? ofCluster(access) : ofFiles();
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw new BadInput("the objects are too many, or nested too deeply: analyze a part of them");
    }
    List<Finding> findings = analyzed.findings().stream()
        .filter(finding -> !leftOut.contains(finding.reason()))
        .toList();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (output) {
          case TEXT -> FindingRendering.text(findings, analyzed.objects());
          case JSON -> FindingRendering.json(findings);
          case SARIF -> SarifRendering.of(findings, new Version().getVersion()[0]);
        });
    out.flush();
    boolean failed =
        findings.stream().anyMatch(finding -> finding.reason().level().compareTo(failOn) <= 0);
    return failed ? 1 : 0;
  }

  private record Analyzed(List<Finding> findings, int objects) {}

  private static Reason reason(String code) {
    return Stream.of(Reason.values())
        .filter(reason -> reason.code().equals(code) || reason.name().equals(code))
        .findFirst()
        .orElseThrow(() -> new BadInput("--suppress " + code + " is not a code, such as PM0102"));
  }

  private Analyzed ofFiles() {
    for (Path path : paths) {
      if (!path.equals(ManifestFiles.INPUT) && !Files.isReadable(path)) {
        throw new BadInput(path + (Files.exists(path) ? " cannot be read" : " does not exist"));
      }
    }
    ManifestFiles.FoundManifests found;
    try {
      found = ManifestFiles.read(paths, System.in);
    } catch (IOException unreadable) {
      throw new BadInput("cannot be read: " + unreadable.getMessage());
    }
    SortedMap<String, List<Diagnostic>> problems = new TreeMap<>();
    for (FileProblem problem : found.problems()) {
      problems.computeIfAbsent(problem.file(), _ -> new ArrayList<>()).add(problem.diagnostic());
    }
    return new Analyzed(
        Analyzer.analyze(found.manifests(), Known.FILES, problems),
        found.manifests().size());
  }

  private Analyzed ofCluster(Optional<Path> access) {
    try {
      ClusterManifests.Listing found = ClusterManifests.list(ApiAccess.find(access), namespaces);
      PrintWriter err = spec.commandLine().getErr();
      found.unread().stream()
          .sorted()
          .forEach(
              kind -> err.println(kind + " may not be listed: checks that need it are left out"));
      err.flush();
      Known known = new Known(true, Set.copyOf(namespaces), found.unread());
      return new Analyzed(
          Analyzer.analyze(found.manifests(), known, new TreeMap<>()),
          found.manifests().size());
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new BadInput("the API server does not respond: " + e.getMessage());
    }
  }
}
