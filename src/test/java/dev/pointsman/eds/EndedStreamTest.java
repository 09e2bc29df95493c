package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stream that we end: its watches end before its call, for an answer on a closed call throws. */
class EndedStreamTest {
  @Test
  void isCancelledBeforeItsCallIsClosedAndHearsOurReason() {
    List<String> events = new ArrayList<>();
    ServerCallHandler<DiscoveryRequest, DiscoveryResponse> library =
        (call, _) -> new ServerCall.Listener<>() {
          @Override
          public void onCancel() {
            events.add("cancelled");
            call.close(Status.CANCELLED, new Metadata());
          }
        };
    ServerCall.Listener<DiscoveryRequest> stream =
        new RequestCheck().interceptCall(new NotedCall(events), new Metadata(), library);
    stream.onMessage(DiscoveryRequest.newBuilder().setTypeUrl("another").build());
    assertThat(events).containsExactly("cancelled", "closed: INVALID_ARGUMENT");
  }

  /** Notes how it is closed. */
  private static final class NotedCall extends ServerCall<DiscoveryRequest, DiscoveryResponse> {
    private final List<String> events;

    NotedCall(List<String> events) {
      this.events = events;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      events.add("closed: " + status.getCode());
    }

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(DiscoveryResponse message) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<DiscoveryRequest, DiscoveryResponse> getMethodDescriptor() {
      return EndpointDiscoveryServiceGrpc.getStreamEndpointsMethod();
    }
  }
}
