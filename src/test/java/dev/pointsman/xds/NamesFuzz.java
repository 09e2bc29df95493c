package dev.pointsman.xds;

import dev.pointsman.fuzz.FuzzInput;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.Subset;
import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Names of clusters, sockets and endpoints' resources: any text may be asked for, a name that is made is read back, and
 * names of two objects differ.
 */
public final class NamesFuzz {
  private static final PoolRef KNOWN = new PoolRef("inference.networking.k8s.io", "team", "pool");

  private NamesFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzInput input = new FuzzInput(bytes);
    String asked = input.text();
    NamedEndpoints.parse(asked)
        .ifPresent(one -> require(
            one.name().equals(asked) || NamedEndpoints.parse(one.name()).equals(Optional.of(one)),
            asked + " is read as " + one.name()));
    OptionalInt _ = CheckedService.healthPort(asked);
    var _ = EdsNames.pool(asked);
    var _ = FilterWords.of(asked);
    String name = input.text();
    String space = input.text();
    String label = input.text();
    require(
        XdsNames.socket(name).matches("/dev/shm/pointsman-[0-9a-f]{32}\\.sock"),
        "a socket's path is " + XdsNames.socket(name));
    Cluster named = StatNames.set(Cluster.newBuilder().setName(name)).build();
    require(
        !(named.getAltStatName().isEmpty() ? name : named.getAltStatName()).contains("."),
        "dots in the name for statistics of " + name);
    if (UserStrings.refusedName(name).isPresent()
        || UserStrings.refusedLabel(space).isPresent()) {
      return;
    }
    PoolRef pool = new PoolRef(KNOWN.group(), space, name);
    require(EdsNames.pool(EdsNames.of(pool)).equals(Optional.of(pool)), EdsNames.of(pool));
    require(
        pool.equals(KNOWN) == XdsNames.mirror(pool).equals(XdsNames.mirror(KNOWN)),
        "one name for " + pool + " and " + KNOWN);
    if (UserStrings.refusedLabel(label).isEmpty()) {
      Subset subset = new Subset(space, new TreeMap<>(Map.of(label, label)));
      SubsetResource resource =
          new SubsetResource("", pool.equals(KNOWN) ? List.of(pool) : List.of(pool, KNOWN), subset);
      require(SubsetResource.parse(resource.name()).equals(Optional.of(resource)), resource.name());
      CheckedService checked = new CheckedService(new ServicePort(space, label, 9002), 9003);
      require(CheckedService.parse(checked.name()).equals(Optional.of(checked)), checked.name());
    }
  }

  private static void require(boolean isHeld, String otherwise) {
    if (!isHeld) {
      throw new AssertionError(otherwise);
    }
  }
}
