/**
 * Edge: writes statuses and Events to the API server, from one replica at a time. Imports kube, kube.api, model and
 * status.
 *
 * <p>A Lease selects the replica that writes. fabric8's election is not used: it compares the Lease's time with the
 * local clock, so two replicas may lead if their clocks differ, and a hanging request delays its report that leadership
 * is lost. Here leadership is a point in time until which a replica may write; it needs no notification.
 *
 * <p>Every replica makes the writes of {@link dev.pointsman.kube.status.TranslationRequester} at its start, since only
 * the starting replica has this knowledge.
 */
@NullMarked
package dev.pointsman.kube.status;

import org.jspecify.annotations.NullMarked;
