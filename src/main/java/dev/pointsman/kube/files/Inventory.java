package dev.pointsman.kube.files;

import dev.pointsman.kube.AdapterMapParser;
import dev.pointsman.kube.Addresses;
import dev.pointsman.kube.CertificatesParser;
import dev.pointsman.kube.EndpointSliceParser;
import dev.pointsman.kube.HttpRouteParser;
import dev.pointsman.kube.InferenceModelParser;
import dev.pointsman.kube.KubeObject;
import dev.pointsman.kube.PodParser;
import dev.pointsman.kube.ReferenceGrantParser;
import dev.pointsman.kube.ServiceParser;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.model.PoolParser;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Service;
import dev.pointsman.model.UserStrings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Sorts the objects of many files into a snapshot; of two objects with one name the first is used. */
final class Inventory {
  private record ObjectKey(String group, String kind, String namespace, String name) {}

  private final Map<ObjectKey, String> firstFiles = new HashMap<>();
  private final ClusterObjects objects = new ClusterObjects();
  private final Map<Service, String> services = new LinkedHashMap<>();
  private final Set<ObjectName> sliced = new HashSet<>();
  private final List<FileProblem> problems = new ArrayList<>();
  private final List<String> unused = new ArrayList<>();

  /** Adds an object of a file; other kinds are ignored. */
  void add(String file, KubeObject object) {
    if (PolicyParser.isPolicy(object.node())) {
      unused.add(file + ": " + object.ref()
          + " has no effect from this folder: Envoy Gateway sends the policies that count, so put it where Envoy"
          + " Gateway reads its objects");
    }
    if (!isOurs(object) || !isNamedRight(file, object) || !isFirst(file, object)) {
      return;
    }
    JsonNode node = object.node();
    switch (object.kind()) {
      case "Pod" -> take(file, PodParser.parse(node, Addresses.OF_A_HOST), objects::add);
      case "Service" ->
        take(file, ServiceParser.parse(node), service -> {
          objects.add(service);
          services.put(service, file);
        });
      case "EndpointSlice" ->
        take(file, EndpointSliceParser.parse(node, Addresses.OF_A_HOST), slice -> {
          objects.add(slice);
          sliced.add(new ObjectName(slice.namespace(), slice.service()));
        });
      case "HTTPRoute" -> take(file, HttpRouteParser.parse(node), objects::add);
      case "InferenceModel" -> take(file, InferenceModelParser.parse(node), objects::add);
      case "ReferenceGrant" -> take(file, ReferenceGrantParser.parse(node), objects::add);
      case "ConfigMap", "Secret" -> addData(file, object);
      default -> take(file, PoolParser.parse(node), objects::add);
    }
  }

  private void addData(String file, KubeObject object) {
    if (object.kind().equals("ConfigMap") && AdapterMapParser.isAdapterMap(object)) {
      take(file, AdapterMapParser.parse(object.node()), objects::add);
    }
    if (CertificatesParser.hasAny(object)) {
      take(file, CertificatesParser.parse(object.node(), true), objects::add);
    }
  }

  /** The snapshot of the added objects. */
  ClusterSnapshot snapshot() {
    return objects.snapshot();
  }

  /** The problems of the added objects. */
  List<FileProblem> problems() {
    List<FileProblem> all = new ArrayList<>(problems);
    services.forEach((service, file) -> {
      boolean named = service.ports().stream().anyMatch(port -> port.targetPort() == 0);
      if (named && !sliced.contains(new ObjectName(service.namespace(), service.name()))) {
        all.add(new FileProblem(
            file,
            new Diagnostic(
                Reason.InvalidObject,
                new ObjectRef("Service", service.namespace(), service.name()),
                "spec.ports",
                "has a targetPort by name: write its number, or add the Service's EndpointSlice")));
      }
    });
    return all;
  }

  /** A line for each object that has no effect from a folder. Not a problem: Envoy Gateway may read the same folder. */
  List<String> unused() {
    return unused;
  }

  private static boolean isOurs(KubeObject object) {
    return switch (object.kind()) {
      case "Pod", "Service", "ConfigMap", "Secret" -> object.group().isEmpty();
      case "EndpointSlice" -> object.group().equals("discovery.k8s.io");
      case "HTTPRoute", "ReferenceGrant" -> object.group().equals("gateway.networking.k8s.io");
      case "InferenceModel" -> object.group().equals(PoolRef.V1ALPHA2);
      default -> PoolParser.isPool(object.node());
    };
  }

  /** Checks the names, since no API server has done so and they become names in Envoy. */
  private boolean isNamedRight(String file, KubeObject object) {
    if (object.name().isEmpty()) {
      return true; // its parser will say so
    }
    Optional<Diagnostic> refusal = UserStrings.refusedName(object.name())
        .map(why -> object.diagnostic("metadata.name", why))
        .or(() -> UserStrings.refusedLabel(object.namespace())
            .map(why -> object.diagnostic("metadata.namespace", why)));
    refusal.ifPresent(diagnostic -> problems.add(new FileProblem(file, diagnostic)));
    return refusal.isEmpty();
  }

  private boolean isFirst(String file, KubeObject object) {
    if (object.name().isEmpty()) {
      return true; // its parser will say so
    }
    ObjectKey key = new ObjectKey(object.group(), object.kind(), object.namespace(), object.name());
    String first = firstFiles.putIfAbsent(key, file);
    if (first != null) {
      problems.add(new FileProblem(
          file,
          new Diagnostic(
              Reason.DuplicateObject,
              object.ref(),
              "",
              "is defined already in " + first + "; that definition is used")));
    }
    return first == null;
  }

  private <T> void take(String file, Parsed<T> parsed, Consumer<T> sink) {
    List<Diagnostic> diagnostics = switch (parsed) {
      case Parsed.Valid<T>(T value, List<Diagnostic> remarks) -> {
        sink.accept(value);
        yield remarks;
      }
      case Parsed.Invalid<T>(List<Diagnostic> reasons) -> reasons;
    };
    diagnostics.forEach(diagnostic -> problems.add(new FileProblem(file, diagnostic)));
  }
}
