package dev.pointsman.server;

import dev.pointsman.config.HostPort;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.config.TlsSettings;
import dev.pointsman.eds.EndpointDiscovery;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.SnapshotSource;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.observe.Metrics;
import dev.pointsman.observe.TranslationLog;
import dev.pointsman.server.Readiness.Requirement;
import dev.pointsman.xds.EdsCluster;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The whole server: hooks, endpoint discovery and admin port over one source of objects. */
public final class PointsmanServer implements AutoCloseable {
  private final ServeSettings settings;
  private final SnapshotSource source;
  private final Metrics metrics;
  private final TranslationLog translations;
  private final Page page;
  private final Predicate<ObjectRef> gone;
  private final Consumer<TranslationDemand> translateAgain;
  private final OutdatedTranslations outdated;
  private final EndpointDiscovery discovery;
  private final Readiness readiness = new Readiness(
      List.of(GrpcPorts.hookServiceName(), EndpointDiscoveryServiceGrpc.SERVICE_NAME));
  private final Deque<Runnable> stops = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private BoundPorts ports = new BoundPorts(0, 0, 0, 0);

  /** The ports of the server, which differ from the settings if those have port 0; the shadow's is 0 if there is none. */
  public record BoundPorts(int grpc, int eds, int admin, int shadow) {}

  /** A server that is not started, over a source without Gateways. */
  public PointsmanServer(ServeSettings settings, SnapshotSource source, Metrics metrics) {
    this(settings, source, metrics, _ -> false, _ -> {});
  }

  /**
   * A server that is not started.
   *
   * @param gone whether a Gateway is known to be deleted
   * @param translateAgain requests a new translation from Envoy Gateway, without waiting for it
   */
  public PointsmanServer(
      ServeSettings settings,
      SnapshotSource source,
      Metrics metrics,
      Predicate<ObjectRef> gone,
      Consumer<TranslationDemand> translateAgain) {
    this.gone = gone;
    this.translateAgain = translateAgain;
    this.outdated = new OutdatedTranslations(source, gone, translateAgain);
    this.settings = settings;
    this.source = source;
    this.page = new Page(source, gone);
    this.metrics = metrics;
    this.discovery = new EndpointDiscovery(
        source::isCurrent,
        new EndpointStreams(metrics.endpoints()),
        new StreamsByGateway(metrics.gateways()));
    this.translations = new TranslationLog(metrics.hooks(), gone, this::problems);
    metrics.gateways().translations(translations::byGateway, this::problems);
    metrics.source().state(source::state);
  }

