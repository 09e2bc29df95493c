package dev.pointsman.eds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.fuzz.FuzzInput;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Any requests on a stream of a proxy: it is answered with the names that it asked for and no other, and another proxy's
 * stream is answered as before.
 */
public final class DiscoveryFuzz {
  private static final PoolRef POOL = new PoolRef(PoolRef.V1, "default", "qwen");
  private static final String NAME = EdsNames.of(POOL);
  private static final EndpointDiscoveryServiceStub SERVER = server();

  private DiscoveryFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) throws InterruptedException {
    FuzzInput input = new FuzzInput(bytes);
    boolean isDelta = input.below(2) == 1;
    Set<String> asked = ConcurrentHashMap.newKeySet();
    BlockingQueue<TestStream.StreamAnswer> unused = new LinkedBlockingQueue<>();
    StreamObserver<DiscoveryRequest> whole =
        isDelta ? null : SERVER.streamEndpoints(new Asked(asked));
    StreamObserver<DeltaDiscoveryRequest> delta = isDelta
        ? SERVER.deltaEndpoints(new TestStream.AnswerObserver<>(unused, _ -> {
          throw new AssertionError("unread");
        }))
        : null;
    for (int i = 0; i < 6 && input.hasMore(); i++) {
      try {
        if (whole != null) {
          DiscoveryRequest request = DiscoveryRequest.parseFrom(input.part());
          asked.addAll(request.getResourceNamesList());
          whole.onNext(request);
        } else if (delta != null) {
          delta.onNext(DeltaDiscoveryRequest.parseFrom(input.part()));
        }
      } catch (InvalidProtocolBufferException unreadable) {
        // gRPC ends the stream
      } catch (IllegalStateException ended) {
        break; // the server has refused the stream
      }
    }
    another();
    if (asked.contains("not asked for")) {
      throw new AssertionError("a name that the proxy has not asked for");
    }
  }

  /** A second proxy asks and is answered. */
  private static void another() throws InterruptedException {
    TestStream.WholeStream stream = new TestStream.WholeStream(SERVER);
    stream.subscribe(NAME);
    TestStream.StreamAnswer answer = stream.answers().poll(10, TimeUnit.SECONDS);
    if (answer == null || answer.hosts() != 1) {
      throw new AssertionError("another proxy is answered with " + answer);
    }
    stream.end();
  }

  /** Notes answers with other names than the asked ones. */
  private record Asked(Set<String> names) implements StreamObserver<DiscoveryResponse> {
    @Override
    public void onNext(DiscoveryResponse response) {
      response.getResourcesList().forEach(resource -> {
        if (!names.contains(TestStream.AnswerObserver.unpack(resource).getClusterName())) {
          names.add("not asked for");
        }
      });
    }

    @Override
    public void onError(Throwable refused) {}

    @Override
    public void onCompleted() {}
  }

  private static EndpointDiscoveryServiceStub server() {
    EndpointDiscovery discovery = new EndpointDiscovery(_ -> true);
    ClusterObjects objects = new ClusterObjects();
    Map<String, String> labels = Map.of("app", "qwen");
    objects.add(new InferencePool(POOL, labels, List.of(8000), AppProtocol.HTTP, Optional.empty()));
    objects.add(new Pod("default", "qwen-1", labels, "127.0.0.1", List.of(), Pod.Phase.READY));
    discovery.accept(objects.snapshot());
    try {
      var _ = InProcessServerBuilder.forName("fuzzed-discovery")
          .addService(discovery.service())
          .build()
          .start();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return EndpointDiscoveryServiceGrpc.newStub(
        InProcessChannelBuilder.forName("fuzzed-discovery").build());
  }
}
