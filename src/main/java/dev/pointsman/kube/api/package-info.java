/**
 * Edge: objects from the Kubernetes API server, as snapshots. Imports kube and model.
 *
 * <p>One thread per query lists and watches; an object is reduced to its stored part as soon as it is read. fabric8
 * provides the connection (kubeconfig, ServiceAccount, credentials that change). Its informers (8.0.0) were tried in
 * place of {@link dev.pointsman.kube.api.ListWatch} and {@link dev.pointsman.kube.api.Reflector}, against a stand-in
 * API server:
 *
 * <ul>
 *   <li>404 and 403 on an established watch (a definition or a Role is deleted) are not reported. The watch is retried
 *       for ever (after 1, 2, 4, ... 32 s), {@code exceptionHandler} is not called, {@code hasSynced()} stays true and
 *       the store keeps the objects. Here the objects of a deleted kind are dropped after a second list, one second
 *       later, and a missing rule is reported with its text.
 *   <li>A new kind was read 11.7 s after it was served; it may take 32 s. Here it is listed every 2 s.
 *   <li>A dead watch was not noticed in 200 s; the timeout of watches is 5 to 10 minutes. Here it ends after 90 s
 *       ({@link dev.pointsman.kube.api.ApiServer#SILENCE}).
 *   <li>{@code Retry-After} is honoured by the client's retries; with them, an API server that answers 503 is reported
 *       after 20 s. Without them it is reported at once, and {@code Retry-After} is not honoured (a request after 1 s
 *       instead of 7 s). Here both hold.
 * </ul>
 *
 * <p>Memory is no reason: with an {@code itemStore} that keeps as little, 10,000 pods (64 MB of JSON) were read with a
 * heap of 24 MB in pages of 50 and 48 MB in pages of 500; here with 24 MB in pages of 500.
 */
@NullMarked
package dev.pointsman.kube.api;

import org.jspecify.annotations.NullMarked;
