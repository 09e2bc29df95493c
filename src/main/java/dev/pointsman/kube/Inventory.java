package dev.pointsman.kube;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.EndpointSlice;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.Pod;
import dev.pointsman.model.PoolParser;
import dev.pointsman.model.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Sorts the objects of many files into a snapshot; of two objects with one name the first is used. */
final class Inventory {
  private record Key(String group, String kind, String namespace, String name) {}

  private final Map<Key, String> firstFiles = new HashMap<>();
  private final List<InferencePool> pools = new ArrayList<>();
  private final List<Pod> pods = new ArrayList<>();
  private final Map<Service, String> services = new LinkedHashMap<>();
  private final List<EndpointSlice> slices = new ArrayList<>();
  private final List<FileProblem> problems = new ArrayList<>();

  /** Adds an object of a file; kinds that we do not need are passed over. */
  void add(String file, KubeObject object) {
    if (!isOurs(object) || !isFirst(file, object)) {
      return;
    }
    switch (object.kind()) {
      case "Pod" -> take(file, PodParser.parse(object.node()), pods::add);
      case "Service" ->
        take(file, ServiceParser.parse(object.node()), service -> services.put(service, file));
      case "EndpointSlice" -> take(file, EndpointSliceParser.parse(object.node()), slices::add);
      default -> take(file, PoolParser.parse(object.node()), pools::add);
    }
  }

  /** The snapshot of all that was added. */
  ClusterSnapshot snapshot() {
    return ClusterSnapshot.of(pools, pods, services.keySet(), slices);
  }

  /** What there is to say about the objects. */
  List<FileProblem> problems() {
    List<FileProblem> all = new ArrayList<>(problems);
    services.forEach((service, file) -> {
      boolean named = service.ports().stream().anyMatch(port -> port.targetPort() == 0);
      if (named && slices.stream().noneMatch(slice -> isOf(slice, service))) {
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

  private static boolean isOf(EndpointSlice slice, Service service) {
    return slice.namespace().equals(service.namespace()) && slice.service().equals(service.name());
  }

  private static boolean isOurs(KubeObject object) {
    return switch (object.kind()) {
      case "Pod", "Service" -> object.group().isEmpty();
      case "EndpointSlice" -> object.group().equals("discovery.k8s.io");
      default -> PoolParser.isPool(object.node());
    };
  }

  private boolean isFirst(String file, KubeObject object) {
    if (object.name().isEmpty()) {
      return true; // its parser will say so
    }
    Key key = new Key(object.group(), object.kind(), object.namespace(), object.name());
    String first = firstFiles.putIfAbsent(key, file);
    if (first != null) {
      problems.add(new FileProblem(
          file,
          new Diagnostic(
              Reason.DuplicateObject,
              object.ref(),
              "",
              "is there already, in " + first + ", and that one is used")));
    }
    return first == null;
  }

  private <T> void take(String file, Parsed<T> parsed, Consumer<T> sink) {
    List<Diagnostic> said = switch (parsed) {
      case Parsed.Valid<T>(T value, List<Diagnostic> remarks) -> {
        sink.accept(value);
        yield remarks;
      }
      case Parsed.Invalid<T>(List<Diagnostic> reasons) -> reasons;
    };
    said.forEach(diagnostic -> problems.add(new FileProblem(file, diagnostic)));
  }
}
