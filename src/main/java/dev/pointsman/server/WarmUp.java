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

/** Plays a small recorded translation before the first real one, which would be slow on cold code. */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** The duration of warm-up calls. The training run of the AOT cache makes more calls for its profiles. */
  private static final Duration CALLS =
      Duration.ofMillis(Long.getLong("pointsman.warm-up-milliseconds", 200));

  private WarmUp() {}

  /** Plays the translation without a connection of Envoy Gateway or objects; returns whether it succeeded. */
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
      if (!Thread.currentThread().isInterrupted()) { // otherwise the server is stopping
        LOG.error("the warm-up failed; the first translation will be slow", e);
      }
      return false;
    }
  }

  /** The translation with the answers of the Route hook, as Envoy Gateway would send it. */
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
