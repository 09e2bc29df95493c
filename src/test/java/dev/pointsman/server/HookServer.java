package dev.pointsman.server;

import dev.pointsman.config.HostPort;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.observe.HookMetrics;
import dev.pointsman.observe.Metrics;
import dev.pointsman.observe.TranslationLog;
import dev.pointsman.xds.XdsSettings;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.util.List;

/** The product's server of hooks, alone. */
public final class HookServer {
  private HookServer() {}

  /** A server that is ready, on a free port of loopback. */
  public static NettyServerBuilder ready() {
    Readiness readiness = new Readiness(List.of(GrpcPorts.hookServiceName()));
    for (Readiness.Condition condition : Readiness.Condition.values()) {
      readiness.met(condition);
    }
    HookMetrics metrics = new Metrics().hooks();
    return GrpcPorts.hooks(
        GrpcPorts.at(new HostPort("127.0.0.1", 0)),
        new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY),
        new HookService(
            readiness,
            metrics,
            new TranslationLog(metrics, _ -> false, List::of),
            new CallsUnderWay()),
        readiness,
        ByteSize.mebibytes(256));
  }
}
