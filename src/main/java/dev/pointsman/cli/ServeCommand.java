package dev.pointsman.cli;

import dev.pointsman.config.HostPort;
import dev.pointsman.config.LogFormat;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.Kind;
import dev.pointsman.kube.api.KubernetesSource;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.kube.status.StatusController;
import dev.pointsman.model.BodySizes;
import dev.pointsman.model.ByteSize;
import dev.pointsman.observe.ApiMetrics;
import dev.pointsman.observe.HookSpans;
import dev.pointsman.observe.Logging;
import dev.pointsman.observe.Metrics;
import dev.pointsman.server.PointsmanServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pointsman serve}. */
@Command(
    name = "serve",
    description = "Serves Envoy Gateway's hooks and endpoint discovery for its proxies.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  pointsman serve --resources DIR",
      "  pointsman serve --kubernetes --eds-advertise pointsman.envoy-gateway-system.svc:18010"
    },
    usageHelpAutoWidth = false)
final class ServeCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Option(
      names = "--resources",
      paramLabel = "DIR",
      description =
          "Folder of manifests (*.yaml, *.yml, *.json): InferencePools, Pods, Services, EndpointSlices, HTTPRoutes (their ages), and"
              + " objects that InferencePolicies refer to; changes take effect at once.")
  private @Nullable Path resources;

  @Mixin
  private final KubernetesOptions kubernetes = new KubernetesOptions();

  @Option(
      names = "--grpc-address",
      paramLabel = "H:P",
      description = "Listen address of the hooks (default: ${DEFAULT-VALUE}).")
  private HostPort grpcAddress = new HostPort("0.0.0.0", 5005);

  @Option(
      names = "--eds-address",
      paramLabel = "H:P",
      description = "Listen address of endpoint discovery (default: ${DEFAULT-VALUE}).")
  private HostPort edsAddress = new HostPort("0.0.0.0", 18010);

  @Option(
      names = "--eds-advertise",
      paramLabel = "H:P",
      description =
          "The same address for proxies, in Kubernetes the Service's name (default: --eds-address if it names a"
              + " host; with --resources else 127.0.0.1).")
  private @Nullable HostPort edsAdvertise;

  @Mixin
  private final AdminOptions admin = new AdminOptions();

  @Option(
      names = "--max-message-size",
      paramLabel = "SIZE",
      description =
          "Largest request from Envoy Gateway; keep it equal to extensionManager.maxMessageSize"
              + " (default: ${DEFAULT-VALUE}).")
  private ByteSize maxMessageSize = ByteSize.mebibytes(64);

  @Option(
      names = "--body-limit",
      paramLabel = "SIZE",
      description =
          "Largest request body from which the model's name is read (default: ${DEFAULT-VALUE}).")
  private ByteSize bodyLimit = new ByteSize(BodySizes.DEFAULT_LIMIT);

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      description = "text or json (default: text).")
  private LogFormat logFormat = LogFormat.TEXT;

  @Mixin
  private final RecordOptions record = new RecordOptions();

  @Mixin
  private final TlsOptions tls = new TlsOptions();

  @Mixin
  private final ShadowOptions shadow = new ShadowOptions();

  @Option(
      names = "--self-check",
      paramLabel = "SECONDS",
      description =
          "Check a translation of each Gateway at most once in this time: make it again in the background, from nothing"
              + " and in another order, and compare the answers; 0: never (default: ${DEFAULT-VALUE}).")
  private int selfCheck = 600;

  @Option(
      names = "--drain-delay",
      paramLabel = "SECONDS",
      description =
          "At the stop signal, keep serving for this time after /readyz reports draining; in Kubernetes 5, so that"
              + " clients notice it (default: ${DEFAULT-VALUE}).")
  private int drainDelay;

  @Option(
      names = "--exit-when-ready",
      description = "Stop when the server is ready: a check of the settings.")
  private boolean exitWhenReady;

  private Optional<HookSpans> spans = Optional.empty();

  @Override
  public Integer call() throws InterruptedException {
    DependentOptions.check(spec.commandLine().getParseResult());
    ServeSettings settings = new ServeSettings(
            Optional.ofNullable(resources),
            kubernetes.settings(),
            grpcAddress,
            edsAddress,
            Optional.ofNullable(edsAdvertise),
            admin.address(),
            admin.pageHosts(),
            maxMessageSize,
            bodyLimit,
            logFormat,
            record.settings(),
            tls.settings(),
            shadow.settings(),
            Duration.ofSeconds(selfCheck),
            Duration.ofSeconds(drainDelay))
        .checked();
    Logging.use(logFormat);
    Metrics metrics = new Metrics();
    if (System.getenv(HookSpans.VARIABLE) != null) {
      spans = Optional.of(HookSpans.start());
      spans.ifPresent(metrics.hooks()::traced);
    }
    if (settings.kubernetes().isPresent()) {
      return serve(settings, settings.kubernetes().get(), metrics);
    }
    ResourceFiles files = new ResourceFiles(settings.resources().orElseThrow());
    return serve(
        settings, new PointsmanServer(settings, files, metrics), Optional.empty(), metrics);
  }

  private int serve(ServeSettings settings, ServeSettings.Kubernetes kubernetes, Metrics metrics)
      throws InterruptedException {
    ApiAccess access = KubernetesOptions.access(kubernetes);
    KubernetesSource source = new KubernetesSource(
        access, kubernetes.namespaces(), () -> metrics.api().failed(ApiMetrics.ApiCall.READ));
    Optional<StatusController> statuses = kubernetes
        .status()
        .map(wanted -> StatusController.of(
            new StatusController.Settings(
                Set.copyOf(kubernetes.namespaces()),
                kubernetes.classPolicies(),
                wanted.leaderElection(),
                wanted.leaseNamespace(),
                wanted.requestNamespace(),
                Replica.identity()),
            access,
            source,
            source,
            new WriteCounts(metrics.api())));
    PointsmanServer server = new PointsmanServer(
        settings,
        source,
        metrics,
        gateway -> gateway.kind().equals("Gateway")
            && source.isGone(Kind.GATEWAY, gateway.namespace(), gateway.name()),
        demand -> statuses.ifPresent(one -> one.translateAgain(demand)));
    return serve(settings, server, statuses, metrics);
  }

  private int serve(
      ServeSettings settings,
      PointsmanServer server,
      Optional<StatusController> statuses,
      Metrics metrics)
      throws InterruptedException {
    Logger log = LoggerFactory.getLogger(ServeCommand.class);
    server.start();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
      log.info("stopping: no new calls, finishing the running ones");
      new ServeStop(server, statuses, () -> metrics.hooks().lastCall().isPresent()).run();
      spans.ifPresent(HookSpans::close);
      log.info("stopped");
    }));
    log.info(
        "listening: hooks {}, endpoint discovery {}, admin {}",
        settings.grpcAddress().withPort(server.ports().grpc()),
        settings.edsAddress().withPort(server.ports().eds()),
        settings.adminAddress().withPort(server.ports().admin()));
    boolean ready = server.awaitReady();
    if (ready) {
      log.info("ready, {} ms after start", ManagementFactory.getRuntimeMXBean().getUptime());
    }
    if (ready && !exitWhenReady) {
      statuses.ifPresent(StatusController::start);
      server.awaitClose();
    }
    return 0; // the exit runs the shutdown hook above
  }
}
