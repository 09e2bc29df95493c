package dev.pointsman.eds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A proxy's stream, played by hand: state of the world or delta. */
sealed interface TestStream {
  /** An answer, reduced to what both protocols have. */
  record Answer(List<ClusterLoadAssignment> assignments, String version, String nonce) {
    int hosts() {
      return assignments.stream()
          .flatMap(assignment -> assignment.getEndpointsList().stream())
          .mapToInt(locality -> locality.getLbEndpointsCount())
          .sum();
    }
  }

  void subscribe(String... names);

  void acknowledge(Answer answer);

  void refuse(Answer answer);

  BlockingQueue<Answer> answers();

  /** The next answer, or null when none comes in time. */
  default @Nullable Answer next() throws InterruptedException {
    return answers().poll(2, TimeUnit.SECONDS);
  }

  /** Nothing comes for a while. */
  default boolean isQuiet() throws InterruptedException {
    return answers().poll(200, TimeUnit.MILLISECONDS) == null;
  }

  /** The node that Envoy sends, here in short. */
  Node NODE = Node.newBuilder().setId("test").build();

  /** The older protocol. */
  final class Whole implements TestStream {
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final StreamObserver<DiscoveryRequest> requests;
    private List<String> names = List.of();
    private String accepted = "";
    private String nonce = ""; // of the last answer: without it, a request counts as out of date

    Whole(EndpointDiscoveryServiceStub stub) {
      requests = stub.streamEndpoints(new Answers<DiscoveryResponse>(answers, Whole::read));
    }

    @Override
    public void subscribe(String... names) {
      this.names = List.of(names);
      requests.onNext(request().setNode(NODE).build());
    }

    @Override
    public void acknowledge(Answer answer) {
      accepted = answer.version();
      nonce = answer.nonce();
      requests.onNext(request().build());
    }

    @Override
    public void refuse(Answer answer) {
      nonce = answer.nonce();
      requests.onNext(
          request().setErrorDetail(Status.newBuilder().setMessage("no")).build());
    }

    @Override
    public BlockingQueue<Answer> answers() {
      return answers;
    }

    private DiscoveryRequest.Builder request() {
      return DiscoveryRequest.newBuilder()
          .setTypeUrl(Answers.TYPE)
          .setVersionInfo(accepted)
          .setResponseNonce(nonce)
          .addAllResourceNames(names);
    }

    private static Answer read(DiscoveryResponse response) {
      return new Answer(
          response.getResourcesList().stream().map(Answers::unpack).toList(),
          response.getVersionInfo(),
          response.getNonce());
    }
  }

  /** The incremental protocol. */
  final class Delta implements TestStream {
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    Delta(EndpointDiscoveryServiceStub stub) {
      requests = stub.deltaEndpoints(new Answers<DeltaDiscoveryResponse>(answers, Delta::read));
    }

    @Override
    public void subscribe(String... names) {
      requests.onNext(
          request().setNode(NODE).addAllResourceNamesSubscribe(List.of(names)).build());
    }

    @Override
    public void acknowledge(Answer answer) {
      requests.onNext(request().setResponseNonce(answer.nonce()).build());
    }

    @Override
    public void refuse(Answer answer) {
      requests.onNext(request()
          .setResponseNonce(answer.nonce())
          .setErrorDetail(Status.newBuilder().setMessage("no"))
          .build());
    }

    @Override
    public BlockingQueue<Answer> answers() {
      return answers;
    }

    private static DeltaDiscoveryRequest.Builder request() {
      return DeltaDiscoveryRequest.newBuilder().setTypeUrl(Answers.TYPE);
    }

    private static Answer read(DeltaDiscoveryResponse response) {
      if (response.getRemovedResourcesCount() > 0) {
        throw new AssertionError("announced as removed: " + response);
      }
      return new Answer(
          response.getResourcesList().stream()
              .map(Resource::getResource)
              .map(Answers::unpack)
              .toList(),
          response.getSystemVersionInfo(),
          response.getNonce());
    }
  }

  /** Collects the answers of a stream. */
  record Answers<T>(BlockingQueue<Answer> answers, Function<T, Answer> read)
      implements StreamObserver<T> {
    static final String TYPE = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    static ClusterLoadAssignment unpack(Any any) {
      try {
        return any.unpack(ClusterLoadAssignment.class);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void onNext(T response) {
      answers.add(read.apply(response));
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
  }
}
