/** What users do on a Kubernetes cluster, end to end; on plain processes, or in K3s with {@code -Dcluster=k3s}. */
@NullMarked
package dev.pointsman.e2e.kubernetes;

import org.jspecify.annotations.NullMarked;
