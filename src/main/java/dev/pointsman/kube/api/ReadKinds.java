package dev.pointsman.kube.api;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds that reflectors read. */
final class ReadKinds {
  /** The kinds whose objects have endpoints. */
  private static final List<Kind> ENDPOINTS = List.of(Kind.POOL, Kind.ALPHA_POOL, Kind.SERVICE);

  private ReadKinds() {}

  /** The reflectors of the kind for the namespace or for all. */
  static Stream<Reflector> of(Map<Query, Reflector> reflectors, Kind kind, String namespace) {
    return Stream.of("", namespace)
        .flatMap(read -> Optional.ofNullable(reflectors.get(Query.all(kind, read))).stream());
  }

  /** The kinds of queries that have not synced. */
  static Set<String> unsynced(Map<Query, Reflector> reflectors) {
    return reflectors.entrySet().stream()
        .filter(entry -> !entry.getValue().hasSynced())
        .map(entry -> entry.getKey().kind().toString())
        .collect(Collectors.toSet());
  }

  /** Whether the queries have synced, without those that are no longer read. */
  static boolean haveSynced(Map<Query, Reflector> reflectors, Collection<Query> queries) {
    return queries.stream()
        .flatMap(query -> Optional.ofNullable(reflectors.get(query)).stream())
        .allMatch(Reflector::hasSynced);
  }

  /** Whether all kinds with endpoints are current in the namespace. */
  static boolean areEndpointsCurrent(Map<Query, Reflector> reflectors, String namespace) {
    return ENDPOINTS.stream()
        .allMatch(kind -> of(reflectors, kind, namespace).anyMatch(Reflector::isCurrent));
  }
}
