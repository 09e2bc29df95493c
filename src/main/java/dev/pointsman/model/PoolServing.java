package dev.pointsman.model;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ability of a pool to serve requests, according to its pods and to the endpoints of its picker.
 *
 * @param selected the number of pods that the pool's selector selects and that have not ended
 * @param ready the number of them that can receive requests
 * @param pickerEndpoints the number of ready endpoints of the picker's Service, 0 if it does not exist or has not the port;
 *     empty if the pool names no picker, or if they are not known
 * @param problems of pods and of the picker's pods, with their remedies
 * @param noService the problem that the picker's Service cannot be used
 */
public record PoolServing(
    int selected,
    int ready,
    Optional<Integer> pickerEndpoints,
    List<Diagnostic> problems,
    Optional<Diagnostic> noService) {
  public PoolServing {
    problems = List.copyOf(problems);
  }

  /** The problems of pods and of the picker, its Service included. */
  public List<Diagnostic> allProblems() {
    return Stream.concat(problems.stream(), noService.stream()).toList();
  }

  /** The state of a pool; empty if the pods of its namespace are not known. */
  public static Optional<PoolServing> of(InferencePool pool, ClusterSnapshot snapshot) {
    String namespace = pool.ref().namespace();
    if (!snapshot.pods().isRead(namespace)) {
      return Optional.empty();
    }
    List<Pod> selected = snapshot.pods().selected(namespace, pool.selector()).toList();
    int ready = (int) selected.stream().filter(Pod::serves).count();
    Optional<Diagnostic> noService = pool.picker()
        .flatMap(
            picker -> snapshot.refusal(picker.service()).map(why -> refused(pool, picker, why)));
    Optional<Integer> pickerEndpoints = noService.isPresent()
        ? Optional.of(0)
        : pool.picker()
            .flatMap(picker -> snapshot.endpointsOf(picker.service()))
            .map(List::size);
    List<Diagnostic> problems = new ArrayList<>();
    if (selected.isEmpty()) {
      problems.add(problem(
          pool,
          Reason.NoPods,
          "spec.selector",
          "selects no pod of the namespace (" + labels(pool) + "): requests are answered with 503"
              + " until a pod has these labels"));
    } else if (ready == 0) {
      problems.add(problem(
          pool,
          Reason.NoReadyPods,
          "spec.selector",
          "selects pods (" + labels(pool) + "), and none of them is ready: requests are answered"
              + " with 503 until one is"));
    }
    pool.targetPorts().stream()
        .filter(port -> isUndeclared(port, selected))
        .forEach(port -> problems.add(problem(
            pool,
            Reason.UndeclaredPort,
            "spec.targetPorts",
            "has port " + port + ", which no container of the pods declares: requests fail unless a"
                + " container listens on it")));
    pool.picker().ifPresent(picker -> {
      if (noService.isEmpty() && pickerEndpoints.equals(Optional.of(0))) {
        problems.add(problem(
            pool,
            Reason.PickerUnavailable,
            "spec." + pool.ref().pickerField(),
            unavailable(picker)));
      }
      undeclaredTarget(picker.service(), snapshot)
          .ifPresent(port -> problems.add(problem(
              pool,
              Reason.UndeclaredPort,
              "spec." + pool.ref().pickerField(),
              "names Service " + picker.service() + " with target port " + port
                  + ", which no container of its pods declares: unless the picker listens on it, "
                  + consequence(picker))));
    });
    return Optional.of(
        new PoolServing(selected.size(), ready, pickerEndpoints, problems, noService));
  }

  /** Whether the pool has no problem that fails requests or leaves them without a pick. */
  public boolean isReady() {
    return notReady().isEmpty();
  }

  /** The first reason for which it is not ready. A port that no container declares may have a listener. */
  public Optional<Reason> notReady() {
    return allProblems().stream()
        .map(Diagnostic::reason)
        .filter(reason -> reason != Reason.UndeclaredPort)
        .findFirst();
  }

  /** The numbers, as a sentence without its end. */
  public String summary() {
    String pods = ready + " of " + selected + (selected == 1 ? " pod" : " pods") + " ready";
    return pickerEndpoints
        .map(count -> pods + ", " + count + " ready endpoint" + (count == 1 ? "" : "s")
            + " of the endpoint picker")
        .orElse(pods);
  }

  /** Whether all of its inputs are the same in both snapshots, and so the state. */
  static boolean isSame(InferencePool pool, ClusterSnapshot before, ClusterSnapshot snapshot) {
    return snapshot.hasSameEndpoints(pool.ref(), before)
        && pool.picker().stream()
            .map(EndpointPicker::service)
            .map(service -> new ObjectName(service.namespace(), service.name()))
            .allMatch(service -> snapshot.hasSameEndpoints(service, before));
  }

  private static Diagnostic refused(InferencePool pool, EndpointPicker picker, ServiceRefusal why) {
    return problem(
        pool,
        why.ofPicker(),
        "spec." + pool.ref().pickerField(),
        "names Service " + picker.service() + ", " + why.clause() + ": " + consequence(picker));
  }

  private static String unavailable(EndpointPicker picker) {
    return "names Service " + picker.service() + ", which has no ready endpoint: "
        + consequence(picker) + ". Check the picker's pods and the Service's targetPort";
  }

  private static String consequence(EndpointPicker picker) {
    return switch (picker.failureMode()) {
      case FAIL_CLOSE -> "requests are answered with 503";
      case FAIL_OPEN -> "the gateway chooses among the pool's pods by itself";
    };
  }

  /** The number of the Service's target port, if it has pods that declare ports and none of them declares it. */
  private static Optional<Integer> undeclaredTarget(ServicePort wanted, ClusterSnapshot snapshot) {
    Service service = snapshot.services().get(new ObjectName(wanted.namespace(), wanted.name()));
    if (service == null || service.external() || service.selector().isEmpty()) {
      return Optional.empty();
    }
    List<Pod> pods =
        snapshot.pods().selected(wanted.namespace(), service.selector()).toList();
    return service.ports().stream()
        .filter(port -> port.port() == wanted.port() && port.targetPort() > 0)
        .map(Service.Port::targetPort)
        .filter(port -> isUndeclared(port, pods))
        .findFirst();
  }

  /** Whether each of the pods declares ports, but not this one. */
  private static boolean isUndeclared(int port, List<Pod> pods) {
    Predicate<Pod> declaresOthers =
        pod -> !pod.ports().isEmpty() && !pod.ports().contains(port);
    return !pods.isEmpty() && pods.stream().allMatch(declaresOthers);
  }

  private static String labels(InferencePool pool) {
    return pool.selector().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(","));
  }

  private static Diagnostic problem(
      InferencePool pool, Reason reason, String field, String message) {
    return new Diagnostic(reason, ObjectRef.of(pool.ref()), field, message);
  }
}
