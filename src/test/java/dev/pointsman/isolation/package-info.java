/** What one tenant of a gateway can do to another, tried on real Envoys. */
@NullMarked
package dev.pointsman.isolation;

import org.jspecify.annotations.NullMarked;
