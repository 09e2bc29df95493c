package dev.pointsman.xds;

import com.google.protobuf.Any;
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
    return HttpOptions.of(cluster).getHttpFiltersList().stream()
        .anyMatch(filter -> filter.getTypedConfig().is(CredentialInjector.class));
  }

  /** Removes all filters but those of a BackendTrafficPolicy, which is the whole rule's. */
  static void remove(Cluster.Builder cluster) {
    HttpProtocolOptions.Builder options = HttpOptions.of(cluster).toBuilder();
    if (options.getHttpFiltersCount() == 0) {
      return;
    }
    List<HttpFilter> ofRule = options.getHttpFiltersList().stream()
        .filter(filter -> filter.getTypedConfig().is(AdmissionControl.class))
        .toList();
    List<HttpFilter> codec = options.getHttpFiltersList().stream()
        .filter(filter -> filter.getTypedConfig().is(UpstreamCodec.class))
        .toList();
    options.clearHttpFilters();
    if (!ofRule.isEmpty()) {
      options.addAllHttpFilters(ofRule).addAllHttpFilters(codec);
    }
    cluster.putTypedExtensionProtocolOptions(HttpOptions.KEY, Any.pack(options.build()));
  }
}
