/** End-to-end tests of users' tasks on a Kubernetes cluster: of plain processes, or K3s with {@code -Dcluster=k3s}. */
@NullMarked
package dev.pointsman.e2e.kubernetes;

import org.jspecify.annotations.NullMarked;
