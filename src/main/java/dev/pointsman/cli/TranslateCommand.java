package dev.pointsman.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.pointsman.config.BadInput;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.ByteSize;
import dev.pointsman.xds.ResourcePrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code pointsman translate}: recorded hook requests in, the xDS that Envoy would get out. */
@Command(
    name = "translate",
    description =
        "Plays recorded hook requests through the same code as the server and prints the answer to the last"
            + " translation. Diagnostics are printed to stderr.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  pointsman translate --recorded DIR --resources DIR",
      "  pointsman translate --recorded DIR --resources DIR --bootstrap > envoy.yaml"
    })
final class TranslateCommand implements Callable<Integer> {
  /** The output formats. */
  enum Output {
    YAML,
    JSON,
    PB
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Option(
      names = "--recorded",
      paramLabel = "DIR",
      required = true,
      description =
          "A folder of recorded requests, named NNNN-Post<Hook>Modify.pb and played in that order.")
  @SuppressWarnings("NullAway.Init")
  private Path recorded;

  @Option(
      names = "--resources",
      paramLabel = "DIR",
      description =
          "Manifests of InferencePools, Pods, Services and EndpointSlices, for the pools' endpoints.")
  private @Nullable Path resources;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description =
          "yaml, json or pb; pb also has fields that are unknown to this build (default: yaml).")
  private Output output = Output.YAML;

  @Option(
      names = "--bootstrap",
      description =
          "Print a bootstrap for a standalone Envoy: static resources, inlined routes, endpoints from"
              + " --resources and from the recorded Endpoints requests.")
  private boolean bootstrap;

  @Option(
      names = "--max-message-size",
      paramLabel = "SIZE",
      description =
          "Largest answer that Envoy Gateway accepts, which bounds the models and copies of each namespace, as in serve"
              + " (default: ${DEFAULT-VALUE}).")
  private ByteSize maxMessageSize = ByteSize.mebibytes(64);

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Recording recording = Recording.play(recorded, resources, maxMessageSize, err);
    recording.last().diagnostics().forEach(err::println);
    err.flush();
    print(recording.last().response(), recording.endpoints());
    return 0;
  }

  private void print(PostTranslateModifyResponse response, KnownEndpoints endpoints)
      throws IOException {
    try {
      Message message = bootstrap ? new StaticBootstrap(endpoints).of(response) : response;
      if (output == Output.PB) {
        OutputStream stdout = System.out; // bytes, bypassing the writer
        message.writeTo(stdout);
        stdout.flush();
        return;
      }
      ResourcePrinter printer = new ResourcePrinter();
      JsonNode tree = bootstrap ? printer.tree(message) : TranslationTree.of(response, printer);
      spec.commandLine()
          .getOut()
          .print(output == Output.YAML ? TranslationTree.yaml(tree) : TranslationTree.json(tree));
      spec.commandLine().getOut().flush();
      printer
          .lost()
          .forEach(lost -> spec.commandLine()
              .getErr()
              .println("not printed: " + lost + " (--output pb has it)"));
    } catch (InvalidProtocolBufferException unreadable) {
      throw new BadInput("a resource of the translation is not a valid Envoy resource: "
          + unreadable.getMessage());
    }
  }
}
