package dev.pointsman.kube.api;

import dev.pointsman.kube.AdapterMapParser;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PolicyCertificates;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The watched queries: some always, some because other objects name them. */
final class Queries {
  private Queries() {}

  /**
   * The queries that are watched from the start.
   *
   * @param namespaces an empty one means all
   */
  static List<Query> always(List<String> namespaces) {
    return namespaces.stream()
        .flatMap(namespace -> Stream.of(
            Query.all(Kind.POOL, namespace),
            Query.all(Kind.ALPHA_POOL, namespace),
            Query.all(Kind.POLICY, namespace),
            Query.all(Kind.SERVICE, namespace),
            Query.all(Kind.ENDPOINT_SLICE, namespace),
            Query.all(Kind.HTTP_ROUTE, namespace),
            Query.all(Kind.GATEWAY, namespace),
            Query.all(Kind.REFERENCE_GRANT, namespace),
            Query.all(Kind.INFERENCE_MODEL, namespace),
            Query.labelled(Kind.CONFIG_MAP, namespace, AdapterMapParser.LABEL, "true")))
        .toList();
  }

  /** The queries for the Pods of the pools' namespaces and for the certificates that policies name. */
  static Set<Query> namedBy(Stream<StoredObject> pools, Stream<StoredObject> policies) {
    Stream<Query> pods = pools
        .flatMap(item -> item.value().stream())
        .map(InferencePool.class::cast)
        .map(pool -> Query.all(Kind.POD, pool.ref().namespace()));
    Stream<Query> certificates = policies
        .flatMap(item -> item.value().stream())
        .map(InferencePolicy.class::cast)
        .flatMap(Queries::certificates);
    return Stream.concat(pods, certificates).collect(Collectors.toSet());
  }

  /** Whether a query is watched only while {@link #namedBy} returns it. */
  static boolean isNamedByOthers(Query query) {
    return query.kind() == Kind.POD || query.selection() instanceof Query.Selection.WithName;
  }

  private static Stream<Query> certificates(InferencePolicy policy) {
    // A Secret that is named for both is read twice, so that neither use waits for the other.
    return Stream.concat(
        PolicyCertificates.authorities(policy).stream()
            .map(ref -> Query.certificate(policy.namespace(), ref, false)),
        PolicyCertificates.withKey(policy).stream()
            .map(ref -> Query.certificate(policy.namespace(), ref, true)));
  }
}
