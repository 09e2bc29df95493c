package dev.pointsman.kube.api;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The kinds without which there is nothing to serve, and that the API server does not serve. */
final class MissingKinds {
  /** One kind of each line is enough: pools exist in two API groups. */
  private static final List<List<Kind>> NEEDED = List.of(
      List.of(Kind.POOL, Kind.ALPHA_POOL),
      List.of(Kind.POLICY),
      List.of(Kind.HTTP_ROUTE),
      List.of(Kind.GATEWAY));

  private MissingKinds() {}

  /** A line for each, with the remedy. */
  static List<String> of(Map<Query, Reflector> reflectors) {
    return NEEDED.stream()
        .filter(kinds -> kinds.stream().allMatch(kind -> isMissing(kind, reflectors)))
        .map(kinds -> "the cluster does not serve "
            + kinds.stream().map(Kind::toString).collect(Collectors.joining(" or "))
            + ": apply the CustomResourceDefinition; its objects are read at once")
        .toList();
  }

  private static boolean isMissing(Kind kind, Map<Query, Reflector> reflectors) {
    return reflectors.entrySet().stream()
        .anyMatch(one -> one.getKey().kind() == kind && one.getValue().isAbsent());
  }
}
