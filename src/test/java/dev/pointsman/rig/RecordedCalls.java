package dev.pointsman.rig;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Calls the hooks of a server as Envoy Gateway did for a recording. */
public final class RecordedCalls implements AutoCloseable {
  private final ManagedChannel channel;

  /** Calls to a port of this host. */
  public RecordedCalls(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /** Plays the recording once; returns the answer to the last translation. */
  public PostTranslateModifyResponse play(Path recording) {
    return play(recording, UnaryOperator.identity());
  }

  /** Plays the recording once, with other endpoints of rules; returns the answer to the last translation. */
  public PostTranslateModifyResponse play(
      Path recording, UnaryOperator<PostEndpointsModifyRequest> endpoints) {
    EnvoyGatewayExtensionBlockingStub hooks = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
    Map<String, Route> answers = new HashMap<>();
    PostTranslateModifyResponse last = PostTranslateModifyResponse.getDefaultInstance();
    try (Stream<Path> files = Files.list(recording)) {
      List<Path> calls =
          files.filter(file -> file.toString().endsWith(".pb")).sorted().toList();
      for (Path call : calls) {
        byte[] bytes = Files.readAllBytes(call);
        String name = call.getFileName().toString();
        switch (name.substring(name.indexOf('-') + 1)) {
          case "PostRouteModify.pb" -> {
            Route answer = Route.parseFrom(
                hooks.postRouteModify(PostRouteModifyRequest.parseFrom(bytes)).getRoute());
            answers.put(answer.getName(), answer);
          }
          case "PostEndpointsModify.pb" -> {
            var _ = hooks.postEndpointsModify(
                endpoints.apply(PostEndpointsModifyRequest.parseFrom(bytes)));
          }
          case "PostTranslateModify.pb" ->
            last = hooks.postTranslateModify(
                withAnswers(PostTranslateModifyRequest.parseFrom(bytes), answers));
          default -> {} // hooks that are not subscribed
        }
      }
      return last;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Envoy Gateway puts each answer of the Route hook into the translation that it sends at the end. */
  private static PostTranslateModifyRequest withAnswers(
      PostTranslateModifyRequest request, Map<String, Route> answers)
      throws InvalidProtocolBufferException {
    PostTranslateModifyRequest.Builder answered = request.toBuilder().clearRoutes();
    for (ByteString bytes : request.getRoutesList()) {
      RouteConfiguration.Builder table = RouteConfiguration.parseFrom(bytes).toBuilder();
      for (VirtualHost.Builder host : table.getVirtualHostsBuilderList()) {
        for (Route.Builder route : host.getRoutesBuilderList()) {
          Route answer = answers.get(route.getName());
          if (answer != null) {
            route.clear().mergeFrom(answer);
          }
        }
      }
      answered.addRoutes(table.build().toByteString());
    }
    return answered.build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
