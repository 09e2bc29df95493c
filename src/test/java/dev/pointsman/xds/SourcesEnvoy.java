package dev.pointsman.xds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import dev.pointsman.model.ModelSettings.Source;
import dev.pointsman.rig.RawResponse;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.TreeSet;

/** An Envoy whose only route reads models, and tells what it has found. */
final class SourcesEnvoy {
  static final int LIMIT = 1 << 20;
  static final String JSON = "application/json";

  private SourcesEnvoy() {}

  /** A request that all sources are read from. */
  record Asked(String method, String target, String type, String body) {
    @Override
    public String toString() {
      return method + " " + target + " " + type + " "
          + body.substring(0, Math.min(body.length(), 300)).replace("\r\n", "|");
    }
  }

  /** The model and the state, or the code of a refusal. */
  static String found(RealEnvoy envoy, Asked asked) throws IOException {
    String head = asked.method() + " " + asked.target() + " HTTP/1.1\r\n"
        + (asked.type().isEmpty() ? "" : "content-type: " + asked.type() + "\r\n");
    String answer = answer(envoy, head, asked.body());
    if (answer.startsWith("HTTP/1.1 400")) {
      return answer.replaceAll("(?s).*\"code\":\"([a-z_]+)\".*", "$1");
    }
    if (!answer.startsWith("HTTP/1.1 200")) {
      return answer.substring(9, 12);
    }
    String[] found = answer.replaceAll("(?s).*x-found: ([^\r]*)\r.*", "$1").split("\\|", -1);
    String model = found[0].equals("-") ? "" : found[0];
    boolean isParsers = found[1].equals("unreadable"); // also of bodies that it does not read
    return found[1].isEmpty()
            || found[1].equals("-")
            || isParsers && !(model.isEmpty() && asked.type().equals(JSON))
        ? model
        : model + " " + found[1];
  }

  static String answer(RealEnvoy envoy, String head, String body) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", envoy.listenerPort("front"))) {
      socket.setSoTimeout(60_000);
      byte[] bytes = encoded(body);
      String length = head.startsWith("GET") ? "" : "content-length: " + bytes.length + "\r\n";
      OutputStream out = socket.getOutputStream();
      String all = head + "host: x\r\n" + length
          + (head.contains("upgrade") ? "" : "connection: close\r\n") + "\r\n";
      try {
        out.write(all.getBytes(ISO_8859_1));
        out.write(bytes);
        out.flush();
      } catch (IOException _) {
        // refused before its end
      }
      return RawResponse.read(socket);
    }
  }

  /** Characters up to 255 are bytes, others are UTF-8. */
  private static byte[] encoded(String body) {
    return body.codePoints().allMatch(point -> point < 256)
        ? body.getBytes(ISO_8859_1)
        : body.getBytes(UTF_8);
  }

  static byte[] bootstrap(Set<Source> sources) {
    HttpConnectionManager.Builder manager =
        HttpConnectionManager.newBuilder().setStatPrefix("front");
    manager.addUpgradeConfigsBuilder().setUpgradeType("websocket");
    manager.addAllHttpFilters(ModelExtraction.filters(new TreeSet<>()));
    manager.addHttpFilters(HttpFilter.newBuilder()
        .setName("envoy.filters.http.router")
        .setTypedConfig(Any.pack(Router.getDefaultInstance())));
    Route.Builder route = Route.newBuilder();
    route.getMatchBuilder().setPrefix("/");
    route.getDirectResponseBuilder().setStatus(200);
    route
        .addResponseHeadersToAddBuilder()
        .getHeaderBuilder()
        .setKey("x-found")
        .setValue("%REQ(" + XdsNames.MODEL_HEADER + ")%|%DYNAMIC_METADATA(pointsman.model:state)%");
    manager.setRouteConfig(RouteConfiguration.newBuilder()
        .addVirtualHosts(VirtualHost.newBuilder()
            .setName("all")
            .addDomains("*")
            .addRoutes(ModelExtraction.on(route.build(), LIMIT, sources))));
    return FrontListener.bootstrap(manager.build());
  }
}
