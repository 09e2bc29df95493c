package dev.pointsman.xds;

import dev.pointsman.model.InferencePolicy.OutlierDetection;

/** Ejects failing pods according to an InferencePolicy: by errors and failed connections, never by latency. */
final class OutlierDetections {
  private OutlierDetections() {}

  static io.envoyproxy.envoy.config.cluster.v3.OutlierDetection of(OutlierDetection outliers) {
    return io.envoyproxy.envoy.config.cluster.v3.OutlierDetection.newBuilder()
        .setConsecutive5Xx(Protos.uint32(Math.max(1, outliers.consecutive5xx())))
        .setEnforcingConsecutive5Xx(Protos.uint32(outliers.consecutive5xx() == 0 ? 0 : 100))
        .setSplitExternalLocalOriginErrors(true)
        .setConsecutiveLocalOriginFailure(
            Protos.uint32(Math.max(1, outliers.consecutiveLocalOriginFailures())))
        .setEnforcingConsecutiveLocalOriginFailure(
            Protos.uint32(outliers.consecutiveLocalOriginFailures() == 0 ? 0 : 100))
        .setEnforcingSuccessRate(Protos.uint32(0))
        .setEnforcingLocalOriginSuccessRate(Protos.uint32(0))
        .setInterval(Protos.millis(outliers.intervalMillis()))
        .setBaseEjectionTime(Protos.millis(outliers.baseEjectionMillis()))
        .setMaxEjectionPercent(Protos.uint32(outliers.maxEjectionPercent()))
        .build();
  }
}
