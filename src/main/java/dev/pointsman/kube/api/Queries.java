package dev.pointsman.kube.api;

import dev.pointsman.kube.AdapterMapParser;
import dev.pointsman.model.CertificateGrants;
import dev.pointsman.model.Certificates;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PolicyCertificates;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /**
   * The queries that other objects name.
   *
   * @param leftOut the certificates beyond the bound of their namespace
   */
  record Named(Set<Query> queries, Set<Certificates> leftOut) {}

  /** The queries for the Pods of the pools' namespaces and for the certificates that policies name. */
  static Named namedBy(Stream<StoredObject> pools, Stream<StoredObject> policies) {
    Set<Query> queries = new HashSet<>();
    pools
        .flatMap(item -> item.value().stream())
        .map(InferencePool.class::cast)
        .forEach(pool -> queries.add(Query.all(Kind.POD, pool.ref().namespace())));
    List<InferencePolicy> all = policies
        .flatMap(item -> item.value().stream())
        .map(InferencePolicy.class::cast)
        .toList();
    CertificateGrants grants = CertificateGrants.of(all);
    all.forEach(policy -> certificates(policy, grants).forEach(queries::add));
    return new Named(queries, grants.leftOut());
  }

  /** Whether a query is watched only while {@link #namedBy} returns it. */
  static boolean isNamedByOthers(Query query) {
    return query.kind() == Kind.POD || query.isOfOneObject();
  }

  private static Stream<Query> certificates(InferencePolicy policy, CertificateGrants grants) {
    // A Secret that is named for both is read twice, so that neither use waits for the other.
    return Stream.concat(
        PolicyCertificates.authorities(policy).stream()
            .filter(ref -> grants.has(policy, ref))
            .map(ref -> Query.certificate(policy.namespace(), ref, false)),
        PolicyCertificates.withKey(policy).stream()
            .filter(ref -> grants.has(policy, ref))
            .map(ref -> Query.certificate(policy.namespace(), ref, true)));
  }
}
