/** Edge: where objects come from (files today), as snapshots. Imports model. */
@NullMarked
package dev.pointsman.kube;

import org.jspecify.annotations.NullMarked;
