package dev.pointsman.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.eds.EndpointsByName;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.page.RedactedXds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /debug/xds}: the names of the resources of the last translations; with {@code kind} and {@code name} one of
 * them as JSON, without secrets.
 */
final class XdsPage {
  private static final int MOST_NAMES = 5_000;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Supplier<List<TranslationResult>> translations;
  private final Supplier<ClusterSnapshot> snapshots;

  XdsPage(Supplier<List<TranslationResult>> translations, Supplier<ClusterSnapshot> snapshots) {
    this.translations = translations;
    this.snapshots = snapshots;
  }

  /** A kind of resource in answers. */
  private record ResourceKind<M extends Message>(
      Parser<M> parser,
      Function<PostTranslateModifyResponse, List<ByteString>> resources,
      Function<M, String> name) {}

  private static final ResourceKind<Listener> LISTENER = new ResourceKind<>(
      Listener.parser(), PostTranslateModifyResponse::getListenersList, Listener::getName);
  private static final ResourceKind<Cluster> CLUSTER = new ResourceKind<>(
      Cluster.parser(), PostTranslateModifyResponse::getClustersList, Cluster::getName);
  private static final ResourceKind<RouteConfiguration> TABLE = new ResourceKind<>(
      RouteConfiguration.parser(),
      PostTranslateModifyResponse::getRoutesList,
      RouteConfiguration::getName);

  PageResponse answer(Map<String, String> query) {
    try {
      String kind = query.getOrDefault("kind", "");
      String name = query.getOrDefault("name", "");
      if (kind.isEmpty()) {
        return PageResponse.json(JSON.writeValueAsString(names()));
      }
      Optional<? extends Message> found = switch (kind) {
        case "listener" -> find(LISTENER, name);
        case "cluster" -> find(CLUSTER, name);
        case "routes" -> find(TABLE, name);
        case "route" -> route(name);
        case "endpoints" ->
          Optional.ofNullable(EndpointsByName.of(snapshots.get()).get(name))
              .map(endpoints -> EndpointsByName.message(name, endpoints));
        default -> Optional.empty();
      };
      return found
          .map(one -> PageResponse.json(JSON.writeValueAsString(RedactedXds.json(one))))
          .orElseGet(() -> PageResponse.text(404, "no such " + (found(kind) ? kind : "kind")));
    } catch (InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException("Envoy Gateway has sent a resource that is none", unreadable);
    }
  }

  private static boolean found(String kind) {
    return Set.of("listener", "cluster", "routes", "route", "endpoints").contains(kind);
  }

  private <M extends Message> Optional<M> find(ResourceKind<M> kind, String name)
      throws InvalidProtocolBufferException {
    for (TranslationResult result : translations.get()) {
      for (ByteString bytes : kind.resources().apply(result.response())) {
        M resource = kind.parser().parseFrom(bytes);
        if (kind.name().apply(resource).equals(name)) {
          return Optional.of(resource);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Route> route(String name) throws InvalidProtocolBufferException {
    for (TranslationResult result : translations.get()) {
      for (ByteString bytes : result.response().getRoutesList()) {
        Optional<Route> found = RouteConfiguration.parseFrom(bytes).getVirtualHostsList().stream()
            .flatMap(host -> host.getRoutesList().stream())
            .filter(route -> route.getName().equals(name))
            .findFirst();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Map<String, List<String>> names() throws InvalidProtocolBufferException {
    Map<String, List<String>> names = new TreeMap<>();
    names.put("listener", names(LISTENER));
    names.put("cluster", names(CLUSTER));
    names.put("routes", names(TABLE));
    names.put(
        "endpoints",
        EndpointsByName.of(snapshots.get()).keySet().stream().limit(MOST_NAMES).toList());
    return names;
  }

  private <M extends Message> List<String> names(ResourceKind<M> kind)
      throws InvalidProtocolBufferException {
    Set<String> names = new LinkedHashSet<>();
    for (TranslationResult result : translations.get()) {
      for (ByteString bytes : kind.resources().apply(result.response())) {
        names.add(kind.name().apply(kind.parser().parseFrom(bytes)));
      }
    }
    return names.stream().sorted().limit(MOST_NAMES).toList();
  }
}
