/**
 * Edge: endpoint discovery for Envoy, from the snapshot. Imports model and xds.
 *
 * <p>java-control-plane's server implements the protocol over {@link EndpointCache}. Its {@code SimpleCache} is not used:
 * it responds to every stream for every change, and in delta it drops the subscription of a name that it has sent as
 * removed. The server's two known gaps do not affect Envoy here. It loses a subscription only after
 * {@code removed_resources}, which is never sent. It ignores {@code initial_resource_versions}, so a reconnecting Envoy
 * gets its endpoints once more.
 *
 * <p>Terms: {@code src/site/markdown/glossary.md}.
 */
@NullMarked
package dev.pointsman.eds;

import org.jspecify.annotations.NullMarked;
