package dev.pointsman.server;

import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionImplBase;
import dev.pointsman.extension.PostClusterModifyRequest;
import dev.pointsman.extension.PostClusterModifyResponse;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostEndpointsModifyResponse;
import dev.pointsman.extension.PostHTTPListenerModifyRequest;
import dev.pointsman.extension.PostHTTPListenerModifyResponse;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.extension.PostVirtualHostModifyRequest;
import dev.pointsman.extension.PostVirtualHostModifyResponse;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/**
 * Envoy Gateway's hooks, each of which returns its input. With several extension managers, an empty answer would drop the
 * results of the previous servers.
 */
abstract class EchoHooks extends EnvoyGatewayExtensionImplBase {
  /** Sends the response of a hook, once it may be called. */
  abstract <A> void answer(StreamObserver<A> observer, Supplier<A> hook);

  static PostRouteModifyResponse echo(PostRouteModifyRequest request) {
    PostRouteModifyResponse.Builder echo = PostRouteModifyResponse.newBuilder();
    return request.hasRoute() ? echo.setRoute(request.getRoute()).build() : echo.build();
  }

  static PostEndpointsModifyResponse echo(PostEndpointsModifyRequest request) {
    PostEndpointsModifyResponse.Builder echo = PostEndpointsModifyResponse.newBuilder();
    return request.hasLoadAssignment()
        ? echo.setLoadAssignment(request.getLoadAssignment()).build()
        : echo.build();
  }

  static PostTranslateModifyResponse echo(PostTranslateModifyRequest request) {
    return PostTranslateModifyResponse.newBuilder()
        .addAllClusters(request.getClustersList())
        .addAllSecrets(request.getSecretsList())
        .addAllListeners(request.getListenersList())
        .addAllRoutes(request.getRoutesList())
        .build();
  }

  @Override
  public void postRouteModify(
      PostRouteModifyRequest request, StreamObserver<PostRouteModifyResponse> answer) {
    answer(answer, () -> echo(request));
  }

  @Override
  public void postEndpointsModify(
      PostEndpointsModifyRequest request, StreamObserver<PostEndpointsModifyResponse> answer) {
    answer(answer, () -> echo(request));
  }

  @Override
  public void postTranslateModify(
      PostTranslateModifyRequest request, StreamObserver<PostTranslateModifyResponse> answer) {
    answer(answer, () -> echo(request));
  }

  @Override
  public void postVirtualHostModify(
      PostVirtualHostModifyRequest request, StreamObserver<PostVirtualHostModifyResponse> answer) {
    PostVirtualHostModifyResponse.Builder echo = PostVirtualHostModifyResponse.newBuilder();
    if (request.hasVirtualHost()) {
      echo.setVirtualHost(request.getVirtualHost());
    }
    answer(answer, echo::build);
  }

  @Override
  public void postHTTPListenerModify(
      PostHTTPListenerModifyRequest request,
      StreamObserver<PostHTTPListenerModifyResponse> answer) {
    PostHTTPListenerModifyResponse.Builder echo = PostHTTPListenerModifyResponse.newBuilder();
    if (request.hasListener()) {
      echo.setListener(request.getListener());
    }
    answer(answer, echo::build);
  }

  @Override
  public void postClusterModify(
      PostClusterModifyRequest request, StreamObserver<PostClusterModifyResponse> answer) {
    PostClusterModifyResponse.Builder echo = PostClusterModifyResponse.newBuilder();
    if (request.hasCluster()) {
      echo.setCluster(request.getCluster());
    }
    answer(answer, echo::build);
  }
}
