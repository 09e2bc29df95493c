package dev.pointsman.eds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.endpoint.v3.EndpointDiscoveryServiceGrpc.EndpointDiscoveryServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A proxy that does not keep to the protocol loses its own stream, and hears why. */
class RequestCheckTest {
  private static final PoolRef POOL = new PoolRef(PoolRef.V1, "default", "qwen");

  /** gRPC logs the exceptions of its listeners. */
  private static final java.util.logging.Logger EXECUTOR =
      java.util.logging.Logger.getLogger("io.grpc.internal.SerializingExecutor");

  private final Queue<String> thrown = new ConcurrentLinkedQueue<>();
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord logged) {
      thrown.add(logged.getMessage() + ": " + logged.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };
  private final EdsServer server = new EdsServer(0).knows(Map.of(POOL, 1));
  private ManagedChannel channel;
  private EndpointDiscoveryServiceStub stub;
  private TestStream other;

  @BeforeEach
  void connect() throws InterruptedException {
    EXECUTOR.addHandler(handler);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
        .usePlaintext()
        .build();
    stub = EndpointDiscoveryServiceGrpc.newStub(channel);
    other = new TestStream.DeltaStream(stub);
    other.subscribe(EdsNames.of(POOL));
    other.acknowledge(answer());
  }

  @AfterEach
  void stop() {
    EXECUTOR.removeHandler(handler);
    channel.shutdownNow();
    server.close();
  }

  @Test
  void anotherTypeOfResource() throws Exception {
    End<DiscoveryResponse> end = new End<>();
    stub.streamEndpoints(end)
        .onNext(DiscoveryRequest.newBuilder()
            .setNode(TestStream.NODE)
            .setTypeUrl("type.googleapis.com/envoy.config.cluster.v3.Cluster\nx")
            .addResourceNames(EdsNames.of(POOL))
            .build());
    assertThat(end.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.status().getDescription()).contains("envoy.config.cluster.v3.Cluster\\u000ax");
    assertOtherGoesOn();
  }

  @Test
  void anAcknowledgementOfNothing() throws Exception {
    End<DeltaDiscoveryResponse> end = new End<>();
    stub.deltaEndpoints(end)
        .onNext(DeltaDiscoveryRequest.newBuilder()
            .setNode(TestStream.NODE)
            .setTypeUrl(TestStream.AnswerObserver.TYPE)
            .setResponseNonce("7")
            .build());
    assertThat(end.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertOtherGoesOn();
  }

  static Stream<Named<String>> namesOfNothing() {
    return Stream.of(
        Named.of("without a character", ""),
        Named.of("with a line break", EdsNames.of(POOL) + "\n"),
        Named.of("with a space", EdsNames.of(POOL) + " "),
        Named.of("with another letter", EdsNames.of(POOL) + "\u00e9"),
        Named.of("of more characters than any", EdsNames.of(POOL) + "x".repeat(8_800)));
  }

  static Stream<Named<String>> namesOfOthers() {
    String pool = PoolRef.V1 + "/default/qwen";
    String pools = IntStream.range(0, 17).mapToObj(i -> pool + i).collect(Collectors.joining(","));
    return Stream.of(
        Named.of("of an older build", "subset;;" + pool + ";app=qwen"),
        Named.of("of an older build's hint", "subset;" + "0".repeat(32) + ";" + pool + ";app=qwen"),
        Named.of("of another kind", "cluster/default/qwen"),
        Named.of("of a pool that cannot be", EdsNames.of(POOL) + "x".repeat(250)),
        Named.of("with a pool twice", "subset;default;;" + pool + "," + pool + ";app=qwen"),
        Named.of("with more pools than a rule", "subset;default;;" + pools + ";app=qwen"),
        Named.of("with a long label", "subset;default;;" + pool + ";app=" + "x".repeat(64)));
  }

  /** In a rolling update; a proxy keeps the endpoints that it has, until the new translation has arrived. */
  @ParameterizedTest
  @MethodSource("namesOfOthers")
  void aNameOfAnotherBuildWaits(String name) throws Exception {
    for (TestStream stream :
        List.of(new TestStream.DeltaStream(stub), new TestStream.WholeStream(stub))) {
      stream.subscribe(name, EdsNames.of(POOL));
      TestStream.StreamAnswer known = stream.answers().poll(10, TimeUnit.SECONDS);
      assertThat(known).as("of the other name").isNotNull();
      assertThat(known.assignments())
          .extracting(ClusterLoadAssignment::getClusterName)
          .containsExactly(EdsNames.of(POOL));
      stream.acknowledge(known);
      assertThat(stream.isQuiet()).isTrue();
    }
    assertOtherGoesOn();
  }

  /** No object could ever have it, and a longer one would cost time and memory with each change of a pod. */
  @ParameterizedTest
  @MethodSource("namesOfNothing")
  void aNameThatPointsmanDoesNotWrite(String name) throws Exception {
    End<DiscoveryResponse> whole = new End<>();
    stub.streamEndpoints(whole)
        .onNext(DiscoveryRequest.newBuilder()
            .setNode(TestStream.NODE)
            .addResourceNames(name)
            .build());
    End<DeltaDiscoveryResponse> delta = new End<>();
    stub.deltaEndpoints(delta)
        .onNext(DeltaDiscoveryRequest.newBuilder()
            .setNode(TestStream.NODE)
            .addResourceNamesSubscribe(name)
            .build());
    assertThat(List.of(whole.status(), delta.status())).allSatisfy(status -> {
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription())
          .contains(name.substring(0, Math.min(name.length(), 20)))
          .hasSizeLessThan(300);
    });
    assertOtherGoesOn();
  }

  private void assertOtherGoesOn() throws InterruptedException {
    EdsServer _ = server.knows(Map.of(POOL, 2));
    assertThat(answer().hosts()).isEqualTo(2);
    assertThat(thrown).isEmpty();
  }

  private TestStream.StreamAnswer answer() throws InterruptedException {
    TestStream.StreamAnswer answer = other.answers().poll(30, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return Objects.requireNonNull(answer);
  }

  /** The end of a stream. */
  private static final class End<A> implements StreamObserver<A> {
    private final CompletableFuture<Status> status = new CompletableFuture<>();

    Status status() throws InterruptedException, ExecutionException, TimeoutException {
      return status.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void onNext(A answer) {
      status.completeExceptionally(new AssertionError("answered with " + answer));
    }

    @Override
    public void onError(Throwable error) {
      status.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      status.complete(Status.OK);
    }
  }
}
