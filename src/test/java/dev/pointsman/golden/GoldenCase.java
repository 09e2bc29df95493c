package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.Commands;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.rig.Unhurried;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder of {@code testdata/translate}: objects, the requests recorded for them, and what we answer. */
record GoldenCase(Path folder) {
  static final Path ROOT = Path.of("testdata", "translate");

  /** Every folder is a case. */
  static Stream<GoldenCase> all() {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.filter(Files::isDirectory).sorted().map(GoldenCase::new).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GoldenCase named(String name) {
    return new GoldenCase(ROOT.resolve(name));
  }

  String name() {
    return folder.getFileName().toString();
  }

  List<RecordedRequest> requests() {
    return RecordedRequest.in(folder);
  }

  Seen seen() {
    return Seen.lastOf(requests());
  }

  TranslationResult answer() {
    return seen().answer(snapshot());
  }

  /** The objects in the case's {@code resources/}, which stand for a cluster's; nothing known when there are none. */
  ClusterSnapshot snapshot() {
    try {
      return hasResources() ? ResourceFiles.read(resources()).snapshot() : ClusterSnapshot.EMPTY;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The manifests from which the case was recorded. */
  Path objects() {
    return folder.resolve("objects.yaml");
  }

  boolean hasResources() {
    return Files.isDirectory(resources());
  }

  private Path resources() {
    return folder.resolve("resources");
  }

  /** The output of {@code pointsman translate}. */
  record Printed(String out, String diagnostics) {}

  /** Runs {@code pointsman translate} on the case. */
  Printed translate(String... options) {
    List<String> arguments = new ArrayList<>(List.of("translate", "--recorded", folder.toString()));
    if (hasResources()) {
      arguments.addAll(List.of("--resources", resources().toString()));
    }
    arguments.addAll(List.of(options));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Commands.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(String[]::new));
    assertThat(exit).as("exit code of %s: %s", arguments, err).isZero();
    return new Printed(out.toString(), Unhurried.withoutProgress(err.toString()));
  }

  /** The bootstrap that {@code pointsman translate} gives, as Envoy reads it from a file {@code *.pb}. */
  byte[] bootstrap(String... options) {
    PrintStream stdout = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      Printed _ =
          translate(Stream.concat(Stream.of("--bootstrap", "--output", "pb"), Stream.of(options))
              .toArray(String[]::new));
      return bytes.toByteArray();
    } finally {
      System.setOut(stdout);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
