package dev.pointsman.kube.status;

import dev.pointsman.rig.ControlPlane;
import java.util.List;

/** The RBAC rules that writing statuses needs, and no more. */
final class StatusRights {
  private StatusRights() {}

  static void allow(ControlPlane plane) {
    String rbac = "/apis/rbac.authorization.k8s.io/v1/";
    plane.apply(rbac + "clusterroles", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: pointsman}
        rules:
        - {apiGroups: [""], resources: [services], verbs: [list, watch]}
        - apiGroups: [gateway.networking.k8s.io]
          resources: [gateways, httproutes, referencegrants]
          verbs: [list, watch]
        - apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io, pointsman.dev]
          resources: [inferencepools, inferencepolicies]
          verbs: [get, list, watch]
        """);
    plane.apply(rbac + "clusterroles", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: pointsman-status}
        rules:
        - apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io]
          resources: [inferencepools/status]
          verbs: [update]
        - {apiGroups: [pointsman.dev], resources: [inferencepolicies/status], verbs: [update]}
        - {apiGroups: [events.k8s.io], resources: [events], verbs: [create]}
        """);
    for (String role : List.of("pointsman", "pointsman-status")) {
      plane.apply(rbac + "clusterrolebindings", """
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: {name: %s}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
          subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
          """.formatted(role, role));
    }
    plane.apply(rbac + "namespaces/pointsman/roles", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: pointsman-leases, namespace: pointsman}
        rules:
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create]}
        - apiGroups: [coordination.k8s.io]
          resources: [leases]
          resourceNames: [%s]
          verbs: [get, update]
        - {apiGroups: [pointsman.dev], resources: [inferencepolicies], verbs: [create]}
        - apiGroups: [pointsman.dev]
          resources: [inferencepolicies]
          resourceNames: [%s]
          verbs: [delete]
        """.formatted(
            StatusController.LEASE, TranslationRequester.NAME));
    plane.apply(rbac + "namespaces/pointsman/rolebindings", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: pointsman-leases, namespace: pointsman}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pointsman-leases}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
        """);
  }
}
