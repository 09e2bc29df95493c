/** Edge: objects from a folder of manifests, as snapshots. Imports kube and model. */
@NullMarked
package dev.pointsman.kube.files;

import org.jspecify.annotations.NullMarked;
