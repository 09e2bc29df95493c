/**
 * Edge: endpoint discovery for Envoy, from the snapshot. Imports model and xds.
 *
 * <p>java-control-plane's server speaks the protocol; what it serves is our own {@link Assignments}. Its
 * {@code SimpleCache} is not used: it answers every stream for every change, and in delta it forgets the subscription of
 * a name that it has announced as removed. Of the server's two known gaps neither reaches Envoy here: it loses a
 * subscription only after {@code removed_resources}, which we never send, and ignoring
 * {@code initial_resource_versions} only means that a reconnecting Envoy is told once what it may know already.
 */
@NullMarked
package dev.pointsman.eds;

import org.jspecify.annotations.NullMarked;