  /**
   * Starts the server. It returns while the source syncs and the code warms up.
   *
   * @throws dev.pointsman.config.StartFailure when a port is taken; nothing runs then
   * @throws dev.pointsman.config.BadInput when a certificate cannot be used; nothing runs then
   */
  public void start() {
    try {
      // Listen first: Envoy backs off after a refused connection, not while it waits.
      Thread warmUp = Thread.ofPlatform().daemon().name("warm-up").start(() -> {
        // A failure is logged and does not prevent serving.
        boolean _ = WarmUp.run(XdsSettings.DEFAULT);
        readiness.met(Requirement.WARMED_UP);
      });
      stops.push(warmUp::interrupt);
      stops.push(outdated::close);
      source.start(snapshot -> {
        discovery.accept(snapshot);
        metrics.source().changed(snapshot);
        metrics.pools().changed(snapshot);
        page.changed();
        outdated.changed();
        readiness.met(Requirement.SYNCED);
      });
      stops.push(source::close);
      listen();
      readiness.met(Requirement.LISTENING);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void listen() {
    CallsUnderWay underWay = new CallsUnderWay();
    SelfCheck selfCheck = new SelfCheck(settings.selfCheck(), metrics.selfChecks());
    stops.push(selfCheck::close);
    Supplier<Readiness.Report> report =
        () -> readiness.report(source.state(), metrics.hooks().lastCall());
    AdminServer admin = AdminServer.start(
        settings.adminAddress(),
        new AdminServer.Pages(
            new Liveness(readiness, underWay),
            report,
            metrics::scrape,
            page.routes(settings.pageHosts(), settings.record(), this::problems, report)));
    stops.push(admin::close);
    stops.push(page::close);
    NettyServerBuilder edsPort = GrpcPorts.at(settings.edsAddress());
    NettyServerBuilder hookPort = GrpcPorts.at(settings.grpcAddress());
    Optional<ServerTls> tls = settings.tls().map(this::open);
    tls.ifPresent(one -> one.secureHooks(hookPort));
    Optional<Supplier<EdsCluster.EdsTls>> edsTls = tls.map(one -> one.secureEds(
        edsPort,
        () -> translateAgain.accept(new TranslationDemand(Cause.AUTHORITY_RENEWED, Set.of()))));
    Server eds = GrpcPorts.listen(
        GrpcPorts.endpoints(edsPort, discovery.service(), readiness).build(),
        "--eds-address",
        settings.edsAddress());
    // Streams of endpoint discovery never end by themselves. After a cancellation, Envoy keeps
    // its hosts and connects to another replica.
    stops.push(() -> {
      eds.shutdownNow();
      discovery.close();
    });
    Hooks hooks = hooks(eds.getPort(), edsTls);
    Optional<Server> afterOther =
        settings.shadow().map(address -> shadow(address, hookPort, hooks, tls));
    if (afterOther.isEmpty()) {
      HookService service = new HookService(
          readiness,
          metrics.hooks(),
          (made, took) -> {
            page.translated(made.result(), took);
            outdated.translated(made.result(), took);
            translations.log(made, took);
            selfCheck.translated(made);
          },
          underWay,
          translateAgain);
      GrpcPorts.hooks(hookPort, hooks, service, readiness, settings.maxMessageSize());
    }
    settings
        .record()
        .ifPresent(record -> hookPort
            .intercept(RequestRecorder.into(record))
            .callExecutor(new CallThreads(() -> false))); // recording blocks on the disk
    Server grpc = GrpcPorts.listen(hookPort.build(), "--grpc-address", settings.grpcAddress());
    stops.push(() -> GracefulStop.drain(grpc));
    ports = new BoundPorts(
        grpc.getPort(),
        eds.getPort(),
        admin.port(),
        afterOther.map(Server::getPort).orElse(0));
  }

  /** Makes the port the one before the other Pointsman, and listens after it. */
  private Server shadow(
      HostPort address, NettyServerBuilder before, Hooks hooks, Optional<ServerTls> tls) {
    Shadow shadow = new Shadow(hooks, metrics.shadow(), readiness::isReady, gone);
    stops.push(shadow::close);
    NettyServerBuilder after = GrpcPorts.at(address);
    tls.ifPresent(one -> one.secureHooks(after));
    GrpcPorts.hooks(before, new ShadowHooks.Before(shadow), readiness, settings.maxMessageSize());
    GrpcPorts.hooks(after, new ShadowHooks.After(shadow), readiness, settings.maxMessageSize());
    Server server = GrpcPorts.listen(after.build(), "--shadow-address", address);
    stops.push(() -> GracefulStop.drain(server));
    return server;
  }

  private List<Diagnostic> problems() {
    return Stream.concat(source.diagnostics().stream(), metrics.problems().stream())
        .toList();
  }

  private Hooks hooks(int edsPort, Optional<Supplier<EdsCluster.EdsTls>> edsTls) {
    Supplier<EdsCluster> cluster = () -> settings.edsCluster(edsPort, edsTls.map(Supplier::get));
    XdsSettings xds = settings.xds(cluster.get(), LoopSecrets.of(settings.tls()));
    Hooks hooks = new Hooks(() -> cluster.get().toCluster(), xds, source);
    metrics.hooks().reuse(hooks::reuse);
    return hooks;
  }

  private ServerTls open(TlsSettings wanted) {
    ServerTls tls = ServerTls.open(wanted, metrics.certificates());
    stops.push(tls::close);
    return tls;
  }

  /** The ports of the server. */
  public BoundPorts ports() {
    return ports;
  }

  /** Waits until the server is ready, at most for the seconds; returns whether it is ready. */
  public boolean awaitReady(long seconds) throws InterruptedException {
    return readiness.awaitReady(seconds);
  }

  /** Waits until the server is ready or closed; returns whether it is ready. */
  public boolean awaitReady() throws InterruptedException {
    return readiness.awaitReady();
  }

  /** Waits until the server is closed. */
  public void awaitClose() throws InterruptedException {
    closed.await();
  }

  /**
   * Stops gracefully: it reports that it is not ready, waits for the drain delay so that clients notice, rejects new
   * calls, waits for the running calls, and stops the rest.
   */
  @Override
  public synchronized void close() {
    boolean served = readiness.isReady();
    readiness.drain();
    if (served) {
      GracefulStop.pause(settings.drainDelay());
    }
    while (!stops.isEmpty()) {
      stops.pop().run();
    }
    closed.countDown();
  }
}
