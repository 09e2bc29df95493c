/** Real parts for tests: Envoy as a process. */
@NullMarked
package dev.pointsman.rig;

import org.jspecify.annotations.NullMarked;
