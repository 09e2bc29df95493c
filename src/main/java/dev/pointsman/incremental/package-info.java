/**
 * Reuse of one translation's results in the next one: Envoy Gateway sends every resource each time, and few have changed.
 * The package knows serialized messages and records; it knows nothing of pools.
 */
@NullMarked
package dev.pointsman.incremental;

import org.jspecify.annotations.NullMarked;
