package dev.pointsman.bench;

import ch.qos.logback.classic.Logger;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionFutureStub;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionImplBase;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostEndpointsModifyResponse;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.observe.TranslationLog;
import dev.pointsman.server.HookServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;

/**
 * One translation over gRPC, of 1,000 pool rules among 10,000 other routes and clusters. Pointsman is compared with a
 * server that echoes the bytes and a server that decodes and encodes all resources.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx2g", "--enable-native-access=ALL-UNNAMED"}) // no options of the parent process
@Warmup(iterations = 30, time = 2) // some 700 translations, until the JVM has compiled the code
@Measurement(iterations = 3, time = 2)
public class TranslationBenchmark {
  private static final int LIMIT = 256 << 20;
  private static final int POOL_RULES = 1_000;

  /** The server. */
  @Param({"echo", "pointsman", "decodeAll"})
  public String server = "echo";

  /** The number of virtual hosts of the routes. */
  @Param({"1", "100"})
  public int hosts;

  private List<PostEndpointsModifyRequest> weights = List.of();
  private PostTranslateModifyRequest first = PostTranslateModifyRequest.getDefaultInstance();
  private PostTranslateModifyRequest request = first;
  private int number;
  private Server running = NettyServerBuilder.forPort(0).build();
  private ManagedChannel channel = NettyChannelBuilder.forTarget("none").build();

  /** Starts the server. */
  @Setup
  public void start() throws IOException {
    ((Logger) LoggerFactory.getLogger(TranslationLog.class))
        .setLevel(ch.qos.logback.classic.Level.WARN); // no line for each translation
    weights = LargeTranslation.weights(POOL_RULES);
    first = LargeTranslation.of(POOL_RULES, 10_000, hosts);
    running = builder().build().start();
    channel.shutdownNow(); // the initial value of the field
    channel = NettyChannelBuilder.forAddress("127.0.0.1", running.getPort())
        .usePlaintext()
        .maxInboundMessageSize(LIMIT)
        .build();
  }

  /** Reports the weights, as Envoy Gateway does before each translation, and makes a new request. */
  @Setup(Level.Invocation)
  public void prepare() throws InterruptedException, ExecutionException {
    EnvoyGatewayExtensionFutureStub stub = EnvoyGatewayExtensionGrpc.newFutureStub(channel);
    for (ListenableFuture<?> reported :
        weights.stream().map(stub::postEndpointsModify).toList()) {
      var _ = reported.get();
    }
    request = LargeTranslation.changed(first, POOL_RULES, number++);
  }

  /** Stops the server. */
  @TearDown
  public void stop() {
    channel.shutdownNow();
    running.shutdownNow();
  }

  /** A translation; for each, another pool rule is removed, and another rule and another cluster are changed. */
  @Benchmark
  public PostTranslateModifyResponse translate() {
    EnvoyGatewayExtensionBlockingStub stub = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
    return stub.postTranslateModify(request);
  }

  private NettyServerBuilder builder() {
    return switch (server) {
      case "echo" -> serving(TranslationBenchmark::echo);
      case "decodeAll" -> serving(TranslationBenchmark::decodeAll);
      default -> HookServer.ready();
    };
  }

  private static NettyServerBuilder serving(
      Function<PostTranslateModifyRequest, PostTranslateModifyResponse> answer) {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .maxInboundMessageSize(LIMIT)
        .addService(new TestService(answer));
  }

  private static PostTranslateModifyResponse echo(PostTranslateModifyRequest request) {
    return PostTranslateModifyResponse.newBuilder()
        .addAllClusters(request.getClustersList())
        .addAllListeners(request.getListenersList())
        .addAllRoutes(request.getRoutesList())
        .build();
  }

  private static PostTranslateModifyResponse decodeAll(PostTranslateModifyRequest request) {
    return PostTranslateModifyResponse.newBuilder()
        .addAllClusters(again(request.getClustersList(), Cluster.parser()))
        .addAllListeners(again(request.getListenersList(), Listener.parser()))
        .addAllRoutes(again(request.getRoutesList(), RouteConfiguration.parser()))
        .build();
  }

  private static List<ByteString> again(
      List<ByteString> resources, Parser<? extends Message> parser) {
    return resources.stream()
        .map(bytes -> {
          try {
            return parser.parseFrom(bytes).toByteString();
          } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(impossible);
          }
        })
        .toList();
  }

  private static final class TestService extends EnvoyGatewayExtensionImplBase {
    private final Function<PostTranslateModifyRequest, PostTranslateModifyResponse> answer;

    TestService(Function<PostTranslateModifyRequest, PostTranslateModifyResponse> answer) {
      this.answer = answer;
    }

    @Override
    public void postEndpointsModify(
        PostEndpointsModifyRequest request, StreamObserver<PostEndpointsModifyResponse> observer) {
      observer.onNext(PostEndpointsModifyResponse.newBuilder()
          .setLoadAssignment(request.getLoadAssignment())
          .build());
      observer.onCompleted();
    }

    @Override
    public void postTranslateModify(
        PostTranslateModifyRequest request, StreamObserver<PostTranslateModifyResponse> observer) {
      observer.onNext(answer.apply(request));
      observer.onCompleted();
    }
  }
}
