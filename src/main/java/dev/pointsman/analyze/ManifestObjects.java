package dev.pointsman.analyze;

import dev.pointsman.kube.AdapterMapParser;
import dev.pointsman.kube.Addresses;
import dev.pointsman.kube.CertificatesParser;
import dev.pointsman.kube.EndpointSliceParser;
import dev.pointsman.kube.HttpRouteParser;
import dev.pointsman.kube.InferenceModelParser;
import dev.pointsman.kube.Manifest;
import dev.pointsman.kube.PodParser;
import dev.pointsman.kube.ReferenceGrantParser;
import dev.pointsman.kube.ServiceParser;
import dev.pointsman.model.CertificateGrants;
import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PolicyCertificates;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.model.PoolParser;
import dev.pointsman.model.Service;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The objects that the server reads, as it reads them, with its diagnostics. Templates of pods and Pods without a status
 * count as ready pods: a folder is judged as if it had been applied.
 *
 * @param pools the valid pools with their manifests
 * @param policies the valid policies with their manifests
 * @param diagnostics about the objects, by manifest
 */
record ManifestObjects(
    ClusterSnapshot snapshot,
    Map<InferencePool, Manifest> pools,
    Map<InferencePolicy, Manifest> policies,
    Map<Manifest, List<Diagnostic>> diagnostics) {
  /** An address for documentation (RFC 5737): template pods have none. */
  private static final String SOME_ADDRESS = "192.0.2.1";

  static ManifestObjects of(Manifests manifests) {
    ManifestObjects objects = new ManifestObjects(
        ClusterSnapshot.EMPTY,
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new IdentityHashMap<>()); // manifests may be large
    ClusterObjects all = new ClusterObjects();
    for (String kind : List.of(GatewayApi.POOL, GatewayApi.ALPHA_POOL)) {
      objects.read(manifests, kind, PoolParser::parse, (manifest, pool) -> {
        all.add(pool);
        objects.pools.put(pool, manifest);
      });
    }
    objects.read(
        manifests,
        GatewayApi.POLICY,
        PolicyParser::parse,
        (manifest, policy) -> objects.policies.put(policy, manifest));
    objects.read(
        manifests, GatewayApi.HTTP_ROUTE, HttpRouteParser::parse, (_, one) -> all.add(one));
    objects.read(
        manifests,
        GatewayApi.INFERENCE_MODEL,
        InferenceModelParser::parse,
        (_, one) -> all.add(one));
    objects.read(
        manifests,
        GatewayApi.REFERENCE_GRANT,
        ReferenceGrantParser::parse,
        (_, one) -> all.add(one));
    objects.read(
        manifests,
        GatewayApi.SERVICE,
        ServiceParser::parse,
        (_, one) -> all.add(withNumbers(one, manifests)));
    objects.read(
        manifests,
        GatewayApi.ENDPOINT_SLICE,
        slice -> EndpointSliceParser.parse(slice, Addresses.OF_A_HOST),
        (_, one) -> all.add(one));
    CertificateGrants grants = CertificateGrants.of(objects.policies.keySet());
    grants.leftOut().forEach(all::add);
    for (String kind : List.of("ConfigMap", "Secret")) {
      objects.readData(manifests, kind, grants, all);
    }
    objects.addPods(manifests, all);
    return new ManifestObjects(
        all.snapshot(), objects.pools, objects.policies, objects.diagnostics);
  }

  private interface Sink<T> {
    void accept(Manifest manifest, T value);
  }

  private <T> void read(
      Manifests manifests, String kind, Function<JsonNode, Parsed<T>> parser, Sink<T> sink) {
    manifests
        .of(kind)
        .forEach(manifest ->
            take(manifest, parser.apply(manifest.node()), one -> sink.accept(manifest, one)));
  }

  private <T> void take(Manifest manifest, Parsed<T> parsed, Consumer<T> sink) {
    List<Diagnostic> found = switch (parsed) {
      case Parsed.Valid<T>(T value, List<Diagnostic> remarks) -> {
        sink.accept(value);
        yield remarks;
      }
      case Parsed.Invalid<T>(List<Diagnostic> problems) -> problems;
    };
    diagnostics.computeIfAbsent(manifest, _ -> new ArrayList<>()).addAll(found);
  }

  /** Reads adapters, and the certificates that the server reads, too: other Secrets are nobody's business. */
  private void readData(
      Manifests manifests, String kind, CertificateGrants grants, ClusterObjects all) {
    Set<ObjectName> named = named(
        kind,
        policy -> PolicyCertificates.of(policy).stream().filter(ref -> grants.has(policy, ref)));
    Set<ObjectName> withKey = named(kind, policy -> PolicyCertificates.withKey(policy).stream());
    manifests.of(kind).forEach(manifest -> {
      ObjectName name =
          new ObjectName(manifest.object().namespace(), manifest.object().name());
      if (kind.equals("ConfigMap") && AdapterMapParser.isAdapterMap(manifest.object())) {
        take(manifest, AdapterMapParser.parse(manifest.node()), all::add);
      }
      if (named.contains(name) && CertificatesParser.hasAny(manifest.object())) {
        take(manifest, CertificatesParser.parse(manifest.node(), withKey.contains(name)), all::add);
      }
    });
  }

  private Set<ObjectName> named(
      String kind, Function<InferencePolicy, Stream<CertificateRef>> references) {
    return policies.keySet().stream()
        .flatMap(policy -> references
            .apply(policy)
            .filter(ref -> ref.kind().equals(kind))
            .map(ref -> new ObjectName(policy.namespace(), ref.name())))
        .collect(Collectors.toSet());
  }

  private void addPods(Manifests manifests, ClusterObjects all) {
    manifests
        .of("Pod")
        .filter(pod -> pod.node().has("status"))
        .forEach(pod -> take(pod, PodParser.parse(pod.node(), Addresses.OF_A_HOST), all::add));
    if (!manifests.isOfCluster()) {
      manifests.workloads().all().stream()
          .filter(one -> !one.pod().has("status"))
          .forEach(one -> all.add(asPod(one)));
    }
  }

  private static Pod asPod(Workload workload) {
    return new Pod(
        workload.namespace(),
        workload.manifest().object().name(),
        workload.labels(),
        SOME_ADDRESS,
        PodParser.ports(workload.pod()),
        workload.replicas() == 0 ? Pod.Phase.UNREADY : Pod.Phase.READY);
  }

  /** The Service with numbers in place of names of ports, which only EndpointSlices have. */
  private static Service withNumbers(Service service, Manifests manifests) {
    List<Workload> pods = manifests.workloads().selected(service.namespace(), service.selector());
    Manifest manifest =
        manifests.find(GatewayApi.SERVICE, service.namespace(), service.name()).orElseThrow();
    List<Service.Port> ports = service.ports().stream()
        .map(port -> port.targetPort() > 0
            ? port
            : new Service.Port(
                port.name(),
                port.port(),
                pods.stream()
                    .mapToInt(pod -> pod.port(targetName(manifest, port.port())))
                    .filter(number -> number > 0)
                    .findFirst()
                    .orElse(0)))
        .toList();
    return new Service(
        service.namespace(), service.name(), service.external(), service.selector(), ports);
  }

  private static String targetName(Manifest service, int number) {
    return service.node().path("spec").path("ports").values().stream()
        .filter(port -> port.path("port").asInt(0) == number)
        .map(port -> port.path("targetPort").asString(""))
        .findFirst()
        .orElse("");
  }
}
