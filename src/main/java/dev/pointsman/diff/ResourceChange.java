package dev.pointsman.diff;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.xds.KnownTypes;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A resource of Envoy's that differs. The order of a map's entries is no difference.
 *
 * @param kind {@code listener}, {@code routes}, {@code cluster} or {@code secret}
 * @param before empty if it is added
 * @param after empty if it is removed
 */
public record ResourceChange(
    String kind,
    String name,
    @JsonIgnore Optional<Message> before,
    @JsonIgnore Optional<Message> after) {

  /** The kind of the change. */
  @JsonProperty
  public ChangeKind change() {
    return ChangeKind.of(before.isPresent(), after.isPresent());
  }

  /** The change as one line. */
  public String line() {
    return kind + " " + name + " " + change().words();
  }

  /** A resource with its name. */
  private record NamedResource(String name, Message message) {}

  @FunctionalInterface
  private interface ResourceParser {
    NamedResource of(ByteString bytes) throws InvalidProtocolBufferException;
  }

  /**
   * The resources that differ. Only those are decoded.
   *
   * @throws InvalidProtocolBufferException if one cannot be read
   */
  public static List<ResourceChange> between(
      PostTranslateModifyResponse before, PostTranslateModifyResponse after)
      throws InvalidProtocolBufferException {
    List<ResourceChange> changes = new ArrayList<>();
    add(changes, "listener", before.getListenersList(), after.getListenersList(), bytes -> {
      Listener listener = Listener.parseFrom(bytes);
      return new NamedResource(listener.getName(), listener);
    });
    add(changes, "routes", before.getRoutesList(), after.getRoutesList(), bytes -> {
      RouteConfiguration routes = RouteConfiguration.parseFrom(bytes);
      return new NamedResource(routes.getName(), routes);
    });
    add(changes, "cluster", before.getClustersList(), after.getClustersList(), bytes -> {
      Cluster cluster = Cluster.parseFrom(bytes);
      return new NamedResource(cluster.getName(), cluster);
    });
    add(changes, "secret", before.getSecretsList(), after.getSecretsList(), bytes -> {
      Secret secret = Secret.parseFrom(bytes);
      return new NamedResource(secret.getName(), secret);
    });
    return changes;
  }

  private static void add(
      List<ResourceChange> changes,
      String kind,
      List<ByteString> before,
      List<ByteString> after,
      ResourceParser parser)
      throws InvalidProtocolBufferException {
    SortedMap<String, Message> was = differing(before, after, parser);
    SortedMap<String, Message> is = differing(after, before, parser);
    Set<String> names = new TreeSet<>(was.keySet());
    names.addAll(is.keySet());
    for (String name : names) {
      Optional<Message> old = Optional.ofNullable(was.get(name));
      Optional<Message> now = Optional.ofNullable(is.get(name));
      if (!old.equals(now) && !isSame(old, now)) {
        changes.add(new ResourceChange(kind, name, old, now));
      }
    }
  }

  /** Whether both differ in the order of a map's entries within an extension only. */
  private static boolean isSame(Optional<Message> before, Optional<Message> after) {
    return before.map(KnownTypes::ordered).equals(after.map(KnownTypes::ordered));
  }

  /** The resources that the other answer does not have to the byte, by name. */
  private static SortedMap<String, Message> differing(
      List<ByteString> resources, List<ByteString> others, ResourceParser parser)
      throws InvalidProtocolBufferException {
    Set<ByteString> same = new HashSet<>(others);
    SortedMap<String, Message> byName = new TreeMap<>();
    for (ByteString bytes : resources) {
      if (!same.contains(bytes)) {
        NamedResource resource = parser.of(bytes);
        byName.put(resource.name(), resource.message());
      }
    }
    return byName;
  }
}
