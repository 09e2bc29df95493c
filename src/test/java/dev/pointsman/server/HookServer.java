package dev.pointsman.server;

import dev.pointsman.config.HostPort;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.observe.HookMetrics;
import dev.pointsman.observe.Metrics;
import dev.pointsman.observe.TranslationLog;
import dev.pointsman.xds.XdsSettings;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.util.List;

/** The product's server of hooks, alone. */
public final class HookServer {
  private HookServer() {}

  /** A server that is ready and knows no objects, on a free port of loopback. */
  public static NettyServerBuilder ready() {
    return ready(ClusterSnapshot.EMPTY, () -> {});
  }

  /**
   * A server that is ready, on a free port of loopback.
   *
   * @param translateAgain is run where Envoy Gateway is to be asked for a new translation
   */
  public static NettyServerBuilder ready(ClusterSnapshot snapshot, Runnable translateAgain) {
    return ready(GrpcPorts.at(new HostPort("127.0.0.1", 0)), snapshot, translateAgain);
  }

  /** The same over another transport. */
  static <B extends ServerBuilder<B>> B ready(
      B builder, ClusterSnapshot snapshot, Runnable translateAgain) {
    Readiness readiness = new Readiness(List.of(GrpcPorts.hookServiceName()));
    for (Readiness.Requirement condition : Readiness.Requirement.values()) {
      readiness.met(condition);
    }
    HookMetrics metrics = new Metrics().hooks();
    return GrpcPorts.hooks(
        builder,
        new Hooks(XdsSettings.DEFAULT, () -> snapshot),
        new HookService(
            readiness,
            metrics,
            new TranslationLog(metrics, _ -> false, List::of)::log,
            new CallsUnderWay(),
            _ -> translateAgain.run()),
        readiness,
        ByteSize.mebibytes(256));
  }
}
