/**
 * Edge: writes statuses and Events to the API server, from one replica at a time. Imports kube, kube.api, model and status.
 *
 * <p>A Lease says which replica writes. The election is our own: fabric8's compares the Lease's time with the local
 * clock, so that two may lead where clocks differ, and tells a leader late that it is none any more, because a request
 * that hangs delays it. Here leadership is a moment in time up to which a replica may write; nobody has to tell it.
 *
 * <p>What {@link dev.pointsman.kube.status.TranslationRequester} writes at the start, every replica writes: only the one
 * that has started knows of it.
 */
@NullMarked
package dev.pointsman.kube.status;

import org.jspecify.annotations.NullMarked;
