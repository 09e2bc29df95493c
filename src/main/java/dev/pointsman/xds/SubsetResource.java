package dev.pointsman.xds;

import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Subset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An EDS resource with the endpoints of a subset. The name says all, so that every replica serves it without knowing the
 * policy.
 *
 * @param loop the digest of a loop listener's name; then the resource has one endpoint, the listener's socket, whose
 *     metadata names the endpoints of the pods. Empty: the resource has the endpoints themselves
 * @param pools at least one, and each once
 */
public record SubsetResource(String loop, List<PoolRef> pools, Subset subset)
    implements NamedEndpoints {
  /** The metadata key of the socket's endpoint with the endpoints of the pods, separated by commas. */
  public static final String ENDPOINTS = "subset";

  /** A rule has at most 16 backends, and a policy at most 8 labels. */
  private static final Pattern NAME = Pattern.compile("subset;(" + EdsNames.LABEL
      + ");((?:[0-9a-f]{32})?);(" + list(EdsNames.WRITTEN_POOL, 16) + ");("
      + list("[-A-Za-z0-9_./]{1,317}+=[-A-Za-z0-9_.]{0,63}+", 8) + ")");

  public SubsetResource {
    pools = List.copyOf(pools);
  }

  private static String list(String item, int most) {
    return item + "(?:," + item + "){0," + (most - 1) + "}";
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
        "subset",
        subset.namespace(),
        loop,
        pools.stream().map(EdsNames::written).collect(Collectors.joining(",")),
        subset.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(",")));
  }

  /** The resource with the name, if it is one. */
  public static Optional<SubsetResource> parse(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      return Optional.empty();
    }
    List<PoolRef> pools =
        Arrays.stream(parts.group(3).split(",", -1)).map(EdsNames::read).toList();
    TreeMap<String, String> labels = new TreeMap<>();
    for (String label : parts.group(4).split(",", -1)) {
      int equals = label.indexOf('=');
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return Set.copyOf(pools).size() == pools.size()
        ? Optional.of(new SubsetResource(parts.group(2), pools, new Subset(parts.group(1), labels)))
        : Optional.empty();
  }
}
