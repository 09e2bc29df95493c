/** Edge: endpoint discovery for Envoy, from the snapshot. Imports model and xds. */
@NullMarked
package dev.pointsman.eds;

import org.jspecify.annotations.NullMarked;
