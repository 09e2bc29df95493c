package dev.pointsman.e2e.kubernetes;

/** A call of the API server that changes an object of {@link ChurnedObjects}. */
sealed interface ChurnCall {
  /** Applies a manifest. */
  record Apply(String manifest) implements ChurnCall {}

  /** Deletes the object of a manifest. */
  record Delete(String manifest) implements ChurnCall {}

  /** Writes a pod's status. */
  record Status(String pod, String json) implements ChurnCall {}

  /**
   * An HTTPRoute.
   *
   * @param version comes back in a header of its responses
   * @param pool the place of its pool
   */
  record Route(String name, int version, int pool) {}

  /** An InferencePool, whose name ends with the number of its predecessors and itself. */
  record Pool(String name, int port) {}

  /** A Pod. */
  record Pod(String name, String ip, int pool, boolean ready) {}

  /** An InferencePolicy; its version is in the name of its only model. */
  record Policy(String name, int version) {}

  static Apply apply(Route route, Pool pool) {
    return new Apply(FaultScene.route(route.name(), route.version(), pool.name()));
  }

  /** Its selector is the same for all pools in its place. */
  static Apply apply(Pool pool) {
    return new Apply("""
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: %s}
        spec:
          selector: {matchLabels: {churned: %s}}
          targetPorts: [{number: %d}]
          endpointPickerRef: {name: stable-picker, port: {number: 9002}, failureMode: FailOpen}
        """.formatted(
            pool.name(), pool.name().substring(0, pool.name().lastIndexOf('-')), pool.port()));
  }

  /** Nobody runs it: a gate keeps it from the node. */
  static Apply apply(Pod pod) {
    return new Apply("""
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {churned: pool-%d}}
        spec:
          schedulingGates: [{name: pointsman.dev/soak}]
          containers: [{name: server, image: none}]
        """.formatted(pod.name(), pod.pool()));
  }

  static Status status(Pod pod) {
    return new Status(pod.name(), """
        {"status": {"podIP": "%s", "podIPs": [{"ip": "%1$s"}],
         "conditions": [{"type": "Ready", "status": "%s"}]}}
        """.formatted(pod.ip(), pod.ready() ? "True" : "False"));
  }

  static Apply apply(Policy policy, Route target) {
    return new Apply("""
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: %s}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: %s}]
          models: [{name: model-%d}]
        """.formatted(policy.name(), target.name(), policy.version()));
  }
}
