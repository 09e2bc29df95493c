/**
 * Edge: objects from the Kubernetes API server, as snapshots. Imports kube and model.
 *
 * <p>One thread per watched resource lists it and follows its watch; what it reads is cut down to what we need at once.
 * fabric8 gives the connection (kubeconfig, ServiceAccount, credentials that change); its informers would keep whole
 * objects.
 */
@NullMarked
package dev.pointsman.kube.api;

import org.jspecify.annotations.NullMarked;
