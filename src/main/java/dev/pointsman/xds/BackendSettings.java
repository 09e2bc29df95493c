package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.ClusterOrBuilder;
import io.envoyproxy.envoy.extensions.filters.http.admission_control.v3.AdmissionControl;
import io.envoyproxy.envoy.extensions.filters.http.credential_injector.v3.CredentialInjector;
import io.envoyproxy.envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.List;

/**
 * Settings of Envoy Gateway's cluster of a rule that belong to one backend, such as the API key of a cloud's models. The
 * clusters for other backends that are made from it must not have them.
 */
final class BackendSettings {
  private BackendSettings() {}

  /** Whether the cluster has settings of a backend that is no pool: Envoy Gateway gives none to pools. */
  static boolean areIn(ClusterOrBuilder cluster) {
    HttpProtocolOptions options = HttpOptions.of(cluster);
    return options.hasAutoConfig() // all backends have TLS
        || options.getHttpFiltersList().stream()
            .anyMatch(filter -> filter.getTypedConfig().is(CredentialInjector.class));
  }

  /** Removes TLS, and all filters but those of a BackendTrafficPolicy, which is the whole rule's. */
  static void remove(Cluster.Builder cluster) {
    ProxyProtocol.setPlaintext(cluster);
    if (!cluster.containsTypedExtensionProtocolOptions(HttpOptions.KEY)) {
      return;
    }
    HttpProtocolOptions.Builder options =
        HttpOptions.of(cluster).toBuilder().clearUpstreamHttpProtocolOptions(); // TLS's names
    List<HttpFilter> ofRule = filters(options, AdmissionControl.class);
    List<HttpFilter> codec = filters(options, UpstreamCodec.class);
    options.clearHttpFilters();
    if (!ofRule.isEmpty()) {
      options.addAllHttpFilters(ofRule).addAllHttpFilters(codec);
    }
    cluster.putTypedExtensionProtocolOptions(HttpOptions.KEY, Any.pack(options.build()));
  }

  private static List<HttpFilter> filters(
      HttpProtocolOptions.Builder options, Class<? extends Message> config) {
    return options.getHttpFiltersList().stream()
        .filter(filter -> filter.getTypedConfig().is(config))
        .toList();
  }
}
