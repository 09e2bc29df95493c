package dev.pointsman.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.analyze.Analyzer;
import dev.pointsman.analyze.Known;
import dev.pointsman.config.BadInput;
import dev.pointsman.diff.ChangeRendering;
import dev.pointsman.diff.GatewayState;
import dev.pointsman.diff.StateChanges;
import dev.pointsman.diff.StateChanges.Translated;
import dev.pointsman.kube.Manifest;
import dev.pointsman.kube.files.ManifestFiles;
import dev.pointsman.model.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code pointsman diff}: the changes for models between two recordings or two sets of manifests. */
@Command(
    name = "diff",
    description =
        "Names what changes for which models between two recordings of Envoy Gateway's requests, or between two"
            + " files or folders of manifests: shares, pools, pickers, mirrors, fallbacks, limits, endpoints. Recordings"
            + " show what Envoy gets; manifests show what is asked for, of which Envoy Gateway may refuse a part.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeOnExecutionException = 2,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no change",
      "1:at least one",
      "2:invalid options, an unreadable file or recording"
    },
    footer = {
      "",
      "Examples:",
      "  pointsman diff old-manifests/ new-manifests/",
      "  helm template old-chart > old.yaml; helm template new-chart | pointsman diff old.yaml -",
      "  pointsman diff --xds recording-1/ recording-2/",
      "  pointsman diff --against pointsman-0.1.0.jar --recorded recording-1/",
      "  pointsman diff --old-resources DIR --new-resources DIR recording-1/ recording-2/ --output json"
    })
final class DiffCommand implements Callable<Integer> {
  /** The forms of changes. */
  enum ChangeForm {
    TEXT,
    JSON
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "OLD",
      description =
          "A recording (serve --record DIR), or manifests: a file, a folder, - for stdin.")
  private @Nullable Path old;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NEW",
      description = "Another one of the same sort.")
  private @Nullable Path now;

  @Mixin
  private final OtherBuildOptions other = new OtherBuildOptions();

  @Option(
      names = "--old-resources",
      paramLabel = "DIR",
      description = "Of recordings: manifests of OLD's pools, Pods, Services and EndpointSlices.")
  private @Nullable Path oldResources;

  @Option(names = "--new-resources", paramLabel = "DIR", description = "The same of NEW.")
  private @Nullable Path newResources;

  @Option(
      names = "--xds",
      description =
          "Of recordings: each changed resource of Envoy's as a unified diff, without secrets.")
  private boolean xds;

  @Option(names = "--output", paramLabel = "FORMAT", description = "text or json (default: text).")
  private ChangeForm output = ChangeForm.TEXT;

  @Option(
      names = "--max-message-size",
      paramLabel = "SIZE",
      description = "Of recordings: as in translate (default: ${DEFAULT-VALUE}).")
  private ByteSize maxMessageSize = ByteSize.mebibytes(64);

  @Override
  public Integer call() throws IOException {
    if (xds && output == ChangeForm.JSON) {
      throw new BadInput("--xds is text: leave out --output json");
    }
    StateChanges changes;
    if (other.isGiven()) {
      if (old != null) {
        throw new BadInput("--against takes neither OLD nor NEW");
      }
      changes = other.changes(maxMessageSize, spec.commandLine().getErr());
    } else if (old == null || now == null) {
      throw new ParameterException(
          spec.commandLine(), "OLD and NEW are missing, or --against JAR|IMAGE --recorded DIR");
    } else {
      changes = between(old, now);
    }
    print(changes);
    return changes.isEmpty() ? 0 : 1;
  }

  private StateChanges between(Path before, Path after) throws IOException {
    boolean isRecording = RecordedFiles.isRecording(before);
    if (isRecording != RecordedFiles.isRecording(after)) {
      throw new BadInput(
          (isRecording ? after : before)
              + " is no recording (NNNN-Post<Hook>Modify.pb), but the other one is: compare two of one sort");
    }
    if (!isRecording && (xds || oldResources != null || newResources != null)) {
      throw new BadInput("--xds, --old-resources and --new-resources need two recordings: manifests"
          + " alone do not say what Envoy Gateway makes of them");
    }
    try (Progress _ = Progress.of(spec.commandLine().getErr(), "comparing")) {
      return isRecording ? ofRecordings(before, after) : ofManifests(before, after);
    }
  }

  private void print(StateChanges changes) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (output) {
          case TEXT -> ChangeRendering.of(changes, Ansi.AUTO.enabled());
          case JSON ->
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(changes)
                + "\n";
        });
    if (xds) {
      out.print(XdsDifferences.of(changes.resources()));
    }
    out.flush();
  }

  private StateChanges ofRecordings(Path before, Path after) throws IOException {
    try {
      return StateChanges.between(
          translated(before, oldResources), translated(after, newResources));
    } catch (InvalidProtocolBufferException unreadable) {
      throw new BadInput("a resource of the translation is not a valid Envoy resource: "
          + unreadable.getMessage());
    }
  }

  private Translated translated(Path folder, @Nullable Path resources) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Recording recording = Recording.play(folder, resources, maxMessageSize, err);
    err.flush();
    List<GatewayState> gateways = recording.replay().latest().stream()
        .map(one -> new GatewayState(one.gateways(), one.response(), one.diagnostics()))
        .toList();
    return new Translated(gateways, recording.endpoints()::addresses);
  }

  private StateChanges ofManifests(Path old, Path now) throws IOException {
    if (old.equals(now) && old.equals(ManifestFiles.INPUT)) {
      throw new BadInput("only one of OLD and NEW can be -");
    }
    List<Manifest> before = manifests(old);
    List<Manifest> after = manifests(now);
    return StateChanges.between(before, after, problems(before), problems(after));
  }

  private List<Manifest> manifests(Path path) throws IOException {
    if (!path.equals(ManifestFiles.INPUT) && !Files.isReadable(path)) {
      throw new BadInput(path + (Files.exists(path) ? " cannot be read" : " does not exist"));
    }
    InputStream input = System.in;
    ManifestFiles.FoundManifests found = ManifestFiles.read(List.of(path), input);
    if (!found.problems().isEmpty()) {
      throw new BadInput(found.problems().stream().map(Object::toString).toList());
    }
    if (found.manifests().isEmpty()) {
      throw new BadInput(path + " holds neither manifests nor recorded requests");
    }
    return found.manifests();
  }

  private static Set<String> problems(List<Manifest> manifests) {
    Set<String> problems = new TreeSet<>();
    Analyzer.analyze(manifests, Known.FILES, new TreeMap<>())
        .forEach(finding -> problems.add(finding.diagnostic().toString()));
    return problems;
  }
}
