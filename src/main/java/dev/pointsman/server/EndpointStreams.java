package dev.pointsman.server;

import dev.pointsman.observe.EndpointMetrics;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Counts the streams of endpoint discovery, what is told on them and what proxies refuse. */
final class EndpointStreams implements ServerInterceptor {
  private final EndpointMetrics metrics;

  EndpointStreams(EndpointMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!EndpointDiscoveryServiceGrpc.SERVICE_NAME.equals(
        call.getMethodDescriptor().getServiceName())) {
      return next.startCall(call, headers);
    }
    metrics.opened();
    ServerCall<Q, A> counted = new SimpleForwardingServerCall<>(call) {
      @Override
      public void sendMessage(A answer) {
        metrics.pushed();
        super.sendMessage(answer);
      }
    };
    return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
      @Override
      public void onMessage(Q request) {
        if (refuses(request)) {
          metrics.refused();
        }
        super.onMessage(request);
      }

      @Override
      public void onCancel() {
        metrics.closed();
        super.onCancel();
      }

      @Override
      public void onComplete() {
        metrics.closed();
        super.onComplete();
      }
    };
  }

  private static boolean refuses(Object request) {
    return switch (request) {
      case DeltaDiscoveryRequest delta -> delta.hasErrorDetail();
      case DiscoveryRequest whole -> whole.hasErrorDetail();
      default -> false;
    };
  }
}
