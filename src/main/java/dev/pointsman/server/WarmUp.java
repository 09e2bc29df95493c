package dev.pointsman.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.XdsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small recorded translation, played before the first real one: cold code would make Envoy Gateway wait. */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** How long calls are made. The training of the AOT cache makes more, so that the cache has their profiles. */
  private static final Duration CALLS =
      Duration.ofMillis(Long.getLong("pointsman.warm-up-milliseconds", 200));

  private WarmUp() {}

  /** Plays it, apart from any connection of Envoy Gateway's or object, and tells whether it went well. */
  static boolean run(XdsSettings settings) {
    try {
      ClusterSnapshot nothing = new ClusterObjects().snapshot();
      Hooks hooks = new Hooks(settings, () -> nothing);
      Hooks.Connection connection = hooks.connect();
      PostRouteModifyRequest first = PostRouteModifyRequest.parseFrom(recorded("1-route.pb"));
      PostRouteModifyRequest second = PostRouteModifyRequest.parseFrom(recorded("3-route.pb"));
      Map<ByteString, ByteString> routes = Map.of(
          first.getRoute(), connection.route(first).getRoute(),
          second.getRoute(), connection.route(second).getRoute());
      PostEndpointsModifyRequest endpoints =
          PostEndpointsModifyRequest.parseFrom(recorded("2-endpoints.pb"));
      connection.endpoints(endpoints);
      connection.endpoints(PostEndpointsModifyRequest.parseFrom(recorded("4-endpoints.pb")));
      connection.translation(
          with(routes, PostTranslateModifyRequest.parseFrom(recorded("5-translation.pb"))));
      WarmCalls.run(hooks, first, endpoints, CALLS);
      return true;
    } catch (IOException | RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) { // else the server is told to stop
        LOG.error("the warm-up failed; the first translation will be slow", e);
      }
      return false;
    }
  }

  /** The translation with its routes as our Route hook answered them, as Envoy Gateway would send it. */
  private static PostTranslateModifyRequest with(
      Map<ByteString, ByteString> routes, PostTranslateModifyRequest translation)
      throws InvalidProtocolBufferException {
    PostTranslateModifyRequest.Builder built = translation.toBuilder().clearRoutes();
    for (ByteString bytes : translation.getRoutesList()) {
      ShallowRouteConfiguration.Builder configuration =
          ShallowRouteConfiguration.parseFrom(bytes).toBuilder();
      for (int i = 0; i < configuration.getVirtualHostsCount(); i++) {
        ShallowVirtualHost.Builder host =
            ShallowVirtualHost.parseFrom(configuration.getVirtualHosts(i)).toBuilder();
        for (int j = 0; j < host.getRoutesCount(); j++) {
          host.setRoutes(j, routes.getOrDefault(host.getRoutes(j), host.getRoutes(j)));
        }
        configuration.setVirtualHosts(i, host.build().toByteString());
      }
      built.addRoutes(configuration.build().toByteString());
    }
    return built.build();
  }

  private static byte[] recorded(String name) throws IOException {
    try (InputStream stream = WarmUp.class.getResourceAsStream("warm-up/" + name)) {
      if (stream == null) {
        throw new IOException("warm-up/" + name + " is not in the jar");
      }
      return stream.readAllBytes();
    }
  }
}
