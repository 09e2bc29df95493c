/** Edge: where objects come from, as snapshots; here the parsers that both sources use. Imports model. */
@NullMarked
package dev.pointsman.kube;

import org.jspecify.annotations.NullMarked;
