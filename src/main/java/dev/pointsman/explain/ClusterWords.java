package dev.pointsman.explain;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.xds.ProxyProtocol;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Settings of clusters in words. */
final class ClusterWords {
  private static final String PLAINTEXT = "plaintext";

  private ClusterWords() {}

  /** The security of connections: {@code TLS, certificate verified for pods.example.com}. */
  static String tls(Cluster cluster) {
    try {
      Any socket = ProxyProtocol.inside(cluster.getTransportSocket()).getTypedConfig();
      if (!socket.is(UpstreamTlsContext.class)) {
        return PLAINTEXT;
      }
      CommonTlsContext tls = socket.unpack(UpstreamTlsContext.class).getCommonTlsContext();
      return "TLS, " + words(tls.getValidationContext())
          + (tls.getTlsCertificatesCount() > 0 ? ", with a client certificate" : "");
    } catch (InvalidProtocolBufferException _) {
      return "TLS";
    }
  }

  /** Whether connections are encrypted. */
  static boolean isEncrypted(Cluster cluster) {
    return !tls(cluster).equals(PLAINTEXT);
  }

  private static String words(CertificateValidationContext validation) {
    if (validation.getVerifyCertificateHashCount() > 0) {
      return "no certificate is trusted";
    }
    if (!validation.hasTrustedCa() && !validation.hasSystemRootCerts()) {
      return "certificate not verified";
    }
    String names = validation.getMatchTypedSubjectAltNamesList().stream()
        .map(name -> name.getMatcher().getExact())
        .filter(name -> !name.isEmpty())
        .collect(Collectors.joining(", "));
    return "certificate verified" + (names.isEmpty() ? "" : " for " + names);
  }

  /** Outlier detection, circuit breakers and health checks. */
  static List<String> protection(Cluster cluster) {
    List<String> words = new ArrayList<>();
    if (cluster.hasOutlierDetection()) {
      words.add("ejects pods: " + outliers(cluster.getOutlierDetection()));
    }
    for (Thresholds limits : cluster.getCircuitBreakers().getThresholdsList()) {
      List<String> parts = new ArrayList<>();
      if (limits.hasMaxRequests()) {
        parts.add(
            Integer.toUnsignedString(limits.getMaxRequests().getValue()) + " requests at a time");
      }
      if (limits.hasMaxPendingRequests()) {
        parts.add(Integer.toUnsignedString(limits.getMaxPendingRequests().getValue()) + " waiting");
      }
      if (limits.hasMaxConnections()) {
        parts.add(Integer.toUnsignedString(limits.getMaxConnections().getValue()) + " connections");
      }
      if (!parts.isEmpty()) {
        words.add("circuit breaker: " + String.join(", ", parts));
      }
    }
    if (cluster.getHealthChecksCount() > 0) {
      words.add(
          "health checks: " + cluster.getHealthChecks(0).getHealthCheckerCase().toString());
    }
    return words;
  }

  private static String outliers(OutlierDetection outliers) {
    return "after "
        + (outliers.hasConsecutive5Xx() ? outliers.getConsecutive5Xx().getValue() : 5)
        + " errors in a row, for " + Upstreams.seconds(outliers.getBaseEjectionTime(), "30s")
        + ", at most "
        + (outliers.hasMaxEjectionPercent() ? outliers.getMaxEjectionPercent().getValue() : 10)
        + " % of them";
  }
}
