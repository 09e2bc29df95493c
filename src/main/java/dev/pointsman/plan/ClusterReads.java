package dev.pointsman.plan;

import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.ClientCertificate;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.ServiceRefusal;
import dev.pointsman.plan.ClusterRead.OfOneNamespace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The objects that a translation reads from the cluster, beside those that Envoy Gateway sends. Envoy Gateway does not know
 * most of them, and so does not translate again when they change. Each read is kept with its result: the translation is
 * outdated when a later snapshot has another one. Not thread-safe while a translation reads.
 */
public final class ClusterReads {
  private final ClusterSnapshot snapshot;
  private final Map<ClusterRead<?>, Object> results = new HashMap<>();

  /** The reads of one translation; none yet. */
  public ClusterReads(ClusterSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** The right of a policy to refer to an object of another namespace. */
  record Permission(
      ReferenceGrant.From who, String namespace, String group, String kind, String name)
      implements OfOneNamespace<Boolean> {
    @Override
    public Boolean in(ClusterSnapshot snapshot) {
      return snapshot.permits(who, namespace, group, kind, name);
    }
  }

  /** The certificates of a CA, as PEM. */
  record Authority(String namespace, CertificateRef ref)
      implements OfOneNamespace<Optional<String>> {
    @Override
    public Optional<String> in(ClusterSnapshot snapshot) {
      return snapshot.caCertificate(namespace, ref);
    }
  }

  /** A reference that is not read because the policies of its namespace name too many. */
  record LeftOut(String namespace, CertificateRef ref) implements OfOneNamespace<Boolean> {
    @Override
    public Boolean in(ClusterSnapshot snapshot) {
      return snapshot.isLeftOut(namespace, ref);
    }
  }

  /** A client certificate with its key. */
  record ClientKey(String namespace, CertificateRef ref)
      implements OfOneNamespace<Optional<ClientCertificate>> {
    @Override
    public Optional<ClientCertificate> in(ClusterSnapshot snapshot) {
      return snapshot.clientCertificate(namespace, ref);
    }
  }

  /** A pool that a policy names. */
  record NamedPool(PoolRef ref) implements OfOneNamespace<Optional<InferencePool>> {
    @Override
    public Optional<InferencePool> in(ClusterSnapshot snapshot) {
      return Optional.ofNullable(snapshot.pools().get(ref));
    }

    @Override
    public String namespace() {
      return ref.namespace();
    }
  }

  /** The reason why a Service that a policy names cannot be used. */
  record NamedService(ServicePort port) implements OfOneNamespace<Optional<ServiceRefusal>> {
    @Override
    public Optional<ServiceRefusal> in(ClusterSnapshot snapshot) {
      return snapshot.refusal(port);
    }

    @Override
    public String namespace() {
      return port.namespace();
    }
  }

  /** The names of a model and its adapters. */
  public record Adapters(String namespace, String baseModel)
      implements OfOneNamespace<List<String>> {
    @Override
    public List<String> in(ClusterSnapshot snapshot) {
      return snapshot.withAdapters(namespace, baseModel);
    }
  }

  /** The InferenceModels of a rule's pools in one namespace, as far as they decide about routes. */
  record PoolModels(String namespace, List<PoolRef> pools)
      implements OfOneNamespace<List<InferenceModel>> {
    @Override
    public List<InferenceModel> in(ClusterSnapshot snapshot) {
      return snapshot.models().stream()
          .filter(model -> pools.contains(model.pool()))
          .map(InferenceModel::ofRoutes)
          .toList();
    }
  }

  /** The backends of an HTTPRoute. Envoy Gateway may translate a change before the snapshot has it. */
  public record RouteBackends(ObjectRef route) implements OfOneNamespace<Optional<HttpRouteRules>> {
    @Override
    public Optional<HttpRouteRules> in(ClusterSnapshot snapshot) {
      return snapshot.route(route.namespace(), route.name());
    }

    @Override
    public String namespace() {
      return route.namespace();
    }
  }

  /** The result of a read. */
  public <T> T of(ClusterRead<T> read) {
    T result = read.in(snapshot);
    results.put(read, result);
    return result;
  }

  /** The names of the InferenceModels of a rule's pools, oldest first. */
  List<String> modelsOf(List<PoolRef> pools) {
    Map<String, List<PoolRef>> byNamespace =
        pools.stream().collect(Collectors.groupingBy(PoolRef::namespace));
    return byNamespace.entrySet().stream()
        .flatMap(own -> of(new PoolModels(own.getKey(), own.getValue())).stream())
        .sorted(InferenceModel.OLDEST_FIRST)
        .map(InferenceModel::modelName)
        .toList();
  }

  /** The results of all reads. */
  public ReadResults results() {
    return new ReadResults(results);
  }
}
