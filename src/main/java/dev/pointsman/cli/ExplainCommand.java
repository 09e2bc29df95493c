package dev.pointsman.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.config.BadInput;
import dev.pointsman.explain.ConfigDump;
import dev.pointsman.explain.ExplainableGateway.Question;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.MermaidRendering;
import dev.pointsman.explain.ProxyConfiguration;
import dev.pointsman.explain.TextRendering;
import dev.pointsman.explain.UnclearRequest;
import dev.pointsman.model.ByteSize;
import dev.pointsman.server.ExplainableTranslations;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code pointsman explain}: the way of one request, without sending it. */
@Command(
    name = "explain",
    description =
        "Explains the way of a request through a Gateway without sending it: routes and why they do not take it,"
            + " the model, pools with their shares, pickers and endpoints. It follows the xDS that Envoy gets.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  pointsman explain --kubernetes --model qwen",
      "  pointsman explain --server http://127.0.0.1:8080 --model qwen",
      "  pointsman explain --recorded DIR --resources DIR --model qwen --host llm.example.com",
      "  pointsman explain --recorded DIR --model qwen --body-size 6Mi --output mermaid"
    })
final class ExplainCommand implements Callable<Integer> {
  /** The forms of an explanation. */
  enum Form {
    TEXT,
    JSON,
    MERMAID
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Option(
      names = "--recorded",
      paramLabel = "DIR",
      description = "Explain the last translations of a recording (serve --record DIR).")
  private @Nullable Path recorded;

  @Option(
      names = "--resources",
      paramLabel = "DIR",
      description = "With --recorded: manifests of pools, Pods, Services and EndpointSlices.")
  private @Nullable Path resources;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "Explain the last translations of a running server, by its admin port. It responds to"
              + " connections from its own host only, as kubectl port-forward makes them.")
  private @Nullable URI server;

  @Option(
      names = "--kubernetes",
      description =
          "Explain the last translations of the replicas in a cluster, and compare them with the configurations that the"
              + " Gateway's proxies use, through port-forwards (pods/portforward).")
  private boolean kubernetes;

  @Option(
      names = "--config-dump",
      paramLabel = "FILE",
      description =
          "Explain the configuration that one Envoy uses: the answer of its admin port to /config_dump?include_eds.")
  private @Nullable Path configDump;

  @Mixin
  private final KubeconfigOption kubeconfig = new KubeconfigOption();

  @Mixin
  private final RequestOptions request = new RequestOptions();

  @Option(
      names = "--gateway",
      paramLabel = "NAMESPACE/NAME",
      description = "The Gateway, if several take the host.")
  private String gateway = "";

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = "text, json or mermaid (default: text).")
  private Form output = Form.TEXT;

  @Option(
      names = "--max-message-size",
      paramLabel = "SIZE",
      description = "With --recorded: as in translate (default: ${DEFAULT-VALUE}).")
  private ByteSize maxMessageSize = ByteSize.mebibytes(64);

  @Override
  public Integer call() throws IOException, InterruptedException {
    Question question = new Question(gateway, request.request());
    Explanation explanation;
    long sources = Stream.of(recorded != null, server != null, kubernetes, configDump != null)
        .filter(Boolean::booleanValue)
        .count();
    Optional<Path> access = kubeconfig.file(kubernetes);
    if (recorded != null && sources == 1) {
      explanation = fromRecording(recorded, question);
    } else if (server != null && sources == 1 && resources == null) {
      explanation = ServerQuestion.ask(server, question);
    } else if (kubernetes && sources == 1 && resources == null) {
      explanation = ClusterQuestion.ask(access, question, spec.commandLine().getErr());
    } else if (configDump != null && sources == 1 && resources == null) {
      explanation = fromDump(configDump, question);
    } else if (resources != null && recorded == null) {
      throw new BadInput(
          "--resources alone does not say what Envoy Gateway makes of the objects:"
              + " record its requests first (serve --record DIR), then use --recorded DIR --resources DIR");
    } else {
      throw new BadInput("use one of --recorded, --server, --kubernetes and --config-dump");
    }
    if (request.isBareGet()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "pointsman: without --model, --body and --method, the request is a GET without a body");
      err.flush();
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(rendered(explanation));
    out.flush();
    return 0;
  }

  private Explanation fromRecording(Path folder, Question question) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Recording recording = Recording.play(folder, resources, maxMessageSize, err);
    err.flush();
    try {
      return question.answer(
          ExplainableTranslations.of(recording.replay().latest()),
          recording.endpoints()::addresses);
    } catch (UnclearRequest unclear) {
      throw new BadInput(String.valueOf(unclear.getMessage()));
    } catch (InvalidProtocolBufferException unreadable) {
      throw new BadInput("a resource of the translation is not a valid Envoy resource: "
          + unreadable.getMessage());
    }
  }

  private static Explanation fromDump(Path file, Question question) throws IOException {
    if (!question.gateway().isEmpty()) {
      throw new BadInput("--gateway is for several Gateways: a --config-dump is of one proxy");
    }
    if (!Files.isRegularFile(file)) {
      throw new BadInput("--config-dump " + file + ": "
          + (Files.exists(file) ? "is not a file" : "there is no such file"));
    }
    try {
      return ProxyConfiguration.explain(ConfigDump.of(Files.readString(file)), question.request());
    } catch (InvalidProtocolBufferException unreadable) {
      throw new BadInput("--config-dump " + file + ": " + unreadable.getMessage());
    } catch (UnclearRequest unclear) {
      throw new BadInput(String.valueOf(unclear.getMessage()));
    }
  }

  private String rendered(Explanation explanation) {
    return switch (output) {
      case TEXT -> TextRendering.of(explanation, Ansi.AUTO.enabled());
      case JSON ->
        JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(explanation)
            + "\n";
      case MERMAID -> MermaidRendering.of(explanation);
    };
  }
}
