package dev.pointsman.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionImplBase;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.xds.XdsSettings;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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

/**
 * One translation over gRPC, of 1,000 pool rules among 10,000 other routes and clusters: Pointsman beside a server that
 * echoes the bytes and one that decodes and encodes everything.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 6, time = 2)
public class TranslationBenchmark {
  private static final int LIMIT = 256 << 20;

  /** Who answers. */
  @Param({"echo", "pointsman", "decodeAll"})
  public String server = "echo";

  /** How many virtual hosts the routes are spread over. */
  @Param({"1", "100"})
  public int hosts;

  private PostTranslateModifyRequest[] requests = {};
  private int next;
  private Hooks.@Nullable Connection connection;
  private Server running = NettyServerBuilder.forPort(0).build();
  private ManagedChannel channel = NettyChannelBuilder.forTarget("none").build();

  /** Starts the server. */
  @Setup
  public void start() throws IOException {
    requests = new PostTranslateModifyRequest[] {
      LargeTranslation.of(1_000, 10_000, hosts), LargeTranslation.of(999, 10_000, hosts)
    };
    InetAddress loopback = InetAddress.getLoopbackAddress();
    running = NettyServerBuilder.forAddress(new InetSocketAddress(loopback, 0))
        .maxInboundMessageSize(LIMIT)
        .addService(new Answering(answer()))
        .build()
        .start();
    channel = NettyChannelBuilder.forAddress(new InetSocketAddress(loopback, running.getPort()))
        .usePlaintext()
        .maxInboundMessageSize(LIMIT)
        .build();
  }

  /** Tells the weights, which Envoy Gateway does before each translation. */
  @Setup(Level.Invocation)
  public void weights() {
    if (connection != null) {
      LargeTranslation.weights(connection, next % 2 == 0 ? 1_000 : 999);
    }
  }

  /** Stops the server. */
  @TearDown
  public void stop() {
    channel.shutdownNow();
    running.shutdownNow();
  }

  /** A translation, each time with one pool rule more or less than before. */
  @Benchmark
  public PostTranslateModifyResponse translate() {
    EnvoyGatewayExtensionBlockingStub stub = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
    return stub.postTranslateModify(requests[next++ % requests.length]);
  }

  private Function<PostTranslateModifyRequest, PostTranslateModifyResponse> answer() {
    return switch (server) {
      case "echo" -> TranslationBenchmark::echo;
      case "decodeAll" -> TranslationBenchmark::decodeAll;
      default -> {
        Hooks.Connection pointsman =
            new Hooks(XdsSettings.DEFAULT, () -> ClusterSnapshot.EMPTY).connect();
        connection = pointsman;
        yield request -> pointsman.translation(request).response();
      }
    };
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

  private static final class Answering extends EnvoyGatewayExtensionImplBase {
    private final Function<PostTranslateModifyRequest, PostTranslateModifyResponse> answer;

    Answering(Function<PostTranslateModifyRequest, PostTranslateModifyResponse> answer) {
      this.answer = answer;
    }

    @Override
    public void postTranslateModify(
        PostTranslateModifyRequest request, StreamObserver<PostTranslateModifyResponse> observer) {
      observer.onNext(answer.apply(request));
      observer.onCompleted();
    }
  }
}
