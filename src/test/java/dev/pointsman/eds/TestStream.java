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
  record StreamAnswer(List<ClusterLoadAssignment> assignments, String version, String nonce) {
    int hosts() {
      return assignments.stream()
          .flatMap(assignment -> assignment.getEndpointsList().stream())
          .mapToInt(locality -> locality.getLbEndpointsCount())
          .sum();
    }
  }

  void subscribe(String... names);

  /** The first request on a stream of a proxy that has the resource from another stream. */
  void resubscribe(String version, String name);

  void acknowledge(StreamAnswer answer);

  void refuse(StreamAnswer answer);

  BlockingQueue<StreamAnswer> answers();

  /** The next answer, or null when none comes in time. */
  default @Nullable StreamAnswer next() throws InterruptedException {
    return answers().poll(2, TimeUnit.SECONDS);
  }

  /** Nothing comes for a while. */
  default boolean isQuiet() throws InterruptedException {
    return answers().poll(200, TimeUnit.MILLISECONDS) == null;
  }

  /** The node that Envoy sends, here in short. */
  Node NODE = Node.newBuilder().setId("test").build();

  /** The older protocol. */
  final class WholeStream implements TestStream {
    private final BlockingQueue<StreamAnswer> answers = new LinkedBlockingQueue<>();
    private final StreamObserver<DiscoveryRequest> requests;
    private List<String> names = List.of();
    private String accepted = "";
    private String nonce = ""; // of the last answer: without it, a request counts as out of date

    WholeStream(EndpointDiscoveryServiceStub stub) {
      requests =
          stub.streamEndpoints(new AnswerObserver<DiscoveryResponse>(answers, WholeStream::read));
    }

    @Override
    public void subscribe(String... names) {
      this.names = List.of(names);
      requests.onNext(request().setNode(NODE).build());
    }

    @Override
    public void resubscribe(String version, String name) {
      accepted = version;
      subscribe(name);
    }

    @Override
    public void acknowledge(StreamAnswer answer) {
      accepted = answer.version();
      nonce = answer.nonce();
      requests.onNext(request().build());
    }

    /** Acknowledges, and asks for these names from now on. */
    void acknowledge(StreamAnswer answer, String... next) {
      names = List.of(next);
      acknowledge(answer);
    }

    @Override
    public void refuse(StreamAnswer answer) {
      nonce = answer.nonce();
      requests.onNext(
          request().setErrorDetail(Status.newBuilder().setMessage("no")).build());
    }

    @Override
    public BlockingQueue<StreamAnswer> answers() {
      return answers;
    }

    /** Ends the stream as a proxy does that stops. */
    void end() {
      requests.onCompleted();
    }

    private DiscoveryRequest.Builder request() {
      return DiscoveryRequest.newBuilder()
          .setTypeUrl(AnswerObserver.TYPE)
          .setVersionInfo(accepted)
          .setResponseNonce(nonce)
          .addAllResourceNames(names);
    }

    private static StreamAnswer read(DiscoveryResponse response) {
      return new StreamAnswer(
          response.getResourcesList().stream().map(AnswerObserver::unpack).toList(),
          response.getVersionInfo(),
          response.getNonce());
    }
  }

  /** The incremental protocol. */
  final class DeltaStream implements TestStream {
    private final BlockingQueue<StreamAnswer> answers = new LinkedBlockingQueue<>();
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    DeltaStream(EndpointDiscoveryServiceStub stub) {
      requests = stub.deltaEndpoints(
          new AnswerObserver<DeltaDiscoveryResponse>(answers, DeltaStream::read));
    }

    @Override
    public void subscribe(String... names) {
      requests.onNext(
          request().setNode(NODE).addAllResourceNamesSubscribe(List.of(names)).build());
    }

    @Override
    public void resubscribe(String version, String name) {
      requests.onNext(request()
          .setNode(NODE)
          .addResourceNamesSubscribe(name)
          .putInitialResourceVersions(name, version)
          .build());
    }

    @Override
    public void acknowledge(StreamAnswer answer) {
      requests.onNext(request().setResponseNonce(answer.nonce()).build());
    }

    /** Acknowledges, and unsubscribes these names in the same request. */
    void acknowledge(StreamAnswer answer, String... unsubscribed) {
      requests.onNext(request()
          .setResponseNonce(answer.nonce())
          .addAllResourceNamesUnsubscribe(List.of(unsubscribed))
          .build());
    }

    void unsubscribe(String... names) {
      requests.onNext(request().addAllResourceNamesUnsubscribe(List.of(names)).build());
    }

    @Override
    public void refuse(StreamAnswer answer) {
      requests.onNext(request()
          .setResponseNonce(answer.nonce())
          .setErrorDetail(Status.newBuilder().setMessage("no"))
          .build());
    }

    @Override
    public BlockingQueue<StreamAnswer> answers() {
      return answers;
    }

    private static DeltaDiscoveryRequest.Builder request() {
      return DeltaDiscoveryRequest.newBuilder().setTypeUrl(AnswerObserver.TYPE);
    }

    private static StreamAnswer read(DeltaDiscoveryResponse response) {
      if (response.getRemovedResourcesCount() > 0) {
        throw new AssertionError("announced as removed: " + response);
      }
      return new StreamAnswer(
          response.getResourcesList().stream()
              .map(Resource::getResource)
              .map(AnswerObserver::unpack)
              .toList(),
          response.getSystemVersionInfo(),
          response.getNonce());
    }
  }

  /** Collects the answers of a stream. */
  record AnswerObserver<T>(BlockingQueue<StreamAnswer> answers, Function<T, StreamAnswer> read)
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
