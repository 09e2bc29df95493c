package dev.pointsman.server;

import dev.pointsman.observe.EndpointMetrics;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;

/** Counts the streams, responses and NACKs of endpoint discovery. */
record EndpointStreams(EndpointMetrics metrics) implements DiscoveryServerCallbacks {
  @Override
  public void onStreamOpen(long stream, String typeUrl) {
    metrics.opened();
  }

  @Override
  public void onStreamClose(long stream, String typeUrl) {
    metrics.closed();
  }

  @Override
  public void onStreamCloseWithError(long stream, String typeUrl, Throwable error) {
    metrics.closed();
  }

  @Override
  public void onV3StreamRequest(long stream, DiscoveryRequest request) {
    if (request.hasErrorDetail()) {
      metrics.refused();
    }
  }

  @Override
  public void onV3StreamDeltaRequest(long stream, DeltaDiscoveryRequest request) {
    if (request.hasErrorDetail()) {
      metrics.refused();
    }
  }

  @Override
  public void onV3StreamResponse(
      long stream, DiscoveryRequest request, DiscoveryResponse response) {
    metrics.pushed();
  }

  @Override
  public void onV3StreamDeltaResponse(
      long stream, DeltaDiscoveryRequest request, DeltaDiscoveryResponse response) {
    metrics.pushed();
  }
}
