/** Edge: where objects come from, as snapshots; here the parsers and the source that reads files. Imports model. */
@NullMarked
package dev.pointsman.kube;

import org.jspecify.annotations.NullMarked;
