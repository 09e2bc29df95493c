package dev.pointsman.xds;

import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Subset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An EDS resource with the endpoints of a subset. The name says all, so that every replica serves it without knowing the
 * policy.
 *
 * @param loop the digest of a loop listener's name; then the resource has one endpoint, the listener's socket, whose
 *     metadata names the endpoints of the pods. Empty: the resource has the endpoints themselves
 * @param pools at least one
 */
public record SubsetResource(String loop, List<PoolRef> pools, Subset subset)
    implements NamedEndpoints {
  /** The metadata key of the socket's endpoint with the endpoints of the pods, separated by commas. */
  public static final String ENDPOINTS = "subset";

  private static final String KIND = "subset";
  private static final Pattern LOOP = Pattern.compile("([0-9a-f]{32})?");
  private static final int PARTS = 4;

  public SubsetResource {
    pools = List.copyOf(pools);
  }

  /** The name of the resource with the endpoints of a pool's subset; empty: all pods. */
  static String endpoints(PoolRef pool, Optional<Subset> subset) {
    return subset
        .map(one -> new SubsetResource("", List.of(pool), one).name())
        .orElse(EdsNames.of(pool));
  }

  /** The same endpoints as a hint in the loop of a route configuration. */
  SubsetResource hintIn(String routeConfiguration) {
    String listener = XdsNames.largeBodies(routeConfiguration);
    return new SubsetResource(XdsNames.digest(listener), pools, subset);
  }

  /** Whether the resource is a loop listener's socket. */
  public boolean isHint() {
    return !loop.isEmpty();
  }

  /** The socket of the loop listener. */
  public String socket() {
    return XdsNames.socketOf(loop);
  }

  /** The name of the resource. Neither names of pools nor labels have a semicolon, a comma or an equals sign. */
  @Override
  public String name() {
    return String.join(
        ";",
        KIND,
        loop,
        pools.stream()
            .map(pool -> pool.group() + "/" + pool.namespace() + "/" + pool.name())
            .collect(Collectors.joining(",")),
        subset.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(",")));
  }

  /** The resource with the name, if it is one. */
  public static Optional<SubsetResource> parse(String name) {
    String[] parts = name.split(";", -1);
    if (parts.length != PARTS
        || !parts[0].equals(KIND)
        || !LOOP.matcher(parts[1]).matches()) {
      return Optional.empty();
    }
    List<String[]> pools =
        Arrays.stream(parts[2].split(",", -1)).map(pool -> pool.split("/", -1)).toList();
    TreeMap<String, String> labels = new TreeMap<>();
    for (String label : parts[3].split(",", -1)) {
      int equals = label.indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return pools.stream().allMatch(pool -> pool.length == 3)
        ? Optional.of(new SubsetResource(
            parts[1],
            pools.stream().map(pool -> new PoolRef(pool[0], pool[1], pool[2])).toList(),
            new Subset(labels)))
        : Optional.empty();
  }
}
