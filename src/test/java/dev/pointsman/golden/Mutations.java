package dev.pointsman.golden;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Random damage to what Envoy Gateway sends. The outer messages stay readable: gRPC refuses others before us. */
final class Mutations {
  private static final List<String> JSON_PIECES = List.of(
      "null",
      "{}",
      "[]",
      "-1",
      "1e99",
      "\"\"",
      "\"\\ud800\"",
      "true",
      "65536",
      ",",
      "}",
      "InferencePool");

  private final Random random;

  Mutations(Random random) {
    this.random = random;
  }

  /** One of the requests damaged. */
  List<RecordedRequest> damaged(List<RecordedRequest> requests) {
    List<RecordedRequest> damaged = new ArrayList<>(requests);
    int at = random.nextInt(requests.size());
    RecordedRequest request = requests.get(at);
    ByteString bytes = switch (request.hook()) {
      case "PostRouteModify" ->
        route(request.as(PostRouteModifyRequest.parser())).toByteString();
      case "PostEndpointsModify" -> {
        PostEndpointsModifyRequest one = request.as(PostEndpointsModifyRequest.parser());
        yield one.toBuilder()
            .setLoadAssignment(bytes(one.getLoadAssignment()))
            .build()
            .toByteString();
      }
      case "PostTranslateModify" ->
        translation(request.as(PostTranslateModifyRequest.parser())).toByteString();
      default -> request.bytes();
    };
    damaged.set(at, new RecordedRequest(request.file(), request.hook(), bytes));
    return damaged;
  }

  /** The translation damaged somewhere. */
  PostTranslateModifyRequest translation(PostTranslateModifyRequest request) {
    PostTranslateModifyRequest.Builder damaged = request.toBuilder();
    switch (random.nextInt(4)) {
      case 0 -> {
        List<ByteString> clusters = list(request.getClustersList(), Cluster.parser());
        damaged.clearClusters().addAllClusters(clusters);
      }
      case 1 -> {
        List<ByteString> listeners = list(request.getListenersList(), Listener.parser());
        damaged.clearListeners().addAllListeners(listeners);
      }
      case 2 -> {
        List<ByteString> routes = list(request.getRoutesList(), ShallowRouteConfiguration.parser());
        damaged.clearRoutes().addAllRoutes(routes);
      }
      default -> damageInside(damaged);
    }
    return damaged.build();
  }

  private PostRouteModifyRequest route(PostRouteModifyRequest request) {
    PostRouteModifyRequest.Builder damaged = request.toBuilder();
    List<ExtensionResource> pools = request.getPostRouteContext().getExtensionResourcesList();
    if (pools.isEmpty() || random.nextInt(3) == 0) {
      return damaged.setRoute(bytes(request.getRoute())).build();
    }
    int at = random.nextInt(pools.size());
    ByteString json = json(pools.get(at).getUnstructuredBytes());
    damaged
        .getPostRouteContextBuilder()
        .getExtensionResourcesBuilder(at)
        .setUnstructuredBytes(json);
    return damaged.build();
  }

  /** A list of resources: one of them lost, twice there, damaged or renamed, or all in another order. */
  private List<ByteString> list(List<ByteString> resources, Parser<? extends Message> parser) {
    List<ByteString> damaged = new ArrayList<>(resources);
    if (damaged.isEmpty()) {
      return damaged;
    }
    int at = random.nextInt(damaged.size());
    int other = random.nextInt(damaged.size());
    switch (random.nextInt(7)) {
      case 0 -> damaged.remove(at);
      case 1 -> damaged.add(other, damaged.get(at));
      case 2 -> Collections.shuffle(damaged, random);
      case 3 -> damaged.set(at, renamed(damaged.get(at), parser, Named.nameOf(damaged.get(other))));
      case 4 ->
        damaged.set(at, MarkedFields.mark(Named.read(parser, damaged.get(at))).toByteString());
      default -> damaged.set(at, bytes(damaged.get(at)));
    }
    return damaged;
  }

  private static ByteString renamed(
      ByteString resource, Parser<? extends Message> parser, String name) {
    Message message = Named.read(parser, resource);
    return message.toBuilder()
        .setField(message.getDescriptorForType().findFieldByName("name"), name)
        .build()
        .toByteString();
  }

  /** Something inside a route configuration: a host, a route, or what a route carries. */
  private void damageInside(PostTranslateModifyRequest.Builder request) {
    if (request.getRoutesCount() == 0) {
      return;
    }
    int table = random.nextInt(request.getRoutesCount());
    ShallowRouteConfiguration.Builder hosts =
        Named.read(ShallowRouteConfiguration.parser(), request.getRoutes(table)).toBuilder();
    if (hosts.getVirtualHostsCount() > 0) {
      int at = random.nextInt(hosts.getVirtualHostsCount());
      ShallowVirtualHost host = Named.read(ShallowVirtualHost.parser(), hosts.getVirtualHosts(at));
      List<ByteString> routes = random.nextBoolean()
          ? list(host.getRoutesList(), Route.parser())
          : one(host.getRoutesList(), this::route);
      hosts.setVirtualHosts(
          at, host.toBuilder().clearRoutes().addAllRoutes(routes).build().toByteString());
    }
    request.setRoutes(table, hosts.build().toByteString());
  }

  private ByteString route(ByteString bytes) {
    Route.Builder route = Named.read(Route.parser(), bytes).toBuilder();
    switch (random.nextInt(5)) {
      case 0 -> route.clearMetadata();
      case 1 -> route.clearMatch();
      case 2 -> route.clearAction();
      case 3 -> route.getRouteBuilder().setClusterHeader("x-cluster");
      default ->
        route.mergeFrom(
            Named.readIfPossible(Route.parser(), bytes(bytes)).orElse(Route.getDefaultInstance()));
    }
    return route.build().toByteString();
  }

  private List<ByteString> one(List<ByteString> all, UnaryOperator<ByteString> change) {
    List<ByteString> changed = new ArrayList<>(all);
    if (!changed.isEmpty()) {
      int at = random.nextInt(changed.size());
      changed.set(at, change.apply(changed.get(at)));
    }
    return changed;
  }

  /** Bytes flipped, cut off or repeated. */
  private ByteString bytes(ByteString bytes) {
    if (bytes.isEmpty()) {
      return bytes;
    }
    int at = random.nextInt(bytes.size());
    return switch (random.nextInt(4)) {
      case 0 -> bytes.substring(0, at);
      case 1 -> bytes.concat(bytes.substring(at));
      default -> {
        byte[] flipped = bytes.toByteArray();
        for (int i = random.nextInt(3); i >= 0; i--) {
          flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
        }
        yield ByteString.copyFrom(flipped);
      }
    };
  }

  /** A value of the JSON replaced, or its text damaged. */
  private ByteString json(ByteString json) {
    if (json.isEmpty()) {
      return bytes(json);
    }
    String text = json.toStringUtf8();
    int at = random.nextInt(text.length());
    String piece = JSON_PIECES.get(random.nextInt(JSON_PIECES.size()));
    return switch (random.nextInt(4)) {
      case 0 -> bytes(json);
      case 1 -> ByteString.copyFromUtf8(text.substring(0, at) + piece + text.substring(at));
      default -> {
        int colon = text.indexOf(':', at);
        int end = Math.max(colon, text.indexOf(colon % 2 == 0 ? ',' : '}', colon));
        yield ByteString.copyFrom(
            colon < 0 ? text : text.substring(0, colon + 1) + piece + text.substring(end),
            StandardCharsets.UTF_8);
      }
    };
  }
}
