/** Pointsman: an Envoy Gateway extension server that routes to InferencePools by model name. */
@NullMarked
package dev.pointsman;

import org.jspecify.annotations.NullMarked;
