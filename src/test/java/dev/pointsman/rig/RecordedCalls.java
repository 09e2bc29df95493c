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
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Calls the hooks of a server as Envoy Gateway did for a recording. Of a chain of servers, each gets the results of the one
 * before.
 */
public final class RecordedCalls implements AutoCloseable {
  private final List<ManagedChannel> channels;

  /** Calls to ports of this host, in their order. */
  public RecordedCalls(Integer... ports) {
    channels = Stream.of(ports)
        .map(port -> (ManagedChannel)
            NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build())
        .toList();
  }

  /** Plays the recording once; returns the answer to the last translation. */
  public PostTranslateModifyResponse play(Path recording) {
    return play(recording, UnaryOperator.identity(), (_, translation) -> translation);
  }

  /** Plays the recording once, with other endpoints of rules; returns the answer to the last translation. */
  public PostTranslateModifyResponse play(
      Path recording, UnaryOperator<PostEndpointsModifyRequest> endpoints) {
    return play(recording, endpoints, (_, translation) -> translation);
  }

  /**
   * Plays the recording once.
   *
   * @param translations changes the translation for a server of the chain, by its number from 0
   * @return the answer to the last translation
   */
  public PostTranslateModifyResponse play(
      Path recording,
      BiFunction<Integer, PostTranslateModifyRequest, PostTranslateModifyRequest> translations) {
    return play(recording, UnaryOperator.identity(), translations);
  }

  private PostTranslateModifyResponse play(
      Path recording,
      UnaryOperator<PostEndpointsModifyRequest> endpoints,
      BiFunction<Integer, PostTranslateModifyRequest, PostTranslateModifyRequest> translations) {
    List<EnvoyGatewayExtensionBlockingStub> chain =
        channels.stream().map(EnvoyGatewayExtensionGrpc::newBlockingStub).toList();
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
            Route answer = route(chain, PostRouteModifyRequest.parseFrom(bytes));
            answers.put(answer.getName(), answer);
          }
          case "PostEndpointsModify.pb" ->
            endpoints(chain, endpoints.apply(PostEndpointsModifyRequest.parseFrom(bytes)));
          case "PostTranslateModify.pb" ->
            last = translation(
                chain,
                withAnswers(PostTranslateModifyRequest.parseFrom(bytes), answers),
                translations);
          default -> {} // hooks that are not subscribed
        }
      }
      return last;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Route route(
      List<EnvoyGatewayExtensionBlockingStub> chain, PostRouteModifyRequest recorded)
      throws InvalidProtocolBufferException {
    PostRouteModifyRequest request = recorded;
    for (EnvoyGatewayExtensionBlockingStub hooks : chain) {
      request = request.toBuilder()
          .setRoute(hooks.postRouteModify(request).getRoute())
          .build();
    }
    return Route.parseFrom(request.getRoute());
  }

  private static void endpoints(
      List<EnvoyGatewayExtensionBlockingStub> chain, PostEndpointsModifyRequest recorded) {
    PostEndpointsModifyRequest request = recorded;
    for (EnvoyGatewayExtensionBlockingStub hooks : chain) {
      request = request.toBuilder()
          .setLoadAssignment(hooks.postEndpointsModify(request).getLoadAssignment())
          .build();
    }
  }

  private static PostTranslateModifyResponse translation(
      List<EnvoyGatewayExtensionBlockingStub> chain,
      PostTranslateModifyRequest recorded,
      BiFunction<Integer, PostTranslateModifyRequest, PostTranslateModifyRequest> translations) {
    PostTranslateModifyRequest request = recorded;
    PostTranslateModifyResponse answer = PostTranslateModifyResponse.getDefaultInstance();
    for (int i = 0; i < chain.size(); i++) {
      answer = chain.get(i).postTranslateModify(translations.apply(i, request));
      request = request.toBuilder()
          .clearClusters()
          .addAllClusters(answer.getClustersList())
          .clearListeners()
          .addAllListeners(answer.getListenersList())
          .clearRoutes()
          .addAllRoutes(answer.getRoutesList())
          .build();
    }
    return answer;
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
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
